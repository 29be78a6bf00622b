"""POST /chat/completions with every bound that a stranger's server makes necessary.

The protocol is OpenAI's: server-sent events ``data: {json}`` up to ``data: [DONE]``, or one JSON
object from a server that does not stream. Reading runs in a thread of its own, so that waiting can
be given up at any moment; giving up closes the connection, which tells the server to stop.
"""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assistant.llm.base import (
    Cancelled,
    EndpointAway,
    EndpointBusy,
    EndpointError,
    EndpointRefused,
    EndpointRubbish,
    EndpointSlow,
    Limits,
    ReplyTooLong,
)

if TYPE_CHECKING:
    import httpx

_LONGEST_LINE = 1_000_000  # bytes of one event
_LOOK_S = 0.1  # how often a waiting asker looks whether to give up
_SIGN_S = 1.0  # how often an empty piece lets the asker look up
_BUSY = (429, 503)
_STATUS = {
    401: "密钥不对或没有权限，请检查 LUMING_LLM_API_KEY",
    403: "密钥不对或没有权限，请检查 LUMING_LLM_API_KEY",
    404: "接口地址或模型名称不对，请检查 LUMING_LLM_BASE_URL 和 LUMING_LLM_MODEL",
}
Message = Mapping[str, str]


class _Retry(Exception):
    def __init__(self, after: float) -> None:
        self.after = after


