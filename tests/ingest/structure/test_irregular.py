"""Chinese regulations as they are really set: what comes of each irregular way of writing.

``irregular.txt`` holds the cases: a file (its name after ``===``), and after ``---`` its outline,
one section a line, indented by its depth.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.readers import read_document
from ingest.structure import Outline, SectionKind, outline

_KINDS = {SectionKind.TITLE: "标题", SectionKind.PREAMBLE: "前言", SectionKind.CONTENTS: "目录"}


def cases() -> dict[str, tuple[str, str]]:
    """name → (source, outline); ``\\u200b`` in a source stands for the character."""
    whole = Path(__file__).with_name("irregular.txt").read_text(encoding="utf-8")
    found = {}
    for part in whole.split("=== ")[1:]:
        name, rest = part.split("\n", 1)
        source, expected = rest.split("\n---\n")
        source = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), source)
        found[name] = source, expected.strip()
    return found


def drawn(tree: Outline) -> str:
    lines = []
    for section in tree.sections:
        tail = section.kind is SectionKind.PARAGRAPH and section.parent is None
        name = _KINDS.get(section.kind, "落款" if tail else section.label)
        lines.append("  " * section.level + f"{name} {section.title}".strip())
    return "\n".join(lines)


@pytest.mark.parametrize("name", cases())
def test_outline_of(name: str, tmp_path: Path) -> None:
    source, expected = cases()[name]
    path = tmp_path / name
    path.write_text(source, encoding="utf-8")
    assert drawn(outline(read_document(path))) == expected
