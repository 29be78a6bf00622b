"""Login, logout and one's own account: plain HTML forms that work without a script."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from index.errors import LibraryError, shorten
from ui.access import paths
from ui.access.audit import Action
from ui.access.errors import AccessError, Throttled, WrongPassword
from ui.access.middleware import cookie_name
from ui.access.model import Principal, right_of
from ui.access.people import folded_name
from ui.access.secret import form_token, new_secret, same
from ui.access.viewing import PEER_KEY, principal_of, record
from ui.render.account import AccountView, account_html, login_html, refused_html

if TYPE_CHECKING:
    from ui.access.accounts import Accounts
    from ui.access.oidc import OpenIdConnect
    from ui.access.peers import Peer

log = logging.getLogger("luming.access")
Text = Annotated[str, Form()]
_NO_STORE = {"Cache-Control": "no-store"}
_STALE = "页面放得太久了，请再试一次。"


class Visit:
    """One request of these pages: its peer, its cookies, and the proof that a form is ours."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.peer: Peer = request.scope[PEER_KEY]
        secure = self.peer.secure
        self.session_cookie = cookie_name(secure)
        self.form_cookie = f"{'__Host-' if secure else ''}luming-form"
        self.session = request.cookies.get(self.session_cookie, "")
        self._kept = request.cookies.get(self.form_cookie, "")
        self._secret = self._kept or new_secret()

    @property
    def form(self) -> str:
        """What a form of this browser's page carries; bound to the session where there is one."""
        return form_token(self._secret + self.session)

    def check(self, form: str) -> None:
        """Raise AccessError unless ``form`` is of a page that this browser got from here."""
        if not self._kept or not same(form, self.form):
            raise AccessError(_STALE)

    def page(self, html: str, status: int = 200) -> Response:
        """A page, with the cookie that its forms go with."""
        response = HTMLResponse(html, status, headers=_NO_STORE)
        if not self._kept:
            self.set(response, self.form_cookie, self._secret)
        return response

    def set(self, response: Response, name: str, value: str, seconds: int | None = None) -> None:
        """A cookie that no script reads and that other sites' forms don't carry."""
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path="/",
            secure=self.peer.secure,
            httponly=True,
            samesite="lax",
        )

    def drop(self, response: Response, name: str) -> None:
        """Take a cookie back."""
        response.delete_cookie(
            name, path="/", secure=self.peer.secure, httponly=True, samesite="lax"
        )

    def see(self, path: str) -> Response:
        """Another page, after a form."""
        return RedirectResponse(path, 303, headers=_NO_STORE)


def add_session_routes(app: object, accounts: Accounts) -> None:
    """Put the routes on a FastAPI application."""
    from fastapi import FastAPI

    assert isinstance(app, FastAPI)
    oidc: OpenIdConnect | None = None
    if accounts.settings.oidc_issuer:
        from ui.access.oidc import OpenIdConnect

        oidc = OpenIdConnect(accounts)
        app.include_router(_oidc_routes(accounts, oidc))
    app.include_router(_login_routes(accounts, oidc is not None))
    app.include_router(_account_routes(accounts))


def _enter(visit: Visit, accounts: Accounts, user: str, wanted: str, how: str) -> Response:
    """Open a session of its own for this login; one that the browser had ends."""
    if visit.session and (old := accounts.sessions.find(visit.session)) is not None:
        accounts.sessions.revoke(old[0].name, old[1])
    agent = visit.request.headers.get("user-agent", "")
    secret = accounts.sessions.open(user, visit.peer.address, agent)
    principal = accounts.sessions.principal(secret) or Principal(name=user)
    accounts.record(principal, Action.LOGIN, how, "", visit.peer.address)
    response = visit.see(wanted)
    hours = accounts.settings.session_hours
    visit.set(response, visit.session_cookie, secret, seconds=hours * 3600)
    return response


def _login_routes(accounts: Accounts, oidc: bool) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    def shown(
        visit: Visit, wanted: str, name: str = "", error: str = "", status: int = 200
    ) -> Response:
        other = f"{paths.OIDC_START}?{urlencode({'next': wanted})}" if oidc else ""
        return visit.page(
            login_html(visit.form, wanted, name=name, error=error, oidc=other), status
        )

    def log_failure(visit: Visit, name: str) -> None:
        """A name that nobody has is not kept: people type passwords into the wrong field."""
        known = any(user.name == folded_name(name) for user in accounts.people.users())
        tried = Principal(name=folded_name(name) if known else "")
        who = tried.name or "没有这个用户"
        accounts.record(tried, Action.LOGIN_FAILED, who, "密码", visit.peer.address)

    @router.get(paths.LOGIN)
    def login_page(request: Request, next: str = "/") -> Response:
        visit, wanted = Visit(request), paths.local_path(next)
        if not accounts.needed or (visit.session and accounts.sessions.find(visit.session)):
            return visit.see(wanted)
        return shown(visit, wanted)

    @router.post(paths.LOGIN)
    def login(
        request: Request,
        name: Text = "",
        password: Text = "",
        form: Text = "",
        next: Text = "/",
    ) -> Response:
        visit, wanted = Visit(request), paths.local_path(next)
        try:
            visit.check(form)
            user = accounts.people.authenticate(name, password, visit.peer.address)
        except AccessError as error:
            if isinstance(error, WrongPassword):
                log_failure(visit, name)
            response = shown(visit, wanted, name[:64], str(error), error.status)
            if isinstance(error, Throttled):
                response.headers["Retry-After"] = str(error.seconds)
            return response
        return _enter(visit, accounts, user.name, wanted, "密码")

    @router.post(paths.LOGOUT)
    def logout(request: Request, form: Text = "") -> Response:
        visit, principal = Visit(request), principal_of(request)
        try:
            visit.check(form)
        except AccessError:
            return visit.see(paths.ACCOUNT)
        if visit.session and (found := accounts.sessions.find(visit.session)) is not None:
            accounts.sessions.revoke(found[0].name, found[1])
            accounts.record(principal, Action.LOGOUT, "", "", visit.peer.address)
        response = visit.see(paths.LOGIN)
        visit.drop(response, visit.session_cookie)
        return response

    @router.get(paths.LOGOUT)
    def logout_page() -> Response:
        return RedirectResponse(paths.ACCOUNT, 303)  # a link must not end a session

    return router


