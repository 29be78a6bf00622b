"""A small but real OpenID Connect provider on loopback: discovery, login form, code with PKCE,
signed ID tokens, keys. It checks what a provider must check, and lies when told to."""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT, SECRET = "luming", "sëcret with spaces&signs"


@dataclass
class Provider:
    """Who can log in at it (claims by name), and how it lies (claims put over the right ones)."""

    redirect_uri: str = ""
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)
    forge: str = ""  # "key": signed by another; "none": unsigned; "hmac": by the public key
    seen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self._codes: dict[str, dict[str, str]] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            """Its pages."""

            def do_GET(self) -> None:
                provider.get(self)

            def do_POST(self) -> None:
                provider.post(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """End it."""
        self.server.shutdown()
        self.server.server_close()

    def get(self, request: BaseHTTPRequestHandler) -> None:
        """Discovery, keys, and the login form."""
        parts = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            _send(request, 200, {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize?tenant=1",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            })  # fmt: skip
        elif parts.path == "/keys":
            _send(request, 200, KeySet([self.key]).as_dict(private=False))
        elif parts.path == "/authorize" and self._is_right(query):
            hidden = "".join(
                f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
                for name, value in query.items()
            )
            page = (
                '<!doctype html><html lang="zh"><title>统一认证</title><form method="post"'
                f' action="/authorize">{hidden}<label>工号 <input name="user"></label>'
                "<button>登录</button></form>"
            )
            _send(request, 200, page)
        else:
            _send(request, 400, {"error": "invalid_request"})

    def post(self, request: BaseHTTPRequestHandler) -> None:
        """The form that was filled in; the code for a token."""
        body = request.rfile.read(int(request.headers.get("Content-Length", "0"))).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        if urlsplit(request.path).path == "/authorize" and self._is_right(given):
            answer = {"state": given["state"], "iss": self.issuer}
            if given.get("user") in self.people:
                code = secrets.token_urlsafe(16)
                self._codes[code] = given
                answer["code"] = code
            else:
                answer["error"] = "access_denied"
            request.send_response(303)
            request.send_header("Location", f"{given['redirect_uri']}?{urlencode(answer)}")
            request.end_headers()
        elif request.path == "/token":
            self._token(request, given)
        else:
            _send(request, 400, {"error": "invalid_request"})

    def _is_right(self, query: dict[str, str]) -> bool:
        return (
            query.get("client_id") == CLIENT
            and query.get("redirect_uri") == self.redirect_uri
            and query.get("response_type") == "code"
            and "openid" in query.get("scope", "").split()
            and query.get("code_challenge_method") == "S256"
            and len(query.get("code_challenge", "")) == 43
            and len(query.get("state", "")) > 20
            and len(query.get("nonce", "")) > 20
        )

    def _token(self, request: BaseHTTPRequestHandler, given: dict[str, str]) -> None:
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        name, _, password = base64.b64decode(secret or "").decode().partition(":")
        if kind != "Basic" or (unquote_plus(name), unquote_plus(password)) != (CLIENT, SECRET):
            _send(request, 401, {"error": "invalid_client"})
            return
        asked = self._codes.pop(given.get("code", ""), None)
        if (
            asked is None
            or given.get("grant_type") != "authorization_code"
            or given.get("redirect_uri") != asked["redirect_uri"]
            or create_s256_code_challenge(given.get("code_verifier", "")) != asked["code_challenge"]
        ):
            _send(request, 400, {"error": "invalid_grant"})
            return
        self.seen.append(asked["user"])
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
            "nonce": asked["nonce"],
            "sub": f"id-{asked['user']}",
            **self.people[asked["user"]],
            **self.lies,
        }
        token = self._signed({name: value for name, value in claims.items() if value is not None})
        _send(request, 200, {"access_token": "x", "token_type": "Bearer", "id_token": token})

    def _signed(self, claims: dict[str, Any]) -> str:
        header = {"alg": "RS256", "kid": "one"}
        if self.forge == "key":
            return jwt.encode(header, claims, RSAKey.generate_key(2048, {"kid": "one"}))
        if self.forge == "hmac":
            public = OctKey.import_key(self.key.as_pem(private=False))
            return jwt.encode({"alg": "HS256", "kid": "one"}, claims, public, algorithms=["HS256"])
        if self.forge == "none":
            parts = (json.dumps({"alg": "none"}), json.dumps(claims))
            coded = (base64.urlsafe_b64encode(one.encode()).decode().rstrip("=") for one in parts)
            return ".".join([*coded, ""])
        return jwt.encode(header, claims, self.key)


def _send(request: BaseHTTPRequestHandler, status: int, body: Any) -> None:
    data = (body if isinstance(body, str) else json.dumps(body)).encode()
    kind = "text/html; charset=utf-8" if isinstance(body, str) else "application/json"
    request.send_response(status)
    request.send_header("Content-Type", kind)
    request.send_header("Content-Length", str(len(data)))
    request.end_headers()
    request.wfile.write(data)
