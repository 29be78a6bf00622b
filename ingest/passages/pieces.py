"""A document's tree as the cutters walk it, and the pieces that they cut from it."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.structure.model import Outline, Section, SectionKind

WHOLE = "正文"
"""Anchor of text that no heading stands above."""
_LONGEST_STEP = 60
_CHAPTERS = frozenset(
    {SectionKind.PART, SectionKind.SUBPART, SectionKind.CHAPTER, SectionKind.DIVISION}
)
_UNITS = frozenset({SectionKind.PARAGRAPH, SectionKind.ITEM, SectionKind.SUBITEM})


@dataclass(frozen=True)
class Piece:
    """A range of the text that becomes a passage, before it has an id."""

    start: int
    end: int
    path: str
    anchor: str
    article: str | None = None
    context: str = ""


class Tree:
    """A text and its sections, by index in reading order, with the children of each."""

    def __init__(self, text: str, outline: Outline) -> None:
        self.text = text
        self.sections = outline.sections
        self._children: dict[int | None, list[int]] = {}
        for index, section in enumerate(outline.sections):
            self._children.setdefault(section.parent, []).append(index)

    def children(self, index: int | None) -> list[int]:
        """The sections right below one; None: below the document."""
        return self._children.get(index, [])

    def first_child(self, index: int) -> int:
        """Where the first section below begins, or the section ends that has none."""
        children = self.children(index)
        return self.sections[children[0]].start if children else self.sections[index].end

    def holds_articles(self, index: int) -> bool:
        """Whether articles are to be looked for below a section."""
        if self.sections[index].kind in _CHAPTERS:
            return True
        stack = list(self.children(index))
        while stack:
            child = stack.pop()
            if self.sections[child].kind is SectionKind.ARTICLE:
                return True
            stack.extend(self.children(child))
        return False


def step(section: Section) -> str:
    """How a section is named in a path: 第三章 监督职责, 第十二条, 一、总体要求."""
    if section.kind is SectionKind.ARTICLE or section.kind in _UNITS:
        return section.label
    if section.kind in (SectionKind.PREAMBLE, SectionKind.TITLE):
        return ""
    spaced = section.kind in _CHAPTERS or section.kind is SectionKind.APPENDIX
    gap = " " if spaced and section.label and section.title else ""
    name = f"{section.label}{gap}{section.title[:_LONGEST_STEP]}"
    return name.replace("/", "／").strip()


def joined(path: str, name: str) -> str:
    """A path with one more step; an empty one adds nothing."""
    return f"{path}/{name}" if path and name else path or name
