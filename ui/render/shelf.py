"""The list of the library page: filters with their counts, documents, pages, and what to do when empty."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from index.records import KIND_NAMES, DocumentRecord
from ui.browsing import SORTS, Facet, FacetValue, Found, ShelfQuery, ShelfRow, ShelfView, folded
from ui.render.page import empty_html
from ui.render.text import document_address, esc, mark, missing_badge, path_text, validity_badge

_VALUES_SHOWN = 8  # of a facet; the others are folded
_EXTRACT = 150  # characters of a passage found
_BEFORE = 40


def shelf_html(view: ShelfView, intake: str | None = None) -> str:
    """The whole list. ``intake`` is the address of the page for putting files in, for who may."""
    if not view.whole:
        return empty_html(intake)
    return (
        f'<form class="lm-shelf-form" role="search" aria-label="查找文件">{_search(view.query)}'
        f'<div class="lm-shelf-body">{_facets(view)}'
        f'<div class="lm-shelf-list">{_summary(view)}{_rows(view)}{_pager(view)}</div></div></form>'
    )


def _search(query: ShelfQuery) -> str:
    def way(value: str, label: str, on: bool) -> str:
        checked = " checked" if on else ""
        return f'<label><input type="radio" name="in" value="{value}"{checked}>{label}</label>'

    return (
        '<div class="lm-find"><label class="lm-hidden" for="lm-find-words">查找文件</label>'
        f'<input id="lm-find-words" type="search" name="q" value="{esc(query.words)}" '
        'maxlength="200" autocomplete="off" placeholder="标题、文号、发文机关，或正文里的词">'
        '<fieldset class="lm-ways"><legend class="lm-hidden">在哪里找</legend>'
        f"{way('', '标题、文号、机关', not query.in_text)}{way('text', '正文', query.in_text)}"
        '</fieldset><button type="submit" class="lm-primary">查找</button></div>'
    )


def _facets(view: ShelfView) -> str:
    chosen = sum(one.chosen for facet in view.facets for one in facet.values)
    count = f"<span>{chosen}</span>" if chosen else ""
    inner = "".join(_facet(one) for one in view.facets)
    return (
        f'<details class="lm-facets" open><summary>筛选{count}</summary>'
        f'<div class="lm-facet-list">{inner}</div></details>'
    )


def _facet(facet: Facet) -> str:
    if not facet.values:
        return ""
    shown = [one for place, one in enumerate(facet.values) if place < _VALUES_SHOWN or one.chosen]
    rest = [one for one in facet.values if one not in shown]
    more = (
        f"<details><summary>其余 {len(rest)} 项</summary>{_choices(facet, rest)}</details>"
        if rest
        else ""
    )
    return f"<fieldset><legend>{esc(facet.title)}</legend>{_choices(facet, shown)}{more}</fieldset>"


def _choices(facet: Facet, values: Iterable[FacetValue]) -> str:
    return "".join(
        f'<label><input type="checkbox" name="{facet.parameter}" value="{esc(one.value)}"'
        f"{' checked' if one.chosen else ''}><span>{esc(one.name)}</span>"
        f'<small aria-label="{one.count} 份">{one.count}</small></label>'
        for one in values
    )


def _summary(view: ShelfView) -> str:
    query = view.query
    by_relevance = query.in_text and query.words.strip()
    orders = {**({"": "相关程度"} if by_relevance else {}), **SORTS}
    current = query.sort if query.sort in orders else next(iter(orders))
    options = "".join(
        f'<option value="{value}"{" selected" if value == current else ""}>{name}</option>'
        for value, name in orders.items()
    )
    of = f"<small>（共 {view.whole} 份）</small>" if view.total != view.whole else ""
    clear = (
        '<button type="button" class="lm-plain" data-clear>清除筛选</button>'
        if query.narrowed
        else ""
    )
    note = f'<p class="lm-note" role="status">{esc(view.note)}</p>' if view.note else ""
    return (
        f'<div class="lm-shelf-head"><p role="status" class="lm-count">'
        f"<b>{view.total}</b> 份文件{of}</p>{clear}"
        f'<label class="lm-order">排序<select name="sort">{options}</select></label></div>{note}'
    )


def _rows(view: ShelfView) -> str:
    if not view.rows:
        tip = "换个词，或减少筛选条件再试。"
        if view.query.words.strip() and not view.query.in_text:
            tip = "可以改为在“正文”里找，或减少筛选条件再试。"
        return (
            f'<div class="lm-nothing"><p>没有符合条件的文件。</p><p>{tip}</p>'
            '<button type="button" class="lm-plain" data-clear>清除筛选</button></div>'
        )
    words = [word for word in view.query.words.split() if word]
    return f'<ol class="lm-rows">{"".join(_row(row, words) for row in view.rows)}</ol>'


def _row(row: ShelfRow, words: list[str]) -> str:
    document = row.document
    anchor = f"p{row.found.start}-{row.found.end}" if row.found else ""
    address = esc(document_address(document.document_id, anchor))
    facts = "".join(f"<span>{esc(fact)}</span>" for fact in _facts(document))
    found = _found(row.found, words) if row.found else ""
    return (
        f'<li class="lm-row"><a class="lm-row-title" href="{address}" '
        f'data-open="{esc(document.document_id)}">{_marked(document.title, words)}</a>'
        f"{validity_badge(document.validity)}{missing_badge(document.missing_since is not None)}"
        f'<p class="lm-row-facts">{facts}</p>{found}</li>'
    )


def _facts(document: DocumentRecord) -> Iterable[str]:
    if document.issuer:
        yield document.issuer
    if document.doc_number:
        yield document.doc_number
    if document.effective:
        yield f"{document.effective:%Y-%m-%d} 起施行"
    elif document.issued:
        yield f"{document.issued:%Y-%m-%d} 印发"
    yield KIND_NAMES.get(document.kind, document.kind)
    if document.article_count:
        yield f"{document.article_count} 条"
    elif document.page_count:
        yield f"{document.page_count} 页"
    yield f"文库：{document.collection}"


def _found(found: Found, words: list[str]) -> str:
    flat = found.text.replace("\n", " ")
    first = min((at for word in words if (at := flat.find(word)) >= 0), default=0)
    low = max(0, first - _BEFORE) if len(flat) > _EXTRACT else 0
    shown = flat[low : low + _EXTRACT]
    before, after = "…" if low else "", "…" if low + _EXTRACT < len(flat) else ""
    where = f"<span>{esc(path_text(found.path))}</span>" if found.path else ""
    return f'<p class="lm-row-found">{where}{before}{_marked(shown, words)}{after}</p>'


def _marked(text: str, words: list[str]) -> str:
    """``text`` with the words that were looked for, where they stand as they were written."""
    ranges = [(at, at + len(word)) for word in words for at in _places(text, word)]
    return mark(text, ranges)


def _places(text: str, word: str) -> list[int]:
    found: list[int] = []
    lowered, wanted = text.lower(), word.lower()
    if not wanted or len(lowered) != len(text) or not folded(wanted):
        return found
    at = lowered.find(wanted)
    while at >= 0:
        found.append(at)
        at = lowered.find(wanted, at + len(wanted))
    return found


def _pager(view: ShelfView) -> str:
    if view.pages < 2:
        return ""
    page = min(max(1, view.query.page), view.pages)

    def step(to: int, label: str) -> str:
        if not 1 <= to <= view.pages:
            return f'<span class="lm-step" aria-disabled="true">{label}</span>'
        address = esc("/library?" + query_string(view.query, to))
        return f'<a class="lm-step" href="{address}" data-page-to="{to}">{label}</a>'

    return (
        f'<nav class="lm-shelf-pager" aria-label="翻页">{step(page - 1, "上一页")}'
        f"<span>第 {page} / {view.pages} 页</span>{step(page + 1, '下一页')}</nav>"
    )


def query_string(query: ShelfQuery, page: int | None = None) -> str:
    """The query as it stands in an address."""
    pairs: list[tuple[str, str]] = []
    if query.words:
        pairs.append(("q", query.words))
    if query.in_text:
        pairs.append(("in", "text"))
    for name, values in (
        ("collection", query.collections),
        ("kind", query.kinds),
        ("status", query.validities),
        ("issuer", query.issuers),
    ):
        pairs += [(name, value) for value in values]
    if query.sort:
        pairs.append(("sort", query.sort))
    if (page or query.page) > 1:
        pairs.append(("page", str(page or query.page)))
    return urlencode(pairs)
