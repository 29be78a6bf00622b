"""Knowledge gaps on a terminal, as JSON, as a table and for a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.activity.gaps import STATUS_NAMES, Gap
from ui.render.text import esc, path_text

if TYPE_CHECKING:
    from rich.console import Console

_HEADINGS = (
    "编号",
    "问题",
    "次数",
    "第一次",
    "最近一次",
    "文库",
    "状态",
    "建议",
    "最接近的文件",
    "别的问法",
)


def local(at: datetime) -> str:
    """A moment in the local time, to the minute."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def gap_object(gap: Gap) -> dict[str, Any]:
    """One gap as JSON."""
    return {
        "id": gap.gap_id,
        "q": gap.text,
        "wordings": [{"q": text, "count": count} for text, count in gap.wordings],
        "count": gap.count,
        "people": gap.people,
        "first": gap.first.isoformat(),
        "last": gap.last.isoformat(),
        "collections": list(gap.scope.collections),
        "status": gap.status,
        "advice": gap.advice,
        "checked": gap.checked.isoformat() if gap.checked else None,
        "nearest": [
            {
                "document_id": one.document_id,
                "passage_id": one.passage_id,
                "title": one.title,
                "path": one.path,
            }
            for one in gap.nearest
        ],
    }


def print_gaps(out: Console, found: Sequence[Gap], filled: Sequence[Gap] | None = None) -> None:
    """The list for a person; ``filled`` are those that a check found answered (None: no check)."""
    if not found:
        out.print("没有文库答不了的问题。")
    asked = sum(one.count for one in found)
    if found:
        out.print(f"{len(found)} 类问题文库答不了，共问过 {asked} 次：", style="bold")
    for gap in found:
        out.print(f"\n[{gap.gap_id}] {gap.text}", style="bold", markup=False)
        out.print(f"    {facts_of(gap)}", markup=False)
        others = [text for text, _ in gap.wordings[1:]]
        if others:
            out.print(f"    也这样问过：{'；'.join(others)}", markup=False)
        if gap.nearest:
            out.print(f"    最接近：{_nearest(gap)}", markup=False)
        out.print(f"    建议：{gap.advice}", style="green", markup=False)
    if filled is not None:
        out.print(f"\n重新问了一遍，现在能答、已补上的有 {len(filled)} 类。", markup=False)


def write_gaps(path: Path, found: Sequence[Gap]) -> None:
    """A table (.csv or .xlsx) of the gaps; BatchError where it cannot be written."""
    from ui.spreadsheet import write_table

    rows = [
        (
            one.gap_id,
            one.text,
            one.count,
            local(one.first),
            local(one.last),
            "、".join(one.scope.collections) or "全部",
            STATUS_NAMES[one.status],
            one.advice,
            _nearest(one),
            "\n".join(text for text, _ in one.wordings[1:]),
        )
        for one in found
    ]
    write_table(path, _HEADINGS, rows)


def gaps_html(found: Sequence[Gap]) -> str:
    """The gaps as a list for a page; every word is escaped."""
    if not found:
        return '<p class="lm-gaps-none">没有文库答不了的问题。</p>'
    return f'<ol class="lm-gaps">{"".join(map(_item, found))}</ol>'


def _item(gap: Gap) -> str:
    nearest = "".join(
        f'<li><button type="button" data-source="{esc(one.document_id)}">{esc(one.title)}'
        f"<small>{esc(path_text(one.path))}</small></button></li>"
        for one in gap.nearest
    )
    others = "".join(
        f"<li>{esc(text)}<small>{count} 次</small></li>" for text, count in gap.wordings
    )
    return (
        f'<li class="lm-gap" data-gap="{gap.gap_id}" data-status="{esc(gap.status)}">'
        f"<h3>{esc(gap.text)}</h3><p>{esc(facts_of(gap))}</p>"
        f'<p class="lm-gap-advice">{esc(gap.advice)}</p>'
        + (f"<details><summary>各种问法</summary><ul>{others}</ul></details>" if others else "")
        + (f"<h4>最接近的文件</h4><ul>{nearest}</ul>" if nearest else "")
        + "</li>"
    )


def facts_of(gap: Gap) -> str:
    """When, how often and where it was asked, on one line."""
    where = "、".join(gap.scope.collections) or "全部文库"
    first = f"{local(gap.first)} 至 " if gap.count > 1 else ""
    return f"{STATUS_NAMES[gap.status]} · 问过 {gap.count} 次，{first}{local(gap.last)} · {where}"


def _nearest(gap: Gap) -> str:
    return "；".join(
        f"《{one.title.strip('《》')}》{path_text(one.path)}".strip() for one in gap.nearest
    )
