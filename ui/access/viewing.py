"""From a request to who asks, and to the part of the library that they may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ui.access.model import AT_THE_MACHINE, Principal, Right

if TYPE_CHECKING:
    from ui.api.service import Service

SCOPE_KEY = "luming.principal"
"""Where the middleware puts who asks, in the ASGI scope of every request."""


def principal_of(request: Any) -> Principal:
    """Who sent ``request``: a Starlette request, or Gradio's wrapper of one.

    A request that no middleware has looked at is of the person at the machine only where
    accounts are switched off (the middleware is part of every server, see ui.server).
    """
    plain = getattr(request, "request", None) or request
    found = plain.scope.get(SCOPE_KEY)
    return found if isinstance(found, Principal) else AT_THE_MACHINE


def service_for(service: Service, request: Any, right: Right = Right.READ) -> Service:
    """``service`` as whoever sent ``request`` sees it. Raises Forbidden without ``right``.

    Every page handler and route takes its service from here and nowhere else.
    """
    principal = principal_of(request)
    principal.require(right)
    return service.seen_by(principal)
