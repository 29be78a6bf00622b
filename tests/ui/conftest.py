"""A small office's files, a server as a real process on them, and a real browser."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

expect.set_options(timeout=30_000)  # a machine that has much to do is no reason to fail

ROOT = Path(__file__).parents[2]
ARTEFACTS = ROOT / "tests" / "artefacts"
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_NUMERALS = "零一二三四五六七八九"

_RULES_HEAD = """机关纪委工作实施办法（示例）
第一章 总则
第一条 为规范机关纪委工作，制定本办法。本文为示例，不是真实文件。
第二条 本办法所称机关纪委，是指机关各部门依规设立的机关纪律检查委员会。
第二章 报告制度
第三条 机关纪委应当每半年至少向上级纪检监察机关报告一次工作，重要情况随时报告。
第四条 机关纪委书记任期届满前调整的，应当事先征求上级纪检监察机关意见。
第三章 日常工作
"""
_POLICY = """# “四型”机关建设工作要点（示例）

## 一、总体要求

围绕中心工作，建设“四型”机关。本文为示例，不是真实文件。

## 二、主要任务

“四型”机关是指政治机关、学习机关、清廉机关、效能机关。

## 三、责任分工

各党支部书记是第一责任人，每季度研究一次推进情况。
"""
_HOSTILE = """<!doctype html><html><head><meta charset="utf-8">
<title>保密检查通报&lt;img src=x onerror=window.__xss=1&gt;（示例）</title></head><body>
<h1>保密检查通报&lt;img src=x onerror=window.__xss=1&gt;（示例）</h1>
<p>保密检查每两个月开展一次&lt;script&gt;window.__xss=2&lt;/script&gt;，由办公室组织。</p>
<p>"&gt;&lt;svg onload=window.__xss=3&gt; {{constructor.constructor('window.__xss=4')()}} ${window.__xss=5}
</p></body></html>
"""
_PRINTED = """<!doctype html><meta charset="utf-8"><style>
body {{ font: 16px/2 "Noto Sans CJK SC"; margin: 60px }} p {{ text-indent: 2em }}
.next {{ break-before: page }}</style><h1 style="text-align:center">平急转换工作规程（示例）</h1>
<p>第一条 本规程为示例，用于说明党员突击队如何在平时与急时之间转换。</p>
<p>第二条 平时，党员突击队每月至少开展两次便民服务。</p>
<p class="next">第三条 台风预警发布后，党员突击队应当在两小时内完成集结。</p>
<p>第四条 本规程由机关党委负责解释。</p>
"""


def chromium() -> str:
    """The browser's program."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "测试需要 Chromium，请先运行 make test 安装"
    return found


def numeral(number: int) -> str:
    """1–999 in Chinese."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_NUMERALS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if number < 20 else f"{_NUMERALS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_NUMERALS[ones] if ones else "")


@dataclass
class Server:
    """A running server."""

    process: subprocess.Popen[str]
    url: str
    home: Path

    def stop(self) -> tuple[int, str]:
        """Ctrl-C; the exit status and what was written to stderr."""
        self.process.send_signal(signal.SIGINT)
        _, errors = self.process.communicate(timeout=30)
        return self.process.returncode, errors


def start_server(home: Path, port: int = 0, **settings: str) -> Server:
    """``serve`` in a process of its own, on a free port unless one is given."""
    code = (
        "import sys\nfrom index.settings import Settings\nfrom ui.server import serve\n"
        f"serve(Settings(), port={port}, on_ready=lambda url: print(url, flush=True))"
    )
    environment = {**os.environ, "LUMING_HOME": str(home), **settings}
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    guard = threading.Timer(180, process.kill)
    guard.start()
    url = process.stdout.readline().strip()
    guard.cancel()
    if not url:
        raise AssertionError(f"服务没有启动：{process.communicate()[1]}")
    return Server(process, url, home)


def write_office(folder: Path, browser: Browser) -> Path:
    """The office's files: a rule, a policy, a hostile page, a PDF, a statute of 600 articles."""
    folder.mkdir(parents=True, exist_ok=True)
    daily = "".join(
        f"第{numeral(n)}条 机关纪委第{n}项日常工作由专人登记，材料按年度归档。\n"
        for n in range(5, 46)
    )
    (folder / "实施办法.txt").write_text(_RULES_HEAD + daily, encoding="gb18030")
    (folder / "四型机关.md").write_text(_POLICY, encoding="utf-8")
    (folder / "通报.html").write_text(_HOSTILE, encoding="utf-8")
    articles = "".join(
        f"第{numeral(n)}条 第{n}号档案柜存放第{n}类材料，由档案员{n}号保管，借阅须登记并按期归还。\n"
        for n in range(1, 601)
    )
    (folder / "档案.txt").write_text(f"档案柜管理规定（示例）\n{articles}", encoding="utf-8")
    page = folder.parent / "规程.html"
    page.write_text(_PRINTED.replace("{{", "{").replace("}}", "}"), encoding="utf-8")
    sheet = browser.new_page()
    sheet.goto(page.as_uri())
    sheet.pdf(path=str(folder / "平急转换.pdf"), format="A4")
    sheet.close()
    return folder


def ingest(home: Path, paths: list[Path], collection: str) -> None:
    """Take files in from this process, as ``luming ingest`` does."""
    from index.library import Library
    from index.settings import Settings
    from ingest.pipeline import ingest_paths

    library = Library(Settings(home=home))
    try:
        ingest_paths(library, paths, collection)
    finally:
        library.close()


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Server]:
    """The server on the office's files."""
    base = tmp_path_factory.mktemp("机关 办公室")
    home = base / "home"
    ingest(home, [write_office(base / "files", browser)], "制度办法")
    server = start_server(home)
    yield server
    if server.process.poll() is None:
        server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGS)
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser, office: Server) -> Iterator[Page]:
    """The page, opened at 1280 × 900; fails on any request to another host or script error."""
    yield from watched(browser, office.url, 1280)


@pytest.fixture
def phone(browser: Browser, office: Server) -> Iterator[Page]:
    """The page at 390 px."""
    yield from watched(browser, office.url, 390)


def watched(
    browser: Browser,
    url: str,
    width: int,
    scheme: str = "light",
    path: str = "",
    ready: str = ".lm-welcome",
) -> Iterator[Page]:
    """A page whose every request (also failed and refused ones) must have stayed on ``url``.

    It is at ``path``, and ``ready`` is there when it is handed out.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    requests: list[str] = []
    problems: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("websocket", lambda socket: requests.append(socket.url))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda m: problems.append(m.text) if _is_problem(m) else None)
    page.goto(url + path)
    page.wait_for_selector(ready)
    yield page
    context.close()
    away = [r for r in requests if not r.startswith((f"{url}/", "data:", "blob:"))]
    assert requests and not away, f"离开本机的请求：{away}"
    assert not problems


def _is_problem(message: object) -> bool:
    """A console line that tells of a blocked or failed load, or of an error in a script."""
    return getattr(message, "type", "") == "error"


def ask(page: Page, question: str) -> None:
    """Type a question, press Enter, wait for the card."""
    before = page.evaluate("document.querySelector('.lm-answer')?.dataset.answer || ''")
    page.fill("#lm-question textarea", question)
    page.press("#lm-question textarea", "Enter")
    page.wait_for_function(
        "before => { const card = document.querySelector('.lm-answer');"
        " return card && card.dataset.answer && card.dataset.answer !== before; }",
        arg=before,
    )
