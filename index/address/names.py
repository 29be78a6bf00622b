"""The names that a document goes by, made from its title: whole, short, without its version.

Names are compared folded: half-width, lower case, without white space, quotation and book marks.
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache

from index.numerals import NUMERAL_CHARS


class Rank(IntEnum):
    """How near a name is to the title; of two documents with one name the nearer is meant."""

    WHOLE = 0  # the title, but for （示例） and the like
    SHORT = 1  # without version, state or party, issuer, 关于…
    SUBJECT = 2  # without those whom it is for: 党政机关…, 市直机关党员…
    COLLOQUIAL = 3  # what no rule makes of the title: 党章


#: What everybody says instead of the title and no rule makes of it.
_COLLOQUIAL = {
    "中国共产党章程": "党章",
    "消费者权益保护法": "消法",
    "道路交通安全法": "道交法",
    "环境影响评价法": "环评法",
    "劳动争议调解仲裁法": "劳动仲裁法",
}


#: What a document may be called by its last word alone.
_NOUN = (
    "条例|办法|规定|细则|规则|准则|章程|规程|制度|守则|标准|解释|规范|法典|修正案|通知|意见|方案|决定|决议|机制|要点|计划|"
    "规划|纲要|清单|指引|说明|公报|公告|通告|批复|答复|复函|纪要|指南|手册|讲义|提要|导读|案例|概况|法"
)
_GENERIC_WORDS = (
    "本|该|此|这个|那个|这部|这份|上述|前述|管理|实施|工作|暂行|试行|若干|有关|具体|基本|"
    "一般|相关|处理|内部|若干问题|补充|指导|的"
)
_ENDS_IN_NOUN = re.compile(rf"({_NOUN})(?:\([{NUMERAL_CHARS}]{{1,3}}\))?$")
_GENERIC_WORD = re.compile(rf"{_GENERIC_WORDS}|{_NOUN}")
_GENERIC = re.compile(rf"(?:{_GENERIC_WORDS}|{_NOUN}){{1,5}}")
_POINTING = re.compile(
    rf"(?:本|该|此|这个|那个|这部|这份|上述|前述)(?:{_GENERIC_WORDS}){{0,2}}(?:{_NOUN}|文件)$"
)

_FOLDED = str.maketrans(
    "〔〕［］【】[]{}",
    "()()()()()",
    " \t\r\n\u00a0\u3000\u200b\ufeff\"'“”‘’`「」『』《》〈〉<>*_、·",
)

_EXAMPLE = re.compile(r"\((?:示例|样例|样本|全文|节选|建议收藏)\)")
_VERSION = re.compile(
    r"\([^()]{0,60}(?:试行|暂行|修订|修正|修改|废止|失效|草案|意见稿|送审稿|施行|通过|版|[0-9]{4}年?)[^()]{0,20}\)"
)
_LEADING_YEAR = re.compile(r"^(?:19|20)[0-9]{2}年?(?:版|度|修订|修正)?(?=[\u4e00-\u9fff])")
_TRAILING_YEAR = re.compile(r"(?<=[^0-9])(?:19|20)[0-9]{2}年?(?:版|本|修订|修正)?$")
_NATIONAL = re.compile("中华人民共和国|中国共产党")
_ABOUT = re.compile(
    r"^.{0,70}?(?:院|部|委|局|厅|会|室|署|府|办|中央|两高|最高法|最高检|组织)(关于.{4,})$"
)
_WRAPPED = re.compile(
    r"^[^《]{0,80}?(?:印发|发布|公布|颁布|转发)《(.{2,150})》(?:的通知|的公告|的决定|的命令|的令)?$"
)
_PARENTHESIS = re.compile(rf"\((?![{NUMERAL_CHARS}]{{1,3}}\))[^()]{{1,30}}\)")
_SUBJECT = re.compile(
    r"(?:机关|单位|人员|部门|党员|干部|公务员|职工|企业|系统|委员会|省|市|区|县|党组|党委|局|厅|部|院|委|"
    r"军队|解放军|学校|组织)(?!法|长|的|和|与|及|及其|之)"
)
_ADDRESS = re.compile(rf"第[{NUMERAL_CHARS}]{{1,9}}[条章]")
_NUMBERED = re.compile(rf"\([^()]*\)|[0-9]+|第[{NUMERAL_CHARS}]+")
_LONGEST = 200
_LONGEST_SUBJECT = 16  # characters dropped
_SHORTEST_OWN = 3  # characters that are no generic words, of what is left


def fold(text: str) -> str:
    """``text`` as names are compared."""
    return unicodedata.normalize("NFKC", text).lower().translate(_FOLDED)


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text and for each of its characters the place in ``text``."""
    folded: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for one in char if "\u4e00" <= char <= "\u9fff" else fold(char):
            folded.append(one)
            places.append(place)
    return "".join(folded), places


