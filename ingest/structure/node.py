"""A section while the tree is being built, and the finished tree as a list."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.structure.lines import Line
from ingest.structure.marks import Mark, Style
from ingest.structure.model import Section, SectionKind

Key = tuple[str, int]
"""What a section is nested by: ("rank", 3) of a chapter, ("style", 1) of a numbering, …"""


@dataclass
class Node:
    """A section while it is being built."""

    kind: SectionKind
    label: str
    title: str
    start: int
    end: int
    heading_end: int
    key: Key
    number: tuple[int, ...] = ()
    children: list[Node] = field(default_factory=list)


def style_key(mark: Mark) -> Key:
    """By the style of a numbering: 一、 before （一） before 1."""
    return ("style", list(Style).index(mark.style))


def whole(kind: SectionKind, label: str, title: str, line: Line, key: Key) -> Node:
    """A section whose heading is the whole line."""
    return Node(kind, label, title, line.start, line.end, line.end, key)


def flatten(roots: list[Node]) -> list[Section]:
    """Nodes to sections; the only 款 of an article without 项 is the article itself and left out."""
    sections: list[Section] = []
    stack: list[tuple[Node, int | None, int]] = [(node, None, 0) for node in reversed(roots)]
    while stack:
        node, parent, level = stack.pop()
        index = len(sections)
        sections.append(
            Section(
                node.kind,
                node.label,
                node.title.strip(),
                node.start,
                node.end,
                min(node.heading_end, node.end),
                parent,
                node.number,
                level,
            )
        )
        children = node.children
        if (
            len(children) == 1
            and children[0].kind is SectionKind.PARAGRAPH
            and not children[0].children
        ):
            children = []
        stack.extend((child, index, level + 1) for child in reversed(children))
    return sections
