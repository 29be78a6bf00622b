"""`luming reembed` and `rebuild`: the stores made anew from the catalog."""

from __future__ import annotations

import typer

from ui import console
from ui.commands.common import STAGES, open_library


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(reembed)
    app.command()(rebuild)


def reembed() -> None:
    """换了向量模型以后，用当前模型重新生成全部向量。"""
    with open_library() as library, console.progress(STAGES) as advance:
        report = library.reembed(lambda done, total: advance("index", done, total))
    console.output().print(f"已重新生成 {report.encoded + report.copied} 条向量。")


def rebuild() -> None:
    """索引损坏时，从目录库重建向量和检索索引。"""
    with open_library() as library, console.progress(STAGES) as advance:
        report = library.rebuild(lambda done, total: advance("index", done, total))
    console.output().print(f"已重建 {report.encoded + report.copied} 条段落的索引。")