def without_version(folded: str) -> str:
    """A folded name less （试行）, （2018年修订）, 2018 and （示例）.

    >>> without_version("纪律处分条例(2018年修订)"), without_version("纪律处分条例2003")
    ('纪律处分条例', '纪律处分条例')
    """
    bare = _VERSION.sub("", _EXAMPLE.sub("", folded))
    return _TRAILING_YEAR.sub("", _LEADING_YEAR.sub("", bare)) or folded


def stem(title: str) -> str:
    """What all versions of one document have in common: no version, no state or party."""
    name = without_version(fold(title))
    short = _NATIONAL.sub("", name)
    return name if is_generic(short) else short


def names_of(title: str) -> dict[str, Rank]:
    """The folded names of a document with this title, each with its nearest rank."""
    found: dict[str, Rank] = {}
    title = title[:_LONGEST]
    _add_names(found, title, Rank.WHOLE)
    inner = _WRAPPED.match(title)
    if inner:
        _add_names(found, inner[1], Rank.SHORT)
    return found


def _add_names(found: dict[str, Rank], title: str, rank: Rank) -> None:
    whole = fold(title)
    plain = _EXAMPLE.sub("", whole) or whole
    _add(found, whole, rank)
    _add(found, plain, rank)
    shorter = max(rank, Rank.SHORT)
    short = dict.fromkeys([plain, without_version(plain)])
    for name in list(short):
        short[_NATIONAL.sub("", name)] = None
    for name in list(short):
        about = _ABOUT.match(name)
        if about:
            short[about[1]] = None
    for name in list(short):
        short[name.removeprefix("关于")] = None
        short[_PARENTHESIS.sub("", name)] = None
    for name in short:
        _add(found, name, shorter)
    bare = _NATIONAL.sub("", without_version(plain))
    if colloquial := _COLLOQUIAL.get(without_version(plain)) or _COLLOQUIAL.get(bare):
        _add(found, colloquial, Rank.COLLOQUIAL)
    for name in _without_subject(bare):
        _add(found, name, Rank.SUBJECT)


def _without_subject(name: str) -> list[str]:
    """党政机关公务用车管理办法 → 公务用车管理办法: what is left without the people it is for."""
    if not _ENDS_IN_NOUN.search(name) or "关于" in name:
        return []
    left = []
    for match in _SUBJECT.finditer(name, 0, _LONGEST_SUBJECT):
        rest = name[match.end() :]
        if len(_GENERIC_WORD.sub("", rest)) >= _SHORTEST_OWN and rest[0].isalnum():
            left.append(rest)
    return left


def _add(found: dict[str, Rank], name: str, rank: Rank) -> None:
    if len(name) < 2 or is_generic(name):
        return
    if _ADDRESS.search(name) and not _ABOUT.match(name) and not name.startswith("关于"):
        return  # 刑法第三十条的解释 asks for the article far more often than for this document
    if name not in found or rank < found[name]:
        found[name] = rank


@lru_cache(maxsize=4096)
def is_generic(folded: str) -> bool:
    """Whether words like 实施办法 or 本条例 are all there is, which any document may be called."""
    return not folded or _GENERIC.fullmatch(folded) is not None


def numerals_of(folded: str) -> str:
    """What numbers a name: 修正案(六) and 修正案(七) are no slip for each other."""
    return "".join(_NUMBERED.findall(folded))


def is_national(folded: str) -> bool:
    """Whether state or party stand in a name."""
    return _NATIONAL.search(folded) is not None


def is_pointing(folded: str) -> bool:
    """本办法, 该条例, 上述规定: the document that is being talked about."""
    return _POINTING.fullmatch(folded) is not None


def noun_of(folded: str) -> str:
    """The word that a title ends with (条例; 修正案 of 修正案(六)), "" where it is no document's."""
    match = _ENDS_IN_NOUN.search(folded)
    return match[1] if match else ""
