"""`luming reembed` and `rebuild`: the stores made anew from the catalog."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui import console
from ui.commands.common import STAGES, Json, give_way, open_library

if TYPE_CHECKING:
    from index.encoder.base import Encoder
    from index.library import Library

_ASK_FROM = 60  # seconds


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(reembed)
    app.command()(rebuild)


def reembed(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="不询问，直接开始")] = False,
    as_json: Json = False,
) -> None:
    """换用设置里的向量模型，重新生成全部向量；期间照常可以提问，中断了再运行会接着做。"""
    with open_library() as library:
        old, new = library.catalog.get_meta("encoder_name") or "", library.newer
        if new is None and _is_current(library):
            _say(as_json, {"changed": False, "encoder": library.encoder.name}, _NOTHING)
            return
        encoder = new or library.encoder
        if not as_json and not _agreed(library, encoder, yes):
            raise typer.Exit(1)
        give_way()
        report = _as_job(library)
    facts = {
        "changed": True,
        "from": old,
        "encoder": encoder.name,
        "encoded": report.encoded,
        "kept": report.copied,
        "seconds": round(report.seconds, 1),
    }
    line = f"已换用“{encoder.name}”，生成 {report.encoded} 条向量"
    _say(
        as_json, facts, line + (f"，另有 {report.copied} 条上次已生成。" if report.copied else "。")
    )


_NOTHING = "资料库的向量就是当前模型生成的，不用重新生成；索引损坏请用 luming rebuild。"


def _is_current(library: Library) -> bool:
    from index.library import FINGERPRINT

    return library.catalog.get_meta(FINGERPRINT) in (None, library.encoder.fingerprint)


def _agreed(library: Library, encoder: Encoder, yes: bool) -> bool:
    """Says how long it will take; asks when that is long and somebody is there to answer."""
    from index.reembedding import estimate

    seconds = estimate(library, encoder)
    count = library.catalog.passage_count()
    minutes = f"约 {seconds / 60:.0f} 分钟" if seconds >= 90 else f"约 {seconds:.0f} 秒"
    console.errors().print(
        f"共 {count} 段，预计{minutes}；期间照常可以提问，中断了再运行会接着做。"
    )
    if yes or seconds < _ASK_FROM or not sys.stdin.isatty():
        return True
    return typer.confirm("现在开始吗？", default=True)


def _as_job(library: Library) -> Any:
    from ingest.tracking import tracked

    job = library.catalog.jobs.add("reembed", "", {"what": "全部文库"})
    with (
        console.progress(STAGES) as advance,
        tracked(library, job, None, lambda line: console.errors().print(line)) as tracker,
    ):

        def progress(done: int, total: int) -> None:
            advance("index", done, total)
            tracker.stage("index", done, total)

        report = library.reembed(progress)
        tracker.counts({}, report.encoded)
        return report


def _say(as_json: bool, facts: dict[str, Any], line: str) -> None:
    if as_json:
        print(json.dumps(facts, ensure_ascii=False))
    else:
        console.output().print(line)


def rebuild() -> None:
    """索引损坏时，从目录库重建向量和检索索引。"""
    give_way()
    with open_library() as library, console.progress(STAGES) as advance:
        report = library.rebuild(lambda done, total: advance("index", done, total))
    console.output().print(f"已重建 {report.encoded + report.copied} 条段落的索引。")
