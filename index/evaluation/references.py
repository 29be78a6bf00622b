"""How a right passage is written: an id, ``SOURCE#第N条``, ``《X》第N条第二款``. Reading only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from index.numerals import parse_number

_NUMERAL = "0-9零〇○一二三四五六七八九十百千两"
_N = rf"[{_NUMERAL}]{{1,12}}"
_ADDRESS = re.compile(
    rf"第(?P<article>{_N})条(?:之(?P<branch>{_N}))?"
    rf"(?:第(?P<paragraph>{_N})款)?"
    rf"(?:第?[（(]?(?P<item>{_N})[)）]?项)?"
)
_LABEL = re.compile(rf"第?[（(]?({_N})[)）]?[条款项、]?(?:之({_N}))?")
_MAX = 2_000
_HEADING = 60

Number = tuple[int, ...]


@dataclass(frozen=True)
class Address:
    """第十二条之一第二款第（三）项 as numbers."""

    article: Number
    paragraph: int | None = None
    item: int | None = None


@dataclass(frozen=True)
class Reference:
    """A document by one of its names, and a place in it: an address, a heading, or the whole."""

    source: str
    address: Address | None = None
    heading: str = ""


def parse_reference(text: str) -> Reference:
    """The reading of one reference; ``source`` is empty for 第三条 alone.

    >>> parse_reference("《会议费办法》第12条第二款")
    Reference(source='会议费办法', address=Address(article=(12,), paragraph=2, item=None), heading='')
    """
    text = text.strip()[:_MAX]
    source, mark, place = text.rpartition("#")
    if mark:
        address = parse_address(place)
        return Reference(source.strip(), address, "" if address else place.strip())
    squeezed, at = _without_spaces(text)
    for match in _ADDRESS.finditer(squeezed):
        if match.end() == len(squeezed):
            address = _numbers(match)
            if address is not None:
                return Reference(_bare(text[: at[match.start()]]), address)
    return Reference(_bare(text))


def parse_address(text: str) -> Address | None:
    """第十二条第二款, 第12条, 第133条之一 as numbers; None for anything else."""
    match = _ADDRESS.fullmatch(_without_spaces(text[:100])[0])
    return _numbers(match) if match else None


def label_number(label: str) -> Number | None:
    """The number of an outline's label, in whatever writing: 第一百三十三条之一, （三）, 第二款."""
    match = _LABEL.fullmatch(_without_spaces(label[:60])[0])
    if match is None:
        return None
    values = [parse_number(part) for part in match.groups() if part]
    return None if None in values else tuple(one for one in values if one is not None)


def split_references(text: str) -> Iterator[str]:
    """Parts between ；; and line ends, and 、，, outside 《》; 第五条 after 《X》第三条、 is X's."""
    source = ""
    for part in _parts(text):
        reference = parse_reference(part)
        if reference.source:
            source = reference.source
            yield part
        elif source:
            yield f"{source}#{part}"
        else:
            yield part


def _parts(text: str) -> Iterator[str]:
    depth, start = 0, 0
    for at, char in enumerate(text):
        if char == "《":
            depth += 1
        elif char == "》":
            depth = max(0, depth - 1)
        elif char in "；;\n" or (
            char in "、，," and depth == 0 and not _in_heading(text[start:at])
        ):
            yield from _stripped(text[start:at])
            depth, start = 0, at + 1
    yield from _stripped(text[start:])


def _in_heading(part: str) -> bool:
    """Whether a part's end is inside a heading (X#二、主要任务), whose 、 is its own."""
    _, mark, place = part[-_MAX:].rpartition("#")
    return bool(mark) and len(place) < _HEADING and parse_address(place) is None


def _stripped(part: str) -> Iterator[str]:
    if part.strip():
        yield part.strip()


def _numbers(match: re.Match[str]) -> Address | None:
    article, branch, paragraph, item = (
        parse_number(part) if part else None
        for part in match.group("article", "branch", "paragraph", "item")
    )
    if article is None:
        return None
    number = (article,) if branch is None else (article, branch)
    return replace(Address(number), paragraph=paragraph, item=item)


def _bare(text: str) -> str:
    """A title without the marks around it and a trailing comma or the like."""
    text = text.strip().rstrip("，,：: 的")
    if text.startswith("《") and text.endswith("》") and "》" not in text[1:-1]:
        return text[1:-1]
    return text


def _without_spaces(text: str) -> tuple[str, list[int]]:
    """NFKC without blanks, and where each character stood."""
    kept: list[str] = []
    at: list[int] = []
    for position, char in enumerate(text):
        for one in unicodedata.normalize("NFKC", char):
            if not one.isspace():
                kept.append(one)
                at.append(position)
    return "".join(kept), at
