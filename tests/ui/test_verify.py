"""`luming verify`: page, Word file, JSON, exit codes; and the REST route."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from docx import Document
from docx.shared import RGBColor
from playwright.sync_api import Browser

from index.library import Library
from index.settings import Settings
from ingest.pipeline import ingest_paths
from tests.ingest.readers.test_passwords import locked
from tests.ui.conftest import ARTEFACTS, Server, start_server
from ui.verifying import MAX_BYTES

ROOT = Path(__file__).parents[2]
RULES = """# 机关差旅管理办法（示例）

第一条 为了规范差旅，制定本办法。

第二条 出差人员应当在返回后十五日内办理报销。

第三条 住宿费不得超过规定标准，超支部分由个人负担。

第四条 本办法自2024年1月1日起施行。
"""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Office:
    """A home with one rule and the program run on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"

    def run(self, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        environment = {**os.environ, "LUMING_HOME": str(self.home), "COLUMNS": "100"}
        return subprocess.run(
            [sys.executable, "-m", "ui.cli", "verify", *arguments],
            cwd=ROOT, env=environment, input=given, capture_output=True, timeout=300, check=False,
        )  # fmt: skip

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("desk"))
    rules = office.folder / "rules"
    rules.mkdir()
    (rules / "办法.md").write_text(RULES, encoding="utf-8")
    with Library(Settings(home=office.home)) as library:
        assert not ingest_paths(library, [rules], "制度").failed
    return office


DRAFT = (
    "在财务工作会上的讲话\n"
    "《机关差旅管理办法》第二条规定：“出差人员应当在返回后三十日内办理报销。”<script>alert(1)</script>\n"
    "根据《机关差旅管理办法》第九条，不得超标。依照《机关差旅管理办法》第三条执行。\n"
    "《公共停车管理条例》第一条也有要求。\n"
)


# -- the command -----------------------------------------------------------------------------------


def test_json_is_one_object_and_tells_all(desk: Office) -> None:
    done = desk.run("-", "--json", given=DRAFT.encode())
    assert done.returncode == 1 and done.stdout.count(b"\n") == 1
    report = json.loads(done.stdout)
    assert report["counts"] == {
        "consistent": 1, "wording": 1, "number": 1, "outdated": 0, "absent": 1, "unclear": 0,
    }  # fmt: skip
    first = report["findings"][0]
    assert DRAFT[first["start"] : first["end"]] == first["written"] == "《机关差旅管理办法》第二条"
    check = first["checks"][0]
    assert ["removed", "十五日"] in check["words"] or ["removed", "十五"] in check["words"]
    assert "十五日内办理报销" in check["right"]


def test_exit_codes(desk: Office) -> None:
    fine = desk.write("好.md", "依照《机关差旅管理办法》第三条执行。")
    assert desk.run(str(fine)).returncode == 0
    assert desk.run("-", given="没有引用任何文件。".encode()).returncode == 0
    assert desk.run("-", given=DRAFT.encode()).returncode == 1
    assert "退出码" in desk.run("--help").stdout.decode()


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("空.txt", b"", "空的"),
        ("白.txt", b"  \n\n ", "没有文字"),
        ("坏.docx", b"PK\x03\x04broken", "损坏"),
        ("程序.txt", bytes(range(32)) * 50, "不是文字"),
    ],
)
def test_files_that_cannot_be_read(desk: Office, name: str, data: bytes, told: str) -> None:
    path = desk.folder / name
    path.write_bytes(data)
    done = desk.run(str(path), "--json")
    assert done.returncode == 2 and not done.stdout
    error = done.stderr.decode()
    assert told in error and error.count("\n") == 1 and "Traceback" not in error


def test_an_encrypted_word_file(desk: Office) -> None:
    plain = desk.folder / "文稿.docx"
    document = Document()
    document.add_paragraph("根据规定办理。")
    document.save(str(plain))
    done = desk.run(str(locked(plain, "secret")))
    assert done.returncode == 2 and "密码" in done.stderr.decode()


def test_missing_files_and_empty_libraries(desk: Office, tmp_path: Path) -> None:
    assert desk.run("没有这个文件.docx").returncode == 2
    other = Office(tmp_path)
    done = other.run("-", given=DRAFT.encode())
    assert done.returncode == 2 and "资料库还是空的" in done.stderr.decode()
    assert desk.run("-", "--as-of", "昨天", given=DRAFT.encode()).returncode == 2
    assert desk.run("-", "--html", str(tmp_path / "无" / "页.html"), given=b"a").returncode == 2


