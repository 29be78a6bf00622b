"""Routes of the page 管理, for administrators. Every change is put into the audit log first."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, StreamingResponse
from pydantic import SecretStr

from ui.access.accounts import Accounts
from ui.access.audit import Action, AuditFilter
from ui.access.errors import AccessError
from ui.access.leaving import remove_person
from ui.access.model import ROLE_NAMES, Right, Role, right_of, role_of
from ui.access.viewing import accounts_of, record, recorded
from ui.api.context import Api
from ui.api.service import Service
from ui.render.admin import (
    TABS,
    audit_html,
    doctor_html,
    may_repair,
    system_html,
    tokens_html,
    user_html,
    users_html,
)
from ui.render.panels import size, tabs_html
from ui.render.text import esc

_NO_STORE = {"Cache-Control": "no-store"}
Text = Annotated[str, Form(max_length=1000)]
Name = Annotated[str, InPath(max_length=64)]
Names = Annotated[list[str], Form(max_length=500)]
_KEPT_BACKUPS = 5
_CHANGES = {"enable": "启用", "disable": "停用", "reset": "重设密码", "remove": "删除"}


class NotWhileServing(AccessError):
    """A repair would replace what the server has open, or decides what only a person can."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "这些问题不能在网页里修：请停掉网页服务，在服务器上运行 luming doctor --repair。"
        )


@dataclass(frozen=True)
class _Given:
    """What a form gives a person. ``collections`` None: all."""

    role: Role
    collections: list[str] | None
    display: str

    @property
    def seen(self) -> str:
        """The collections, in words."""
        if self.collections is None:
            return "全部文库"
        return "、".join(sorted(self.collections)) or "没有文库"


def _given(
    role: Text,
    display: Text = "",
    whole: Text = "",
    collection: Names = [],  # noqa: B006
) -> _Given:
    return _Given(role_of(role), None if whole else collection, display)


Given = Annotated[_Given, Depends(_given)]


def _html(text: str, say: str = "") -> HTMLResponse:
    told = {"X-Luming-Say": quote(say)} if say else {}
    return HTMLResponse(text, headers={**_NO_STORE, **told})


def admin_routes(api: Api) -> APIRouter:
    """``/admin/…``."""
    router = APIRouter(prefix="/admin", include_in_schema=False)
    for add in (_panel, _people, _entrances, _audit, _system):
        add(router, api, Depends(api.seen(Right.ADMINISTER)))
    return router


def _names(api: Api) -> list[str]:
    return [name for name, _ in api.service.collections()]


def _people_html(api: Api, request: Request, told: str = "") -> str:
    return users_html(accounts_of(request).people.users(), _names(api), told)


def _panel(router: APIRouter, api: Api, administer: Any) -> None:
    @router.get("/panel")
    def panel(tab: str = "users", seen: Service = administer) -> HTMLResponse:
        current = tab if tab in dict(TABS) else "users"
        return _html(tabs_html(TABS, current, "/admin/tab"))


def _people(router: APIRouter, api: Api, administer: Any) -> None:
    @router.get("/tab/users")
    def users(request: Request, seen: Service = administer) -> HTMLResponse:
        return _html(_people_html(api, request))

    @router.post("/users")
    def add(
        request: Request,
        name: Text,
        password: Text,
        given: Given,
        seen: Service = administer,
    ) -> HTMLResponse:
        people = accounts_of(request).people
        first = not people.any()
        if first and (given.role is not Role.ADMIN or given.collections is not None):
            raise AccessError("第一个用户要是能看全部文库的管理员。")
        with recorded(request, Action.USER, name, "新建"):
            user = people.add(
                name, password, given.role, given.collections, given.display, must_change=not first
            )
        told = f"已建立“{esc(user.display)}”。"
        if first:
            told += '从现在起都要登录：<a href="/login">去登录</a>。'
        return _html(_people_html(api, request, told))

    @router.get("/users/{name}")
    def one(request: Request, name: Name, seen: Service = administer) -> HTMLResponse:
        return _html(user_html(accounts_of(request).people.get(name), _names(api)))

    @router.post("/users/{name}/rights")
    def rights(
        request: Request, name: Name, given: Given, seen: Service = administer
    ) -> HTMLResponse:
        people = accounts_of(request).people
        with recorded(request, Action.RIGHTS, name, f"{ROLE_NAMES[given.role]}；{given.seen}"):
            people.set_role(name, given.role)
            people.set_collections(name, given.collections)
            if given.display.strip():
                people.set_display(name, given.display)
        return _html(_people_html(api, request, f"“{esc(name)}”的权限已保存，马上生效。"))

    @router.post("/users/{name}/{what}")
    def change(request: Request, name: Name, what: str, seen: Service = administer) -> HTMLResponse:
        accounts = accounts_of(request)
        people = accounts.people
        if what not in _CHANGES:
            raise AccessError("没有这种操作。")
        told = f"“{esc(name)}”已{_CHANGES[what]}。"
        action = Action.PASSWORD if what == "reset" else Action.USER
        with recorded(request, action, name, _CHANGES[what]):
            if what == "enable":
                people.enable(name)
            elif what == "disable":
                people.disable(name)
            elif what == "remove":
                remove_person(accounts, name)
            else:
                password = _one_time()
                people.reset_password(name, password)
                told = (
                    f"“{esc(name)}”的一次性密码（只显示这一次）：<code>{esc(password)}</code>，"
                    "登录后要马上改。"
                )
        return _html(_people_html(api, request, told))


