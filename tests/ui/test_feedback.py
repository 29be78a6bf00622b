"""有用 / 有误: over REST, by clicks in a real browser, and `luming feedback`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.conftest import ARTEFACTS, Server, ask, ingest, start_server, watched, write_office
from tests.ui.test_cli import Office

REPORTS = "机关纪委多久向上级报告一次工作？"
REFUSED = "机关纪委书记的手机号码是多少？"


@pytest.fixture(scope="module")
def own_office(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Server]:
    """A server of its own, so that other tests' questions are not in the log."""
    base = tmp_path_factory.mktemp("评价")
    ingest(base / "home", [write_office(base / "files", browser)], "制度办法")
    server = start_server(base / "home")
    yield server
    server.stop()


@pytest.fixture
def client(own_office: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=own_office.url, timeout=60, trust_env=False) as made:
        yield made


@pytest.fixture
def own_page(browser: Browser, own_office: Server) -> Iterator[Page]:
    yield from watched(browser, own_office.url, 1280)


def listed(server: Server) -> list[dict]:
    from assistant.activity.database import ActivityDatabase
    from assistant.activity.feedback import FeedbackStore
    from ui.render.feedback import feedback_object

    database = ActivityDatabase(server.home)
    try:
        return [feedback_object(one) for one in FeedbackStore(database).listed()]
    finally:
        database.close()


def test_rest_takes_a_verdict_on_an_answer(client: httpx.Client, own_office: Server) -> None:
    answer = client.post("/api/v1/ask", json={"question": REPORTS}).json()
    body = {"question_id": answer["question_id"], "verdict": "有误", "reason": "<b>旧</b>"}
    reply = client.post("/api/v1/feedback", json=body)
    assert reply.status_code == 201 and reply.json()["id"] >= 1
    newest = listed(own_office)[0]
    assert (newest["q"], newest["verdict"], newest["reason"]) == (REPORTS, "wrong", "<b>旧</b>")
    assert newest["citations"][0]["path"].endswith("第三条")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"question_id": "nothing", "verdict": "useful"}, 404),
        ({"question_id": "x", "verdict": "nice"}, 422),
        ({"verdict": "useful"}, 422),
        ({"question_id": "x", "verdict": "wrong", "reason": "长" * 5_000}, 422),
    ],
)
def test_rest_says_what_is_wrong(client: httpx.Client, body: dict, status: int) -> None:
    reply = client.post("/api/v1/feedback", json=body)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert any("\u4e00" <= char <= "\u9fff" for char in reply.json()["detail"])


def test_another_sites_form_is_not_taken(client: httpx.Client) -> None:
    """A form can be posted from any page; JSON of another origin needs our leave first."""
    answer = client.post("/api/v1/ask", json={"question": REPORTS}).json()
    body = json.dumps({"question_id": answer["question_id"], "verdict": "wrong"})
    reply = client.post("/api/v1/feedback", content=body, headers={"Content-Type": "text/plain"})
    assert reply.status_code == 422


def test_useful_by_a_click(own_page: Page, own_office: Server) -> None:
    ask(own_page, REPORTS)
    own_page.click(".lm-feedback [data-verdict=useful]")
    expect(own_page.locator(".lm-thanks")).to_have_text("已记下，谢谢。")
    assert listed(own_office)[0]["verdict"] == "useful"


def test_wrong_with_reason_and_source(own_page: Page, own_office: Server) -> None:
    ask(own_page, REPORTS)
    own_page.click(".lm-feedback [data-verdict=wrong]")
    own_page.click(".lm-reasons >> text=规定已过时")
    own_page.fill(".lm-feedback [name=reason]", "应是每季度")
    own_page.fill(".lm-feedback [name=gold]", "《新办法》第九条")
    own_page.screenshot(path=str(_artefact("feedback-1280-light")))
    own_page.click(".lm-feedback [type=submit]")
    expect(own_page.locator(".lm-thanks")).to_have_text("已记下，谢谢。")
    newest = listed(own_office)[0]
    assert newest["reason"] == "规定已过时；应是每季度"
    assert newest["gold"] == "《新办法》第九条"


def test_a_refusal_suggests_questions_that_a_click_asks(own_page: Page) -> None:
    ask(own_page, REFUSED)
    card = own_page.locator(".lm-answer")
    expect(card).to_have_attribute("data-abstained", "true")
    expect(card.locator(".lm-refusal")).to_contain_text("没有找到“机关纪委书记的手机号码”")
    own_page.screenshot(path=str(_artefact("suggestions-1280-light")), full_page=True)
    first = card.locator(".lm-suggestions .lm-example").first
    question = first.inner_text()
    first.click()
    expect(own_page.locator(".lm-answer .lm-question")).to_have_text(question)
    expect(own_page.locator(".lm-answer")).to_have_attribute("data-abstained", "false")


def test_the_command_line(tmp_path: Path) -> None:
    office = Office(tmp_path)
    assert "还没有提问记录" in office.run("feedback", "add", "有用").stderr
    office.json("ingest", str(office.files), "--collection", "测试")
    office.json("ask", "收到检举后几个工作日内决定是否受理？")
    assert office.run("feedback", "add", "有用", "--reason", "准").returncode == 0
    bad = office.json("ask", "“四型”机关指什么？")["question_id"]
    assert office.run("feedback", "add", "有误", "--id", bad).returncode == 0
    both = office.json("feedback", "list")["feedback"]
    assert [one["verdict"] for one in both] == ["wrong", "useful"]
    target = tmp_path / "题.jsonl"
    report = office.json("feedback", "export", str(target))
    assert (report["questions"], report["open"]) == (1, 1)
    assert Path(report["open_file"]).name == "题-待订正.csv"
    done = office.json("eval", str(target), "-k", "10")
    assert done["rows"]["evaluated"] == 1 and done["problems"] == []
    assert office.run("feedback", "export", str(tmp_path / "题.txt")).returncode == 2
    assert office.run("feedback", "list", "--verdict", "好").returncode == 2
    assert office.run("feedback", "remove", "99").returncode == 1


def _artefact(name: str) -> Path:
    ARTEFACTS.mkdir(exist_ok=True)
    return ARTEFACTS / f"{name}.png"
