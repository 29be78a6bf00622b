"""What the pages of panels share: the stage, tabs, empty states, small parts of tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from ui.render.text import esc


def panel_html(address: str) -> str:
    """Where the page's script puts the first fragment, fetched from ``address``."""
    return (
        f'<div class="lp" data-panel="{esc(address)}"><p class="lm-progress" role="status">'
        '<span class="lm-spinner"></span>正在打开…</p></div>'
    )


def tabs_html(tabs: Sequence[tuple[str, str]], current: str, address: str) -> str:
    """Tabs (key, name); each fetches ``address``/key into ``#lp-tab``."""
    buttons = "".join(
        f'<button type="button" data-tab="{esc(key)}" hx-get="{esc(address)}/{esc(key)}"'
        f' hx-target="#lp-tab"{" aria-current=true" if key == current else ""}>{esc(name)}</button>'
        for key, name in tabs
    )
    return (
        f'<nav class="lp-tabs" aria-label="分类">{buttons}</nav>'
        f'<div id="lp-tab" class="lp" hx-get="{esc(address)}/{esc(current)}" hx-trigger="load"></div>'
    )


def empty_html(title: str, *lines: str) -> str:
    """An empty state; ``lines`` are HTML."""
    return (
        f'<div class="lp-empty"><h3>{esc(title)}</h3>'
        + "".join(f"<p>{line}</p>" for line in lines)
        + "</div>"
    )


def table_html(heads: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> str:
    """A table of cells that are HTML already."""
    head = "".join(f'<th scope="col">{esc(one)}</th>' for one in heads)
    labels = [esc(one) for one in heads]
    body = "".join(f"<tr>{_cells(labels, row)}</tr>" for row in rows)
    about = f'<caption class="lm-hidden">{esc(caption)}</caption>' if caption else ""
    return (
        '<div class="lp-scroll" tabindex="0" role="region" aria-label="'
        f'{esc(caption or "表格")}"><table>{about}<thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _cells(labels: Sequence[str], row: Sequence[str]) -> str:
    """Cells that say what they are, for screens on which a table becomes a list."""
    return "".join(
        f'<td data-label="{label}">{cell}</td>' for label, cell in zip(labels, row, strict=True)
    )


def button_html(
    label: str,
    post: str,
    target: str,
    *,
    confirm: str = "",
    danger: bool = False,
    about: str = "",
    include: str = "",
) -> str:
    """A button that posts to ``post`` and puts the reply into ``target``."""
    asked = f' hx-confirm="{esc(confirm)}"' if confirm else ""
    named = f' aria-label="{esc(label)}：{esc(about)}"' if about else ""
    taken = f' hx-include="{esc(include)}"' if include else ""
    css = ' class="lp-danger"' if danger else ""
    return (
        f'<button type="button" hx-post="{esc(post)}" hx-target="{esc(target)}"{asked}{named}{taken}'
        f"{css}>{esc(label)}</button>"
    )


def error_place() -> str:
    """Where a form says what was wrong."""
    return '<p data-error role="alert" hidden></p>'


def when(moment: datetime | None) -> str:
    """A moment in local time, to the minute."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else "—"


def size(count: int) -> str:
    """Bytes for a person."""
    if count < 1024:
        return f"{count} B"
    if count < 1024**2:
        return f"{count / 1024:.0f} KB"
    return f"{count / 1024**2:.1f} MB" if count < 1024**3 else f"{count / 1024**3:.1f} GB"