def _one_time() -> str:
    """Easy to read out: no letters that look alike."""
    return "-".join(
        "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(4)) for _ in "123"
    )


def _entrances(router: APIRouter, api: Api, administer: Any) -> None:
    def listed(accounts: Accounts, secret: str = "") -> str:
        users = accounts.people.users()
        sessions = [one for user in users for one in accounts.sessions.list(user.name)]
        return tokens_html(users, sessions[:500], accounts.tokens.list()[:500], secret)

    @router.get("/tab/tokens")
    def tab(request: Request, seen: Service = administer) -> HTMLResponse:
        return _html(listed(accounts_of(request)))

    @router.post("/sessions/{name}/{session_id}/revoke")
    def end(
        request: Request, name: Name, session_id: Name, seen: Service = administer
    ) -> HTMLResponse:
        accounts = accounts_of(request)
        with recorded(request, Action.SESSION, name, session_id):
            accounts.sessions.revoke(name, session_id)
        return _html(listed(accounts), "已退出。")

    @router.post("/tokens")
    def create(
        request: Request,
        user: Text,
        label: Text,
        days: Annotated[int, Form(ge=1, le=730)] = 90,
        right: Names = [],  # noqa: B006
        seen: Service = administer,
    ) -> HTMLResponse:
        accounts = accounts_of(request)
        wanted = [right_of(one) for one in right] or [Right.READ]
        with recorded(request, Action.TOKEN, user, f"新建“{label[:60]}”"):
            secret = accounts.tokens.create(user, label, wanted, days)
        return _html(listed(accounts, secret))

    @router.post("/tokens/{token_id}/revoke")
    def revoke(request: Request, token_id: Name, seen: Service = administer) -> HTMLResponse:
        accounts = accounts_of(request)
        with recorded(request, Action.TOKEN, token_id, "撤销"):
            accounts.tokens.revoke(token_id)
        return _html(listed(accounts), "已撤销。")


def _filter(asked: dict[str, str]) -> AuditFilter:
    def moment(written: str, after: timedelta = timedelta()) -> datetime | None:
        try:
            day = date.fromisoformat(written)
        except ValueError:
            return None
        return datetime.combine(day, time()).astimezone(UTC) + after

    action = asked["action"]
    return AuditFilter(
        user=asked["user"].strip() or None,
        action=Action(action) if action in list(Action) else None,
        since=moment(asked["since"]),
        until=moment(asked["until"], timedelta(days=1)),
        text=asked["text"].strip() or None,
    )


def _asked(
    user: Annotated[str, Query(max_length=64)] = "",
    action: Annotated[str, Query(max_length=30)] = "",
    since: Annotated[str, Query(max_length=10)] = "",
    until: Annotated[str, Query(max_length=10)] = "",
    text: Annotated[str, Query(max_length=100)] = "",
) -> dict[str, str]:
    return {"user": user, "action": action, "since": since, "until": until, "text": text}


Wanted = Annotated[dict[str, str], Depends(_asked)]


