"""What can go wrong with a model's endpoint, in words for the reader."""

from __future__ import annotations

from dataclasses import dataclass


class EndpointError(OSError):
    """The endpoint gave no usable reply. ``str()`` is the cause in Chinese, for a note."""


class EndpointAway(EndpointError):
    """No connection."""


class EndpointSlow(EndpointError):
    """Too slow: to connect, to begin, or in all."""


class EndpointBusy(EndpointError):
    """429 or 503, also after the one retry."""


class EndpointRefused(EndpointError):
    """Another HTTP status: a wrong key, a wrong model, an error of the server."""


class EndpointRubbish(EndpointError):
    """The reply is not the protocol's: HTML, broken JSON, nothing at all."""


class ReplyTooLong(EndpointError):
    """The reply never ends, or is far too long for an answer."""


class Cancelled(EndpointError):
    """The asker no longer waits."""


@dataclass(frozen=True)
class Limits:
    """Seconds and sizes that one reply may take.

    ``first_s``: until the first word, and between two; ``whole_s``: from asking to the end, with
    the retry; ``retry_s``: the longest Retry-After that is waited for.
    """

    connect_s: float = 5.0
    first_s: float = 30.0
    whole_s: float = 90.0
    retry_s: float = 5.0
    reply_chars: int = 20_000
    reply_bytes: int = 8_000_000
