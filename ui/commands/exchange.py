"""`luming export` and `import`: documents and passages in files that other programs read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui import console
from ui.commands.common import Json, open_library


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(name="export")(export)
    app.command(name="import")(import_)


def export(
    file: Annotated[Path, typer.Argument(help="以 .jsonl 或 .parquet 结尾的文件")],
    collection: Annotated[
        str | None, typer.Option("--collection", "-c", help="只导出这个文库")
    ] = None,
    as_json: Json = False,
) -> None:
    """导出全部文件和段落，连同标题、条款、页码、效力和日期，别的程序可以直接用。"""
    from index.exchange import export_library

    with open_library() as library:
        done = export_library(library, file, collection)
    if as_json:
        console.print_json({"file": str(file.absolute()), **vars(done)})
        return
    console.output().print(
        f"已导出到 {file}：{done.documents} 份文件、{done.passages} 段。", markup=False
    )


def import_(
    file: Annotated[Path, typer.Argument(help="luming export 导出的 .jsonl 或 .parquet 文件")],
    as_json: Json = False,
) -> None:
    """导入 luming export 导出的文件，编号不变；编号相同的文件会被替换。"""
    from index.exchange import import_file

    with open_library() as library:
        done = import_file(library, file)
    if as_json:
        console.print_json({"file": str(file.absolute()), **vars(done)})
        return
    console.output().print(f"已导入 {done.documents} 份文件、{done.passages} 段。")
