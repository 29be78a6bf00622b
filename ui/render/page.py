"""The fixed parts of the page: header, welcome, examples, the source pane before a source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from index.records import DocumentRecord
from ui.access.model import AT_THE_MACHINE, Principal
from ui.render.text import esc, missing_badge, validity_badge

CURRENT = ' aria-current="page"'
_LISTED = 300  # documents of the list before a source is opened

LOGO = (
    '<svg class="lm-logo" viewBox="0 0 40 40" aria-hidden="true">'
    '<rect width="40" height="40" rx="9"/>'
    '<path d="M20 33v-9M20 24c-4.6 0-7.6-2.6-8.6-7.4M20 24c4.6 0 7.6-2.6 8.6-7.4'
    "M12.9 20.2c-3-.6-4.9-2.6-5.4-5.7M27.1 20.2c3-.6 4.9-2.6 5.4-5.7"
    'M11.4 16.6c-.3-3 .6-5.6 2.8-8.1M28.6 16.6c.3-3-.6-5.6-2.8-8.1"/>'
    "</svg>"
)

EMPTY_SOURCE = (
    '<div class="lm-source-empty"><svg viewBox="0 0 48 48" aria-hidden="true">'
    '<path d="M12 6h17l9 9v27H12zM29 6v9h9M18 23h14M18 29h14M18 35h8"/></svg>'
    "<p>原文在这里显示</p><small>点击回答里的编号，可看到原文中的那一段</small></div>"
)


def header_html(
    pages: Sequence[tuple[str, str]] = (), current: str = "", principal: Principal = AT_THE_MACHINE
) -> str:
    """Brand, the pages that the person may open (path, name), who it is, light and dark."""
    links = "".join(
        f'<a href="/{esc(path)}"{CURRENT if path == current else ""}>{esc(name)}</a>'
        for path, name in pages
    )
    nav = f'<nav class="lm-nav" aria-label="页面">{links}</nav>' if len(pages) > 1 else ""
    who = (
        f'<a class="lm-who" href="/account" title="账号">{esc(principal.display or principal.name)}</a>'
        if principal.name
        else ""
    )
    return (
        '<a class="lm-skip" href="#lm-main" data-skip>跳到正文</a>'
        f'<header class="lm-bar"><a class="lm-brand" href="/" aria-label="鹿鸣，首页">{LOGO}<b>鹿鸣</b>'
        f'<span>有据可查的知识助手</span></a>{nav}<div class="lm-bar-end">{who}'
        '<button type="button" class="lm-theme" data-theme-switch aria-label="切换浅色与深色"'
        ' title="切换浅色与深色"><svg viewBox="0 0 24 24" aria-hidden="true">'
        '<path d="M12 3a9 9 0 1 0 9 9 7 7 0 0 1-9-9z"/></svg></button></div></header>'
    )


def heading_html(name: str, hidden: bool = False) -> str:
    """The page's own heading; ``hidden``: for those who listen only."""
    css = "lm-hidden" if hidden else "lm-page-title"
    return f'<h1 class="{css}">{esc(name)}</h1>'


def stage_html() -> str:
    """Where the library page's script puts what it fetched."""
    return (
        '<div class="lm-stage" data-stage>'
        '<p class="lm-progress" role="status"><span class="lm-spinner"></span>正在打开文库…</p></div>'
    )


def welcome_html(documents: int, intake: str | None = None) -> str:
    """What the page says before the first question. ``intake`` is the address of the page for
    putting files in, for who may."""
    if documents:
        return (
            '<div class="lm-welcome"><h2>想查什么？</h2>'
            f"<p>文库现有 <b>{documents}</b> 份文件。每句回答都注明出处，点开就是原文。</p></div>"
        )
    return empty_html(intake)


def empty_html(intake: str | None) -> str:
    """What to do while there is nothing to see."""
    title = "文库还是空的" if intake else "还没有您可以查看的文件"
    if intake is not None:
        what = (
            f'<p>请先<a href="{esc(intake)}">上传文件</a>，支持 Word、PDF、网页、Markdown 和文本；'
            "也可以在服务器上运行：</p>"
        )
    else:
        what = (
            "<p>请联系管理员：把文件放进文库，并开通您可以查看的文库。"
            "支持 Word、PDF、网页、Markdown 和文本：</p>"
        )
    return (
        f'<div class="lm-welcome lm-empty"><h2>{esc(title)}</h2>{what}'
        "<pre>luming ingest 文件或文件夹 --collection 文库名</pre>"
        "<p>放好后刷新本页即可，不用重启。</p></div>"
    )


def examples_html(questions: Iterable[str]) -> str:
    """Questions to click, made from the library itself."""
    rows = "".join(
        f'<button type="button" class="lm-example" data-ask="{esc(q)}">{esc(q)}</button>'
        for q in questions
    )
    return f'<div class="lm-examples"><h3>可以这样问</h3>{rows}</div>' if rows else ""


def library_html(documents: Sequence[DocumentRecord]) -> str:
    """What is in the library, by collection; a click opens the document."""
    if not documents:
        return EMPTY_SOURCE
    ordered = sorted(documents, key=lambda d: (d.collection, d.title, d.document_id))
    counts = {name: len(list(group)) for name, group in groupby(ordered, lambda d: d.collection)}
    parts: list[str] = []
    for name, group in groupby(ordered[:_LISTED], key=lambda d: d.collection):
        parts.append(f"<h3>{esc(name)}<span>{counts[name]}</span></h3>")
        parts.extend(_book(document) for document in group)
    if len(ordered) > _LISTED:
        rest = len(ordered) - _LISTED
        parts.append(f'<p>还有 {rest} 份没有列出，请到<a href="/library">文库</a>里查找。</p>')
    return (
        f'<section class="lm-library"><h2>文库里的文件<span>{len(ordered)} 份</span></h2>'
        f'<div class="lm-shelf">{"".join(parts)}</div></section>'
    )


def _book(document: DocumentRecord) -> str:
    return (
        f'<button type="button" class="lm-book" data-source="{esc(document.document_id)}">'
        f"<span>{esc(document.title)}{validity_badge(document.validity)}"
        f"{missing_badge(document.missing_since is not None)}</span>"
        f"<small>{esc(document.format)}</small></button>"
    )
