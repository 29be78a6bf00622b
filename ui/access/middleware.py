"""The gate in front of every route, also Gradio's own: who asks, and whether they may come in.

What is not named in :mod:`ui.access.paths` needs a person. A request is decided in this order:
the name it asks this server by, who it is of, whether another site made the browser send it,
whether it is for a page that takes a right which the person lacks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, RedirectResponse, Response

from index.errors import LibraryError
from ui.access import paths
from ui.access.audit import Action
from ui.access.errors import AccessError
from ui.access.model import ANONYMOUS, AT_THE_MACHINE, Forbidden, Principal, Right
from ui.access.peers import Peer, Peers, is_loopback
from ui.access.viewing import ACCOUNTS_KEY, PEER_KEY, SCOPE_KEY
from ui.access.vouching import Vouched, Vouching

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from ui.access.accounts import Accounts
    from ui.access.people import User

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_MOST_PUBLIC_BYTES = 16 << 10
_AT_ONCE = 8  # decisions that read the database

NO_ACCOUNTS_YET = "还没有建立用户，只能在本机直接打开；要让别人使用，请先运行 luming user add。"


def cookie_name(secure: bool) -> str:
    """Of the session. With https a prefix binds it to this host and to https (RFC 6265bis)."""
    return "__Host-luming" if secure else "luming"


@dataclass(frozen=True)
class _Asker:
    """``ambient``: the browser says who it is of itself, also when another site makes it ask."""

    principal: Principal
    ambient: bool
    must_change: bool = False


_NOBODY = _Asker(ANONYMOUS, ambient=False)


class _Refused(Exception):
    """The request ends here, with this answer."""

    def __init__(self, response: Response) -> None:
        self.response = response


class Access:
    """ASGI middleware. Puts the Principal under ``SCOPE_KEY``, and the accounts and the peer
    beside it (:mod:`ui.access.viewing`)."""

    def __init__(
        self, app: ASGIApp, accounts: Accounts, pages: Mapping[str, Right] | None = None
    ) -> None:
        """``pages`` are the paths of Gradio's pages with the right that each takes."""
        from anyio import CapacityLimiter

        self.app = app
        self._accounts = accounts
        self._pages = dict(pages or {})
        self._peers = Peers(accounts.settings)
        self._vouching = Vouching(accounts)
        self._make_limiter = partial(CapacityLimiter, _AT_ONCE)
        self._limiter: CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        from anyio import to_thread

        connection = HTTPConnection(scope)
        self._limiter = self._limiter or self._make_limiter()
        try:
            principal, peer = await to_thread.run_sync(
                self._decide, connection, limiter=self._limiter
            )
        except _Refused as refused:
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            else:
                await refused.response(scope, receive, send)
            return
        scope[SCOPE_KEY] = principal
        scope[ACCOUNTS_KEY] = self._accounts
        scope[PEER_KEY] = peer
        await self.app(scope, receive, send)

    def _decide(self, connection: HTTPConnection) -> tuple[Principal, Peer]:
        """Who asks and from where. Raises _Refused."""
        path = connection.scope["path"]
        peer = self._peers.of(connection)
        try:
            needed = self._accounts.needed
            host = connection.headers.get("host", "")
            if path not in paths.ANY_HOST and not self._peers.knows_host(host, strict=not needed):
                raise _Refused(
                    _problem(
                        421,
                        "不能用这个主机名访问；如确需使用，请管理员加到 LUMING_ALLOWED_HOSTS。",
                    )
                )
            asker = self._asker(connection, peer, path) if needed else self._at_the_machine(peer)
            self._check_origin(connection, asker, path)
            self._check_entry(connection, asker, path)
            self._check_page(connection, asker, peer, path)
        except AccessError as error:
            raise _Refused(self._told(connection, error.status, str(error))) from error
        except LibraryError as error:
            raise _Refused(self._told(connection, 503, str(error))) from error
        return asker.principal, peer

    def _at_the_machine(self, peer: Peer) -> _Asker:
        """Without accounts: who sits at this machine, and nobody that a proxy brings."""
        if peer.forwarded or not is_loopback(peer.direct):
            raise _Refused(_problem(403, NO_ACCOUNTS_YET))
        return _Asker(AT_THE_MACHINE, ambient=True)

    def _asker(self, connection: HTTPConnection, peer: Peer, path: str) -> _Asker:
        scheme, _, secret = connection.headers.get("authorization", "").partition(" ")
        if secret and scheme.lower() == "bearer" and paths.takes_bearer(path):
            found = self._accounts.tokens.principal(secret.strip())
            if found is None:
                raise _Refused(_unauthorised("访问令牌不对、已到期或已撤销。"))
            return _Asker(found, ambient=False)
        if (user := self._vouched_for(connection, peer)) is not None:
            return _Asker(user.principal("sso"), ambient=True)
        cookie = connection.cookies.get(cookie_name(peer.secure), "")
        session = self._accounts.sessions.find(cookie)
        if session is None:
            return _NOBODY
        user, session_id = session
        return _Asker(user.principal(session_id), ambient=True, must_change=user.must_change)

    def _vouched_for(self, connection: HTTPConnection, peer: Peer) -> User | None:
        """Whom a gateway of single sign-on names; the header of anybody else is not looked at."""
        header = self._accounts.settings.sso_header
        if not header or not self._peers.may_vouch(peer):
            return None
        given = connection.headers.getlist(header)
        if not given or not given[0].strip():
            return None
        if len(given) > 1:  # the gateway has passed on what the browser sent, beside its own
            raise _Refused(_problem(400, "请求里有不止一个单点登录的用户名，请检查网关设置。"))
        name = given[0].encode("latin-1", "replace").decode("utf-8", "replace")
        user = self._vouching.admit(Vouched(name))
        new = user.last_seen is None or (
            (self._accounts.clock() - user.last_seen).total_seconds()
            > 60 * self._accounts.settings.session_idle_minutes
        )
        if new:
            self._accounts.record(user.principal("sso"), Action.LOGIN, "单点登录", "", peer.address)
        self._accounts.people.saw(user)
        return user

    def _check_origin(self, connection: HTTPConnection, asker: _Asker, path: str) -> None:
        """Refuse what another site makes a browser send in the person's name."""
        headers, host = connection.headers, connection.headers.get("host", "")
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        method = connection.scope.get("method", "GET")
        websocket = connection.scope["type"] == "websocket"
        foreign = site in ("cross-site", "same-site")
        if method in _SAFE and not websocket:
            # A link from elsewhere may open a page; it may not load one into another page.
            opens = headers.get("sec-fetch-mode") == "navigate"
            framed = headers.get("sec-fetch-dest", "document") != "document"
            if foreign and asker.ambient and (not opens or framed):
                raise _Refused(_problem(403, "请在鹿鸣自己的页面里操作。"))
            return
        if not asker.ambient and not paths.is_public(path):
            return
        told = site is not None or origin is not None
        same = origin is None or self._peers.same_origin(origin, host)
        # A program at the machine sends neither; a browser with a session always does.
        if foreign or not same or (not told and asker.principal.name):
            raise _Refused(_problem(403, "请求不是从鹿鸣自己的页面发出的，请刷新页面后重试。"))

    def _check_entry(self, connection: HTTPConnection, asker: _Asker, path: str) -> None:
        """Refuse whoever must log in first, or must change the password first."""
        if paths.is_public(path):
            self._check_size(connection)
            return
        if asker.principal is ANONYMOUS:
            if self._is_page(connection, path):
                query = connection.scope.get("query_string", b"").decode("latin-1")
                wanted = paths.local_path(f"{path}?{query}" if query else path)
                target = paths.LOGIN if wanted == "/" else _with_next(wanted)
                raise _Refused(RedirectResponse(target, 303, headers={"Cache-Control": "no-store"}))
            raise _Refused(_unauthorised("请先登录。"))
        if asker.must_change and path not in paths.BEFORE_CHANGE:
            if self._is_page(connection, path):
                raise _Refused(RedirectResponse(paths.ACCOUNT, 303))
            raise _Refused(_problem(403, "请先打开“我的账户”修改密码。"))

    def _check_page(self, connection: HTTPConnection, asker: _Asker, peer: Peer, path: str) -> None:
        right = self._pages.get(path.rstrip("/") or "/")
        if right is None or asker.principal.may(right):
            return
        self._accounts.record(asker.principal, Action.REFUSED, path, "", peer.address)
        raise _Refused(self._told(connection, 403, str(Forbidden(right))))

    def _check_size(self, connection: HTTPConnection) -> None:
        """What nobody has logged in for is small, and says how long it is."""
        if connection.scope.get("method", "GET") in _SAFE:
            return
        length = connection.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > _MOST_PUBLIC_BYTES:
            raise _Refused(_problem(413, "内容太大。"))

    def _is_page(self, connection: HTTPConnection, path: str) -> bool:
        """Whether a person waits for a page."""
        if connection.scope.get("method", "GET") not in ("GET", "HEAD"):
            return False
        if (path.rstrip("/") or "/") in self._pages:
            return True
        accepts = "text/html" in connection.headers.get("accept", "")
        return accepts and not paths.is_for_machines(path)

    def _told(self, connection: HTTPConnection, status: int, line: str) -> Response:
        """A page for a person, a problem document for a program."""
        if not self._is_page(connection, connection.scope["path"]):
            return _problem(status, line)
        from ui.render.account import refused_html

        return HTMLResponse(refused_html(line), status, headers={"Cache-Control": "no-store"})


def _with_next(wanted: str) -> str:
    return f"{paths.LOGIN}?{urlencode({'next': wanted})}"


def _problem(status: int, line: str) -> Response:
    from ui.api.problems import problem

    return problem(status, line)


def _unauthorised(line: str) -> Response:
    response = _problem(401, line)
    response.headers["WWW-Authenticate"] = 'Bearer realm="luming"'
    return response
