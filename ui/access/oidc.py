"""Login by OpenID Connect: authorization code flow with PKCE, state and nonce.

OpenID Connect Core 1.0, 3.1; RFC 7636 (PKCE); RFC 9700 (current practice).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote_plus, urlsplit

from sqlalchemy import delete, select

from index.errors import LibraryError
from ui.access.errors import AccessError
from ui.access.paths import OIDC_CALLBACK, local_path
from ui.access.peers import is_loopback
from ui.access.secret import digest, new_secret, same
from ui.access.tables import pending_logins
from ui.access.vouching import Vouched, Vouching

if TYPE_CHECKING:
    from ui.access.accounts import Accounts
    from ui.access.people import User

log = logging.getLogger("luming.access")
_PATIENCE = timedelta(minutes=10)  # between the start of a login and the provider's answer
_MOST_PENDING = 2000  # everybody may start one
_TIMEOUT_S = 10.0
_REMEMBER_S = 3600.0  # the provider's own description
_LEEWAY_S = 60
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]


class LoginFailed(AccessError):
    """The provider's answer can't be used. ``reason`` is for the log, without secrets."""

    status = 401

    def __init__(self, reason: str) -> None:
        super().__init__("统一认证没有成功，请重新登录；如反复出现，请联系管理员。")
        self.reason = reason


class OpenIdConnect:
    """The provider that the settings name. Raises LibraryError where they are incomplete."""

    def __init__(self, accounts: Accounts) -> None:
        settings = accounts.settings
        self._accounts = accounts
        self._vouching = Vouching(accounts)
        self._issuer = settings.oidc_issuer or ""
        self._client_id = settings.oidc_client_id or ""
        secret = settings.oidc_client_secret
        self._secret = secret.get_secret_value() if secret else None
        if not self._client_id or not settings.public_url:
            raise LibraryError(
                "用统一认证（LUMING_OIDC_ISSUER）还要设置 LUMING_OIDC_CLIENT_ID 和 LUMING_PUBLIC_URL。"
            )
        self._callback = settings.public_url.rstrip("/") + OIDC_CALLBACK
        self._check_https(self._issuer)
        self._lock = threading.Lock()
        self._known: tuple[float, dict[str, Any]] | None = None

    def start(self, browser: str, wanted: str) -> str:
        """The provider's address to send the browser to; ``browser`` is the secret of its cookie.

        Raises LoginFailed when the provider can't be reached.
        """
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        state, nonce, verifier = new_secret(), new_secret(), new_secret()
        provider = self._provider()
        url = prepare_grant_uri(
            provider["authorization_endpoint"],
            self._client_id,
            "code",
            redirect_uri=self._callback,
            scope="openid profile",
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        now = self._accounts.clock()
        with self._accounts.database.writing() as connection:
            connection.execute(delete(pending_logins).where(pending_logins.c.expires <= now))
            newest = select(pending_logins.c.state).order_by(pending_logins.c.expires.desc())
            old = newest.offset(_MOST_PENDING).scalar_subquery()
            connection.execute(delete(pending_logins).where(pending_logins.c.state.in_(old)))
            connection.execute(
                pending_logins.insert().values(
                    state=digest(state),
                    browser=digest(browser),
                    nonce=nonce,
                    verifier=verifier,
                    next=local_path(wanted),
                    expires=now + _PATIENCE,
                )
            )
        return str(url)

    def finish(self, browser: str, answer: Mapping[str, str]) -> tuple[User, str]:
        """Who logged in, and the page they wanted, by the query of the provider's answer.

        Raises LoginFailed, NoAccount.
        """
        pending = self._take(answer.get("state", ""), browser)
        if "error" in answer or not answer.get("code"):
            raise LoginFailed("provider refused")
        # RFC 9207: a provider that names itself must be the one that was asked.
        if "iss" in answer and answer["iss"] != self._issuer:
            raise LoginFailed("answer of another issuer")
        claims = self._claims(answer["code"], pending.verifier, pending.nonce)
        vouched = self._vouched(claims)
        user = self._vouching.admit(vouched)
        self._vouching.bind(user, vouched.subject)
        return user, local_path(pending.next)

    def _take(self, state: str, browser: str) -> Any:
        """The login that waits for this answer, which is used up by that."""
        with self._accounts.database.writing() as connection:
            mine = pending_logins.c.state == digest(state)
            row = connection.execute(select(pending_logins).where(mine)).first()
            connection.execute(delete(pending_logins).where(mine))
        if row is None or row.expires <= self._accounts.clock():
            raise LoginFailed("unknown or old state")
        if not browser or not same(row.browser, digest(browser)):
            raise LoginFailed("state of another browser")
        return row

    def _claims(self, code: str, verifier: str, nonce: str) -> dict[str, Any]:
        body = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._callback,
            "code_verifier": verifier,
        }
        auth = None
        if self._secret is None:
            body["client_id"] = self._client_id
        else:  # RFC 6749, 2.3.1: both are form-encoded first
            auth = (quote_plus(self._client_id), quote_plus(self._secret))
        reply = self._request("POST", self._provider()["token_endpoint"], data=body, auth=auth)
        return self._checked(str(reply.get("id_token", "")), nonce)

    def _checked(self, id_token: str, nonce: str) -> dict[str, Any]:
        """The claims of an ID token (3.1.3.7). Raises LoginFailed."""
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        try:
            found = self._request("GET", self._provider()["jwks_uri"])
            keys = KeySet.import_key_set(cast(Any, found))
            token = jwt.decode(id_token, keys, algorithms=_ALGORITHMS)
            jwt.JWTClaimsRegistry(
                leeway=_LEEWAY_S,
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": self._client_id},
                exp={"essential": True},
                iat={"essential": True},
                sub={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(token.claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise LoginFailed(f"ID token: {type(error).__name__}") from error
        claims = dict(token.claims)
        if claims.get("azp", self._client_id) != self._client_id:
            raise LoginFailed("ID token for another client")
        return claims

    def _vouched(self, claims: Mapping[str, Any]) -> Vouched:
        settings = self._accounts.settings
        name = claims.get(settings.oidc_name_claim)
        if not isinstance(name, str) or not name.strip():
            raise LoginFailed(f"no claim {settings.oidc_name_claim}")
        display = claims.get("name")
        groups: frozenset[str] | None = None
        if settings.oidc_roles or settings.oidc_collections:
            given = claims.get(settings.oidc_groups_claim) or []
            listed = [given] if isinstance(given, str) else given
            groups = frozenset(str(one) for one in listed)
        subject = f"{self._issuer} {claims['sub']}"
        return Vouched(name, display if isinstance(display, str) else "", groups, subject)

    def _provider(self) -> dict[str, Any]:
        """The provider's description of itself (OpenID Connect Discovery 1.0, 4)."""
        with self._lock:
            if self._known is None or time.monotonic() - self._known[0] > _REMEMBER_S:
                url = self._issuer.rstrip("/") + "/.well-known/openid-configuration"
                found = self._request("GET", url)
                if found.get("issuer") != self._issuer:
                    raise LoginFailed("discovery names another issuer")
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    self._check_https(str(found.get(name, "")))
                self._known = (time.monotonic(), found)
            return self._known[1]

    @staticmethod
    def _request(method: str, url: str, **given: Any) -> dict[str, Any]:
        """A JSON object of the provider. Raises LoginFailed."""
        import httpx

        try:
            reply = httpx.request(method, url, timeout=_TIMEOUT_S, **given)
            reply.raise_for_status()
            found = reply.json()
        except (httpx.HTTPError, ValueError) as error:
            raise LoginFailed(f"{urlsplit(url).path}: {type(error).__name__}") from error
        if not isinstance(found, dict):
            raise LoginFailed(f"{urlsplit(url).path}: no JSON object")
        return found

    @staticmethod
    def _check_https(url: str) -> None:
        parts = urlsplit(url)
        local = parts.hostname == "localhost" or is_loopback(parts.hostname or "")
        if parts.scheme != "https" and not (parts.scheme == "http" and local):
            raise LibraryError("统一认证的地址（LUMING_OIDC_ISSUER）必须以 https:// 开头。")
