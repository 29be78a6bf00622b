"""Tables of contents: found so that their lines are not taken for chapters."""

from __future__ import annotations

import re

from ingest.structure.lines import Line
from ingest.structure.marks import Style
from ingest.structure.model import SectionKind
from ingest.structure.shape import bare, ends_sentence

_NAMES = frozenset({"目录", "目次", "内容目录", "【目录】", "[目录]", "contents", "catalogue"})
_LEADER = re.compile(r"[\s.．。·…‥•_\-—－]{0,60}[（(]?[0-9０-９ivxIVX]{0,4}[）)]?$")
_LONGEST_ENTRY = 80
_CLOSERS = frozenset(
    {"附则", "附录", "附件", "总则", "总纲", "序言", "前言", "后记", "分则", "引言"}
)
_DIVISIONS = frozenset(
    {SectionKind.PART, SectionKind.SUBPART, SectionKind.CHAPTER, SectionKind.DIVISION}
)


def is_contents_title(text: str) -> bool:
    """Whether a line is the heading of a table of contents."""
    return len(text) <= 16 and bare(text).strip("#*").lower() in _NAMES


def contents_ranges(lines: list[Line]) -> list[tuple[int, int]]:
    """(first, end) line indices of each table of contents, end exclusive."""
    found: list[tuple[int, int]] = []
    index = 0
    while index < len(lines):
        if is_contents_title(lines[index].text):
            end = _titled_end(lines, index)
        elif _is_division(lines[index]):
            end = _untitled_end(lines, index)
        else:
            index += 1
            continue
        if end > index + 1:
            found.append((index, end))
        index = max(end, index + 1)
    return found


def entry_key(line: Line) -> str:
    """What an entry and its heading in the text have in common: no dots, page number, spaces."""
    text = line.text[:120]
    match = _LEADER.search(text, max(0, len(text) - 60))
    return bare(text[: match.start()] if match else text)


def _is_division(line: Line) -> bool:
    return line.mark is not None and line.mark.kind in _DIVISIONS and not line.level


def _is_entry(line: Line) -> bool:
    if len(line.text) > _LONGEST_ENTRY or line.kind == "table_row":
        return False
    if line.mark is not None and line.mark.kind is SectionKind.ARTICLE:
        return len(line.text) <= 30 and not ends_sentence(line.text)
    return not ends_sentence(line.text) or bool(re.search(r"[.．·…]{2}", line.text))


def _titled_end(lines: list[Line], title: int) -> int:
    """The end of the contents that begin with the heading at ``title``.

    They end where their first entry comes again, else at the first line that is no entry.
    """
    keys: dict[str, int] = {}
    index = title + 1
    numbered = 0
    while index < len(lines):
        line = lines[index]
        key = entry_key(line)
        if not _is_entry(line) or (line.level and line.kind == "heading"):
            break
        if key in keys and keys[key] == title + 1:
            break
        keys.setdefault(key, index)
        numbered += line.mark is not None
        index += 1
    # The document's title may be repeated between the contents and the text: it is not an entry.
    while index > title + 1 and not _closes(lines[index - 1]):
        index -= 1
    if index < len(lines) and not numbered:
        return title + 1 if index == title + 1 else index
    return _without_heading(lines, title, index, keys)


def _closes(line: Line) -> bool:
    """Whether a line can be the last entry: numbered, 附则, or with a page number."""
    text = bare(line.text)
    return (
        line.mark is not None
        or text in _CLOSERS
        or text.startswith(("附件", "附录"))
        or bool(re.search(r"[.．·…\s][0-9]{1,4}$", line.text[-12:]))
    )


def _without_heading(lines: list[Line], title: int, end: int, keys: dict[str, int]) -> int:
    """Entries never repeated: where the text begins with an article, the last heading is its own."""
    if end >= len(lines) or entry_key(lines[end]) in keys:
        return end
    first = lines[end]
    last = lines[end - 1]
    starts = first.mark is not None and first.mark.kind is SectionKind.ARTICLE
    if starts and last.mark is not None and last.mark.style is Style.LEGAL and end - 1 > title + 1:
        back = end - 1
        while back - 1 > title and keys.get(entry_key(lines[back])) != back:
            back -= 1
        return back if keys.get(entry_key(lines[back])) != back else end
    return end


def _untitled_end(lines: list[Line], start: int) -> int:
    """Contents without a heading: three or more headings in a row whose first comes again."""
    index = start
    while index < len(lines) and (
        _is_division(lines[index]) or bare(lines[index].text) in _CLOSERS
    ):
        if index > start and entry_key(lines[index]) == entry_key(lines[start]):
            return index if index - start >= 3 else start
        index += 1
    if index - start < 3:
        return start
    key = entry_key(lines[start])
    horizon = lines[index : index + 12]
    return index if any(entry_key(line) == key for line in horizon) else start
