"""What a title (or a file's name) says beyond the regulation's name: year, trial, draft.

Two documents are of one family when their names are the same once these marks, brackets' styles,
``中华人民共和国``, an outer ``关于印发《…》的通知`` and the name of a central body before ``关于`` are
taken away. Names that differ in anything else (公务员法, 公务员法实施条例) are never one family.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from index.versions.dates import parse_compact, parse_date, parse_year

_BRACKETS = str.maketrans({**dict.fromkeys("([〔［【{", "（"), **dict.fromkeys(")]〕］】}", "）")})
_QUOTES = dict.fromkeys(map(ord, "“”\"'‘’「」『』*#`"))
_MARK = re.compile(r"（([^（）]{1,40})）")
_YEAR_MARK = re.compile(
    r"([0-9〇○零一二三四五六七八九]{4})年?(?:版|本|修订版?|修正版?|修正文本|修改版?|通过|公布|发布|印发)?"
)
_VERSION_WORDS = re.compile(
    r"试行|暂行|修订|修正|修改|废止|失效|草案|征求意见|送审|讨论稿|公布稿|全文|最新|节选"
)
_TRIAL = re.compile(r"试行|暂行")
_DRAFT = re.compile(r"草案|征求意见|送审|讨论稿")
_REVISED = re.compile(r"修订|修正|修改")
_RULE = "办法|条例|规定|规则|细则|准则|章程|规程|制度|守则|标准|解释|规范|法典|法"
_NOUN = rf"{_RULE}|意见|指引|清单|目录|纲要|指南|公约|程序|机制|手册|预案|大纲"
_COUNT = "(?:（[^（）]{1,6}）)*"  # 解释（二）, 办法（示例）
_TRIAL_NOUN = re.compile(rf"(?:暂行|试行)(?=(?:{_NOUN}|方案){_COUNT}$)")
_RULES = re.compile(rf"(?:{_RULE}){_COUNT}$")
_NORMATIVE = re.compile(rf"(?:{_NOUN}){_COUNT}$")
_TAIL = re.compile(
    r"[-_—·.]{0,3}(?:(?P<date>[12][0-9]{3}(?:年|[-/.])[0-9]{1,2}(?:月|[-/.])[0-9]{1,2}日?|"
    r"(?:19|20)[0-9]{6})|(?P<year>(?:19|20)[0-9]{2})年?(?:版|本)?)?"
    r"(?P<words>试行|暂行|修订版|修订本|修订稿|修订|修正版|修正本|修正|最新版|全文)?$"
)
_LEADING_YEAR = re.compile(r"(?P<year>(?:19|20)[0-9]{2})年?(?:版|新?修订的?)?(?=[\u4e00-\u9fff《])")
_WRAPPED = re.compile(
    r"(?P<who>[^《》]{0,60}?)(?:关于)?(?:印发|发布|公布|颁布|转发|批转)《(?P<name>.{2,150})》"
    r"(?:的(?:通知|公告|决定|命令|通告|令))?"
)
_CENTRAL = re.compile(r"(?P<who>[^《》（）]{2,60}?)(?=关于)")
_CENTRAL_END = re.compile("(?:院|委员会|办公厅|局|部|署|研究室|中央|两高|纪委|监委)$")
_LOCAL = re.compile("[省市县区州旗盟乡镇村街]|机关|单位|学校|大学|医院|公司")
_NATION = "中华人民共和国"
_LONGEST = 300


@dataclass(frozen=True)
class TitleMarks:
    """A title taken apart.

    ``family`` is what versions of one regulation share. ``named_year`` and ``named_day`` are the
    version that the title itself names, None where it names none. ``issuer`` is the central body
    that a title begins with (最高人民法院关于…), empty for none.
    """

    family: str
    named_year: int | None = None
    named_day: date | None = None
    trial: bool = False  # 试行, 暂行
    draft: bool = False  # 草案, 征求意见稿
    revised: bool = False  # （修订）
    issuer: str = ""

    @property
    def named(self) -> str:
        """The version that the title names: 2024-06-28, 2018, or nothing."""
        return self.named_day.isoformat() if self.named_day else str(self.named_year or "")

    @property
    def chained(self) -> bool:
        """Whether documents of this name are versions one of another.

        So are rules. A notice or plan of the same name in another year (关于放假的通知) isn't one,
        unless its title says that it is a version.
        """
        return bool(_NORMATIVE.search(self.family)) or self.trial or self.revised


def family_of(title: str) -> str:
    """The title less what tells versions apart.

    >>> family_of("《某某办法（试行）》"), family_of("某某条例（2018年修订）"), family_of("会计法(2017-11-04)")
    ('某某办法', '某某条例', '会计法')
    """
    return read_title(title).family


@lru_cache(maxsize=65536)
def read_title(title: str) -> TitleMarks:
    """Takes a title, or a file's name without its suffix, apart. Any text is taken."""
    name = plain(title)
    found = TitleMarks("")
    while True:
        name = _unquoted(name)
        found, shorter = _without_marks(name, found)
        wrapped = _WRAPPED.fullmatch(shorter)
        if wrapped and _balanced(wrapped["name"]):
            found = replace(found, issuer=found.issuer or wrapped["who"])
            name = wrapped["name"]
            continue
        if shorter == name:
            break
        name = shorter
    return _without_bodies(name, found)


