"""`luming gaps`: what the library could not answer, and what to add."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui import console
from ui.commands.common import Collections, Json, Since, moment, open_library

if TYPE_CHECKING:
    from assistant.activity.gaps import Gap, GapStore
    from index.library import Library

Numbers = Annotated[list[int], typer.Argument(help="缺口编号，可写几个", metavar="编号")]
_STAGES = {"sort": "整理提问", "check": "重新提问"}


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(help="文库答不了的问题：归成组，数一数，看该补什么文件。")
    group.callback(invoke_without_command=True)(listed)
    group.command()(dismiss)
    group.command()(reopen)
    app.add_typer(group, name="gaps")


def listed(
    context: typer.Context,
    since: Since = None,
    collection: Collections = None,
    show_all: Annotated[bool, typer.Option("--all", help="连同已忽略、已补上的")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="把这些问题再问一遍，现在能答的标为已补上")
    ] = False,
    table: Annotated[Path | None, typer.Option("--csv", help="另存为 CSV 表格")] = None,
    book: Annotated[Path | None, typer.Option("--xlsx", help="另存为 Excel 表格")] = None,
    as_json: Json = False,
) -> None:
    """列出文库答不了的问题，问得最多的在前。"""
    if context.invoked_subcommand is not None:
        return
    from assistant.activity.gaps import FILLED, OPEN, STATUS_NAMES
    from ui.render.gaps import gap_object, print_gaps, write_gaps

    _check_endings(table, book)
    statuses = tuple(STATUS_NAMES) if show_all else (OPEN,)
    with open_library() as library, console.progress(_STAGES) as advance:
        if collection:
            library.check_collections(collection)
        store = _store(library)
        found = store.listed(
            moment("--since", since),
            collection or (),
            (*statuses, FILLED) if check else statuses,
            lambda done, total: advance("sort", done, total),
        )
        filled = _checked(library, store, found, advance) if check else None
    if filled is not None:
        found = _with_status(found, filled, show_all)
    for path in (table, book):
        if path is not None:
            write_gaps(path, found)
    if as_json:
        checked = None if filled is None else [one.gap_id for one in filled]
        console.print_json({"gaps": [gap_object(one) for one in found], "filled": checked})
    else:
        print_gaps(console.output(), found, filled)


def dismiss(numbers: Numbers) -> None:
    """忽略这些缺口（与业务无关的问题等），以后不再列出。"""
    from assistant.activity.gaps import DISMISSED

    _set(numbers, DISMISSED)


def reopen(numbers: Numbers) -> None:
    """把忽略了的或标为已补上的缺口重新列出。"""
    from assistant.activity.gaps import OPEN

    _set(numbers, OPEN)


def _set(numbers: list[int], status: str) -> None:
    from assistant.activity.gaps import STATUS_NAMES

    with open_library() as library:
        _store(library).set_status(numbers, status)
    listed = "、".join(str(one) for one in numbers)
    console.output().print(f"缺口 {listed} 已标为“{STATUS_NAMES[status]}”。", markup=False)


def _store(library: Library) -> GapStore:
    from assistant.activity.gaps import GapStore
    from assistant.activity.journal import Journal

    return GapStore(library, Journal(library))


def _checked(
    library: Library, store: GapStore, found: Sequence[Gap], advance: console.Advance
) -> list[Gap]:
    """Those of the open gaps that are answered now."""
    from assistant.activity.gaps import OPEN
    from assistant.factory import make_answerer

    unfilled = [one for one in found if one.status == OPEN]
    return store.check(
        make_answerer(library), unfilled, lambda done, total: advance("check", done, total)
    )


def _with_status(found: Sequence[Gap], filled: Sequence[Gap], show_all: bool) -> list[Gap]:
    """The list after a check: what was filled by it stays in it, marked."""
    from dataclasses import replace

    from assistant.activity.gaps import FILLED

    now = {one.gap_id for one in filled}
    marked = [replace(one, status=FILLED) if one.gap_id in now else one for one in found]
    return [one for one in marked if show_all or one.status != FILLED or one.gap_id in now]


def _check_endings(table: Path | None, book: Path | None) -> None:
    from ui.batch import BatchError

    for path, ending in ((table, ".csv"), (book, ".xlsx")):
        if path is not None and path.suffix.lower() != ending:
            raise BatchError(f"{path.name} 请用 {ending} 结尾。")