def test_a_draft_in_gb18030_from_a_pipe(desk: Office) -> None:
    done = desk.run("-", "--json", given=DRAFT.encode("gb18030"))
    assert json.loads(done.stdout)["counts"]["wording"] == 1


# -- the page --------------------------------------------------------------------------------------


def test_the_page_shows_marks_and_runs_nothing(desk: Office, browser: Browser) -> None:
    page_file = desk.folder / "核对.html"
    draft = desk.write("稿.txt", DRAFT)
    assert desk.run(str(draft), "--html", str(page_file)).returncode == 1
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail("a script of the draft ran"))
    page.goto(page_file.as_uri())
    assert "引文有出入 1 处" in page.inner_text(".lv-sum")
    assert "<script>alert(1)</script>" in page.inner_text(".lv-draft")
    assert page.locator("script").count() == 0
    assert page.locator(".lv-card").count() == 4
    assert page.locator("#f1 ins").inner_text() in ("十五", "十五日")
    page.check(".lv-hide")
    assert page.locator(".lv-card:visible").count() == 3
    page.click("#m2")
    assert page.url.endswith("#f2")
    assert asked == [page_file.as_uri()]
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / "verify.png", full_page=True)
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_a_page_without_references_says_so(desk: Office) -> None:
    page_file = desk.folder / "空.html"
    desk.run("-", "--html", str(page_file), given="今天天气很好。".encode())
    assert "没有找到对制度文件的引用" in page_file.read_text(encoding="utf-8")


# -- the Word file -----------------------------------------------------------------------------------


def comments_of(data: bytes | Path) -> list[tuple[str, str]]:
    """Of a Word file's comments in order: the words they are on, and what they say."""
    document = Document(io.BytesIO(data) if isinstance(data, bytes) else str(data))
    said = {str(one.comment_id): one.text for one in document.comments}
    open_: dict[str, str] = {}
    found: list[tuple[str, str]] = []
    for element in document.element.body.iter():
        identity = element.get(f"{_W}id")
        if element.tag == f"{_W}commentRangeStart":
            open_[identity] = ""
        elif element.tag == f"{_W}commentRangeEnd":
            found.append((open_.pop(identity), said[identity]))
        elif element.tag == f"{_W}t":
            open_ = {key: text + (element.text or "") for key, text in open_.items()}
    assert not open_ and len(found) == len(said)
    return found


def test_a_word_draft_keeps_its_format(desk: Office) -> None:
    draft = Document()
    first = draft.add_paragraph(style="List Number")
    first.add_run("《机关差旅").bold = True
    red = first.add_run("管理办法》第二条规定：“出差人员应当在返回后三十")
    red.font.color.rgb = RGBColor(200, 0, 0)
    first.add_run("日内办理报销。”此外，")
    first.add_run("《机关差旅管理办法》第九条").italic = True
    table = draft.add_table(2, 2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells),
        ("事项", "依据", "停车", "见《公共停车管理条例》第一条"),
        strict=True,
    ):
        cell.text = text
    path, out = desk.folder / "讲话.docx", desk.folder / "批注.docx"
    draft.save(str(path))
    assert desk.run(str(path), "--docx", str(out)).returncode == 1
    assert {words: text.split("】")[0] for words, text in comments_of(out)} == {
        "出差人员应当在返回后三十日内办理报销。": "【引文有出入",
        "《机关差旅管理办法》第九条": "【条号不符",
        "《公共停车管理条例》第一条": "【库中没有",
    }
    kept = Document(str(out)).paragraphs[0]
    assert kept.text == first.text and kept.style is not None and kept.style.name == "List Number"
    formats = {
        run.text: (run.bold, run.italic, run.font.color.rgb) for run in kept.runs if run.text
    }
    assert formats["《机关差旅"] == (True, None, None)
    assert formats["出差人员应当在返回后三十"] == (None, None, RGBColor(200, 0, 0))
    assert formats["《机关差旅管理办法》第九条"] == (None, True, None)


