"""The outline of a document: a flat, ordered list of sections that form a tree by parent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SectionKind(StrEnum):
    """What a section is. Names follow drafting practice (编章节条款项目) and prose headings."""

    TITLE = "title"
    PREAMBLE = "preamble"  # text before the first heading or article
    CONTENTS = "contents"  # 目录: kept in the text, never a passage
    PART = "part"  # 编
    SUBPART = "subpart"  # 分编
    CHAPTER = "chapter"  # 章
    DIVISION = "division"  # 节
    ARTICLE = "article"  # 条
    PARAGRAPH = "paragraph"  # 款 (also a plain paragraph of prose)
    ITEM = "item"  # 项 （一）
    SUBITEM = "subitem"  # 目 1.
    HEADING = "heading"  # 一、（一）1.（1）① or a heading of the format, in prose
    APPENDIX = "appendix"  # 附件


@dataclass(frozen=True, slots=True)
class Section:
    """One node of the outline.

    ``start``/``end`` are a character range of the document's text that holds the section with
    everything below it; ``label`` is its number as an address writes it (第十二条, 第二款,
    （三）, 一、), normalised to Chinese numerals for 编章节条款项; ``title`` is the heading's words
    without the number. ``number`` is (12,) for 第十二条, (133, 1) for 第一百三十三条之一.
    ``heading_end`` is where the heading (number and title) ends and its own content begins.
    """

    kind: SectionKind
    label: str
    title: str
    start: int
    end: int
    heading_end: int
    parent: int | None  # index in the outline
    number: tuple[int, ...] = ()
    level: int = 0  # depth in the tree, 0 = root


@dataclass(frozen=True)
class Outline:
    """All sections in reading order; a parent always precedes its children."""

    sections: tuple[Section, ...]

    def children(self, index: int | None) -> list[int]:
        """Indices of the sections directly below ``index`` (None: the roots), in order."""
        return [i for i, s in enumerate(self.sections) if s.parent == index]

    def ancestors(self, index: int) -> list[int]:
        """Indices from the root down to the parent of ``index``."""
        chain: list[int] = []
        parent = self.sections[index].parent
        while parent is not None:
            chain.append(parent)
            parent = self.sections[parent].parent
        return chain[::-1]

    def articles(self) -> list[Section]:
        """All articles in order."""
        return [s for s in self.sections if s.kind is SectionKind.ARTICLE]
