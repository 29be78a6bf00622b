"""Small pieces of HTML. The only way for a document's or a user's words into the page."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from index.records import (
    VALIDITY_AMENDED,
    VALIDITY_CURRENT,
    VALIDITY_PENDING,
    VALIDITY_REPEALED,
    VALIDITY_UNKNOWN,
)

_VALIDITY_CLASS = {
    VALIDITY_CURRENT: "current",
    VALIDITY_AMENDED: "amended",
    VALIDITY_REPEALED: "repealed",
    VALIDITY_PENDING: "pending",
}


def esc(value: object) -> str:
    """``value`` as text that is safe in HTML content and in quoted attributes."""
    return html.escape(str(value), quote=True)


def named(title: str) -> str:
    """A title in book marks, not doubled where it is wholly within some."""
    whole = title.startswith("《") and title.endswith("》") and title.count("《") == 1
    return title if whole else f"《{title}》"


def document_address(document_id: str, anchor: str = "") -> str:
    """Where a document, or a place in it, can be opened by anyone who may see it."""
    fragment = f"#{quote(anchor, safe='')}" if anchor else ""
    return f"/doc/{quote(document_id, safe='')}{fragment}"


def validity_badge(validity: str) -> str:
    """The badge of a validity; nothing for 不明, which tells a reader nothing."""
    if not validity or validity == VALIDITY_UNKNOWN:
        return ""
    kind = _VALIDITY_CLASS.get(validity, "other")
    return f'<span class="lm-badge lm-badge-{kind}">{esc(validity)}</span>'


def missing_badge(missing: bool) -> str:
    """The badge of a document whose file is no longer where it was."""
    return '<span class="lm-badge lm-badge-missing">已缺失</span>' if missing else ""


def path_text(path: str) -> str:
    """``第三章 监督职责/第十二条`` as a reader's line: ``第三章 监督职责 › 第十二条``."""
    return " › ".join(part.strip() for part in path.split("/") if part.strip())


def mark(text: str, ranges: Iterable[tuple[int, int]], tag: str = "mark", css: str = "") -> str:
    """``text`` escaped, with ``ranges`` (start, end) wrapped in ``tag``.

    Ranges may be unsorted, overlap or reach over the ends; empty ones are dropped.
    """
    opening = f'<{tag} class="{css}">' if css else f"<{tag}>"
    parts: list[str] = []
    at = 0
    for start, end in merge(ranges, len(text)):
        parts.append(esc(text[at:start]))
        parts.append(f"{opening}{esc(text[start:end])}</{tag}>")
        at = end
    parts.append(esc(text[at:]))
    return "".join(parts)


def merge(ranges: Iterable[tuple[int, int]], length: int) -> Sequence[tuple[int, int]]:
    """``ranges`` clipped to ``0..length``, sorted, overlapping ones joined."""
    clipped = sorted((max(0, a), min(length, b)) for a, b in ranges)
    merged: list[tuple[int, int]] = []
    for start, end in clipped:
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
