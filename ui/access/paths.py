"""Which addresses are open to everybody, and which take a token: the one place that says so."""

from __future__ import annotations

from urllib.parse import urlsplit

LOGIN = "/login"
LOGOUT = "/logout"
ACCOUNT = "/account"
OIDC_START = "/login/oidc"
OIDC_CALLBACK = "/login/oidc/callback"

#: Open to whoever has not logged in.
PUBLIC = frozenset({LOGIN, OIDC_START, OIDC_CALLBACK, "/healthz", "/readyz"})
#: The same, with all below: style and pictures of the login page; rooms of a live quiz.
PUBLIC_BELOW = ("/luming/", "/room/")
#: For probes, which know the machine by its number only.
ANY_HOST = frozenset({"/healthz", "/readyz"})
#: Where a bearer token counts. A token in a request for anything else is not looked at.
BEARER_BELOW = ("/api/", "/v1/", "/mcp/", "/metrics/")
#: Read by programs and scripts: they are told 401, not sent to a form.
MACHINE_BELOW = (*BEARER_BELOW, "/gradio_api/", "/config/", "/info/", "/queue/")
#: Open to somebody who must change the password first.
BEFORE_CHANGE = frozenset({ACCOUNT, "/account/password", LOGOUT})

_LONGEST_NEXT = 2000


def is_public(path: str) -> bool:
    """Whether everybody may ask for it."""
    return path in PUBLIC or path.startswith(PUBLIC_BELOW)


def takes_bearer(path: str) -> bool:
    """Whether a bearer token counts here."""
    return f"{path}/".startswith(BEARER_BELOW)


def is_for_machines(path: str) -> bool:
    """Whether a program reads what comes back."""
    return f"{path}/".startswith(MACHINE_BELOW)


def local_path(wanted: str) -> str:
    """``wanted`` if it is a place on this server to go to after the login, else "/".

    A browser takes ``//host``, ``/\\host`` and ``/<tab>/host`` for another server.
    """
    bad = not wanted.startswith("/") or len(wanted) > _LONGEST_NEXT or not wanted.isprintable()
    if bad or wanted.startswith("//") or "\\" in wanted:
        return "/"
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return "/"
    if parts.scheme or parts.netloc or parts.path.startswith((LOGIN, LOGOUT)):
        return "/"
    return wanted
