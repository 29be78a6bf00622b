"""`luming doctor`: is the library whole, what is to be done, and do it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui import console
from ui.commands.common import Json, make_settings

if TYPE_CHECKING:
    from index.doctor import Diagnosis


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(doctor)


def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="修复能修复的")] = False,
    as_json: Json = False,
) -> None:
    """体检：目录库、向量、全文索引、原件、权限是否完好；每个问题都说明怎么办。

    退出码：0 完好，1 有问题，2 用法不对。
    """
    from index.doctor import Examined, examine
    from index.doctor import repair as repair_home

    home = Examined(make_settings())
    try:
        found = (repair_home if repair else examine)(home, _say)
    finally:
        home.library.close()
    if as_json:
        console.print_json(_object(found))
    else:
        _print(found)
    if not found.healthy:
        raise typer.Exit(console.FAILED)


def _say(title: str) -> None:
    if console.errors().is_terminal:
        console.errors().print(f"检查 {title} …", style="dim")


def _object(found: Diagnosis) -> dict[str, Any]:
    return {
        "healthy": found.healthy,
        "findings": [
            {
                "kind": one.kind,
                "message": one.message,
                "fix": one.fix,
                "repairable": one.repairable,
                "subjects": list(one.subjects),
            }
            for one in found.findings
        ],
        "skipped": [{"check": title, "reason": reason} for title, reason in found.skipped],
        "repaired": list(found.done),
        "checked": list(found.checked),
    }


def _print(found: Diagnosis) -> None:
    out = console.output()
    for line in found.done:
        out.print(f"已修复：{line}", style="green", markup=False)
    for number, one in enumerate(found.findings, start=1):
        out.print(f"{number}. {one.message}", style="bold red", markup=False)
        out.print(f"   怎么办：{one.fix}", markup=False)
    for title, reason in found.skipped:
        out.print(f"没有检查：{title}（{reason}）", style="yellow", markup=False)
    if found.healthy:
        out.print(
            f"完好：{len(found.checked)} 项都没有问题。" if found.checked else "还没有资料库。"
        )
    elif any(one.repairable for one in found.findings):
        out.print("可以修复的，请运行 luming doctor --repair。")