def _account_routes(accounts: Accounts) -> APIRouter:
    router = APIRouter(prefix=paths.ACCOUNT, include_in_schema=False)

    def shown(
        request: Request, notice: str = "", error: str = "", secret: str = "", status: int = 200
    ) -> Response:
        visit, principal = Visit(request), principal_of(request)
        if not principal.name:
            line = "这台服务器还没有建立用户，不需要账户。要建立，请运行 luming user add。"
            return visit.page(refused_html(line))
        view = AccountView(
            accounts.people.get(principal.name),
            principal.session,
            accounts.sessions.list(principal.name),
            accounts.tokens.list(principal.name),
            visit.form,
            notice,
            error,
            secret,
        )
        return visit.page(account_html(view), status)

    @router.get("")
    def account(request: Request) -> Response:
        return shown(request)

    @router.post("/password")
    def password(
        request: Request, old: Text = "", new: Text = "", again: Text = "", form: Text = ""
    ) -> Response:
        visit, principal = Visit(request), principal_of(request)
        try:
            visit.check(form)
            if new != again:
                raise AccessError("两次输入的新密码不一样，请再输一次。")
            accounts.people.change_password(
                principal.name, old, new, visit.peer.address, keep_session=principal.session
            )
        except AccessError as error:
            return shown(request, error=_about_password(error), status=error.status)
        record(request, Action.PASSWORD, principal.name)
        return shown(request, "密码已修改，其他地方的登录都已退出。")

    @router.post("/sessions/revoke")
    def revoke_session(request: Request, id: Text = "", form: Text = "") -> Response:
        principal = principal_of(request)
        try:
            Visit(request).check(form)
            if id == "*":
                accounts.sessions.revoke_all(principal.name, keep=principal.session)
            else:
                accounts.sessions.revoke(principal.name, id)
        except AccessError as error:
            return shown(request, error=str(error), status=error.status)
        record(request, Action.SESSION, principal.name, "全部其他登录" if id == "*" else id)
        return shown(request, "已结束。")

    @router.post("/tokens")
    def create_token(
        request: Request,
        label: Text = "",
        rights: Annotated[list[str] | None, Form()] = None,
        days: Text = "90",
        form: Text = "",
    ) -> Response:
        principal = principal_of(request)
        try:
            Visit(request).check(form)
            wanted = frozenset(right_of(one) for one in rights or ())
            number = int(days) if days.isdecimal() and len(days) < 6 else 0
            secret = accounts.tokens.create(principal.name, label, wanted, number)
        except LibraryError as error:
            return shown(request, error=str(error), status=getattr(error, "status", 422))
        record(request, Action.TOKEN, principal.name, f"新建“{shorten(label)}”")
        return shown(request, secret=secret)

    @router.post("/tokens/revoke")
    def revoke_token(request: Request, id: Text = "", form: Text = "") -> Response:
        principal = principal_of(request)
        try:
            Visit(request).check(form)
            accounts.tokens.revoke(id, principal.name)
        except AccessError as error:
            return shown(request, error=str(error), status=error.status)
        record(request, Action.TOKEN, principal.name, f"撤销 {id[:16]}")
        return shown(request, "令牌已撤销。")

    return router


def _oidc_routes(accounts: Accounts, oidc: OpenIdConnect) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    def failed(visit: Visit, error: LibraryError) -> Response:
        reason = getattr(error, "reason", "")
        log.warning("统一认证没有成功：%s", reason or error)
        accounts.record(
            Principal(), Action.LOGIN_FAILED, "统一认证", reason or str(error), visit.peer.address
        )
        return visit.page(refused_html(str(error)), getattr(error, "status", 503))

    @router.get(paths.OIDC_START)
    def start(request: Request, next: str = "/") -> Response:
        visit, browser = Visit(request), new_secret()
        try:
            response = visit.see(oidc.start(browser, next))
        except LibraryError as error:
            return failed(visit, error)
        visit.set(response, f"{visit.form_cookie}-oidc", browser, seconds=600)
        return response

    @router.get(paths.OIDC_CALLBACK)
    def callback(request: Request) -> Response:
        visit = Visit(request)
        cookie = f"{visit.form_cookie}-oidc"
        try:
            user, wanted = oidc.finish(request.cookies.get(cookie, ""), dict(request.query_params))
        except LibraryError as error:
            return failed(visit, error)
        response = _enter(visit, accounts, user.name, wanted, "统一认证")
        visit.drop(response, cookie)
        return response

    return router


def _about_password(error: AccessError) -> str:
    return "原密码不对，请再输一次。" if error.status == 401 else str(error)