class Endpoint:
    """One endpoint. Safe to share between threads; every call opens its own connection."""

    def __init__(self, base_url: str, api_key: str | None = None, limits: Limits | None = None):
        self._url = base_url.rstrip("/") + "/chat/completions"
        self._headers = {"Accept": "text/event-stream, application/json"}
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"
        self.limits = limits or Limits()

    def stream(
        self,
        messages: Sequence[Message],
        options: Mapping[str, Any],
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[str]:
        """The pieces of the reply as they come, and an empty one each second without any.

        ``options`` go into the request (model, temperature …). Busy (429, 503) is tried once more
        after the time the server names. Raises :class:`EndpointError`; closing the iterator, or
        ``cancelled`` becoming true, ends the connection.
        """
        body = {**options, "messages": [dict(m) for m in messages], "stream": True}
        deadline = time.monotonic() + self.limits.whole_s
        try:
            yield from self._once(body, deadline, cancelled)
        except _Retry as retry:
            if retry.after > self.limits.retry_s or time.monotonic() + retry.after >= deadline:
                raise EndpointBusy("大模型接口正忙（限流）") from None
            _wait(retry.after, cancelled)
            try:
                yield from self._once(body, deadline, cancelled)
            except _Retry:
                raise EndpointBusy("大模型接口正忙（限流）") from None

    def _once(
        self, body: Mapping[str, Any], deadline: float, cancelled: Callable[[], bool]
    ) -> Iterator[str]:
        reading = _Reading(self._url, self._headers, body, self.limits)
        reading.start()
        count, last = 0, time.monotonic()
        sign = last
        try:
            while True:
                try:
                    piece = reading.pieces.get(timeout=_LOOK_S)
                except queue.Empty:
                    piece = ""
                now = time.monotonic()
                if isinstance(piece, BaseException):
                    raise piece
                if piece is None:
                    if not count:
                        raise EndpointRubbish("大模型没有说话")
                    return
                if cancelled():
                    raise Cancelled("已取消")
                if now >= deadline or (now - last >= self.limits.first_s and not piece):
                    raise EndpointSlow("大模型太慢，没有等它说完")
                if not piece and now - sign >= _SIGN_S:
                    sign = now
                    yield ""
                if piece:
                    last = sign = now
                    count += len(piece)
                    if count > self.limits.reply_chars:
                        raise ReplyTooLong("大模型的回复长得不正常")
                    yield piece
        finally:
            reading.abort()


def _wait(seconds: float, cancelled: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if cancelled():
            raise Cancelled("已取消")
        time.sleep(min(_LOOK_S, left))


class _Reading(threading.Thread):
    """Reads one reply into ``pieces``: words, then None for the end or what went wrong."""

    def __init__(
        self, url: str, headers: Mapping[str, str], body: Mapping[str, Any], limits: Limits
    ) -> None:
        super().__init__(daemon=True, name="luming-llm")
        self.pieces: queue.Queue[str | BaseException | None] = queue.Queue(maxsize=1000)
        self._url, self._headers, self._body, self._limits = url, dict(headers), body, limits
        self._streams: list[Any] = []
        self._over = threading.Event()

    def abort(self) -> None:
        """Close the connection, whatever it is doing."""
        self._over.set()
        for stream in self._streams:
            with contextlib.suppress(OSError, AttributeError):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    def run(self) -> None:
        """Never raises; what went wrong is the last piece."""
        import httpx

        limits = self._limits
        timeout = httpx.Timeout(limits.first_s, connect=limits.connect_s)
        try:
            # No proxy or credentials of the environment: the address is an office's own.
            with (
                httpx.Client(timeout=timeout, trust_env=False) as client,
                client.stream(
                    "POST",
                    self._url,
                    json=self._body,
                    headers=self._headers,
                    extensions={"trace": self._trace},
                ) as response,
            ):
                self._read(response)
            self._put(None)
        except (EndpointError, _Retry) as error:
            self._put(error)
        except httpx.TimeoutException:
            self._put(EndpointSlow("大模型太慢，没有等它说完"))
        except (httpx.ConnectError, httpx.InvalidURL, httpx.UnsupportedProtocol):
            self._put(EndpointAway("连不上大模型接口"))
        except (httpx.HTTPError, OSError):
            self._put(EndpointAway("和大模型接口的连接断了"))
        except Exception as error:
            self._put(EndpointRubbish(f"大模型接口的回复读不懂（{type(error).__name__}）"))

    def _trace(self, name: str, info: Mapping[str, Any]) -> None:
        if name.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._streams.append(info["return_value"])
            if self._over.is_set():
                self.abort()

    def _put(self, piece: str | BaseException | None) -> None:
        while not self._over.is_set():
            with contextlib.suppress(queue.Full):
                self.pieces.put(piece, timeout=_LOOK_S)
                return

    def _read(self, response: httpx.Response) -> None:
        if response.status_code in _BUSY:
            raise _Retry(_retry_after(response.headers.get("retry-after")))
        if response.status_code != 200:
            cause = _STATUS.get(response.status_code, "大模型接口出错")
            raise EndpointRefused(f"{cause}（HTTP {response.status_code}）")
        kind = response.headers.get("content-type", "").lower()
        if "html" in kind:
            raise EndpointRubbish(
                "接口地址给的是网页，不是大模型的回复，请检查 LUMING_LLM_BASE_URL"
            )
        if "event-stream" in kind:
            self._events(response)
        else:
            self._whole(response)

    def _events(self, response: httpx.Response) -> None:
        for line in _lines(self._bytes(response)):
            if self._over.is_set():
                return
            if not line.startswith(b"data:"):
                continue  # event names, comments, blank lines
            data = line[5:].strip()
            if data == b"[DONE]":
                return
            self._put(_words(_json(data), "delta"))

    def _whole(self, response: httpx.Response) -> None:
        words = _words(_json(b"".join(self._bytes(response))), "message")
        if not words.strip():
            raise EndpointRubbish("大模型没有说话")
        self._put(words)

    def _bytes(self, response: httpx.Response) -> Iterator[bytes]:
        size = 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > self._limits.reply_bytes:
                raise ReplyTooLong("大模型的回复长得不正常")
            yield chunk


def _lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (line.rstrip(b"\r") for line in lines)
        if len(rest) > _LONGEST_LINE:
            raise ReplyTooLong("大模型的回复长得不正常")
    if rest:
        yield rest


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise EndpointRubbish("大模型接口的回复不是 JSON") from error


def _words(reply: Any, key: str) -> str:
    """The words of an event (``delta``) or of a whole reply (``message``)."""
    if isinstance(reply, dict) and reply.get("error"):
        raise EndpointRefused("大模型接口报错")
    try:
        choices = reply["choices"]
        if not choices:
            return ""  # an event with the usage only
        content = choices[0][key].get("content")
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise EndpointRubbish("大模型接口的回复缺少内容") from error
    if content is None:
        return ""
    if not isinstance(content, str):
        raise EndpointRubbish("大模型接口的回复不是文字")
    return content


def _retry_after(value: str | None) -> float:
    """Seconds; a date or nothing counts as one second."""
    try:
        return max(0.0, float(value or 1))
    except ValueError:
        return 1.0
