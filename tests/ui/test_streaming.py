"""A model's sentences appear one by one, checked, on the page and on the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.assistant.llm import server as endpoint
from tests.ui.conftest import ROOT, ingest, start_server, watched
from tests.ui.test_page import shot

RULES = """机关纪委工作办法（示例）

第一条 机关纪委应当自收到检举之日起15个工作日内决定是否受理。决定受理的，应当在3日内书面告知检举人。
"""
QUESTION = "机关纪委多久决定是否受理检举？"
FIRST = "机关纪委须自收到检举之日起十五个工作日内决定是否受理。"
SECOND = "决定受理的，应当在三日内书面告知检举人。"
FALSE = "检举人每次可以领取奖金500元。"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("大模型")
    (base / "files").mkdir()
    (base / "files" / "办法.txt").write_text(RULES, encoding="utf-8")
    ingest(base / "home", [base / "files"], "制度办法")
    return base / "home"


def test_the_page_shows_each_sentence_when_it_is_checked(home: Path, browser: Browser) -> None:
    go_on = threading.Event()

    def speak(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        for part in (f"{FIRST}[1] {FALSE}[1] 决定", f"{SECOND[2:]}[1]"):
            line = json.dumps({"choices": [{"delta": {"content": part}}]})
            handler.wfile.write(f"data: {line}\n\n".encode())
            go_on.wait(30)
        handler.wfile.write(b"data: [DONE]\n\n")

    with endpoint.running() as model:
        model.behaviours = [speak, endpoint.streams("1. 删去")]
        running = start_server(home, LUMING_LLM_BASE_URL=model.url, LUMING_LLM_MODEL="test")
        try:
            for page in watched(browser, running.url, 1280):
                page.fill("#lm-question textarea", QUESTION)
                page.press("#lm-question textarea", "Enter")
                growing = page.locator(".lm-busy .lm-sentences")
                expect(growing).to_contain_text(FIRST)
                assert len(model.requests) == 1, "the examples on the page ask no model"
                assert SECOND not in growing.inner_text()
                shot(page, "answer-growing-1280-light")
                go_on.set()
                done = page.locator("[data-answer] .lm-sentences")
                expect(done).to_contain_text(SECOND)
                assert FALSE not in page.content()
                expect(page.locator(".lm-note").first).to_contain_text("没有通过核对")
                expect(page.locator(".lm-citation").first).to_contain_text("15个工作日")
                shot(page, "answer-model-1280-light")
        finally:
            go_on.set()
            running.stop()


def talk_on(handler: BaseHTTPRequestHandler) -> None:
    endpoint.begin(handler, 200, "text/event-stream")
    for n in range(200):
        handler.wfile.write(endpoint.event(f"{FIRST}[1]\n" if n == 0 else f"第{n}件事没有依据。\n"))
        time.sleep(1.0)


def test_closing_the_page_ends_the_models_work(home: Path, browser: Browser) -> None:
    with endpoint.running() as model:
        model.behaviours = [talk_on]
        running = start_server(home, LUMING_LLM_BASE_URL=model.url, LUMING_LLM_MODEL="test")
        try:
            for page in watched(browser, running.url, 1280):
                page.fill("#lm-question textarea", QUESTION)
                page.press("#lm-question textarea", "Enter")
                expect(page.locator(".lm-busy .lm-sentences")).to_contain_text(FIRST)
            assert model.cut.wait(10)
        finally:
            running.stop()


def luming(home: Path, url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "LUMING_HOME": str(home),
        "LUMING_LLM_BASE_URL": url,
        "LUMING_LLM_MODEL": "test",
        "LUMING_LLM_API_KEY": "very-secret",
    }
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", "ask", QUESTION, *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_the_command_line_shows_what_passed(home: Path) -> None:
    with endpoint.running() as model:
        model.behaviours = [endpoint.streams(f"{FIRST}[1] {FALSE}[1]"), endpoint.streams("1. 删去")]
        done = luming(home, model.url)
        assert done.stdout.count(FIRST) == 1
        assert FALSE not in done.stdout
        assert "出处：" in done.stdout and "very-secret" not in done.stdout + done.stderr
        model.requests.clear()
        found = json.loads(luming(home, model.url, "--json").stdout)
        assert found["sentences"][0]["text"] == FIRST
        assert found["citations"][0]["quote"].startswith("第一条")


def test_without_the_model_the_command_line_says_so(home: Path) -> None:
    done = luming(home, "http://127.0.0.1:9/v1")
    assert "15个工作日" in done.stdout
    assert done.stdout.count("大模型暂时不可用") == 1
    assert done.returncode == 0
