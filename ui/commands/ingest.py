"""`luming ingest`: files into a collection."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui import console
from ui.commands.common import STAGES, Json, open_library, plain, table

if TYPE_CHECKING:
    from ingest.report import IngestReport


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(ingest)


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="文件或文件夹，可多个", metavar="路径…")],
    collection: Annotated[str, typer.Option("--collection", "-c", help="放入哪个文库，没有则新建")],
    as_json: Json = False,
    wait: Annotated[float, typer.Option(help="别的任务正在写入时最多等几秒")] = 0.0,
) -> None:
    """把文件放入文库：只处理有变化的文件，坏文件不影响其他文件。

    退出码：0 全部放入；1 有文件失败（其余已放入）；2 用法不对。
    """
    from ingest.pipeline import ingest_paths

    with open_library() as library, console.progress(STAGES) as advance:
        report = ingest_paths(library, paths, collection, advance, wait)
    if as_json:
        console.print_json(report.as_dict())
    else:
        _print_report(report)
    raise typer.Exit(console.FAILED if report.failed else console.OK)


def _print_report(report: IngestReport) -> None:
    from ingest.report import FAILED, STATUS_NAMES, UNCHANGED

    out = console.output()
    rows = [one for one in report.files if one.status != UNCHANGED]
    if rows:
        listed = table("结果", "文件", "说明")
        for one in rows:
            style = "red" if one.status == FAILED else None
            listed.add_row(
                STATUS_NAMES[one.status], plain(one.path), plain(one.reason), style=style
            )
        out.print(listed)
    for notice in report.notices:
        console.errors().print(notice, style="yellow", markup=False)
    counts = "，".join(f"{name} {report.count(key)}" for key, name in STATUS_NAMES.items())
    out.print(f"{counts}；新建段落索引 {report.passages} 条，用时 {report.seconds:.1f} 秒。")
