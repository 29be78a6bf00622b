"""The source pane: one document with its outline, and the cited passage marked.

A long document is shown in a window of whole lines around the place that is asked for, so that a
statute of a thousand articles opens as fast as a notice.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.originals import SHOWN
from index.records import KIND_NAMES, DocumentRecord, PassageRecord, SectionRecord
from ui.render.text import document_address, esc, mark, missing_badge, named, validity_badge

WINDOW = 24_000  # characters of text in one fragment
_HEADING_MAX = 60  # a longer line is a paragraph that begins with a number
_OUTLINE_MAX = 3_000  # entries
_OUTLINE_KINDS = frozenset(
    {"part", "subpart", "chapter", "division", "article", "heading", "appendix"}
)
_HEADINGS = _OUTLINE_KINDS - {"article"}
_LABELLED = frozenset({"article", "item", "subitem"})


@dataclass(frozen=True)
class SourceView:
    """What the pane needs of one document. ``start``/``end`` is the cited range, or None."""

    document: DocumentRecord
    text: str
    outline: Sequence[SectionRecord]
    passages: Sequence[PassageRecord]
    start: int | None = None
    end: int | None = None
    around: int | None = None  # where the window is centred, if not on the cited range
    versions: Sequence[DocumentRecord] = ()  # of the same rule, oldest first, this one among them


def source_html(view: SourceView) -> str:
    """The whole pane as an HTML fragment."""
    return (
        f'<section class="lm-source" data-document="{esc(view.document.document_id)}" '
        f'data-title="{esc(view.document.title)}"'
        f"{number_attribute('start', view.start)}{number_attribute('end', view.end)}>"
        f"{_head(view)}{_versions(view)}{_outline(view)}{body_html(view)}</section>"
    )


def body_html(view: SourceView, *, linked: bool = False, page: int | None = None) -> str:
    """Text or page image, with the switch between them. ``linked``: an article's number is a link
    to itself. ``page``: the page to be shown, if not that of the cited range."""
    has_pages = bool(view.document.page_sizes) and view.document.format in SHOWN
    paged = has_pages and view.around is None
    text = _text_view(view, hidden=paged, linked=linked)
    if not has_pages:
        return text
    return _switch(paged=paged) + _page_view(view, not paged, page) + text


def number_attribute(name: str, value: int | None) -> str:
    return "" if value is None else f' data-{name}="{value}"'


def _head(view: SourceView) -> str:
    document = view.document
    facts = [document.issuer, document.doc_number, KIND_NAMES.get(document.kind)]
    if document.effective:
        facts.append(f"{document.effective:%Y-%m-%d} 起施行")
    elif document.issued:
        facts.append(f"{document.issued:%Y-%m-%d} 印发")
    if document.repealed:
        facts.append(f"{document.repealed:%Y-%m-%d} 废止")
    facts.append(f"文库：{document.collection}")
    line = "".join(f"<span>{esc(fact)}</span>" for fact in facts if fact)
    warned = "".join(f'<p class="lm-facts">{esc(one)}</p>' for one in document.warnings)
    return (
        '<header class="lm-source-head">'
        '<button type="button" class="lm-back" data-list>全部文件</button><h2 class="lm-source-title" tabindex="-1">'
        f"{esc(document.title)}{validity_badge(document.validity)}"
        f"{missing_badge(document.missing_since is not None)}</h2>"
        f'<p class="lm-facts">{line}</p>{warned}{_links(view)}</header>'
    )


def _links(view: SourceView) -> str:
    """The document as a page of its own, at the cited place, and the address of that."""
    address = esc(document_address(view.document.document_id, _anchor(view)))
    return (
        f'<p class="lm-source-links"><a href="{address}">打开全文</a>'
        f'<button type="button" data-copy-link="{address}">复制这一处的链接</button></p>'
    )


def _anchor(view: SourceView) -> str:
    """The article that the cited range is in, or else the range."""
    if view.start is None:
        return ""
    for section in view.outline:
        if section.kind == "article" and section.start <= view.start < section.end:
            return section.label
    return f"p{view.start}-{view.end}"


def _versions(view: SourceView) -> str:
    """The other versions of the rule, and what changed between each and the one shown."""
    here = view.document.document_id
    if len(view.versions) < 2:
        return ""
    places = {one.document_id: place for place, one in enumerate(view.versions)}
    rows = []
    for one in view.versions:
        name = f"{esc(one.title)}{validity_badge(one.validity)}"
        if one.document_id == here:
            rows.append(f'<li aria-current="true">{name}<span>正在看</span></li>')
            continue
        old, new = sorted((here, one.document_id), key=lambda name: places[name])
        rows.append(
            f'<li><button type="button" data-source="{esc(one.document_id)}">{name}</button>'
            f'<a href="/diff/{esc(old)}/{esc(new)}" target="_blank" rel="noopener">新旧对照</a></li>'
        )
    return (
        '<details class="lm-versions" open><summary>版本'
        f"<span>{len(rows)}</span></summary><ul>{''.join(rows)}</ul></details>"
    )


def _outline(view: SourceView) -> str:
    count, rows = outline_rows(view)
    if not count:
        return ""
    return (
        '<details class="lm-outline"><summary>目录'
        f'<span>{count}</span></summary><nav aria-label="目录">{rows}</nav></details>'
    )


def outline_rows(view: SourceView) -> tuple[int, str]:
    """How many entries the outline has, and their buttons; (0, "") for fewer than two."""
    length = len(view.text)
    entries = [s for s in view.outline if s.kind in _OUTLINE_KINDS and 0 <= s.start < length]
    if len(entries) < 2:
        return 0, ""
    shown = entries[:_OUTLINE_MAX]
    top = min(s.level for s in shown)
    return len(entries), "".join(_outline_row(s, s.level - top) for s in shown)


def _outline_row(section: SectionRecord, depth: int) -> str:
    name = f"{section.label} {section.title}".strip() or "（无标题）"
    kind = "article" if section.kind == "article" else "group"
    name = name if len(name) <= 40 else name[:39] + "…"
    return (
        f'<button type="button" class="lm-toc lm-toc-{kind} lm-depth-{min(depth, 5)}" '
        f'data-at="{section.start}">{esc(name)}</button>'
    )


def _switch(*, paged: bool) -> str:
    def tab(name: str, label: str, on: bool) -> str:
        return (
            f'<button type="button" role="tab" data-view="{name}" '
            f'aria-selected="{str(on).lower()}">{label}</button>'
        )

    return (
        '<div class="lm-switch" role="tablist" aria-label="显示方式">'
        f"{tab('page', '原文页面', paged)}{tab('text', '文本', not paged)}</div>"
    )


def _page_view(view: SourceView, hidden: bool, page: int | None) -> str:
    """The picture of a page; the script draws the boxes, which are fractions of the page."""
    sizes = view.document.page_sizes
    boxes = _boxes(view)
    first = page or next((int(box[0]) for box in boxes), _page_at(view))
    ratio = sizes[first - 1]
    page_ratio = f"{ratio[0]:.2f} / {ratio[1]:.2f}"
    return (
        f'<div class="lm-view lm-pages" data-view="page" tabindex="0" role="region" '
        f'aria-label="原文页面"{" hidden" if hidden else ""} '
        f'data-boxes="{esc(json.dumps(boxes))}" data-pages="{len(sizes)}" data-page="{first}">'
        '<div class="lm-pager"><button type="button" data-step="-1">上一页</button>'
        f"<span>第 <b>{first}</b> / {len(sizes)} 页</span>"
        '<button type="button" data-step="1">下一页</button></div>'
        f'<div class="lm-sheet" style="aspect-ratio: {page_ratio}">'
        f'<img alt="" data-title="{esc(named(view.document.title))}"></div></div>'
    )


def _boxes(view: SourceView) -> list[list[float]]:
    """[page, x0, y0, x1, y1] of the passages in the cited range, as fractions of their page."""
    if view.start is None or view.end is None:
        return []
    sizes = view.document.page_sizes
    found: list[list[float]] = []
    for passage in view.passages:
        if passage.start >= view.end or passage.end <= view.start:
            continue
        for page, x0, y0, x1, y1 in passage.boxes:
            if not 1 <= page <= len(sizes):
                continue
            width, height = sizes[page - 1]
            if width > 0 and height > 0:
                edges = (x0 / width, y0 / height, x1 / width, y1 / height)
                found.append([page, *(round(min(1.0, max(0.0, e)), 5) for e in edges)])
    return found


def _page_at(view: SourceView) -> int:
    """The page of the cited passage, or 1."""
    for passage in view.passages:
        cited = view.start is not None and passage.start <= view.start < passage.end
        if cited and passage.page and 1 <= passage.page <= len(view.document.page_sizes):
            return passage.page
    return 1


def _text_view(view: SourceView, *, hidden: bool, linked: bool) -> str:
    low, high = window(view.text, view.around if view.around is not None else view.start)
    lines = "".join(_lines(view, low, high, linked))
    before = _more(max(0, low - WINDOW // 2), "显示前文", "up") if low > 0 else ""
    after = _more(high, "显示后文", "down") if high < len(view.text) else ""
    return (
        f'<div class="lm-view lm-text" data-view="text" tabindex="0" role="region" '
        f'aria-label="原文"{" hidden" if hidden else ""} '
        f'data-from="{low}" data-to="{high}">{before}{lines}{after}</div>'
    )


def _more(at: int, label: str, way: str) -> str:
    return (
        f'<button type="button" class="lm-more" data-more="{way}" data-at="{at}">{label}</button>'
    )


def window(text: str, centre: int | None, size: int = WINDOW) -> tuple[int, int]:
    """A range of whole lines of about ``size`` characters, a quarter of it before ``centre``."""
    if len(text) <= size * 3 // 2:
        return 0, len(text)
    at = min(max(0, centre or 0), len(text))
    low = max(0, at - size // 4)
    low = text.rfind("\n", 0, low) + 1
    high = text.find("\n", min(len(text), max(at, low) + size * 3 // 4))
    # One giant line would defeat the window: cut it.
    if at - low > size:
        low = at - size // 4
    if high < 0 or high - at > size * 2:
        high = min(len(text), at + size * 2)
    return low, high


def _lines(view: SourceView, low: int, high: int, linked: bool) -> Iterable[str]:
    identity = view.document.document_id if linked else ""
    starts = [s.start for s in view.outline]
    cited = (view.start, view.end) if view.start is not None and view.end is not None else None
    at = low
    for line in view.text[low:high].split("\n"):
        if line.strip():
            yield _line(line, at, _section_at(view.outline, starts, at), cited, identity)
        at += len(line) + 1


def _section_at(
    outline: Sequence[SectionRecord], starts: Sequence[int], at: int
) -> SectionRecord | None:
    """The outermost section that begins at ``at``."""
    index = bisect_right(starts, at) - 1
    found = None
    while index >= 0 and starts[index] == at:
        found = outline[index]
        index -= 1
    return found


def _line(
    line: str,
    at: int,
    section: SectionRecord | None,
    cited: tuple[int, int] | None,
    identity: str,
) -> str:
    """One line; with ``identity``, the document's id, an article's number is a link to itself."""
    kind = section.kind if section else "paragraph"
    if kind == "contents" or (kind in _HEADINGS | {"title"} and len(line) > _HEADING_MAX):
        kind = "paragraph"
    ranges = [(cited[0] - at, cited[1] - at)] if cited else []
    tag = "h3" if kind in _HEADINGS or kind == "title" else "p"
    if section and kind in _LABELLED and (number := _leading_number(line, section.label)):
        head = mark(line[:number], ranges)
        rest = mark(line[number:], [(a - number, b - number) for a, b in ranges])
        if identity and kind == "article":
            address = document_address(identity, section.label)
            head = (
                f'<a href="{esc(address)}" data-open="{esc(identity)}" '
                f'title="这一条的链接">{head}</a>'
            )
        body = f'<b class="lm-label">{head}</b>{rest}'
    else:
        body = mark(line, ranges)
    level = f" lm-level-{min(section.level, 5)}" if section and tag == "h3" else ""
    return f'<{tag} class="lm-line lm-{esc(kind)}{level}" data-offset="{at}">{body}</{tag}>'


def _leading_number(line: str, label: str) -> int:
    """How many characters of ``line`` are its number (第十二条, （一）), or 0."""
    bare = line.lstrip()
    indent = len(line) - len(bare)
    if label and bare.startswith(label):
        return indent + len(label)
    if bare.startswith("第") and (stop := bare.find("条", 0, 16)) > 0:
        return indent + stop + 1
    return 0
