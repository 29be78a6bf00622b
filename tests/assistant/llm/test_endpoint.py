"""Words come through as they are said; everything else ends in one Chinese line."""

import threading
from collections.abc import Iterator

import pytest

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
from assistant.llm.endpoint import Endpoint
from tests.assistant.llm import server
from tests.assistant.llm.server import Model

SOON = Limits(connect_s=2, first_s=0.6, whole_s=3, retry_s=1, reply_chars=2000, reply_bytes=400_000)
ASKED = [{"role": "user", "content": "多少名党员？"}]


@pytest.fixture
def model() -> Iterator[Model]:
    with server.running() as running:
        yield running


def said(model: Model, key: str | None = None) -> str:
    return "".join(Endpoint(model.url, key, SOON).stream(ASKED, {"model": "m"}))


@pytest.mark.parametrize(
    "behave", [server.streams("有１.3万名。[1]"), server.whole("有１.3万名。[1]")]
)
def test_words_come_through(model: Model, behave: object) -> None:
    model.behaviours = [behave]  # type: ignore[list-item]
    assert said(model, "secret") == "有１.3万名。[1]"
    assert model.requests[0]["messages"] == ASKED
    assert model.requests[0]["stream"] is True
    assert model.headers[0]["Authorization"] == "Bearer secret"


def test_busy_is_tried_once_more(model: Model) -> None:
    busy = server.raw(b"", 429, Retry_After="0.2")
    model.behaviours = [busy, server.streams("好。[1]")]
    assert said(model) == "好。[1]"
    assert len(model.requests) == 2


@pytest.mark.parametrize("after", ["0", "600", "Wed, 21 Oct 2099 07:28:00 GMT"])
def test_always_busy_is_told(model: Model, after: str) -> None:
    model.behaviours = [server.raw(b"", 429, Retry_After=after)]
    with pytest.raises(EndpointBusy, match="限流"):
        said(model)
    assert len(model.requests) <= 2


@pytest.mark.parametrize(
    ("behave", "error"),
    [
        (server.raw(b"oops", 500), EndpointRefused),
        (server.raw(b"", 401), EndpointRefused),
        (server.raw(b"", 404), EndpointRefused),
        (server.raw(b"<html>login</html>", 200, "text/html"), EndpointRubbish),
        (server.raw(b"\xff\xfe\x00rubbish"), EndpointRubbish),
        (server.raw(b"[" * 100_000), EndpointRubbish),
        (server.raw(b'{"choices": "x"}'), EndpointRubbish),
        (server.raw(b'{"choices": [{"message": {"content": 5}}]}'), EndpointRubbish),
        (server.raw(b'{"choices": [{"message": {"content": ""}}]}'), EndpointRubbish),
        (server.raw(b'{"error": {"message": "no"}}'), EndpointRefused),
        (server.raw(b"data: {broken\n\n", 200, "text/event-stream"), EndpointRubbish),
        (server.raw(b"data: [DONE]\n\n", 200, "text/event-stream"), EndpointRubbish),
        (server.raw(b"x" * 500_000), ReplyTooLong),
        (server.raw(b"data: " + b"x" * 500_000, 200, "text/event-stream"), ReplyTooLong),
        (server.endless("很长" * 50), ReplyTooLong),
        (server.endless("", 0.05), EndpointSlow),
        (server.endless("慢", 0.3), EndpointSlow),
        (server.silent(10), EndpointSlow),
        (server.silent(10, "刚开始"), EndpointSlow),
        (server.breaks_off("说到一半"), EndpointAway),
    ],
)
def test_faults_are_told_apart(model: Model, behave: object, error: type[EndpointError]) -> None:
    model.behaviours = [behave]  # type: ignore[list-item]
    with pytest.raises(error) as told:
        said(model)
    assert any("\u4e00" <= char <= "\u9fff" for char in str(told.value))
    assert "127.0.0.1" not in str(told.value)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/v1", "ftp://127.0.0.1/v1", "not a url", "http://[::1/v1"]
)
def test_nobody_there(url: str) -> None:
    with pytest.raises(EndpointError):
        list(Endpoint(url, None, SOON).stream(ASKED, {}))


def test_giving_up_closes_the_connection(model: Model) -> None:
    model.behaviours = [server.endless("慢", 0.05)]
    words = Endpoint(model.url, None, SOON).stream(ASKED, {})
    assert next(words) == "慢"
    words.close()  # type: ignore[attr-defined]
    assert model.cut.wait(5)


def test_cancelling_while_the_model_thinks(model: Model) -> None:
    model.behaviours = [server.silent(10)]
    limits = Limits(connect_s=2, first_s=10, whole_s=10)
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    with pytest.raises(Cancelled):
        list(Endpoint(model.url, None, limits).stream(ASKED, {}, stop.is_set))
    assert model.cut.wait(5)
