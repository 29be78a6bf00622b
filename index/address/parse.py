"""Addresses within a legal or office text, as people write them: 第三章, 59条, 第五条第二款第（三）项.

Pure functions over one text. Linear in its length: every repeat is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from index.numerals import NUMERAL_CHARS, article_label, parse_number, to_chinese

Span = tuple[int, int]


NAMED = ("总则", "分则", "附则")
"""Chapters that go by their name; the number of 总则 is (1,)."""

FINAL = (-1,)
"""The number of 最后一条."""


class Unit(StrEnum):
    """Parts of a text by the character that counts them."""

    NAMED = "则"  # 总则, 分则, 附则
    PART = "编"
    SUBPART = "分编"
    CHAPTER = "章"
    DIVISION = "节"
    SECTION = "部分"
    ARTICLE = "条"
    PARAGRAPH = "款"
    ITEM = "项"
    SUBITEM = "目"


_DEPTH = {unit: depth for depth, unit in enumerate(Unit)}
_INSIDE_ARTICLE = (Unit.PARAGRAPH, Unit.ITEM, Unit.SUBITEM)


@dataclass(frozen=True, slots=True)
class Step:
    """One level of an address.

    ``number`` is (12,) for 第十二条, (133, 1) for 第一百三十三条之一, ``FINAL`` for 最后一条.
    """

    unit: Unit
    number: tuple[int, ...]

    @property
    def label(self) -> str:
        """As drafting writes it: 第十二条, 第二款, 第（三）项."""
        if self.number == FINAL:
            return f"最后一{self.unit}"
        if self.unit is Unit.NAMED:
            return NAMED[self.number[0] - 1]
        if self.unit is Unit.ARTICLE:
            return article_label(self.number)
        numeral = to_chinese(self.number[0])
        return f"第（{numeral}）项" if self.unit is Unit.ITEM else f"第{numeral}{self.unit}"


@dataclass(frozen=True, slots=True)
class Address:
    """One place, or with ``until`` all from that place to the one of that number, inclusive."""

    steps: tuple[Step, ...]
    until: tuple[int, ...] | None = None

    @property
    def last(self) -> Step:
        """The innermost step."""
        return self.steps[-1]

    def holds(self, other: Address) -> bool:
        """Whether this is a chapter or the like that ``other`` may be within."""
        return (
            self.until is None
            and self.last.unit not in (Unit.ARTICLE, *_INSIDE_ARTICLE)
            and _DEPTH[self.last.unit] < _DEPTH[other.steps[0].unit]
        )

    @property
    def label(self) -> str:
        """第五十九条第二款第（三）项, 第十条至第十二条."""
        label = "".join(step.label for step in self.steps)
        if self.until is None:
            return label
        return f"{label}至{replace(self.last, number=self.until).label}"


@dataclass(frozen=True, slots=True)
class AddressGroup:
    """Addresses written together (第三条、第五条第二款) at ``start:end`` of the text.

    ``bare`` ones lack 第 (59条, 附则) and are addresses only right after a title: 三条意见 is none.
    """

    addresses: tuple[Address, ...]
    start: int
    end: int
    bare: bool = False


_N = NUMERAL_CHARS
_ONE = rf"(?:第\s?)?(?:[（(]\s?[{_N}]{{1,4}}\s?[）)]|[{_N}](?:\s?[{_N}]){{0,8}}(?:之[{_N}]{{1,3}}(?=\s?条))?)"
_TO = r"\s?(?:至|到|[-‐‑–—－─~～〜]{1,2})\s?"
_AND = r"\s?(?:[、和与及或跟]|以及|(?<=[0-9０-９])[,，](?=\s?[0-9０-９]))\s?"
#: 第 + numbers + unit. What may follow the unit and make another word of it is left out.
_LEVEL = re.compile(
    rf"(?P<numbers>{_ONE}(?:(?:{_TO}|{_AND}){_ONE}){{0,24}})\s?"
    r"(?P<unit>分编|编(?![号制辑写外码队])|章(?![程鱼])|节(?![课约日假能点])|部分|条(?!件|线索|码|幅)"
    r"|款(?![式待])|项(?![目链])|目(?![标录前光的]))"
    rf"(?:\s?之\s?(?P<branch>[{_N}]{{1,3}})(?![{_N}款项目]))?"
)
_ITEMS = re.compile(
    rf"(?P<numbers>第?\s?[（(]\s?[{_N}]{{1,3}}\s?[）)]"
    rf"(?:(?:{_TO}|{_AND}|)第?\s?[（(]\s?[{_N}]{{1,3}}\s?[）)]){{0,24}})(?!\s?年)"
)
_NUMBER = re.compile(
    rf"(?P<to>{_TO})?(?:{_AND})?第?\s?[（(]?\s?(?P<n>[{_N}](?:\s?[{_N}])*)(?:之(?P<b>[{_N}]+))?"
)
_START = re.compile(rf"第\s?[（(]?\s?[{_N}]|(?<![{_N}])[{_N}]|最后|[总分附]则")
_WITHIN = re.compile(r"\s{0,2}(?:的|中的?|里的?|之中?的?)?\s{0,2}")
_FINAL = re.compile(r"最后(?:的)?(?:一|1)(?P<unit>[章节条款项])")
_NEXT = re.compile(
    rf"(?P<to>{_TO})|\s{{0,2}}(?:[、,，;；]\s?(?:和|以及|及)?|和|与|及其?|以及|或者?|还有|跟|同|暨|/)?\s{{0,2}}"
)
_QUICK = re.compile(rf"[{_N}]\s?(?:[条章节编]|部分|分编)|[总分附]则")
_LARGEST = 99_999
_BLANK = "\0"


def may_hold_address(text: str) -> bool:
    """A cheap look: False means that there is certainly no address."""
    return _QUICK.search(text) is not None


def addresses(text: str, masked: Iterable[Span] = ()) -> list[AddressGroup]:
    """Every group of addresses in reading order, none that touches a ``masked`` range (a title)."""
    text = _blanked(text, masked)
    groups: list[AddressGroup] = []
    at = 0
    while match := _START.search(text, at):
        group = _group(text, match.start())
        if group is None:
            at = match.end()
        else:
            groups.append(group)
            at = group.end
    return groups


def _blanked(text: str, spans: Iterable[Span]) -> str:
    kept, at = [], 0
    for start, end in sorted(spans):
        if end > at:
            kept += [text[at:start], _BLANK * (end - max(start, at))]
            at = end
    return "".join([*kept, text[at:]])


def remaining(text: str, spans: Iterable[Span]) -> str:
    """``text`` without these ranges; a space in the place of each, so that nothing joins up."""
    kept, at = [], 0
    for start, end in sorted(spans):
        if start >= at:
            kept.append(text[at:start])
        at = max(at, end)
    return " ".join([*kept, text[at:]])


def book_titles(text: str) -> list[Span]:
    """The ranges of 《…》 with their marks; of nested ones the outermost."""
    spans: list[Span] = []
    depth = start = 0
    for place, char in enumerate(text):
        if char == "《":
            start = place if depth == 0 else start
            depth += 1
        elif char == "》" and depth:
            depth -= 1
            if depth == 0:
                spans.append((start, place + 1))
    return spans


# -- groups ------------------------------------------------------------------------------------


@dataclass
class _Chain:
    """Steps from a coarse to a fine level; the last one may hold several numbers or a range."""

    steps: list[Step]
    found: list[Address]
    end: int

    @property
    def depth(self) -> int:
        return _DEPTH[self.steps[-1].unit]


def _group(text: str, start: int) -> AddressGroup | None:
    """The group that begins at ``start``, None where the number there counts something else."""
    chain = _chain(text, start, ())
    if chain is None or chain.steps[0].unit in _INSIDE_ARTICLE:
        return None
    bare = text[start] not in "第最"
    if bare and chain.steps[0].unit not in (Unit.ARTICLE, Unit.NAMED):
        return None
    found = list(chain.found)
    while True:
        link = _NEXT.match(text, chain.end)
        if link is None:
            break
        after = _chain(text, link.end(), chain.steps)
        if after is None or (link.end() == chain.end and text[link.end()] not in "第（("):
            break
        if link["to"]:
            found[-1:] = _range(found[-1], after.found)
        else:
            found += after.found
        chain = after
    return AddressGroup(tuple(found), start, chain.end, bare)


def _range(first: Address, found: Sequence[Address]) -> list[Address]:
    """第十条至第十二条; where the ends lie on different levels, from article to article."""
    last = found[0]
    if first.last.unit is last.last.unit:
        return [replace(first, until=last.last.number), *found[1:]]
    left = [i for i, step in enumerate(first.steps) if step.unit is Unit.ARTICLE]
    right = [step.number for step in last.steps if step.unit is Unit.ARTICLE]
    if not left or not right:
        return [first, *found]
    return [Address(first.steps[: left[0] + 1], right[0]), *found[1:]]


def _chain(text: str, start: int, before: Sequence[Step]) -> _Chain | None:
    """The steps that begin at ``start``; a chain of 款 or 项 goes on from the article ``before``."""
    level = _level(text, start)
    if level is None:
        return None
    unit, numbers, end = level
    above = _inherited(before, unit)
    if above is None:
        return None
    steps, found, end = _taken(above, unit, numbers, end)
    while True:
        within = _WITHIN.match(text, end)
        finer = _level(text, within.end() if within else end, steps[-1].unit)
        if finer is None or _DEPTH[finer[0]] <= _DEPTH[steps[-1].unit]:
            return _Chain(steps, found, end)
        more, last, end = _taken(steps, *finer)
        found[-1:] = last
        steps = more


def _taken(
    above: list[Step], unit: Unit, numbers: list[tuple[tuple[int, ...], bool]], end: int
) -> tuple[list[Step], list[Address], int]:
    """The chain's steps and the addresses that the numbers of one level make below ``above``."""
    found: list[Address] = []
    for number, up_to in numbers:
        if up_to and found:
            found[-1] = replace(found[-1], until=number)
        else:
            found.append(Address((*above, Step(unit, number))))
    return [*above, Step(unit, numbers[-1][0])], found, end


