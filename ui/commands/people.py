"""What the commands about people share: opening the accounts, passwords, who did it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.common import UsageError, make_settings

if TYPE_CHECKING:
    from index.settings import Settings
    from ui.access.accounts import Accounts
    from ui.access.audit import Action

ALL = "全部"
NONE = "无"
_ADDRESS = "命令行"

Who = Annotated[str, typer.Argument(help="用户名", metavar="用户名")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="从标准输入读一行密码；不给就在终端里问两遍")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="不再询问")]


@contextmanager
def opened() -> Iterator[Accounts]:
    """The accounts of the home, closed at the end."""
    from ui.access.accounts import Accounts

    accounts = Accounts(make_settings())
    try:
        yield accounts
    finally:
        accounts.close()


def logged(accounts: Accounts, action: Action, name: str, detail: str) -> None:
    """Into the audit log, as done by whoever sits at the command line."""
    from getpass import getuser

    from ui.access.model import Principal

    try:
        who = getuser()
    except (KeyError, OSError):  # a container's number without a name
        who = ""
    line = f"{detail}（系统用户 {who}）" if who else detail
    accounts.record(Principal(), action, name, line, _ADDRESS)


def new_password(from_stdin: bool) -> str:
    """A password that was never on the command line. Raises UsageError."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UsageError("没有终端可以问密码，请用 --password-stdin 从标准输入给出。")
    first: str = typer.prompt("密码（输入时不显示）", hide_input=True, err=True)
    if typer.prompt("再输一次", hide_input=True, err=True) != first:
        raise UsageError("两次输入的密码不一样，请再运行一次。")
    return first


def collections_of(written: str) -> frozenset[str] | None:
    """Names of collections as typed, between commas; None for 全部, nothing for 无."""
    names = [one.strip() for one in written.replace("，", ",").replace("、", ",").split(",")]
    kept = frozenset(one for one in names if one)
    if kept == {ALL}:
        return None
    return frozenset() if kept == {NONE} else kept


def not_yet_there(settings: Settings, wanted: frozenset[str] | None) -> list[str]:
    """Those of ``wanted`` that the library does not have; they may come later."""
    if not wanted or not (settings.database_url or (settings.home / "catalog.db").exists()):
        return []
    from index.catalog import Catalog

    catalog = Catalog(settings.catalog_url)
    try:
        return sorted(wanted - {one.name for one in catalog.collections()})
    finally:
        catalog.close()


def shown_collections(collections: frozenset[str] | None) -> str:
    """For a table."""
    return ALL if collections is None else "、".join(sorted(collections)) or NONE


def shown_time(moment: datetime | None) -> str:
    """Local time, to the minute."""
    return "从未" if moment is None else f"{moment.astimezone():%Y-%m-%d %H:%M}"
