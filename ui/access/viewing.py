"""From a request to who asks, and to the part of the library that they may see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from index.errors import LibraryError
from ui.access.model import ANONYMOUS, Principal, Right

if TYPE_CHECKING:
    from ui.access.accounts import Accounts
    from ui.access.audit import Action
    from ui.access.peers import Peer
    from ui.api.service import Service

SCOPE_KEY = "luming.principal"
"""Where the middleware puts who asks, in the ASGI scope of every request."""
ACCOUNTS_KEY = "luming.accounts"
"""Where it puts the accounts of the home."""
PEER_KEY = "luming.peer"
"""Where it puts from where the request comes."""


def principal_of(request: Any) -> Principal:
    """Who sent ``request``: a Starlette request, or Gradio's wrapper of one.

    The middleware is part of every server (see ui.server); a request that it has not looked at
    is of nobody, who may do nothing.
    """
    found = _scope(request).get(SCOPE_KEY)
    return found if isinstance(found, Principal) else ANONYMOUS


def service_for(service: Service, request: Any, right: Right = Right.READ) -> Service:
    """``service`` as whoever sent ``request`` sees it. Raises Forbidden without ``right``.

    Every page handler and route takes its service from here and nowhere else.
    """
    principal = principal_of(request)
    principal.require(right)
    return service.seen_by(principal)


def accounts_of(request: Any) -> Accounts:
    """The accounts of the home that ``request`` is for, on a server with the middleware."""
    accounts: Accounts = _scope(request)[ACCOUNTS_KEY]
    return accounts


def address_of(request: Any) -> str:
    """From where ``request`` comes, for the audit log; "" where that is not known."""
    peer: Peer | None = _scope(request).get(PEER_KEY)
    return peer.address if peer else ""


def record(request: Any, action: Action, object: str = "", detail: str = "") -> None:
    """Put into the audit log what whoever sent ``request`` has done.

    Nothing where there are no accounts. Raises LibraryError where the log can't be written: what
    must be logged is logged first.
    """
    accounts: Accounts | None = _scope(request).get(ACCOUNTS_KEY)
    if accounts is not None:
        accounts.record(principal_of(request), action, object, detail, address_of(request))


@contextmanager
def recorded(request: Any, action: Action, object: str = "", detail: str = "") -> Iterator[None]:
    """The body does what is put into the log before; what it refuses gets a line of its own."""
    record(request, action, object, detail)
    try:
        yield
    except LibraryError as error:
        record(request, action, object, f"{detail}：没有办成，{error.without_command}")
        raise


def _scope(request: Any) -> dict[str, Any]:
    plain = getattr(request, "request", None) or request
    scope: dict[str, Any] = plain.scope
    return scope
