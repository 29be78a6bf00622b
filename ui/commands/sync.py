"""`luming source` and `luming sync`: folders that collections are kept in step with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
from ui.commands.ingest import Prune, Wait, print_report

if TYPE_CHECKING:
    from index.errors import LibraryError
    from index.library import Library
    from index.sources import Source
    from ingest.report import IngestReport

source_app = typer.Typer(
    help="登记、查看、取消文库的来源文件夹。", no_args_is_help=True, add_completion=False
)

Collection = Annotated[str | None, typer.Option("--collection", "-c", help="只看这个文库")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.add_typer(source_app, name="source")
    app.command()(sync)


@source_app.command("add")
def add(
    path: Annotated[Path, typer.Argument(help="文件夹", metavar="文件夹")],
    collection: Annotated[str, typer.Option("--collection", "-c", help="收进哪个文库")],
    include: Annotated[
        list[str] | None,
        typer.Option("--include", help="只收这样的文件，例如 '*.docx'，可多次给出"),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option("--exclude", help="不收这样的文件或文件夹，例如 '草稿/'，可多次给出"),
    ] = None,
    as_json: Json = False,
) -> None:
    """登记一个来源文件夹；已登记的，更新它的收录范围。登记后运行 luming sync。"""
    from ingest.syncing import add_source

    with open_library() as library:
        source = add_source(library, path, collection, include or (), exclude or ())
    if as_json:
        console.print_json(_source_object(source))
        return
    console.output().print(
        f"已登记第 {source.source_id} 号来源：{source.path} → 文库“{source.collection}”。"
        "运行 luming sync 开始收录。",
        markup=False,
    )


@source_app.command("list")
def list_sources(collection: Collection = None, as_json: Json = False) -> None:
    """列出登记的来源文件夹。"""
    with open_library() as library:
        found = library.catalog.sources.all(collection)
    if as_json:
        console.print_json({"sources": [_source_object(one) for one in found]})
        return
    out = console.output()
    if not found:
        out.print("还没有登记来源，请运行 luming source add 文件夹 --collection 文库名。")
        return
    listed = table("编号", "文库", "文件夹", "收录", "不收", "上次同步")
    for one in found:
        when = one.synced_at.astimezone().strftime("%Y-%m-%d %H:%M") if one.synced_at else "—"
        listed.add_row(
            str(one.source_id),
            plain(one.collection),
            plain(one.path),
            plain(" ".join(one.include) or "全部"),
            plain(" ".join(one.exclude) or "—"),
            when,
        )
    out.print(listed)


@source_app.command("remove")
def remove(
    source: Annotated[str, typer.Argument(help="来源的编号或路径", metavar="来源")],
    collection: Collection = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="同时从资料库移除从它收来的文件（不删原文件）")
    ] = False,
    as_json: Json = False,
) -> None:
    """取消一个来源文件夹；已收录的文件默认保留。"""
    with open_library() as library:
        chosen = library.catalog.sources.find(source, collection)
        removed = _remove_files(library, chosen) if prune else 0
        library.catalog.sources.remove(chosen.source_id)
    if as_json:
        console.print_json({**_source_object(chosen), "removed_files": removed})
        return
    told = f"，移除 {removed} 份文件" if prune else "，已收录的文件仍保留"
    console.output().print(f"已取消来源 {chosen.path}{told}。", markup=False)


def _remove_files(library: Library, source: Source) -> int:
    below = source.path.rstrip("/") + "/"
    with library.writing():
        places = library.catalog.places.known(source.collection).places
        names = [one.source for one in places if one.path.startswith(below)]
        library.catalog.places.remove(source.collection, names)
        library.index_pending()
    return len(names)


def _source_object(one: Source) -> dict[str, Any]:
    return {
        "source_id": one.source_id,
        "collection": one.collection,
        "path": one.path,
        "include": list(one.include),
        "exclude": list(one.exclude),
        "synced_at": one.synced_at.isoformat(timespec="seconds") if one.synced_at else None,
    }


def sync(
    collection: Annotated[
        str | None, typer.Option("--collection", "-c", help="只同步这个文库")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="一直运行，文件一有变化就收录")] = False,
    every: Annotated[
        float, typer.Option(min=1, help="--watch 时每隔几秒全面检查一次（网络共享靠它发现变化）")
    ] = 300.0,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只说会做什么，不读取也不写入")
    ] = False,
    prune: Prune = False,
    wait: Wait = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """让文库跟上登记的来源文件夹：新的收进来，改过的更新，不见了的标为“已缺失”。

    退出码：0 正常；1 有文件失败（其余已收录）；2 用法不对。
    """
    from ingest.syncing import rehearse, requests, synchronise

    give_way()
    settings = make_settings(password_file=password_file)
    with open_library(settings) as library, console.ending_cleanly():
        if watch:
            _watch(library, collection, prune, every)
            return
        if dry_run:
            wanted = requests(library, collection, prune=prune)
            done = [(one.collection, rehearse(library, one)) for one in wanted]
        else:
            with console.progress(STAGES) as advance:
                done = list(
                    synchronise(
                        library, collection, advance, wait, prune=prune, on_wait=console.notice
                    )
                )
    if as_json:
        console.print_json(_sync_object(done, dry_run))
    else:
        for name, report in done:
            console.output().print(f"文库“{name}”", style="bold", markup=False)
            _print_rehearsal(report) if dry_run else print_report(report)
    failed = any(report.failed for _, report in done)
    raise typer.Exit(console.FAILED if failed else console.OK)


def _sync_object(done: list[tuple[str, IngestReport]], dry_run: bool) -> dict[str, Any]:
    from ingest.report import STATUS_NAMES

    totals = {key: sum(report.count(key) for _, report in done) for key in STATUS_NAMES}
    return {
        **totals,
        "missing": sum(len(report.missing) for _, report in done),
        "dry_run": dry_run,
        "jobs": [report.job_id for _, report in done if report.job_id is not None],
        "files": [
            {"collection": name, "path": one.path, "status": one.status, "reason": one.reason}
            for name, report in done
            for one in report.files
        ],
        "missing_files": [
            {"collection": name, "path": path} for name, report in done for path in report.missing
        ],
        "notices": [notice for _, report in done for notice in report.notices],
    }


def _print_rehearsal(report: IngestReport) -> None:
    from ingest.report import ALL_NAMES, FAILED

    out = console.output()
    rows = [one for one in report.files if one.worth_telling]
    if rows:
        listed = table("将要", "文件", "说明")
        for one in rows:
            style = "red" if one.status == FAILED else None
            listed.add_row(ALL_NAMES[one.status], plain(one.path), plain(one.reason), style=style)
        out.print(listed)
    for notice in report.notices:
        console.notice(notice)
    counts = "，".join(f"{name} {report.count(key)}" for key, name in ALL_NAMES.items())
    out.print(f"{counts}；这是预演，什么都没有改动。")


def _watch(library: Library, collection: str | None, prune: bool, every: float) -> None:
    import threading
    from datetime import datetime

    from index.errors import LibraryError
    from ingest.report import STATUS_NAMES, UNCHANGED
    from ingest.watching import watch

    messages = console.errors()

    def told(name: str, result: IngestReport | LibraryError) -> None:
        now = f"{datetime.now():%Y-%m-%d %H:%M:%S}"
        if isinstance(result, LibraryError):
            messages.print(f"{now} {name}：{result}", style="red", markup=False)
            return
        counts = "，".join(
            f"{label} {result.count(key)}"
            for key, label in STATUS_NAMES.items()
            if key != UNCHANGED and result.count(key)
        )
        line = counts or "已核对"
        messages.print(
            f"{now} {name}：{line}，用时 {result.seconds:.1f} 秒（第 {result.job_id} 号任务）",
            markup=False,
        )
        for notice in result.notices:
            console.notice(notice)

    messages.print("正在守候来源文件夹，按 Ctrl-C 结束…")
    watch(
        library,
        told,
        threading.Event(),
        collection,
        prune=prune,
        every=every,
        on_wait=console.notice,
    )
