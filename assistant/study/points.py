"""What an article settles, in a few words of its own: 期限, 职责, 禁止, 频次, 含义 …"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.study.articles import Article

Sort = Literal["definition", "duties", "list", "deadline", "frequency", "ban", "penalty", "rule"]
_N = "[0-9０-９一二两三四五六七八九十百]{1,6}"
_DEFINED = re.compile(
    r"(?:本[办条规制细][法例定度则]?(?:所称|中的?)?)?([^。；，：\n]{2,24}?)，?(?:是指|，指|指的是)"
)
_LISTED = re.compile(
    r"([^。；：\n]{0,40}?)(?:的)?(?:下列|以下|如下)([\u4e00-\u9fff]{2,8}?)(?:之一)?(?:的|：|:|，|进行)"
)
_DEADLINE = re.compile(
    rf"(?:之日起|后|前|内|应当在|自)?[^，。；：\n]{{0,16}}?({_N}\s?(?:个)?(?:工作日|月|日|小时|天|年))(?:以?内|之内|前)"
)
_FREQUENCY = re.compile(
    rf"每(?:半年|年度|年|季度|季|半月|月|周|{_N}个?[年月周])[^，。；\n]{{0,8}}?(?:至少|不少于|一般)?[^，。；\n]{{0,20}}?{_N}次|每(?:半年|年度|季度|月|年)(?:至少)?(?:[^，。；\n]{{1,20}})"
)
_BAN = re.compile(r"(?:严禁|禁止|不得|不准|不许)[^，。；：\n]{2,30}")
_PENALTY = re.compile(r"(?:给予|处以?|追究)[^，。；：\n]{2,24}(?:处分|处罚|责任|罚款|徒刑|拘役)")
_BRACKET = re.compile(r"^[\s　]*[【\[〔]([^】\]〕\n]{2,30})[】\]〕]")
_CLAUSE = re.compile(r"[^，。；：:\n]{2,60}")
_EMPTY = re.compile(r"^(?:本|其|该|上述|前款)|^[（(]?[一二三四五六七八九十0-9]{1,3}[）)、.．]")
_MARK = re.compile(r"^[\s　#*]*(?:[（(]?[一二三四五六七八九十0-9]{1,3}[）)、.．][\s　]*)?")
_LONGEST = 34


@dataclass(frozen=True)
class Point:
    """``text`` in words of the article; ``sort`` says what kind of thing it settles."""

    text: str
    sort: Sort


def point_of(article: Article) -> Point:
    """The point of an article; linear in its text."""
    body = article.body[:1_500]
    bracket = _BRACKET.match(body)
    sort, found = _sorted(_BRACKET.sub("", body))
    if bracket:
        return Point(bracket[1].strip(), sort)
    return Point(_short(found) or article.place, sort)


def _sorted(body: str) -> tuple[Sort, str]:
    defined = _DEFINED.match(body.strip())
    if defined and not _EMPTY.match(defined[1]):
        return "definition", f"{defined[1].strip('“”')}的含义"
    listed = _LISTED.search(body[:160])
    if listed:
        noun, who = listed[2], _who(listed[1])
        sort: Sort = "duties" if re.search("职责|职能|任务|义务|责任|权利|权限", noun) else "list"
        if re.search("行为|情形", noun) and _PENALTY.search(body):
            sort = "penalty"
        return sort, f"{who}的{noun}" if who else noun
    deadline = _DEADLINE.search(body)
    if deadline:
        return "deadline", _clause_at(body, deadline.start(1))
    frequency = _FREQUENCY.search(body)
    if frequency:
        return "frequency", frequency[0]
    penalty = _PENALTY.search(body)
    if penalty:
        return "penalty", penalty[0]
    ban = _BAN.search(body)
    if ban:
        return "ban", ban[0]
    return "rule", _first(body)


def _who(lead: str) -> str:
    """Who a list is of: 机关纪委 of “机关纪委履行”."""
    said = re.split("[，,]", lead)[-1]
    said = re.sub(
        "(?:应当|应|主要|可以|必须|要|坚持|遵循|履行|承担|具备|符合|具有|有|按照|包括|遵守|采取|行使|享有|存在|实施|是|由|为|的|在)+$",
        "",
        _MARK.sub("", said),
    )
    return said.strip("“”") if 1 < len(said) <= 20 else ""


def _clause_at(body: str, place: int) -> str:
    """The clause around a place, with the one after it where it ends there."""
    start = max(body.rfind(sign, 0, place) for sign in "，。；：\n") + 1
    end = min(
        (at for sign in "，。；：\n" if (at := body.find(sign, place)) >= 0), default=len(body)
    )
    clause = body[start:end]
    if len(clause) < 14 and end < len(body) and body[end] == "，":
        stop = min(
            (at for sign in "，。；：\n" if (at := body.find(sign, end + 1)) >= 0),
            default=len(body),
        )
        clause = body[start:stop]
    return clause


def _first(body: str) -> str:
    for match in _CLAUSE.finditer(body):
        clause = _MARK.sub("", match[0]).strip()
        if len(clause) >= 4:
            rest = body[match.end() : match.end() + 30]
            if len(clause) < 10 and rest.startswith("，"):
                more = _CLAUSE.match(rest[1:])
                clause = f"{clause}，{more[0]}" if more else clause
            return clause
    return ""


def _short(text: str) -> str:
    clean = " ".join(_MARK.sub("", text).split()).strip("，。；：、 ")
    return clean if len(clean) <= _LONGEST else clean[: _LONGEST - 1].rstrip("，、（") + "…"
