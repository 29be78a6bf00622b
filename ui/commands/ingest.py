"""`luming ingest`: files into a collection."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui import console
from ui.commands.common import (
    STAGES,
    Json,
    PasswordFile,
    give_way,
    make_settings,
    open_library,
    plain,
    table,
)

if TYPE_CHECKING:
    from ingest.report import IngestReport

MOST_ROWS = 100
"""A longer table is cut to the files that failed; the job has the rest."""

Prune = Annotated[
    bool, typer.Option("--prune", help="文件夹里已经没有的文件，从资料库移除（默认只标“已缺失”）")
]
Wait = Annotated[
    float | None, typer.Option(help="前面有任务时最多排队等几秒，默认一直等", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(ingest)


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="文件或文件夹，可多个", metavar="路径…")],
    collection: Annotated[str, typer.Option("--collection", "-c", help="放入哪个文库，没有则新建")],
    as_json: Json = False,
    wait: Wait = None,
    prune: Prune = False,
    password_file: PasswordFile = None,
) -> None:
    """把文件放入文库：只处理有变化的文件，坏文件不影响其他文件。

    退出码：0 全部放入；1 有文件失败（其余已放入）；2 用法不对。
    """
    from ingest.pipeline import ingest_paths

    give_way()
    with (
        open_library(make_settings(password_file=password_file)) as library,
        console.ending_cleanly(),
        console.progress(STAGES) as advance,
    ):
        report = ingest_paths(
            library, paths, collection, advance, wait, prune=prune, on_wait=console.notice
        )
    if as_json:
        console.print_json(report.as_dict())
    else:
        print_report(report)
    raise typer.Exit(console.FAILED if report.failed else console.OK)


def print_report(report: IngestReport) -> None:
    """The files that a person wants to see, remarks on the run, and the counts."""
    from ingest.report import ALL_NAMES, FAILED, STATUS_NAMES

    out = console.output()
    rows = [one for one in report.files if one.worth_telling]
    cut = len(rows) > MOST_ROWS
    if cut:
        rows = [one for one in rows if one.status == FAILED][:MOST_ROWS]
    if rows:
        listed = table("结果", "文件", "说明")
        for one in rows:
            style = "red" if one.status == FAILED else None
            listed.add_row(ALL_NAMES[one.status], plain(one.path), plain(one.reason), style=style)
        out.print(listed)
    if cut and report.job_id is not None:
        out.print(f"文件较多，这里只列出失败的；全部结果请运行 luming jobs show {report.job_id}。")
    for notice in report.notices:
        console.notice(notice)
    counts = "，".join(f"{name} {report.count(key)}" for key, name in STATUS_NAMES.items())
    copied = f"，沿用 {report.copied} 条" if report.copied else ""
    out.print(
        f"{counts}；新建段落索引 {report.passages} 条{copied}，用时 {report.seconds:.1f} 秒。"
    )
    if report.failed and report.job_id is not None:
        out.print(f"失败的文件处理好后，可运行 luming jobs retry {report.job_id} 只重试它们。")
