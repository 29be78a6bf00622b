"""`luming serve`: the web page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui import console
from ui.commands.common import STAGES, make_settings, open_library

if TYPE_CHECKING:
    from index.settings import Settings


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(serve)


def serve(
    host: Annotated[str | None, typer.Option(help="监听地址，默认 127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="监听端口，默认 7860")] = None,
    sample: Annotated[
        Path | None, typer.Option(help="资料库为空时先放入这个文件夹作为示例")
    ] = None,
    sample_collection: Annotated[str, typer.Option(help="示例放入哪个文库")] = "示例文库",
) -> None:
    """打开网页服务，按 Ctrl-C 结束。"""
    from ui.server import check_reachable
    from ui.server import serve as run_server

    settings = make_settings(host=host, port=port)
    check_reachable(settings, settings.host)
    messages = console.errors()
    if sample is not None:
        _take_in_sample(settings, sample, sample_collection)
    messages.print("正在启动网页服务…")
    run_server(
        settings,
        on_ready=lambda url: messages.print(f"鹿鸣已就绪，请在浏览器打开 {url} （按 Ctrl-C 结束）"),
    )


def _take_in_sample(settings: Settings, sample: Path, collection: str) -> None:
    """The first start puts the sample in; one that was cut off is gone on with."""
    from ingest.pipeline import ingest_paths

    with open_library(settings) as library:
        names = [one.name for one in library.catalog.collections()]
        if names and (collection not in names or not library.catalog.pending_count()):
            return
        console.errors().print("首次启动：正在放入示例文库…")
        with console.progress(STAGES) as advance:
            report = ingest_paths(library, [sample], collection, advance, on_wait=console.notice)
        console.errors().print(
            f"示例文库已就绪：{len(report.files) - report.failed} 份文件，"
            f"{report.passages} 个段落，用时 {report.seconds:.0f} 秒。"
        )
