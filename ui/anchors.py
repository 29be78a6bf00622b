"""Places in a document as an address names them: /doc/ID#第十二条第二款, #第3页, #p120-180."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.address.messages import not_there
from index.address.parse import Unit, addresses
from index.address.structure import NotThere, Structure
from index.errors import shorten
from index.records import DocumentRecord, SectionRecord

if TYPE_CHECKING:
    from collections.abc import Sequence


LONGEST = 80
_RANGE = re.compile(r"p([0-9]{1,9})-([0-9]{1,9})")
_PAGE = re.compile(r"第\s?([0-9]{1,5})\s?页")
_MARKED = (Unit.ARTICLE, Unit.PARAGRAPH, Unit.ITEM, Unit.SUBITEM)


@dataclass(frozen=True)
class Anchored:
    """Where an anchor leads: a range to be marked, a place to show, or a page; else ``message``,
    a Chinese line that says what is not there."""

    start: int | None = None
    end: int | None = None
    around: int | None = None
    page: int | None = None
    message: str = ""


def find_anchor(
    written: str, document: DocumentRecord, outline: Sequence[SectionRecord]
) -> Anchored:
    """Where ``written`` (what follows # in an address) leads in a document."""
    written = written.strip()[:LONGEST]
    if match := _RANGE.fullmatch(written):
        return Anchored(start=int(match[1]), end=int(match[2]))
    if match := _PAGE.fullmatch(written):
        number, pages = int(match[1]), len(document.page_sizes)
        if 1 <= number <= pages:
            return Anchored(page=number)
        has = f"共 {pages} 页" if pages else "没有页面"
        return Anchored(message=f"这份文件{has}，没有第 {number} 页。")
    groups = addresses(written)
    if groups and groups[0].start == 0 and groups[0].end == len(written):
        address = groups[0].addresses[0]
        found = Structure(outline).find(address)
        if isinstance(found, NotThere):
            return Anchored(message=not_there(document.title, found))
        start, end = found.ranges[0]
        if address.last.unit in _MARKED:
            end = found.ranges[-1][1] if address.until else end
            return Anchored(start=start, end=end)
        return Anchored(around=start)
    heading = _heading(written, outline)
    if heading is not None:
        return Anchored(around=heading.start)
    return Anchored(message=f"这份文件里没有“{shorten(written)}”这一处，请核对链接。")


def _heading(written: str, outline: Sequence[SectionRecord]) -> SectionRecord | None:
    """The section of exactly this heading, with its number or without."""
    for section in outline:
        if section.title and written in (
            section.title,
            f"{section.label}{section.title}",
            f"{section.label} {section.title}",
        ):
            return section
    return None
