"""`luming audit`: who did what, to read, export and check."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui import console
from ui.commands.common import Json, Since, UsageError, moment, plain, table
from ui.commands.people import logged, opened

if TYPE_CHECKING:
    from ui.access.audit import AuditFilter, Entry

_User = Annotated[str | None, typer.Option("--user", help="只看这个用户的")]
_Action = Annotated[
    str | None, typer.Option("--action", help="只看这种操作，例如 登录失败、查看文件")
]
_Until = Annotated[
    str | None, typer.Option("--until", help="只看这一天及以前的，例如 2026-01-31", metavar="日期")
]


def register(parent: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(no_args_is_help=True, help="审计记录：谁在什么时候做了什么。")
    group.command("list")(list_all)
    group.command()(export)
    group.command()(verify)
    parent.add_typer(group, name="audit")


def entry_object(entry: Entry) -> dict[str, Any]:
    """For --json."""
    return {**vars(entry), "at": entry.at.isoformat(), "action_name": entry.action_name}


def list_all(
    user: _User = None,
    action: _Action = None,
    since: Since = None,
    until: _Until = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10000, help="最多列几条")] = 50,
    as_json: Json = False,
) -> None:
    """列出记录，最近的在前。"""
    with opened() as accounts:
        found, total = accounts.audit.read(_filter(user, action, since, until), size=limit)
    if as_json:
        console.print_json({"total": total, "entries": [entry_object(one) for one in found]})
        return
    if not found:
        console.output().print("没有这样的记录。", markup=False)
        return
    shown = table("编号", "时间", "用户", "操作", "对象", "详情", "地址")
    for one in found:
        shown.add_row(
            str(one.number),
            f"{one.at.astimezone():%Y-%m-%d %H:%M:%S}",
            plain(one.user or "-"),
            one.action_name,
            plain(one.object),
            plain(one.detail),
            plain(one.address),
        )
    console.output().print(shown)
    if total > len(found):
        console.output().print(
            f"共 {total} 条，用 --limit 列出更多，或用 export 导出。", markup=False
        )


def export(
    out: Annotated[Path, typer.Option("--out", "-o", help="结果文件：.csv 或 .jsonl")],
    user: _User = None,
    action: _Action = None,
    since: Since = None,
    until: _Until = None,
    as_json: Json = False,
) -> None:
    """导出记录，从最早的开始。"""
    from ui.access.audit import Action
    from ui.spreadsheet import write_file

    ending = out.suffix.lower().lstrip(".")
    if ending not in ("csv", "jsonl"):
        raise UsageError(f"{out.name} 的类型不对，请用 .csv 或 .jsonl 结尾。")
    with opened() as accounts:
        flt = _filter(user, action, since, until)
        kind: Any = ending
        total = accounts.audit.read(flt, size=1)[1]
        write_file(out, b"".join(accounts.audit.export(kind, flt)))
        logged(accounts, Action.EXPORTED, "审计记录", f"{total} 条")
    if as_json:
        console.print_json({"path": str(out), "entries": total})
    else:
        console.errors().print(f"已写入 {out}（{total} 条）。", markup=False)


def verify(
    known: Annotated[
        str | None, typer.Option("--known", help="以前抄下的链尾，看它是否还在链上")
    ] = None,
    as_json: Json = False,
) -> None:
    """检查记录有没有被改动、删去或插入。退出码 0 为完好。"""
    with opened() as accounts:
        found = accounts.audit.verify(known or "")
    good = found.ok and (not known or found.known)
    if as_json:
        console.print_json({**vars(found), "ok": good})
    elif not found.ok:
        console.errors().print(
            f"第 {found.broken_at} 条对不上：记录被改动或删去过。请保留 access.db 并查明原因。",
            style="red", markup=False,
        )  # fmt: skip
    elif not good:
        console.errors().print(
            "记录前后相接，但抄下的链尾不在其中：整条记录可能被换过。", style="red", markup=False
        )
    else:
        console.output().print(
            f"完好，共 {found.rows} 条。链尾 {found.last_hash}，可抄在别处，以后用 --known 核对。",
            markup=False,
        )
    if not good:
        raise typer.Exit(console.FAILED)


def _filter(
    user: str | None, action: str | None, since: str | None, until: str | None
) -> AuditFilter:
    from ui.access.audit import ACTION_NAMES, Action, AuditFilter

    known = {name: one for one, name in ACTION_NAMES.items()} | {str(one): one for one in Action}
    if action is not None and action not in known:
        raise UsageError(f"没有这种操作，可用的有：{'、'.join(ACTION_NAMES.values())}。")
    last = moment("--until", until)
    return AuditFilter(
        user,
        known[action] if action is not None else None,
        moment("--since", since),
        last + timedelta(days=1) if last else None,
    )
