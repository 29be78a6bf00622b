"""`luming token`: what other programs show to ask in a person's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui import console
from ui.commands.common import Json, plain, table
from ui.commands.people import Who, logged, opened, shown_time

if TYPE_CHECKING:
    from ui.access.tokens import Token


def register(parent: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(no_args_is_help=True, help="访问令牌：给其他程序用接口查询时出示。")
    group.command()(create)
    group.command("list")(list_all)
    group.command()(revoke)
    parent.add_typer(group, name="token")


def token_object(token: Token) -> dict[str, Any]:
    """For --json; never the secret."""
    return {
        "id": token.token_id,
        "user": token.user,
        "label": token.label,
        "rights": sorted(str(one) for one in token.rights),
        "created": token.created.isoformat(),
        "expires": token.expires.isoformat(),
        "last_used": token.last_used.isoformat() if token.last_used else None,
        "expired": token.expired,
    }


def create(
    name: Who,
    label: Annotated[str, typer.Option("--label", help="用途，方便以后辨认")],
    rights: Annotated[
        str, typer.Option("--rights", help="权限，用逗号分开：查阅、备课、入库、管理")
    ] = "查阅",
    days: Annotated[int, typer.Option("--days", help="几天后到期")] = 90,
    as_json: Json = False,
) -> None:
    """建一个令牌。令牌只显示这一次；权限不超过本人的，可查的文库与本人相同。"""
    from ui.access.audit import Action
    from ui.access.model import right_of

    wanted = frozenset(right_of(one) for one in rights.replace("，", ",").split(",") if one.strip())
    with opened() as accounts:
        secret = accounts.tokens.create(name, label, wanted, days)
        made = accounts.tokens.list(name)[0]
        logged(accounts, Action.TOKEN, made.user, f"新建“{made.label}”")
    if as_json:
        console.print_json({"token": secret, **token_object(made)})
        return
    console.errors().print("请现在就保存，以后不再显示：", markup=False)
    console.output().print(secret, markup=False)


def list_all(
    user: Annotated[str | None, typer.Option("--user", help="只列这个用户的")] = None,
    as_json: Json = False,
) -> None:
    """列出令牌。"""
    from ui.access.model import RIGHT_NAMES

    with opened() as accounts:
        found = accounts.tokens.list(user)
    if as_json:
        console.print_json({"tokens": [token_object(one) for one in found]})
        return
    if not found:
        console.output().print("还没有令牌。", markup=False)
        return
    shown = table("编号", "用户", "用途", "权限", "到期", "最近使用")
    for one in found:
        shown.add_row(
            one.token_id,
            plain(one.user),
            plain(one.label),
            "、".join(RIGHT_NAMES[right] for right in sorted(one.rights)),
            shown_time(one.expires) + ("（已到期）" if one.expired else ""),
            shown_time(one.last_used),
        )
    console.output().print(shown)


def revoke(
    number: Annotated[str, typer.Argument(help="令牌的编号，见 luming token list", metavar="编号")],
    as_json: Json = False,
) -> None:
    """撤销一个令牌，立刻生效。"""
    from ui.access.audit import Action

    with opened() as accounts:
        owner = next((one.user for one in accounts.tokens.list() if one.token_id == number), "")
        accounts.tokens.revoke(number)
        logged(accounts, Action.TOKEN, owner, f"撤销 {number}")
    if as_json:
        console.print_json({"revoked": number})
    else:
        console.output().print("已撤销。", markup=False)
