"""Where a request really comes from and by which name it asks for this server."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.errors import LibraryError, shorten

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

    from index.settings import Settings

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_FORWARDING = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
Network = IPv4Network | IPv6Network


def is_loopback(address: str) -> bool:
    """Whether an IP address is this machine's own, of which no other can ask."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback


@dataclass(frozen=True)
class Peer:
    """``address``: of who asks, as far as known; ``direct``: of who connected; ``secure``: whether
    the browser speaks https; ``forwarded``: whether a proxy says that it asks for another."""

    address: str
    direct: str
    secure: bool
    forwarded: bool


class Peers:
    """What the settings say of proxies and host names. Raises LibraryError where they are wrong."""

    def __init__(self, settings: Settings) -> None:
        self._sso = _networks("LUMING_SSO_PROXIES", settings.sso_proxies)
        self._proxies = [*_networks("LUMING_PROXIES", settings.proxies), *self._sso]
        public = urlsplit(settings.public_url or "")
        if settings.public_url and (public.scheme not in ("http", "https") or not public.hostname):
            raise LibraryError("设置 LUMING_PUBLIC_URL 的值不对，请写成 https://主机名。")
        self._public_secure = public.scheme == "https"
        self._public_netloc = public.netloc.lower()
        named = {_host_of(one) for one in settings.allowed_hosts}
        self._named = named | ({public.hostname.lower()} if public.hostname else set())

    def of(self, connection: HTTPConnection) -> Peer:
        """Who asks. What a proxy passes on counts only from a configured one."""
        direct = connection.client.host if connection.client else ""
        headers = connection.headers
        forwarded = any(name in headers for name in _FORWARDING)
        address, secure = direct, connection.scope.get("scheme") in ("https", "wss")
        if self._within(direct, self._proxies):
            secure = secure or headers.get("x-forwarded-proto", "").strip().lower() == "https"
            # From the right: the first that is no proxy of ours; what stands left of it is a claim.
            for one in reversed(headers.get("x-forwarded-for", "").split(",")):
                if not _is_address(one.strip()):
                    break
                address = one.strip()
                if not self._within(address, self._proxies):
                    break
        return Peer(address, direct, secure or self._public_secure, forwarded)

    def may_vouch(self, peer: Peer) -> bool:
        """Whether who connected is a gateway of single sign-on."""
        return self._within(peer.direct, self._sso)

    def knows_host(self, host: str, *, strict: bool) -> bool:
        """Whether this server goes by the name of a Host header.

        ``strict``: only by this machine's own names and those set. Otherwise any name is right
        where none is set: cookies bind a session to the name that it was opened by.
        """
        name = _host_of(host)
        if not name:
            return False
        return name in LOOPBACK_NAMES or name in self._named or not (strict or self._named)

    def same_origin(self, origin: str, host: str) -> bool:
        """Whether an Origin header is of the server's own pages."""
        netloc = urlsplit(origin).netloc.lower() if "://" in origin else ""
        return bool(netloc) and netloc in (host.lower(), self._public_netloc)

    @staticmethod
    def _within(address: str, networks: Iterable[Network]) -> bool:
        try:
            found = ip_address(address)
        except ValueError:
            return False
        found = getattr(found, "ipv4_mapped", None) or found
        return any(found in network for network in networks)


def _networks(name: str, written: Iterable[str]) -> list[Network]:
    try:
        return [ip_network(one.strip(), strict=False) for one in written]
    except ValueError as error:
        raise LibraryError(
            f"设置 {name} 的值不对（{shorten(str(error), 80)}），"
            '请写成地址或网段的列表，例如 ["10.0.0.5"]。'
        ) from error


def _host_of(host: str) -> str:
    """Without port and brackets, in lower case; "" for what is no host."""
    try:
        return (urlsplit(f"//{host.strip()}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
