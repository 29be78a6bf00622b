"""REST: who the caller is, their tokens; for administrators the people and what each may."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from ui.access.audit import Action
from ui.access.errors import AccessError
from ui.access.leaving import remove_person
from ui.access.model import Right, Role
from ui.access.viewing import accounts_of, principal_of, recorded
from ui.api.context import Api
from ui.api.paging import Cursor, Limit, link_next, page_of
from ui.api.people_models import (
    MadeToken,
    Me,
    NewPassword,
    NewToken,
    NewUser,
    TokenRow,
    TokenRows,
    UserChange,
    UserRow,
    Users,
)

UserName = Annotated[str, Path(max_length=200)]


class NoAccounts(AccessError):
    """There are no accounts, so nobody has tokens."""

    status = 409

    def __init__(self) -> None:
        super().__init__("这台服务器还没有建立用户，不需要令牌；要建立，请管理员在“管理”页添加。")


class NotByToken(AccessError):
    """A token must not make others: one that leaked would live on in them."""

    status = 403

    def __init__(self) -> None:
        super().__init__("令牌不能用来新建令牌，请登录后在“我的账户”里新建。")


class FirstAdministrator(AccessError):
    """With the first account everybody must log in, so somebody must be able to give rights."""

    status = 409

    def __init__(self) -> None:
        super().__init__("第一个用户要是有密码的管理员（role 为 admin），否则没有人能管理。")


def people_routes(api: Api) -> APIRouter:
    """``/me``, ``/tokens`` and ``/users``."""
    router = APIRouter()
    read: Any = Depends(api.seen(Right.READ))
    administer: Any = Depends(api.seen(Right.ADMINISTER))
    _own(router, read)
    _users(router, administer)
    return router


def _own(router: APIRouter, read: Any) -> None:
    tags: list[Any] = ["我的账户"]

    @router.get("/me", tags=tags, summary="我是谁", dependencies=[read])
    def me(request: Request) -> Me:
        """您的角色、权限和可查的文库。"""
        return Me.of(principal_of(request))

    @router.get("/tokens", tags=tags, summary="我的令牌", dependencies=[read])
    def tokens(request: Request) -> TokenRows:
        """您的访问令牌，不含密钥。"""
        mine = accounts_of(request).tokens.list(_name(request))
        return TokenRows(tokens=[TokenRow.of(one) for one in mine])

    @router.post("/tokens", tags=tags, status_code=201, summary="新建令牌", dependencies=[read])
    def create(body: NewToken, request: Request) -> MadeToken:
        """密钥只显示这一次。权限不超过您本人的；要用登录的身份，不能用令牌。"""
        name = _name(request)
        if request.headers.get("authorization"):
            raise NotByToken
        with recorded(request, Action.TOKEN, name, f"新建“{body.label}”"):
            secret = accounts_of(request).tokens.create(name, body.label, body.rights, body.days)
        return MadeToken(token=secret, days=body.days)

    @router.delete(
        "/tokens/{token_id}", tags=tags, status_code=204, summary="撤销令牌", dependencies=[read]
    )
    def revoke(token_id: UserName, request: Request) -> None:
        """立刻失效。"""
        name = _name(request)
        with recorded(request, Action.TOKEN, name, f"撤销 {token_id}"):
            accounts_of(request).tokens.revoke(token_id, name)


def _users(router: APIRouter, administer: Any) -> None:
    tags: list[Any] = ["用户"]
    given: dict[str, Any] = {"tags": tags, "dependencies": [administer]}

    @router.get("/users", summary="用户列表", **given)
    def users(
        request: Request, response: Response, limit: Limit = 100, cursor: Cursor = None
    ) -> Users:
        """按用户名排。"""
        rows = accounts_of(request).people.users()
        page = page_of(rows, lambda one: (one.name,), limit, cursor)
        link_next(request, response, page)
        shown = [UserRow.of(one) for one in page.rows]
        return Users(users=shown, next=page.next, total=page.total)

    @router.post("/users", status_code=201, summary="新建用户", **given)
    def add(body: NewUser, request: Request) -> UserRow:
        """第一个用户要是管理员，从此所有人都要登录。"""
        accounts = accounts_of(request)
        if not accounts.needed and (body.role is not Role.ADMIN or body.password is None):
            raise FirstAdministrator
        detail = f"建立，{_rights(body.role, body.collections)}"
        with recorded(request, Action.USER, body.name, detail):
            user = accounts.people.add(
                body.name, body.password, body.role, body.collections, body.display,
                body.must_change,
            )  # fmt: skip
        return UserRow.of(user)

    @router.get("/users/{name}", summary="一个用户", **given)
    def user(name: UserName, request: Request) -> UserRow:
        """一个用户的角色、文库和状态。"""
        return UserRow.of(accounts_of(request).people.get(name))

    @router.patch("/users/{name}", summary="修改用户", **given)
    def change(name: UserName, body: UserChange, request: Request) -> UserRow:
        """只改写出的几项，对已登录的也立刻生效；最后一个管理员不能降级或停用。"""
        people = accounts_of(request).people
        changed = people.get(name)
        if body.display is not None:
            with recorded(request, Action.USER, changed.name, "改显示的姓名"):
                changed = people.set_display(name, body.display)
        if body.role is not None or body.collections is not None or body.all_collections:
            seen = None if body.all_collections else body.collections
            kept = seen is None and not body.all_collections
            wanted = changed.collections if kept else seen
            detail = _rights(body.role or changed.role, wanted)
            with recorded(request, Action.RIGHTS, changed.name, detail):
                if body.role is not None:
                    changed = people.set_role(name, body.role)
                if not kept:
                    changed = people.set_collections(name, seen)
        if body.disabled is not None:
            detail = "停用" if body.disabled else "启用"
            with recorded(request, Action.USER, changed.name, detail):
                changed = people.disable(name) if body.disabled else people.enable(name)
        return UserRow.of(changed)

    @router.post("/users/{name}/password", status_code=204, summary="重设密码", **given)
    def reset(name: UserName, body: NewPassword, request: Request) -> None:
        """此人的登录和令牌都失效，下次登录必须改密码。"""
        with recorded(request, Action.PASSWORD, name, "管理员重设"):
            accounts_of(request).people.reset_password(name, body.password)

    @router.delete("/users/{name}", status_code=204, summary="删除用户", **given)
    def remove(name: UserName, request: Request) -> None:
        """连同此人的登录、令牌和对话；提问和审计记录保留。"""
        with recorded(request, Action.USER, name, "删除"):
            user = accounts_of(request).people.get(name)
            remove_person(accounts_of(request), user.name)


def _name(request: Request) -> str:
    name = principal_of(request).name
    if not name:
        raise NoAccounts
    return name


def _rights(role: Role, collections: Collection[str] | None) -> str:
    seen = "全部" if collections is None else "、".join(sorted(collections)) or "无"
    return f"角色 {role}，文库 {seen}"
