"""Asking over REST: whole answers, steps on the way, rights, and too many at once."""

from __future__ import annotations

import asyncio
import json
import threading

import httpx
import pytest

from assistant.answer import Answer
from assistant.streaming import AnswerStep
from tests.ui.api import loops
from tests.ui.api.conftest import DISCIPLINE, OFFICE, SECRET, Desk, events, problem
from ui.api.slots import Slots, TooBusy

QUESTION = "请假3天以上由谁批准？"


def test_an_answer_quotes_the_text_at_its_range(reader: httpx.Client) -> None:
    answer = reader.post("/api/v1/ask", json={"question": QUESTION}).json()
    assert not answer["abstained"] and "分管领导" in answer["sentences"][0]["text"]
    cited = answer["citations"][0]
    span = {"start": cited["start"], "end": cited["end"]}
    part = reader.get(f"/api/v1/documents/{cited['document_id']}/text", params=span).json()
    assert part["text"] == cited["quote"] and part["next"] is None


def test_a_stream_ends_with_the_same_answer(reader: httpx.Client) -> None:
    whole = reader.post("/api/v1/ask", json={"question": QUESTION}).json()
    with reader.stream("POST", "/api/v1/ask/stream", json={"question": QUESTION}) as reply:
        assert reply.headers["content-type"].startswith("text/event-stream")
        found = list(events(reply.iter_lines()))
    name, data = found[-1]
    assert name == "answer"
    streamed = json.loads(data)
    assert streamed["sentences"] == whole["sentences"]
    assert streamed["citations"] == whole["citations"]


def test_what_cannot_be_asked_is_no_stream(reader: httpx.Client) -> None:
    problem(reader.post("/api/v1/ask/stream", json={"question": "  "}), 422)
    lost = {"question": QUESTION, "collections": ["没有"]}
    problem(reader.post("/api/v1/ask/stream", json=lost), 404)


def test_another_departments_rules_do_not_exist(reader: httpx.Client, admin: httpx.Client) -> None:
    asked = {"question": f"{SECRET}线索由谁保管？"}
    assert "第三监督室" in admin.post("/api/v1/ask", json=asked).text
    assert "第三监督室" not in reader.post("/api/v1/ask", json=asked).text
    with reader.stream("POST", "/api/v1/ask/stream", json=asked) as reply:
        assert "第三监督室" not in "".join(reply.iter_lines())
    found = reader.get("/api/v1/search", params={"q": "线索"}).text
    assert SECRET not in found
    known = {"question": QUESTION, "collections": [DISCIPLINE]}
    line = problem(reader.post("/api/v1/ask", json=known), 404)["detail"]
    unknown = {"question": QUESTION, "collections": ["没有这个"]}
    other = problem(reader.post("/api/v1/ask", json=unknown), 404)["detail"]
    assert line.replace(DISCIPLINE, "X") == other.replace("没有这个", "X")  # the same for both
    assert reader.get("/api/v1/collections").json() == {
        "collections": [{"name": OFFICE, "documents": 3}]
    }


def test_without_the_right_nothing_is_answered(desk: Desk) -> None:
    with desk.client("nobody") as client:
        for path in ("/api/v1/search?q=值班", "/api/v1/documents", "/v1/models"):
            assert "查阅" in problem(client.get(path), 403)["detail"]
        problem(client.post("/api/v1/ask", json={"question": QUESTION}), 403)


class SlowAnswerer:
    """Answers in steps, as one with a language model does, until nobody listens."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self.go_on = threading.Event()

    def answer(self, question: str, flt: object = None, **_: object) -> Answer:
        return Answer(question=question, abstained=True, message="没有依据。")

    def answer_stream(self, question: str, flt: object = None, context: object = ()):  # type: ignore[no-untyped-def]
        try:
            yield AnswerStep("正在核对第 1 句")
            for number in range(2, 2000):
                self.go_on.wait(0.01)
                yield AnswerStep(f"正在核对第 {number} 句")
            yield AnswerStep("", self.answer(question), done=True)
        finally:
            self.ended.set()


def test_steps_are_sent_and_leaving_ends_the_work(
    desk: Desk, admin: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = SlowAnswerer()
    monkeypatch.setattr(desk.service.asking, "answerer", slow)
    with admin.stream("POST", "/api/v1/ask/stream", json={"question": QUESTION}) as reply:
        coming = events(reply.iter_lines())
        name, data = next(coming)
        assert name == "progress" and "正在核对" in json.loads(data)["progress"]
        assert desk.api.slots.held_now == 1
    assert slow.ended.wait(20)
    for _ in range(200):
        if not desk.api.slots.held_now:
            break
        threading.Event().wait(0.05)
    assert desk.api.slots.held_now == 0  # its place is free again


def test_a_long_question_keeps_no_other_request_waiting(
    desk: Desk, admin: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = SlowAnswerer()
    monkeypatch.setattr(desk.service.asking, "answerer", slow)
    body = {"question": QUESTION}
    with admin.stream("POST", "/api/v1/ask/stream", json=body) as reply:
        coming = events(reply.iter_lines())
        assert next(coming)[0] == "progress"
        with desk.client("reader") as other:
            assert other.get("/healthz").json() == {"status": "ok"}
            assert not other.post("/api/v1/ask", json=body).json()["abstained"]
        assert next(coming)[0] == "progress"  # and it still goes on


def test_too_many_askers_are_told_when_to_come_back() -> None:
    async def crowd() -> TooBusy:
        slots = Slots(running=1, waiting=1, patience=0.2)
        async with slots.held():
            waiting = asyncio.create_task(slots._take())
            await asyncio.sleep(0.01)
            with pytest.raises(TooBusy) as sent_away:
                await slots._take()
            with pytest.raises(TooBusy):
                await waiting
        async with slots.held():
            assert slots.held_now == 1
        return sent_away.value

    assert "秒后再试" in str(loops.run(crowd()))


def test_a_full_house_answers_503_with_retry_after(desk: Desk, admin: httpx.Client) -> None:
    full = Slots(running=1, waiting=0)
    old, desk.api.slots = desk.api.slots, full
    try:
        reply = admin.post("/api/v1/ask", json={"question": QUESTION})
        problem(reply, 503)
        assert int(reply.headers["retry-after"]) > 0
    finally:
        desk.api.slots = old


def test_every_reply_has_an_id_and_takes_over_a_given_one(admin: httpx.Client) -> None:
    assert len(admin.get("/healthz").headers["x-request-id"]) == 16
    for given, kept in (("abc-1.2", True), ("x" * 100, False), ('"<b>', False)):
        reply = admin.get("/api/v1/health", headers={"X-Request-ID": given})
        assert (reply.headers["x-request-id"] == given) is kept
