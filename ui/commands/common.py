"""What several commands share: options, opening the library, batches of questions."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from index.errors import LibraryError, shorten
from ui import console

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from index.library import Library
    from index.records import SearchFilter
    from index.settings import Settings

Collections = Annotated[
    list[str] | None, typer.Option("--collection", "-c", help="只在这个文库里找，可多次给出")
]
Json = Annotated[bool, typer.Option("--json", help="只向标准输出打印一个 JSON 对象")]
Batch = Annotated[
    Path | None, typer.Option("--batch", help='每行一个 {"q": "问题", "id": 可选} 的文件')
]
Out = Annotated[Path | None, typer.Option("--out", help="结果文件，每行一个 JSON；默认标准输出")]
AllVersions = Annotated[
    bool, typer.Option("--all-versions", help="也找已被修订、已废止、尚未施行的文件")
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="按这一天的效力查，例如 2019-05-01；默认今天")
]
Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", help="只找这一类：policy measure study case other，或中文类名"),
]
Issuers = Annotated[
    list[str] | None, typer.Option("--issuer", help="只找这个机关发的（名称的一部分）")
]
From = Annotated[str | None, typer.Option("--from", help="只找这一天及以后成文的")]
To = Annotated[str | None, typer.Option("--to", help="只找这一天及以前成文的")]

Since = Annotated[
    str | None, typer.Option("--since", help="只看这一天及以后的，例如 2026-01-01", metavar="日期")
]


_NICE = 10
"""A batch's priority: a tenth of the processor where others want it, all of it where none does."""


class UsageError(ValueError):
    """An option can't be read; the message is a Chinese line that says how to write it."""


STAGES = {
    "scan": "检查文件",
    "read": "读取文件",
    "ocr": "识别扫描页",
    "index": "建立索引",
    "ask": "回答问题",
    "search": "检索",
}


def make_settings(**given: Any) -> Settings:
    """The settings, with what the command line gives (None: not given) before the environment.

    Raises LibraryError naming the variable that holds a wrong value.
    """
    from pydantic import ValidationError

    from index.settings import Settings

    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = "LUMING_" + "_".join(str(part) for part in first["loc"]).upper()
        raise LibraryError(f"设置 {name} 的值不对，请检查环境变量或 .env 文件。") from error


PasswordFile = Annotated[
    Path | None,
    typer.Option("--password-file", help="密码文件：每行一个密码，或“文件名模式<制表符>密码”"),
]


@contextmanager
def open_library(settings: Settings | None = None) -> Iterator[Library]:
    """The library of the home that the settings name, closed at the end."""
    from index.library import Library

    with Library(settings or make_settings()) as library:
        yield library


def give_way() -> None:
    """Let other programs go first from now on: who asks should not wait for a batch."""
    with suppress(OSError, AttributeError):  # refused, or a system without
        os.setpriority(os.PRIO_PROCESS, 0, max(_NICE, os.getpriority(os.PRIO_PROCESS, 0)))


def search_filter(
    collections: list[str] | None,
    all_versions: bool,
    *,
    as_of: str | None = None,
    kinds: list[str] | None = None,
    issuers: list[str] | None = None,
    first: str | None = None,
    last: str | None = None,
) -> SearchFilter:
    """What the filter options ask for; UsageError where one of them cannot be read."""
    from index.records import NOT_IN_FORCE, SearchFilter

    return SearchFilter(
        collections=tuple(collections or ()),
        kinds=tuple(_kind(one) for one in kinds or ()),
        exclude_validity=() if all_versions else NOT_IN_FORCE,
        issuers=tuple(issuers or ()),
        issued_from=day("--from", first),
        issued_to=day("--to", last),
        as_of=day("--as-of", as_of),
    )


def day(option: str, written: str | None) -> date | None:
    """A date as a person writes it; UsageError names the option that holds none."""
    if written is None:
        return None
    from index.versions.dates import parse_date

    found = parse_date(written)
    if found is None:
        raise UsageError(f"{option} 的“{shorten(written)}”不是日期，请写成 2019-05-01。")
    return found


def moment(option: str, written: str | None) -> datetime | None:
    """The beginning of a day, local time, as a person writes it; UsageError as for ``day``."""
    found = day(option, written)
    return None if found is None else datetime.combine(found, time()).astimezone()


def _kind(written: str) -> str:
    from index.records import KIND_NAMES

    known = {name: kind for kind, name in KIND_NAMES.items()} | {kind: kind for kind in KIND_NAMES}
    if written not in known:
        listed = "、".join(f"{kind}（{name}）" for kind, name in KIND_NAMES.items())
        raise UsageError(f"没有“{shorten(written)}”这一类，可用的有：{listed}。")
    return known[written]


def needed(query: str | None) -> str:
    """The question; raises QuestionError where neither it nor a batch was given."""
    if query is None:
        from assistant.question import QuestionError

        raise QuestionError("请给出问题，或用 --batch 给出问题文件。")
    return query


def run_batch(
    library: Library,
    batch: Path,
    out: Path | None,
    handle: Callable[[str, Any], dict[str, Any]],
    stage: str,
    empty: dict[str, Any],
    flt: SearchFilter,
) -> None:
    """One output line for every question; a question that can't be taken says why in ``error``."""
    from assistant.question import QuestionError
    from ui.batch import read_queries, write_line

    total = sum(1 for _ in read_queries(batch))  # the whole input is checked before any work
    library.check_collections(flt.collections)
    library.warm_up()
    with _sink(out) as stream, console.progress(STAGES) as advance:
        for done, query in enumerate(read_queries(batch), start=1):
            try:
                line = handle(query.text, query.id)
            except QuestionError as error:
                line = {"id": query.id, "q": query.text, **empty, "error": str(error)}
            write_line(stream, line)
            advance(stage, done, total)


@contextmanager
def _sink(out: Path | None) -> Iterator[TextIO]:
    from ui.batch import BatchError

    try:
        stream = sys.stdout if out is None else out.open("w", encoding="utf-8")
    except OSError as error:
        raise BatchError(f"写不了 {out}：{error.strerror}，请检查路径和权限。") from error
    try:
        yield stream
    finally:
        stream.flush()
        if out is not None:
            stream.close()


def plain(text: str) -> Text:
    """``text`` for a table's cell, taken literally: brackets in it are no markup."""
    from rich.text import Text

    return Text(text)


def table(*headings: str) -> Table:
    """An empty table without lines; long cells are folded."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False)
    for heading in headings:
        made.add_column(heading, overflow="fold")
    return made