def test_other_drafts_become_a_word_file(desk: Office) -> None:
    out = desk.folder / "新.docx"
    desk.run("-", "--docx", str(out), "--all", given=DRAFT.encode())
    assert [words for words, _ in comments_of(out)] == [
        "出差人员应当在返回后三十日内办理报销。",
        "《机关差旅管理办法》第九条",
        "《机关差旅管理办法》第三条",
        "《公共停车管理条例》第一条",
    ]
    text = "\n".join(one.text for one in Document(str(out)).paragraphs)
    assert text.startswith("在财务工作会上的讲话") and "<script>" in text


# -- REST ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client(desk: Office) -> Iterator[httpx.Client]:
    server: Server = start_server(desk.home)
    with httpx.Client(base_url=server.url, timeout=60, trust_env=False) as opened:
        yield opened
    server.stop()


def post(client: httpx.Client, **given: Any) -> httpx.Response:
    return client.post("/api/v1/verify", **given)


def test_rest_takes_text_and_files(client: httpx.Client) -> None:
    reply = post(client, json={"text": DRAFT, "collections": ["制度"], "as_of": "2025-01-01"})
    assert reply.status_code == 200 and reply.json()["problems"] == 3
    assert reply.json()["as_of"] == "2025-01-01"
    files = {"file": ("讲话.txt", DRAFT.encode(), "text/plain")}
    assert post(client, files=files).json()["draft"] == "讲话.txt"
    page = post(client, files=files, params={"format": "html"})
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src" in page.headers["content-security-policy"] and "<script" not in page.text
    word = post(client, files=files, params={"format": "docx"})
    assert zipfile.is_zipfile(io.BytesIO(word.content)) and len(comments_of(word.content)) == 3


@pytest.mark.parametrize(
    ("given", "status", "told"),
    [
        ({"json": {"text": "  "}}, 422, "空的"),
        ({"json": {"words": "a"}}, 422, "没有文稿"),
        ({"json": {"text": "a", "collections": "制度"}}, 422, "列表"),
        ({"json": {"text": "a", "collections": ["没有"]}}, 404, "没有名为"),
        ({"json": {"text": "a", "as_of": "明天"}}, 422, "不是日期"),
        ({"json": {"text": "a", "as_of": 3}}, 422, "as_of"),
        ({"content": b"{not json"}, 422, "JSON"),
        ({"files": {"file": ("a.docx", b"PK\x03\x04", "x/y")}}, 422, "损坏"),
        ({"json": {"text": "a"}, "params": {"format": "exe"}}, 422, "参数不对"),
    ],
)
def test_rest_says_what_is_wrong(
    client: httpx.Client, given: dict[str, Any], status: int, told: str
) -> None:
    reply = post(client, **given)
    assert reply.status_code == status
    assert reply.headers["content-type"].startswith("application/problem+json")
    assert told in reply.json()["detail"] and re.search("[\u4e00-\u9fff]", reply.json()["title"])


def test_rest_is_bounded(client: httpx.Client) -> None:
    reply = post(client, content=b"a" * (MAX_BYTES + 70_000))
    assert reply.status_code == 413 and "请拆开" in reply.json()["detail"]
    long = post(client, json={"text": "好" * 1_000_001})
    assert long.status_code == 422 and "上限" in long.json()["detail"]


def test_comments_in_links_insertions_and_notes(desk: Office) -> None:
    from docx.oxml import parse_xml

    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    bad = "《机关差旅管理办法》第九条"
    draft = Document()
    body = draft.element.body
    for inner in (
        f'<w:ins w:id="90" w:author="a"><w:r><w:t>依照{bad}办理。</w:t></w:r></w:ins>'
        "<w:del w:id='91' w:author='a'><w:r><w:delText>删去的话</w:delText></w:r></w:del>",
        f'<w:hyperlink w:anchor="x"><w:r><w:t>见{bad}</w:t><w:br/><w:t>和其他</w:t></w:r></w:hyperlink>',
        f"<w:r><w:t>正文</w:t></w:r><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框里按{bad}办。</w:t>"
        "</w:r></w:p></w:txbxContent></w:pict></w:r>",
    ):
        body.insert(len(body) - 1, parse_xml(f'<w:p xmlns:w="{space}">{inner}</w:p>'))
    path, out = desk.folder / "复杂.docx", desk.folder / "复杂批注.docx"
    draft.save(str(path))
    assert desk.run(str(path), "--docx", str(out)).returncode == 1
    assert [words for words, _ in comments_of(out)] == ["依照", bad, bad]  # the box's at the head