def plain(title: str) -> str:
    """A title with one style of bracket and digit, without white space and quotation marks."""
    text = unicodedata.normalize("NFKC", title[:_LONGEST]).translate(_BRACKETS)
    text = text.replace("〈", "《").replace("〉", "》").replace("<", "《").replace(">", "》")
    return "".join(text.translate(_QUOTES).split()) or title.strip()[:_LONGEST]


def _unquoted(name: str) -> str:
    """《X》 → X, and 《X》（试行） → X（试行）, unless the marks belong to a name inside."""
    match = re.fullmatch(r"《([^《》]*(?:《[^《》]*》[^《》]*)*)》((?:（[^（）]{1,40}）)*)", name)
    return match[1] + match[2] if match and match[1] else name


def _balanced(name: str) -> bool:
    """Whether every 》 closes a 《 that stands before it: not so in A》和《B."""
    depth = 0
    for char in name:
        depth += (char == "《") - (char == "》")
        if depth < 0:
            return False
    return depth == 0


def _without_marks(name: str, found: TitleMarks) -> tuple[TitleMarks, str]:
    kept: list[str] = []
    at = 0
    for match in _MARK.finditer(name):
        marks = _read_mark(match[1], found)
        if marks is not None:
            found = marks
            kept.append(name[at : match.start()])
            at = match.end()
    shorter = "".join(kept) + name[at:]
    tail = _TAIL.search(shorter)
    if tail and tail.start() >= 2 and (tail["date"] or tail["year"] or tail["words"]):
        found = _with_version(found, tail[0])
        shorter = shorter[: tail.start()]
    leading = _LEADING_YEAR.match(shorter)
    if leading and _RULES.search(shorter) and not shorter[leading.end() :].startswith("度"):
        found = _with_version(found, leading["year"])
        shorter = shorter[leading.end() :].removeprefix("的")
    if _TRIAL_NOUN.search(shorter):
        found = replace(found, trial=True)
        shorter = _TRIAL_NOUN.sub("", shorter)
    return found, shorter or name


def _read_mark(inner: str, found: TitleMarks) -> TitleMarks | None:
    """The marks with those of one bracket added; None for a bracket that belongs to the name."""
    if _YEAR_MARK.fullmatch(inner) or parse_date(inner) or parse_compact(inner):
        return _with_version(found, inner)
    if _VERSION_WORDS.search(inner) and len(inner) <= 24:
        return _with_version(found, inner)
    return None


def _with_version(found: TitleMarks, words: str) -> TitleMarks:
    day = parse_date(words) or parse_compact(words)
    year = _YEAR_MARK.search(words)
    return replace(
        found,
        named_day=found.named_day or day,
        named_year=found.named_year or (day.year if day else parse_year(year[1]) if year else None),
        trial=found.trial or bool(_TRIAL.search(words)),
        draft=found.draft or bool(_DRAFT.search(words)),
        revised=found.revised or bool(_REVISED.search(words)),
    )


def _without_bodies(name: str, found: TitleMarks) -> TitleMarks:
    shorter = name.replace(_NATION, "")
    name = shorter if len(shorter) >= 2 else name
    who = _CENTRAL.match(name)
    if who and _CENTRAL_END.search(who["who"]) and not _LOCAL.search(who["who"]):
        found = replace(found, issuer=found.issuer or who["who"])
        name = name[who.end() :]
    return replace(found, family=name)
