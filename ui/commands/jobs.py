"""`luming jobs`: runs of ingesting, what they did, cancelling and trying again."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui import console
from ui.commands.common import STAGES, Json, give_way, open_library, plain, table
from ui.commands.ingest import Wait, print_report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.job_view import JobView
    from index.jobs import JobFile

jobs_app = typer.Typer(
    help="查看收录任务：进度、每个文件的结果；取消、重试。",
    invoke_without_command=True,
    add_completion=False,
)
Number = Annotated[int, typer.Argument(help="任务编号", metavar="编号")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.add_typer(jobs_app, name="jobs")


@jobs_app.callback()
def list_jobs(
    context: typer.Context,
    limit: Annotated[int, typer.Option("-n", min=1, max=300, help="最近几个任务")] = 20,
    as_json: Json = False,
) -> None:
    """列出最近的收录任务。"""
    if context.invoked_subcommand is not None:
        return
    from index.job_view import recent_views

    with open_library() as library:
        found = recent_views(library.catalog, limit)
    if as_json:
        console.print_json({"jobs": [one.as_dict() for one in found]})
        return
    out = console.output()
    if not found:
        out.print("还没有任务。运行 luming ingest 或 luming sync 就会有。")
        return
    listed = table("编号", "种类", "文库", "状态", "开始", "进度", "文件")
    for one in found:
        listed.add_row(
            str(one.job_id),
            one.kind_name,
            plain(one.collection),
            plain(_state(one)),
            one.created_at.astimezone().strftime("%m-%d %H:%M"),
            plain(_progress(one)),
            plain(_counts(one)),
        )
    out.print(listed)


@jobs_app.command()
def show(
    number: Number,
    failed: Annotated[bool, typer.Option("--failed", help="只看失败的文件")] = False,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", help="把文件清单存为表格（CSV，可用 Excel 打开）")
    ] = None,
    as_json: Json = False,
) -> None:
    """一个任务的进度和每个文件的结果（未变的文件只计数）。"""
    from index.job_view import job_view
    from ingest.report import FAILED

    with open_library() as library:
        job = job_view(library.catalog, number)
        files = library.catalog.jobs.files(number, FAILED if failed else None)
    if csv_file is not None:
        _write_csv(csv_file, files)
    if as_json:
        console.print_json({"job": job.as_dict(), "files": [vars(one) for one in files]})
        return
    _print_job(job)
    if csv_file is not None:
        console.output().print(f"已把 {len(files)} 行写入 {csv_file}。", markup=False)
    else:
        _print_files(files)


@jobs_app.command()
def cancel(number: Number, as_json: Json = False) -> None:
    """取消一个排队或进行中的任务；已完成的部分保留。"""
    with open_library() as library:
        job = library.catalog.jobs.cancel(number)
    if as_json:
        console.print_json({"job_id": job.job_id, "state": job.state, "stopping": job.live})
        return
    line = "正在停下，稍等片刻" if job.live else "已取消"
    console.output().print(f"第 {number} 号任务{line}。")


@jobs_app.command()
def retry(number: Number, wait: Wait = None, as_json: Json = False) -> None:
    """只重试一个任务里失败的文件，作为新任务运行。"""
    from ingest.syncing import retry as try_again

    give_way()
    with open_library() as library, console.ending_cleanly():
        job = library.catalog.jobs.get(number)
        with console.progress(STAGES) as advance:
            report = try_again(library, job, advance, wait, on_wait=console.notice)
    if as_json:
        console.print_json({**report.as_dict(), "job_id": report.job_id})
    else:
        print_report(report)
    raise typer.Exit(console.FAILED if report.failed else console.OK)


def _state(one: JobView) -> str:
    if one.ahead:
        return f"{one.state_name}（前面 {one.ahead} 个）"
    return "正在停下" if one.stopping else one.state_name


def _progress(one: JobView) -> str:
    if one.state != "running":
        return f"用时 {_span(one.elapsed)}" if one.started_at else "—"
    parts = [f"{one.stage_name} {one.done}/{one.total}" if one.total else one.stage_name]
    if one.rate:
        parts.append(f"{one.rate:.1f} {one.unit}/秒")
    if one.seconds_left is not None:
        parts.append(f"约剩 {_span(one.seconds_left)}")
    return "，".join(parts)


def _counts(one: JobView) -> str:
    from ingest.report import ALL_NAMES

    return "，".join(
        f"{name} {one.counts[key]}" for key, name in ALL_NAMES.items() if one.counts.get(key)
    )


def _span(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} 秒" if seconds < 10 else f"{whole} 秒"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} 小时 {minutes} 分" if hours else f"{minutes} 分 {rest} 秒"


def _print_job(one: JobView) -> None:
    out = console.output()
    out.print(
        f"第 {one.job_id} 号任务  {one.kind_name}  文库“{one.collection}”",
        style="bold",
        markup=False,
    )
    out.print(f"状态：{_state(one)}，{_progress(one)}", markup=False)
    out.print(f"来自：{one.what}", markup=False)
    out.print(f"结果：{_counts(one) or '还没有'}；新建段落索引 {one.passages} 条", markup=False)
    if one.message:
        out.print(f"说明：{one.message}", markup=False)


def _print_files(files: Sequence[JobFile]) -> None:
    from ingest.report import ALL_NAMES, FAILED

    if not files:
        return
    listed = table("结果", "文件", "用时", "原因", "怎么办")
    for one in files:
        listed.add_row(
            ALL_NAMES.get(one.status, one.status),
            plain(one.path),
            _span(one.seconds) if one.seconds else "—",
            plain(one.reason),
            plain(one.advice),
            style="red" if one.status == FAILED else None,
        )
    console.output().print(listed)


def _write_csv(path: Path, files: Sequence[JobFile]) -> None:
    from index.job_view import STAGE_NAMES
    from ingest.report import ALL_NAMES
    from ui.batch import BatchError
    from ui.spreadsheet import harmless

    try:
        with path.open("w", encoding="utf-8-sig", newline="") as out:  # so that Excel reads it
            rows = csv.writer(out)
            rows.writerow(("文件", "结果", "环节", "用时（秒）", "原因", "怎么办"))
            for one in files:
                cells: tuple[Any, ...] = (
                    one.path,
                    ALL_NAMES.get(one.status, one.status),
                    STAGE_NAMES.get(one.stage, one.stage),
                    f"{one.seconds:.2f}",
                    one.reason,
                    one.advice,
                )
                rows.writerow([harmless(cell) for cell in cells])
    except OSError as error:
        raise BatchError(f"写不了 {path}：{error.strerror}，请检查路径和权限。") from error
