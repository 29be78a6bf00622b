"""Whether the server lives and can answer, its figures, and errors that every route shares."""

from __future__ import annotations

import re

import httpx
import pytest
from fastapi.testclient import TestClient

from index.settings import Settings
from tests.ui.api.conftest import SECRET, Desk, make_app, problem
from ui.access.accounts import Accounts
from ui.api.service import Service


def test_a_server_that_can_answer_is_ready(desk: Desk) -> None:
    with desk.client("nobody") as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        ready = client.get("/readyz")
        assert ready.status_code == 200 and ready.json()["status"] == "ready"
        assert {one["name"]: one["ok"] for one in ready.json()["checks"]} == {
            "library": True,
            "encoder": True,
        }


def test_a_library_that_cannot_be_read_is_not_ready(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "catalog.db").write_bytes(b"no database" * 1000)
    service = Service(Settings(home=tmp_path))
    app, _ = make_app(service, Accounts(service.settings))
    here = {"base_url": "http://127.0.0.1", "client": ("127.0.0.1", 1)}
    with TestClient(app, raise_server_exceptions=False, **here) as client:  # type: ignore[arg-type]
        assert client.get("/healthz").status_code == 200
        reply = client.get("/readyz")
        assert reply.status_code == 503
        failed = next(one for one in reply.json()["checks"] if one["name"] == "library")
        assert not failed["ok"] and "管理员" in failed["detail"]
        found = client.get("/api/v1/documents")
        assert found.status_code == 503 and "doctor" in found.json()["detail"]
        assert str(tmp_path) not in reply.text + found.text
    service.close()


def test_figures_are_for_administrators_and_name_no_one(
    desk: Desk, admin: httpx.Client, reader: httpx.Client
) -> None:
    problem(reader.get("/metrics"), 403)
    question = f"{SECRET}线索由谁保管？"
    admin.post("/api/v1/ask", json={"question": question})
    number = admin.get("/api/v1/documents").json()["documents"][0]["document_id"]
    admin.get(f"/api/v1/documents/{number}")
    reply = admin.get("/metrics")
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    figures = dict(
        re.findall(r"^(luming_\w+(?:\{[^}]*\})?) ([0-9.e+]+)$", reply.text, re.MULTILINE)
    )
    assert float(figures["luming_documents"]) >= 4 and float(figures["luming_passages"]) > 4
    assert float(figures['luming_asks_total{channel="api",outcome="answered"}']) >= 1
    route = '{method="GET",route="/api/v1/documents/{document_id}"'
    assert any(name.startswith("luming_http_requests_total" + route) for name in figures) or (
        f"luming_http_requests_total{route}" in reply.text
    )
    assert 'luming_jobs{state="done"}' in figures
    assert number not in reply.text and SECRET not in reply.text and "线索" not in reply.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("DELETE", "/api/v1/ask", 405),
        ("PUT", "/api/v1/documents/abc", 405),
        ("POST", "/healthz", 405),
        ("GET", "/v1/chat/completions", 405),
        ("GET", "/api/v1/ask/%2e%2e/%2e%2e/etc/passwd", 404),
        ("GET", "/api/v1/documents/..%2f..%2fetc%2fpasswd/original", 404),
        ("GET", "/api/v1/search?q=%00", 422),
        ("GET", "/api/v1/search?q=a&as_of=99999-01-01", 422),
    ],
)
def test_errors_are_problems(admin: httpx.Client, method: str, path: str, status: int) -> None:
    reply = admin.request(method, path)
    problem(reply, status)
    if status == 405:
        assert reply.headers["allow"]


def test_a_body_above_the_limit_is_not_read(admin: httpx.Client) -> None:
    def endless():  # type: ignore[no-untyped-def]
        for _ in range(200):
            yield b'{"question": "' + b"x" * 65536

    json_body = {"Content-Type": "application/json"}
    for address in ("/api/v1/ask", "/v1/chat/completions", "/api/v1/feedback"):
        big = b'{"question": "' + b"x" * (1 << 20) + b'"}'
        problem(admin.post(address, content=big, headers=json_body), 413)
        problem(admin.post(address, content=endless(), headers=json_body), 413)


def test_what_nobody_foresaw_is_a_problem_with_an_id(
    desk: Desk, admin: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("/secret/path is broken")

    monkeypatch.setattr(desk.service.library, "find", broken)
    reply = admin.get("/api/v1/search", params={"q": "值班"})
    problem(reply, 500)
    assert "secret" not in reply.text and reply.headers["x-request-id"]
    monkeypatch.setattr(desk.service.asking.answerer, "answer", broken)
    with admin.stream("POST", "/api/v1/ask/stream", json={"question": "值班？"}) as stream:
        text = "".join(stream.iter_lines())
    assert "event: error" in text and "secret" not in text


def test_feedback_goes_to_the_answer_and_no_further(
    admin: httpx.Client, reader: httpx.Client
) -> None:
    answer = reader.post("/api/v1/ask", json={"question": "请假3天以上由谁批准？"}).json()
    said = {"question_id": answer["question_id"], "verdict": "有用"}
    assert reader.post("/api/v1/feedback", json=said).json()["id"] >= 1
    problem(reader.post("/api/v1/feedback", json={**said, "question_id": "没有"}), 404)
    other = admin.post("/api/v1/ask", json={"question": f"{SECRET}线索由谁保管？"}).json()
    problem(
        reader.post("/api/v1/feedback", json={**said, "question_id": other["question_id"]}), 404
    )


def test_gaps_are_grouped_dismissed_and_reopened(
    operator: httpx.Client, reader: httpx.Client
) -> None:
    reader.post("/api/v1/ask", json={"question": "办公室复印机的型号是什么？"})
    gap = next(one for one in operator.get("/api/v1/gaps").json()["gaps"] if "复印机" in one["q"])
    assert operator.post(f"/api/v1/gaps/{gap['id']}/dismiss").status_code == 204
    assert all(one["id"] != gap["id"] for one in operator.get("/api/v1/gaps").json()["gaps"])
    hidden = operator.get("/api/v1/gaps", params={"status": "dismissed"}).json()["gaps"]
    assert gap["id"] in {one["id"] for one in hidden}
    assert operator.post(f"/api/v1/gaps/{gap['id']}/reopen").status_code == 204
    problem(operator.post("/api/v1/gaps/99999/dismiss"), 404)
    problem(reader.post(f"/api/v1/gaps/{gap['id']}/dismiss"), 403)
