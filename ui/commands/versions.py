"""`luming versions`: which versions of a regulation there are, and which is in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui import console
from ui.commands.common import Json, open_library

if TYPE_CHECKING:
    from index.versions.model import Chain, Status, Version
    from index.versions.view import Versions

_STYLES = {"现行": "green", "已被修订": "yellow", "已废止": "red", "尚未施行": "cyan"}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(versions)


def versions(
    title: Annotated[
        str | None,
        typer.Argument(help="标题、标题的一部分或文件编号；不写则列出有多个版本的", metavar="标题"),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="按哪一天判断效力，例如 2024-07-01；默认今天")
    ] = None,
    as_json: Json = False,
) -> None:
    """列出同一制度的各个版本，哪个现行、为什么。"""
    from index.versions.choosing import VersionError, day_or_error

    day = day_or_error(as_of, date.today())
    with open_library() as library:
        library.check_collections()
        known = library.versions
    if title is None:
        chains = [one for one in known.chains if _is_shown(one)]
    else:
        chains = known.find(title)
        if not chains:
            raise VersionError(
                f"文库里没有题名含“{title[:60]}”的文件，可运行 luming list 查看全部文件。"
            )
    if as_json:
        objects = [chain_object(known, one, day) for one in chains]
        note = _of_future(day) or None
        console.print_json({"as_of": day.isoformat(), "note": note, "chains": objects})
    else:
        _print(known, chains, day, title)


def _is_shown(chain: Chain) -> bool:
    """Without a title: what has several versions, or something to be warned of."""
    return len(chain.versions) > 1 or any(one.doubt for one in chain.versions)


def chain_object(known: Versions, chain: Chain, day: date) -> dict[str, Any]:
    """One chain as the command line and REST print it."""
    return {
        "family": chain.family,
        "title": chain.title,
        "issuer": chain.issuer or None,
        "current": known.current(chain.versions[0].document_id, day),
        "versions": [_version_object(known, one, day) for one in chain.versions],
        "absent": [{"date": one.day.isoformat(), "told_by": one.told_by} for one in chain.absent],
    }


def _version_object(known: Versions, version: Version, day: date) -> dict[str, Any]:
    status = known.status(version.document_id, day)
    return {
        "document_id": version.document_id,
        "title": version.title,
        "collection": version.collection,
        "made": _iso(version.edition) if not version.doubt else None,
        "validity": status.validity,
        "reason": status.reason,
        "since": _iso(status.since),
        "since_stated": version.start_stated,
        "until": _iso(status.until),
        "predecessor": status.predecessor_id,
        "successor": status.successor_id,
        "warning": status.warning or None,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _print(known: Versions, chains: Sequence[Chain], day: date, title: str | None) -> None:
    from index.versions.dates import chinese_date

    out = console.output()
    if not chains:
        out.print("文库里没有哪种文件有多个版本。")
        return
    out.print(f"截至 {chinese_date(day)}：")
    if note := _of_future(day):
        out.print(note, style="yellow")
    for chain in chains:
        office = f"（{chain.issuer}）" if chain.issuer and chain.namesakes else ""
        out.print(f"\n《{chain.title}》{office}", style="bold", markup=False)
        statuses = [known.status(one.document_id, day) for one in chain.versions]
        for version, status in zip(chain.versions, statuses, strict=True):
            _print_version(version, status, chain.title)
        for warning in dict.fromkeys(one.warning for one in statuses if one.warning):
            out.print(f"  注意：{warning}。", style="yellow", markup=False)
        if chain.absent and title is not None:
            days = "、".join(chinese_date(one.day) for one in chain.absent)
            out.print(f"  沿革里还有文库没有的版本：{days}。", markup=False)


def _print_version(version: Version, status: Status, chain_title: str) -> None:
    out = console.output()
    validity = status.validity.ljust(4, "　")
    made = f"{_made(version)} 公布或修订" if _made(version) else "公布日期不明"
    out.print(
        f"  {validity}  {made}，{_since(version, status)}  编号 {version.document_id}",
        style=_STYLES.get(status.validity),
        markup=False,
    )
    if version.title != chain_title:
        out.print(f"            《{version.title}》", markup=False)
    out.print(f"            {status.reason}。", markup=False)


def _of_future(day: date) -> str:
    if day <= date.today():
        return ""
    return "这一天还没有到：只按文库现有的文件推算，以后修订、废止的不在内。"


def _made(version: Version) -> str:
    if version.doubt or version.edition is None:
        return ""
    return f"{version.edition:%Y-%m}" if version.edition_month_only else version.edition.isoformat()


def _since(version: Version, status: Status) -> str:
    if status.since is None:
        return "施行日期不明"
    return f"{status.since} 起施行" if version.start_stated else "施行日期文中没有写"