def _audit(router: APIRouter, api: Api, administer: Any) -> None:
    @router.get("/tab/audit")
    def tab(
        request: Request,
        asked: Wanted,
        page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
        seen: Service = administer,
    ) -> HTMLResponse:
        log = accounts_of(request).audit
        entries, total = log.read(_filter(asked), page)
        days = api.service.settings.audit_days
        state = f"记录只增不改，保留 {days} 天；luming audit verify 可核对有没有被改动。"
        return _html(audit_html(entries, total, page, asked, state))

    @router.get("/audit.csv")
    def export(request: Request, asked: Wanted, seen: Service = administer) -> StreamingResponse:
        record(request, Action.EXPORTED, "审计记录")
        rows: Iterator[bytes] = accounts_of(request).audit.export("csv", _filter(asked))
        headers = {**_NO_STORE, "Content-Disposition": 'attachment; filename="audit.csv"'}
        return StreamingResponse(rows, headers=headers, media_type="text/csv; charset=utf-8")


def _system(router: APIRouter, api: Api, administer: Any) -> None:
    @router.get("/tab/system")
    def tab(seen: Service = administer) -> HTMLResponse:
        return _html(system_html(_facts(api.service), _settings(api.service)))

    @router.post("/doctor")
    def doctor(request: Request, seen: Service = administer) -> HTMLResponse:
        from index.doctor import Examined, examine

        home = Examined(api.service.settings)
        try:
            return _html(doctor_html(examine(home)))
        finally:
            home.library.close()

    @router.post("/repair")
    def repair(request: Request, seen: Service = administer) -> HTMLResponse:
        from index.doctor import Examined, examine
        from index.doctor import repair as repair_home

        home = Examined(api.service.settings)
        try:
            if not may_repair(examine(home).findings):
                raise NotWhileServing
            record(request, Action.SETTINGS, "体检", "修复")
            return _html(doctor_html(repair_home(home)))
        finally:
            home.library.close()

    @router.post("/backup")
    def backup(request: Request, seen: Service = administer) -> HTMLResponse:
        from index.backup import make_backup

        record(request, Action.EXPORTED, "备份")
        folder = api.service.settings.home / "backups"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"luming-{datetime.now():%Y%m%d-%H%M%S}.zip"
        made = make_backup(api.service.library, path)
        for old in sorted(folder.glob("luming-*.zip"))[:-_KEPT_BACKUPS]:
            old.unlink(missing_ok=True)
        return _html(
            f'<p class="lp-good" role="status">已备份 {made.documents} 份文件、{made.passages} 段，'
            f"{size(path.stat().st_size)}，在服务器数据目录的 backups/{esc(path.name)}；"
            f"只留最近 {_KEPT_BACKUPS} 份，请另存到别的磁盘。</p>"
        )


def _facts(service: Service) -> list[tuple[str, str]]:
    from importlib import metadata

    library = service.library
    found = library.catalog.collections()
    disk = shutil.disk_usage(library.settings.home)
    try:
        version = metadata.version("luming")
    except metadata.PackageNotFoundError:
        version = "未知"
    return [
        ("版本", version),
        ("文库", f"{len(found)} 个"),
        ("文件", f"{sum(one.documents for one in found)} 份"),
        ("段落", f"{sum(one.passages for one in found)} 段"),
        ("等待建立索引", f"{library.catalog.pending_count()} 段"),
        ("向量模型", library.catalog.get_meta("encoder_name") or "还没有"),
        ("大模型", service.settings.llm_model or "不用"),
        ("数据目录", str(library.settings.home)),
        ("磁盘剩余", f"{size(disk.free)}，共 {size(disk.total)}"),
    ]


def _settings(service: Service) -> list[tuple[str, str, str, bool]]:
    """(name, what it is, value, whether it was changed) of every setting; no secret is shown."""
    rows = []
    for name, field in type(service.settings).model_fields.items():
        value = getattr(service.settings, name)
        changed = value != field.get_default(call_default_factory=True)
        rows.append((f"LUMING_{name.upper()}", field.description or "", _shown(value), changed))
    return rows


def _shown(value: Any) -> str:
    if value is None or value in ([], {}):
        return "（没有设）"
    if isinstance(value, SecretStr):
        return "（已设置，不显示）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict | list):
        return _without_password(json.dumps(value, ensure_ascii=False))
    return _without_password(str(value))


def _without_password(value: str) -> str:
    """An address without the password that may stand in it, also behind a question mark."""
    plain = re.sub(r"(://[^:/@\s]{0,200}:)[^@/\s]{1,500}@", r"\1…@", value)
    return re.sub(
        r"(?i)([?&][^=&\s]{0,40}(?:pass|secret|key|token)[^=&\s]{0,40}=)[^&\s]+", r"\1…", plain
    )
