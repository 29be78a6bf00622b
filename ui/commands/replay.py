"""`luming replay`: stored questions asked again, to see what a change did to the answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui import console
from ui.commands.common import (
    AllVersions,
    AsOf,
    Collections,
    Json,
    Since,
    make_settings,
    moment,
    open_library,
    search_filter,
)

if TYPE_CHECKING:
    from assistant.activity.records import Scope
    from assistant.activity.replay import Replayed, Replayer
    from index.library import Library
    from index.records import SearchFilter

_STAGES = {"replay": "重新提问"}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(replay)


def replay(
    questions: Annotated[
        Path | None,
        typer.Argument(help='每行一个 {"q": "问题"} 的文件；不写则用提问记录', metavar="问题文件"),
    ] = None,
    since: Since = None,
    collection: Collections = None,
    limit: Annotated[int | None, typer.Option(min=1, help="最多重问最近的几个问题")] = None,
    all_versions: AllVersions = False,
    as_of: AsOf = None,
    html: Annotated[Path | None, typer.Option(help="另存一份网页报告")] = None,
    accept: Annotated[bool, typer.Option("--accept", help="认可这次的答案，以后拿它来比")] = False,
    as_json: Json = False,
) -> None:
    """重新导入或改设置以后，把问过的问题再问一遍，看哪些答案变了、为什么。

    退出码：0 没有变；1 有变化；2 用法不对。--all-versions、--as-of 只用于问题文件。
    """
    from ui.render.replay import print_replay, replay_object

    _check_target(html, questions)
    flt = search_filter(collection, all_versions, as_of=as_of)
    with open_library(make_settings()) as library, console.progress(_STAGES) as advance:
        replayer = _replayer(library)
        if questions is None:
            before = replayer.stored(moment("--since", since), collection or (), limit)
            new: list[tuple[str, Scope]] = []
        else:
            before, new = replayer.of_texts(_texts(questions, limit), _scope(flt))
        done = replayer.run(before, new, lambda at, total: advance("replay", at, total))
        accepted = replayer.accept(done) if accept else None
    if html is not None:
        _write_html(html, done)
    if as_json:
        console.print_json(replay_object(done, accepted))
    else:
        print_replay(console.output(), done, accepted)
    raise typer.Exit(console.FAILED if done.differences else console.OK)


def _replayer(library: Library) -> Replayer:
    from assistant.activity.journal import Journal
    from assistant.activity.replay import Replayer
    from assistant.factory import make_answerer

    return Replayer(library, make_answerer(library), Journal(library))


def _scope(flt: SearchFilter) -> Scope:
    from assistant.activity.records import Scope

    return Scope.of(flt)


def _texts(path: Path, limit: int | None) -> list[str]:
    from ui.batch import read_queries

    return [query.text for query in read_queries(path)][:limit]


def _check_target(html: Path | None, questions: Path | None) -> None:
    """Refuse, before any work, a report that would take the questions' place."""
    from ui.batch import BatchError

    if html is None:
        return
    if html.is_dir() or not html.absolute().parent.is_dir():
        raise BatchError(f"写不了 {html}，请检查路径和权限。")
    if questions is not None and html.exists() and questions.exists() and html.samefile(questions):
        raise BatchError(f"{html} 是要读的文件，不能拿来存报告，请换一个文件名。")


def _write_html(path: Path, done: Replayed) -> None:
    from ui.render.replay_page import replay_html
    from ui.spreadsheet import write_file

    write_file(path, replay_html(done).encode("utf-8", "replace"))
