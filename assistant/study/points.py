"""What an article settles, in a few words of its own: 期限, 职责, 禁止, 频次, 含义 …"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.study.articles import Article

Sort = Literal["definition", "duties", "list", "deadline", "frequency", "ban", "penalty", "rule"]
_N = "[0-9０-９一二两三四五六七八九十百]{1,6}"
_SIGNS = "，。；：:\n"
_DEFINED = re.compile(
    r"(?:本[办条规制细][法例定度则]?(?:所称|中的?)?)?([^。；，：\n]{2,24}?)，?(?:是指|，指|指的是)"
)
_LISTED = re.compile(
    r"(?P<lead>[^。；：\n]{0,60}?)(?:下列|以下|如下)(?P<noun>[\u4e00-\u9fff]{2,6}?)(?P<one>之一)?"
    r"(?=的|，|：|:|进行|开展|予以|给予|应当|办理|实施|作出|执行|报)(?P<then>的?，[^。；：\n]{2,40})?"
)
_DEADLINE = re.compile(rf"({_N}\s?(?:个)?(?:工作日|月|日|小时|天|年))(?:以内|之内|内|前)")
_FREQUENCY = re.compile(
    rf"每(?:半年|年度|年|季度|季|半月|月|周|{_N}个?[年月周])[^，。；\n]{{0,30}}"
)
_BAN = re.compile(r"(?:严禁|禁止|不得|不准|不许)[^，。；：\n]{2,30}")
_PENALTY = re.compile(r"(?:给予|处以?|追究)[^，。；：\n]{2,24}(?:处分|处罚|责任|罚款|徒刑|拘役)")
_BRACKET = re.compile(r"^[\s　]*[【\[〔]([^】\]〕\n]{2,30})[】\]〕]")
_CLAUSE = re.compile(r"[^，。；：:\n]{2,80}")
_MODAL = re.compile("应当|必须|不得|可以|负责|坚持|实行|按照|由[^，。]{2,14}|是")
_EMPTY = re.compile(r"^(?:本|其|该|上述|前款)|^[（(]?[一二三四五六七八九十0-9]{1,3}[）)、.．]")
_MARK = re.compile(r"^[\s　#*]*(?:[（(]?[一二三四五六七八九十0-9]{1,3}[）)、.．][\s　]*)?")
_JOINS = re.compile("^(?:并且|同时|但是|但|并|且|其中|必要时)，?(?=[^，]{4})")
_DANGLING = re.compile("(?:对|对于|向|将|把|经|由|与|在|从|按|就)$")
_EARLY = 90  # characters within which a consequence is what the article is about
_LONGEST = 34


@dataclass(frozen=True)
class Point:
    """``text`` in words of the article; ``sort`` says what kind of thing it settles."""

    text: str
    sort: Sort


def point_of(article: Article) -> Point:
    """The point of an article, its heading in prose; linear in its text."""
    body = article.body[:1_500]
    bracket = _BRACKET.match(body)
    sort, found = _sorted(_BRACKET.sub("", body))
    if bracket:
        return Point(bracket[1].strip(), sort)
    if not article.label and article.path and sort == "rule":
        found = article.place
    return Point(_short(found) or article.place, sort)


def _sorted(body: str) -> tuple[Sort, str]:
    defined = _DEFINED.match(body.strip())
    if defined and not _EMPTY.match(defined[1]):
        return "definition", f"{defined[1].strip('“”')}的含义"
    listed = _LISTED.search(body[:200])
    if listed:
        return _of_list(listed, body)
    deadline = _DEADLINE.search(body)
    if deadline:
        return "deadline", _around(body, deadline.start(1))
    frequency = _FREQUENCY.search(body)
    if frequency:
        return "frequency", _around(body, frequency.start())
    penalty = _PENALTY.search(body[:_EARLY])
    if penalty:
        return "penalty", _around(body, penalty.start())
    ban = _BAN.search(body)
    if ban:
        return "ban", ban[0]
    return "rule", _first(body)


def _of_list(listed: re.Match[str], body: str) -> tuple[Sort, str]:
    """履行下列职责 → the duties of whom; 有下列情形之一的，可以从轻 → 可以从轻的情形."""
    noun, lead, then = listed["noun"], listed["lead"], listed["then"]
    sort: Sort = "duties" if re.search("职责|职能|任务|义务|责任|权利|权限", noun) else "list"
    if re.search("行为|情形", noun) and _PENALTY.search(body[: listed.end() + 60]):
        sort = "penalty"
    if listed["one"] and then:
        return sort, f"{then.lstrip('的，').split('，')[0]}的{noun}"
    who = _MARK.sub("", re.split("[，,]", lead)[-1])
    bare = re.sub(
        "(?:应当|应|主要|可以|必须|要|坚持|遵循|履行|承担|具备|符合|具有|有|按照|包括|遵守|采取|行使"
        "|享有|存在|实施|是|为|的){1,20}$",
        "",
        who,
    )
    if _DANGLING.search(bare) or len(bare) > 20:
        return sort, _around(body, listed.start("noun"))
    bare = bare.strip("“”")
    return sort, f"{bare}的{noun}" if len(bare) > 1 else noun


def _around(body: str, place: int) -> str:
    """The clause around a place, with the one after it where it is short."""
    start = max(body.rfind(sign, 0, place) for sign in _SIGNS) + 1
    end = _end(body, place)
    if end - start < 14 and end < len(body) and body[end] == "，":
        end = _end(body, end + 1)
    return body[start:end]


def _end(body: str, place: int) -> int:
    return min((at for sign in _SIGNS if (at := body.find(sign, place)) >= 0), default=len(body))


def _first(body: str) -> str:
    """The first clause that says who has to do what."""
    clauses = [(m.start(), _MARK.sub("", m[0]).strip()) for m in _CLAUSE.finditer(body[:240])]
    clauses = [(at, said) for at, said in clauses if len(said) >= 4]
    if not clauses:
        return ""
    told = next((one for one in clauses[:4] if _MODAL.search(one[1])), clauses[0])
    if len(told[1]) < 12:
        return _around(body, told[0] + 1)
    return told[1]


def _short(text: str) -> str:
    """At most ``_LONGEST`` characters, cut where a part ends if that leaves enough."""
    clean = " ".join(_MARK.sub("", text).split()).strip("，。；：、 ")
    clean = _JOINS.sub("", clean)
    if len(clean) <= _LONGEST:
        return clean
    head = clean[:_LONGEST]
    at = max(head.rfind(sign) for sign in "，、")
    return (
        f"{clean[:at]}等"
        if at >= 14 and head[at] == "、"
        else (clean[:at] if at >= 12 else head[:-1] + "…")
    )
