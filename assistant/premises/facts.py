"""Dates of events, holders of offices and agents: facts that a question can get wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.terms import tagged
from assistant.text import fold, read_number

_EVENT = "施行|实施|执行|成立|启用|印发|发布|公布|出台|启动|组建|开始|设立|创建|建成|修订|废止|挂牌"
_YEAR = re.compile("((?:19|20)[0-9]{2}|[一二][零〇一二三四五六七八九]{3})年")
_DATE = re.compile(
    "(?:(?:19|20)[0-9]{2}|[一二][零〇一二三四五六七八九]{3})年(?:[0-9一二三四五六七八九十]{1,3}月(?:[0-9一二三四五六七八九十]{1,3}日)?)?(?:起)?"
)
_OFFICE = re.compile(
    "党委书记|党组书记|支部书记|副书记|书记|副主任|主任|副局长|局长|处长|科长|支队长|大队长|队长|组长|馆长|镇长|乡长|市长|县长|区长"
    "|校长|院长|所长|部长|政委|总经理|董事长|秘书长|会长|主席|台长|站长|店长"
)
_AGENT = re.compile(
    "由([\u4e00-\u9fff]{2,14}?)(?:来|统一|负责)?(负责|解释|审批|批准|组织|管理|牵头|运营|承担|发放|支付|确认|审核|决定|委派|保管)"
)


@dataclass(frozen=True)
class Fact:
    """``value`` (a year, a person, a body; folded) of ``key`` (event, office, deed) at a range."""

    key: str
    value: str
    text: str
    start: int
    end: int


def facts(text: str) -> Iterator[Fact]:
    """The facts of a text."""
    yield from _dates(text)
    yield from _holders(text)
    for match in _AGENT.finditer(text):
        yield Fact(f"由{match[2]}", fold(match[1]), match[1], *match.span(1))


def _dates(text: str) -> Iterator[Fact]:
    for match in _DATE.finditer(text):
        year = _YEAR.match(match.group())
        stop = re.search("[，。；？！,;?!]", text[match.end() :])
        after = text[match.end() : match.end() + (stop.start() if stop else len(text))]
        event = re.search(_EVENT, after[:24])
        if year and event and (value := read_number(year[1])):
            yield Fact(event.group(), str(value), match.group(), *match.span())


def _holders(text: str) -> Iterator[Fact]:
    """队长梁毅, 梁毅是队长, 队长是梁毅."""
    place, words = 0, []
    for word, tag in tagged(text):
        words.append((word, tag, place))
        place += len(word)
    for word, tag, start in words:
        if tag != "nr" or not 2 <= len(word) <= 3 or _OFFICE.search(word):
            continue
        end = start + len(word)
        before = re.search(
            f"(?:{_OFFICE.pattern})(?:是|为|叫|由)?$", text[max(0, start - 6) : start]
        )
        after = re.match(
            f"(?:是|任|担任)[^，。？]{{0,8}}?({_OFFICE.pattern})", text[end : end + 16]
        )
        if before or after:
            key = before.group().rstrip("是为叫由") if before else (after[1] if after else "")
            yield Fact(key, fold(word), word, start, end)
