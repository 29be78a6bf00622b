"""One document on the library page: what it is, outline, versions, neighbours, text or page image."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index.records import KIND_NAMES, DocumentRecord
from ui.render.source import SourceView, body_html, number_attribute, outline_rows
from ui.render.text import document_address, esc, missing_badge, validity_badge

_FORMATS = {"pdf": "PDF", "docx": "Word", "html": "网页", "md": "Markdown", "txt": "文本"}


@dataclass(frozen=True)
class DocumentView:
    """``reason`` says why the document's status is what it is, ``warning`` what is doubtful of it.

    ``neighbours`` are documents that it names, with how often; ``download``: its file is there;
    ``message`` says that a place asked
    for is not there, ``page`` is a page asked for.
    """

    source: SourceView
    reason: str = ""
    warning: str = ""
    neighbours: Sequence[tuple[DocumentRecord, int]] = ()
    download: bool = False
    message: str = ""
    page: int | None = None


def document_html(view: DocumentView) -> str:
    """The whole document view as an HTML fragment."""
    source = view.source
    document = source.document
    message = f'<p class="lm-note lm-missing" role="alert">{esc(view.message)}</p>'
    return (
        f'<section class="lm-source lm-full" data-document="{esc(document.document_id)}" '
        f'data-title="{esc(document.title)}"{number_attribute("around", source.around)}'
        f"{number_attribute('start', source.start)}{number_attribute('end', source.end)}>"
        f"{_head(view)}{message if view.message else ''}"
        f'<aside class="lm-side-parts" aria-label="目录与相关信息">{_outline(source)}'
        f"{_versions(source)}{_neighbours(view.neighbours)}{_facts(view)}</aside>"
        f'<div class="lm-doc-body">{body_html(source, linked=True, page=view.page)}</div></section>'
    )


def _head(view: DocumentView) -> str:
    document = view.source.document
    identity = esc(document.document_id)
    download = (
        f'<a class="lm-action" href="/api/v1/documents/{identity}/original" download>下载原件</a>'
    )
    line = [document.issuer, document.doc_number, _day(document)]
    facts = "".join(f"<span>{esc(one)}</span>" for one in line if one)
    return (
        '<header class="lm-source-head"><a class="lm-back" href="/library" data-back>'
        "‹ 返回列表</a>"
        f'<h2 class="lm-source-title" tabindex="-1">{esc(document.title)}'
        f"{validity_badge(document.validity)}"
        f"{missing_badge(document.missing_since is not None)}</h2>"
        f'<p class="lm-facts">{facts}</p>'
        '<div class="lm-actions">'
        f"{download if view.download else ''}"
        f'<button type="button" class="lm-action" data-copy-link="{esc(document_address(document.document_id))}">'
        "复制链接</button>"
        f'<a class="lm-action" href="/?about={identity}">就这份文件提问</a></div></header>'
    )


def _day(document: DocumentRecord) -> str:
    if document.effective:
        return f"{document.effective:%Y-%m-%d} 起施行"
    return f"{document.issued:%Y-%m-%d} 印发" if document.issued else ""


def _outline(source: SourceView) -> str:
    count, rows = outline_rows(source)
    if not count:
        return ""
    return (
        f'<details class="lm-outline" open><summary>目录<span>{count}</span></summary>'
        f'<nav aria-label="目录">{rows}</nav></details>'
    )


def _versions(source: SourceView) -> str:
    """The versions of the rule, the newest first and undated ones last, each to be compared."""
    if len(source.versions) < 2:
        return ""
    here = source.document.document_id
    places = {one.document_id: place for place, one in enumerate(source.versions)}
    newest_first = sorted(reversed(source.versions), key=lambda one: not _day(one))
    rows = []
    for one in newest_first:
        name = f"{esc(one.title)}{validity_badge(one.validity)}"
        day = f"<small>{esc(_day(one))}</small>" if _day(one) else ""
        if one.document_id == here:
            rows.append(
                f'<li aria-current="true"><span class="lm-version-name">{name}</span>{day}'
                "<small>正在看</small></li>"
            )
            continue
        old, new = sorted((here, one.document_id), key=lambda identity: places[identity])
        rows.append(
            f'<li><a class="lm-version-name" href="{esc(document_address(one.document_id))}" '
            f'data-open="{esc(one.document_id)}">{name}</a>{day}'
            f'<a class="lm-diff" href="/diff/{esc(old)}/{esc(new)}" target="_blank" '
            'rel="noopener">与正在看的对照</a></li>'
        )
    return (
        f'<details class="lm-versions" open><summary>版本<span>{len(rows)}</span></summary>'
        f"<ul>{''.join(rows)}</ul></details>"
    )


def _neighbours(neighbours: Sequence[tuple[DocumentRecord, int]]) -> str:
    if not neighbours:
        return ""
    rows = "".join(
        f'<li><a href="{esc(document_address(one.document_id))}" '
        f'data-open="{esc(one.document_id)}">{esc(one.title)}</a>'
        f"{validity_badge(one.validity)}<small>提到 {times} 次</small></li>"
        for one, times in neighbours
    )
    return (
        '<details class="lm-neighbours" open><summary>文中提到的文件'
        f"<span>{len(neighbours)}</span></summary><ul>{rows}</ul></details>"
    )


def _facts(view: DocumentView) -> str:
    document = view.source.document
    size = f"{document.page_count} 页" if document.page_count else ""
    articles = f"{document.article_count} 条" if document.article_count else ""
    pairs = [
        ("状态", f"{document.validity}。{view.reason}" if view.reason else document.validity),
        ("提示", view.warning),
        ("发文机关", document.issuer),
        ("文号", document.doc_number),
        ("类别", KIND_NAMES.get(document.kind)),
        ("印发", _date(document.issued)),
        ("施行", _date(document.effective)),
        ("废止", _date(document.repealed)),
        ("篇幅", "，".join(one for one in (size, articles) if one)),
        ("格式", _FORMATS.get(document.format, document.format.upper())),
        ("文库", document.collection),
        ("原件", "" if view.download else "原文件已不在原处，不能下载"),
        ("入库", _date(document.indexed_at.astimezone().date() if document.indexed_at else None)),
    ]
    rows = "".join(f"<dt>{name}</dt><dd>{esc(value)}</dd>" for name, value in pairs if value)
    return (
        f'<details class="lm-facts-more" open><summary>文件信息</summary><dl>{rows}</dl></details>'
    )


def _date(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""