def _inherited(before: Sequence[Step], unit: Unit) -> list[Step] | None:
    """What a later chain of a group leaves unsaid: the article before 第三款, the chapter before
    第二节. None where nothing says which article a 款 or 项 is in."""
    if unit is Unit.ARTICLE or not before:
        return []
    above = [step for step in before if _DEPTH[step.unit] < _DEPTH[unit]]
    if unit in _INSIDE_ARTICLE and not any(step.unit is Unit.ARTICLE for step in above):
        return None
    return above


def _level(
    text: str, at: int, above: Unit | None = None
) -> tuple[Unit, list[tuple[tuple[int, ...], bool]], int] | None:
    """(unit, numbers with whether each ends a range, end) of the level written at ``at``."""
    if text[at : at + 2] in NAMED:
        return Unit.NAMED, [((NAMED.index(text[at : at + 2]) + 1,), False)], at + 2
    if final := _FINAL.match(text, at):
        return Unit(final["unit"]), [(FINAL, False)], final.end()
    match = _LEVEL.match(text, at)
    if match is None:
        if above not in (Unit.ARTICLE, Unit.PARAGRAPH):
            return None
        match = _ITEMS.match(text, at)
        unit, branch = Unit.ITEM, None
    else:
        unit, branch = Unit(match["unit"]), match["branch"]
    if match is None:
        return None
    numbers = list(_numbers(match["numbers"]))
    if not numbers or any(not 0 < n <= _LARGEST for number, _ in numbers for n in number):
        return None
    if branch is not None and unit is Unit.ARTICLE:
        extra = parse_number(branch)
        if not extra:
            return None
        (*rest, (number, up_to)) = numbers
        numbers = [*rest, ((number[0], extra), up_to)]
    elif branch is not None:
        return unit, numbers, match.start("branch") - 1
    return unit, numbers, match.end()


def _numbers(text: str) -> Iterator[tuple[tuple[int, ...], bool]]:
    for match in _NUMBER.finditer(text):
        value = parse_number(match["n"])
        branch = parse_number(match["b"]) if match["b"] else None
        if value is None:
            yield (0,), False
        else:
            yield ((value,) if branch is None else (value, branch)), bool(match["to"])
