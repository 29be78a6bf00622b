"""`luming user`: who may log in, and what each may do and see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui import console
from ui.commands.common import Json, UsageError, make_settings, plain, table
from ui.commands.people import (
    FromStdin,
    Who,
    Yes,
    collections_of,
    logged,
    new_password,
    not_yet_there,
    opened,
    shown_collections,
    shown_time,
)

if TYPE_CHECKING:
    from ui.access.people import User

_Role = Annotated[str, typer.Option("--role", help="读者、培训、操作 或 管理")]
_Collections = Annotated[
    str | None,
    typer.Option(
        "--collections", help="可查的文库，用逗号分开；“全部”含以后新建的，“无”一个也不给"
    ),
]


def register(parent: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(no_args_is_help=True, help="用户：建立、停用、重设密码、角色和可查的文库。")
    group.command()(add)
    group.command("list")(list_all)
    group.command()(rights)
    group.command()(disable)
    group.command()(enable)
    group.command()(reset)
    group.command()(remove)
    group.command()(sessions)
    parent.add_typer(group, name="user")


def user_object(user: User) -> dict[str, Any]:
    """For --json. ``collections`` null: all."""
    return {
        "name": user.name,
        "display": user.display,
        "role": str(user.role),
        "collections": None if user.collections is None else sorted(user.collections),
        "disabled": user.disabled,
        "must_change": user.must_change,
        "has_password": user.has_password,
        "created": user.created.isoformat(),
        "last_seen": user.last_seen.isoformat() if user.last_seen else None,
    }


def add(
    name: Who,
    role: _Role = "读者",
    collections: _Collections = None,
    display: Annotated[str, typer.Option("--display", help="姓名，显示在页面上")] = "",
    password_stdin: FromStdin = False,
    must_change: Annotated[
        bool, typer.Option("--must-change", help="第一次登录时必须改密码")
    ] = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="不设密码，只能由单位统一认证登录")
    ] = False,
    as_json: Json = False,
) -> None:
    """建立一个用户。不给 --collections 时，管理看全部，其他角色一个文库也看不到。"""
    from ui.access.audit import Action
    from ui.access.model import ROLE_NAMES, Role, role_of

    given = role_of(role)
    seen = None if given is Role.ADMIN else frozenset[str]()
    if collections is not None:
        seen = collections_of(collections)
    _tell_missing(seen)
    with opened() as accounts:
        password = None if no_password else new_password(password_stdin)
        user = accounts.people.add(name, password, given, seen, display, must_change)
        what = f"建立，角色 {ROLE_NAMES[given]}，文库 {shown_collections(seen)}"
        logged(accounts, Action.USER, user.name, what)
    if seen is not None and not seen:
        console.notice(
            f"{user.name} 还看不到任何文库，可运行 luming user rights {user.name} --collections 文库名。"
        )
    _done(user, f"已建立用户 {user.name}（{ROLE_NAMES[user.role]}）。", as_json)


def list_all(as_json: Json = False) -> None:
    """列出所有用户。"""
    from ui.access.model import ROLE_NAMES

    with opened() as accounts:
        found = accounts.people.users()
    if as_json:
        console.print_json({"users": [user_object(one) for one in found]})
        return
    if not found:
        console.output().print(
            "还没有用户，可运行 luming user add 用户名 --role 管理 建立第一个管理员。", markup=False
        )
        return
    shown = table("用户名", "姓名", "角色", "可查文库", "状态", "最近使用")
    for one in found:
        shown.add_row(
            plain(one.name),
            plain(one.display),
            ROLE_NAMES[one.role],
            plain(shown_collections(one.collections)),
            "停用" if one.disabled else "待改密码" if one.must_change else "正常",
            shown_time(one.last_seen),
        )
    console.output().print(shown)


def rights(
    name: Who,
    role: Annotated[str | None, typer.Option("--role", help="新的角色")] = None,
    collections: _Collections = None,
    as_json: Json = False,
) -> None:
    """查看或修改一个用户的角色和可查的文库，对已登录的也立刻生效。"""
    from ui.access.audit import Action
    from ui.access.model import ROLE_NAMES, role_of

    with opened() as accounts:
        user = accounts.people.get(name)
        if role is not None:
            user = accounts.people.set_role(name, role_of(role))
            logged(accounts, Action.RIGHTS, user.name, f"角色 {ROLE_NAMES[user.role]}")
        if collections is not None:
            seen = collections_of(collections)
            _tell_missing(seen)
            user = accounts.people.set_collections(name, seen)
            logged(accounts, Action.RIGHTS, user.name, f"文库 {shown_collections(seen)}")
    line = f"{user.name}：{ROLE_NAMES[user.role]}，可查文库 {shown_collections(user.collections)}。"
    _done(user, line, as_json)


def disable(name: Who, as_json: Json = False) -> None:
    """停用一个用户：登录立刻结束，令牌不再有效，资料保留。"""
    from ui.access.audit import Action

    with opened() as accounts:
        user = accounts.people.disable(name)
        logged(accounts, Action.USER, user.name, "停用")
    _done(user, f"已停用 {user.name}。", as_json)


def enable(name: Who, as_json: Json = False) -> None:
    """重新启用一个用户。"""
    from ui.access.audit import Action

    with opened() as accounts:
        user = accounts.people.enable(name)
        logged(accounts, Action.USER, user.name, "启用")
    _done(user, f"已启用 {user.name}。", as_json)


def reset(name: Who, password_stdin: FromStdin = False, as_json: Json = False) -> None:
    """重设密码：登录全部结束，令牌全部撤销，下次登录必须改密码。"""
    from ui.access.audit import Action

    with opened() as accounts:
        accounts.people.get(name)
        user = accounts.people.reset_password(name, new_password(password_stdin))
        logged(accounts, Action.PASSWORD, user.name, "重设")
    _done(user, f"已重设 {user.name} 的密码，下次登录时要改。", as_json)


def remove(name: Who, yes: Yes = False, as_json: Json = False) -> None:
    """删除一个用户，连同其登录、令牌和对话；审计记录保留。"""
    from ui.access.audit import Action
    from ui.access.leaving import remove_person

    with opened() as accounts:
        user = accounts.people.get(name)
        if not yes and not typer.confirm(f"删除用户 {user.name} 及其全部对话？", err=True):
            console.errors().print("没有删除。", markup=False)
            raise typer.Exit(console.FAILED)
        remove_person(accounts, user.name)
        logged(accounts, Action.USER, user.name, "删除")
    _done(user, f"已删除 {user.name}。", as_json)


def sessions(
    name: Who,
    end: Annotated[str | None, typer.Option("--end", help="结束这个编号的登录")] = None,
    end_all: Annotated[bool, typer.Option("--end-all", help="结束全部登录")] = False,
    as_json: Json = False,
) -> None:
    """列出或结束一个用户的登录。"""
    from ui.access.audit import Action

    if end is not None and end_all:
        raise UsageError("--end 和 --end-all 只能用一个。")
    with opened() as accounts:
        user = accounts.people.get(name)
        if end_all:
            accounts.sessions.revoke_all(name)
            logged(accounts, Action.SESSION, user.name, "全部登录")
        elif end is not None:
            accounts.sessions.revoke(name, end)
            logged(accounts, Action.SESSION, user.name, end)
        found = accounts.sessions.list(name)
    if as_json:
        listed = [
            {
                "id": one.session_id,
                "opened": one.opened.isoformat(),
                "seen": one.seen.isoformat(),
                "address": one.address,
                "agent": one.agent,
            }
            for one in found
        ]
        console.print_json({"name": user.name, "sessions": listed})
        return
    if not found:
        console.output().print(f"{user.name} 没有登录。", markup=False)
        return
    shown = table("编号", "登录时间", "最近使用", "地址", "浏览器")
    for one in found:
        shown.add_row(
            one.session_id,
            shown_time(one.opened),
            shown_time(one.seen),
            plain(one.address),
            plain(one.agent),
        )
    console.output().print(shown)


def _tell_missing(wanted: frozenset[str] | None) -> None:
    missing = not_yet_there(make_settings(), wanted)
    if missing:
        console.notice(f"现在还没有这些文库：{'、'.join(missing)}，请确认名称没有写错。")


def _done(user: User, line: str, as_json: bool) -> None:
    if as_json:
        console.print_json({"user": user_object(user)})
    else:
        console.output().print(line, markup=False)
