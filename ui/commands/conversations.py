"""`luming conversations`: what was asked before, to list, show, name, export and delete."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui import console
from ui.commands.common import Json, UsageError, make_settings, plain, table

if TYPE_CHECKING:
    from assistant.conversation.store import ConversationStore

_LOCAL = "local"  # activity.tables.LOCAL_USER, whose import would cost every command its time
Which = Annotated[str, typer.Argument(help="对话的编号（或开头几位）或名称", metavar="对话")]
User = Annotated[str, typer.Option("--user", help="谁的对话；默认本机命令行的", metavar="用户")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="最多列出几段")]


def register(parent: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(no_args_is_help=True, help="以往的对话：列出、查看、改名、导出、删除。")
    group.command("list")(list_all)
    group.command()(show)
    group.command()(rename)
    group.command()(export)
    group.command()(delete)
    parent.add_typer(group, name="conversations")


@contextmanager
def _store() -> Iterator[ConversationStore]:
    from assistant.activity.database import ActivityDatabase
    from assistant.conversation.store import ConversationStore

    database = ActivityDatabase(make_settings().home)
    try:
        yield ConversationStore(database)
    finally:
        database.close()


def list_all(limit: Limit = 50, user: User = _LOCAL, as_json: Json = False) -> None:
    """列出以往的对话，最近的在前。"""
    from ui.conversation_export import conversation_object, local

    with _store() as store:
        found, total = store.conversations(user, limit), store.count(user)
    if as_json:
        listed = [conversation_object(one) for one in found]
        console.print_json({"total": total, "conversations": listed})
        return
    if not found:
        console.output().print("还没有对话，可运行 luming chat 开始。", markup=False)
        return
    shown = table("编号", "名称", "问数", "最近")
    for one in found:
        shown.add_row(one.conversation_id, plain(one.name), str(one.turns), local(one.changed))
    console.output().print(shown)
    if total > len(found):
        console.output().print(f"共 {total} 段，用 --limit 列出更多。", markup=False)


def show(which: Which, user: User = _LOCAL, as_json: Json = False) -> None:
    """显示一段对话的全部问答和出处。"""
    from ui.commands.ask import print_answer
    from ui.conversation_export import conversation_object, turn_object

    with _store() as store:
        found = store.find(which, user)
        turns = store.turns(found.conversation_id, user)
    if as_json:
        listed = [turn_object(one) for one in turns]
        console.print_json({**conversation_object(found), "conversation": listed})
        return
    out = console.output()
    out.print(f"{found.name}（{found.conversation_id}）", style="bold", markup=False)
    for kept in turns:
        out.print(f"\n{kept.number}. {kept.turn.asked}", style="bold", markup=False)
        print_answer(kept.turn.answer)


def rename(
    which: Which,
    name: Annotated[str, typer.Argument(help="新的名称", metavar="名称")],
    user: User = _LOCAL,
) -> None:
    """给一段对话改名。"""
    with _store() as store:
        found = store.rename(which, name, user)
    console.output().print(f"已改名为“{found.name}”。", markup=False)


def export(
    which: Which,
    out: Annotated[Path, typer.Option("--out", "-o", help="结果文件：.md、.docx 或 .json")],
    user: User = _LOCAL,
) -> None:
    """把一段对话连同出处导出为文件。"""
    from ui.conversation_export import ending_of, exported
    from ui.spreadsheet import write_file

    ending = ending_of(out)
    if ending is None:
        raise UsageError(f"{out.name} 的类型不对，请用 .md、.docx 或 .json 结尾。")
    with _store() as store:
        found = store.find(which, user)
        turns = store.turns(found.conversation_id, user)
    write_file(out, exported(found, turns, ending))
    console.errors().print(f"已写入 {out}（{len(turns)} 问）。", markup=False)


def delete(
    which: Which,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="不再询问")] = False,
    user: User = _LOCAL,
) -> None:
    """删除一段对话及其全部问答。"""
    with _store() as store:
        found = store.find(which, user)
        asked = f"删除“{found.name}”（{found.turns} 问）？删除后不能恢复"
        if not yes and not typer.confirm(asked):
            console.errors().print("没有删除。", markup=False)
            raise typer.Exit(console.FAILED)
        store.delete(found.conversation_id, user)
    console.errors().print(f"已删除“{found.name}”。", markup=False)
