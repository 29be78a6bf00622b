"""Batches of real files: what goes in, what is said of the rest, and that nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.library import Library
from index.settings import Settings
from ingest.pipeline import IngestError, ingest_paths
from ingest.report import IngestReport

ROOT = Path(__file__).parents[2]
RULES = """机关纪委工作办法（示例）

第一条 为规范机关纪委工作，制定本办法。

第二条 机关纪委应当自收到检举之日起15个工作日内决定是否受理。

第三条 本办法自2025年3月1日起施行。
"""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(Settings(home=tmp_path / "home", max_file_mb=2)) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "文件 夹"
    made.mkdir()
    (made / "办法.txt").write_text(RULES, encoding="utf-8")
    return made


def outcome(report: IngestReport) -> dict[str, str]:
    return {one.path: one.status for one in report.files}


def reason(report: IngestReport, name: str) -> str:
    return next(one.reason for one in report.files if one.path == name)


def found(library: Library, question: str) -> str:
    hits = library.search(question, 1)
    return hits[0].passage.text if hits else ""


def test_new_changed_and_unchanged_files(library: Library, folder: Path) -> None:
    (folder / "通知.md").write_text(
        "# 值班通知（示例）\n\n节日期间每天安排两人值班。\n", encoding="utf-8"
    )
    first = ingest_paths(library, [folder], "测试")
    assert outcome(first) == {"办法.txt": "added", "通知.md": "added"}
    assert "15个工作日" in found(library, "收到检举后几个工作日内决定是否受理")

    (folder / "办法.txt").write_text(RULES.replace("15个", "10个"), encoding="utf-8")
    second = ingest_paths(library, [folder], "测试")
    assert outcome(second) == {"办法.txt": "updated", "通知.md": "unchanged"}
    assert second.passages == 1  # only the article that was edited is embedded again
    assert "10个工作日" in found(library, "收到检举后几个工作日内决定是否受理")


def test_the_same_file_in_two_collections_and_by_itself(library: Library, folder: Path) -> None:
    ingest_paths(library, [folder], "甲库")
    ingest_paths(library, [folder / "办法.txt"], "乙库")
    assert {one.name for one in library.catalog.collections()} == {"甲库", "乙库"}
    assert len(library.catalog.documents()) == 2


def test_what_the_manifest_states_is_what_is_shown(library: Library, folder: Path) -> None:
    (folder / "manifest.toml").write_text(
        '[[document]]\npath = "办法.txt"\nvalidity = "已废止"\nrepealed = 2025-01-01\n',
        encoding="utf-8",
    )
    ingest_paths(library, [folder], "测试")
    [record] = library.catalog.documents()
    assert record.validity == "已废止"
    assert library.search("检举受理期限", 5) == []


def test_bad_files_cost_only_themselves(library: Library, folder: Path, tmp_path: Path) -> None:
    """Every kind of bad file beside a good one; none may stop the batch or print a trace."""
    (folder / "空.txt").write_bytes(b"")
    (folder / "空白.md").write_bytes(b"  \n\n ")
    (folder / "截断.docx").write_bytes(_docx()[:300])
    (folder / "加密.pdf").write_bytes(_encrypted_pdf())
    (folder / "截断.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog")
    (folder / "没有页.pdf").write_bytes(_pdf(pages=0))
    (folder / "万页.pdf").write_bytes(_pdf(pages=10_000))
    (folder / "富文本.docx").write_bytes(rb"{\rtf1\ansi\deff0 hello}")
    (folder / "改名.docx").write_bytes(RULES.encode())  # a text file with a Word name
    (folder / "炸弹.docx").write_bytes(_bomb())
    (folder / "太大.txt").write_bytes("很长的文件。".encode() * 200_000)
    (folder / "老编码.txt").write_bytes(RULES.replace("办法（", "规定（").encode("gb18030"))
    (folder / "图片.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8)
    (folder / "换行\n名.txt").write_text("这是一份文件名带换行的示例文件。", encoding="utf-8")
    (folder / "环").symlink_to(folder, target_is_directory=True)
    (folder / "断").symlink_to(folder / "没有的文件")
    os.mkfifo(folder / "管道")
    report = ingest_paths(library, [folder, tmp_path / "不存在"], "测试")
    status = outcome(report)
    good = {path for path, state in status.items() if state == "added"}
    assert good == {"办法.txt", "富文本.docx", "改名.docx", "老编码.txt", "换行\\x0a名.txt"}
    failures = [one for one in report.files if one.status == "failed"]
    assert len(failures) == len(status) - len(good)
    for one in failures:
        assert "\n" not in one.reason and 6 < len(one.reason) < 120, one
        assert any("\u4e00" <= char <= "\u9fff" for char in one.reason)
    assert "密码" in reason(report, "加密.pdf")
    assert "页" in reason(report, "万页.pdf")
    assert "空" in reason(report, "空.txt")
    assert "解压" in reason(report, "炸弹.docx")
    assert "上限" in reason(report, "太大.txt")
    assert "15个工作日" in found(library, "收到检举后几个工作日内决定是否受理")


def test_a_file_that_went_bad_keeps_what_was_indexed(library: Library, folder: Path) -> None:
    ingest_paths(library, [folder], "测试")
    (folder / "办法.txt").write_bytes(b"")
    report = ingest_paths(library, [folder], "测试")
    assert outcome(report) == {"办法.txt": "failed"}
    assert "保留" in reason(report, "办法.txt")
    assert "15个工作日" in found(library, "收到检举后几个工作日内决定是否受理")


@pytest.mark.parametrize("name", ["", "  ", "长" * 80, "换\n行"])
def test_a_collection_name_that_is_none(library: Library, folder: Path, name: str) -> None:
    with pytest.raises(IngestError, match="文库名"):
        ingest_paths(library, [folder], name)


def test_nothing_leaves_the_machine(tmp_path: Path, folder: Path) -> None:
    """An ingest and an ask in a process in which every non-loopback connection is refused."""
    guard = (
        "import socket, sys\n"
        "real = socket.socket.connect\n"
        "def connect(self, address):\n"
        "    host = address[0] if isinstance(address, tuple) else 'unix'\n"
        "    if host not in ('127.0.0.1', '::1', 'localhost', 'unix'):\n"
        "        print('LEFT', address, file=sys.stderr); raise OSError('refused')\n"
        "    return real(self, address)\n"
        "socket.socket.connect = connect\n"
        "def lookup(host, *rest, **more):\n"
        "    if host not in ('127.0.0.1', '::1', 'localhost', None, ''):\n"
        "        print('LEFT', host, file=sys.stderr); raise OSError('refused')\n"
        "    return original(host, *rest, **more)\n"
        "original, socket.getaddrinfo = socket.getaddrinfo, lookup\n"
        "sys.argv = ['luming', *sys.argv[1:]]\n"
        "from ui.cli import main\nmain()\n"
    )
    environment = {**os.environ, "LUMING_HOME": str(tmp_path / "h"), "HF_HUB_OFFLINE": "1"}
    for arguments in (
        ["ingest", str(folder), "--collection", "测试", "--json"],
        ["ask", "收到检举后几个工作日内决定是否受理", "--json"],
    ):
        done = subprocess.run(
            [sys.executable, "-c", guard, *arguments],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "LEFT" not in done.stderr
    assert "15个工作日" in done.stdout


def _docx() -> bytes:
    import io

    import docx

    document = docx.Document()
    document.add_paragraph("正文" * 200)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _bomb() -> bytes:
    import io

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", b" " * 80_000_000)
    return out.getvalue()


def _pdf(pages: int, encrypt: bytes = b"") -> bytes:
    kids = b" ".join(b"%d 0 R" % (3 + i) for i in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % pages,
        *[b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"] * pages,
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % at for at in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, encrypt)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def _encrypted_pdf() -> bytes:
    key = b"<" + b"41" * 32 + b">"
    return _pdf(
        1,
        b"/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
        b" /Encrypt << /Filter /Standard /V 1 /R 2 /O " + key + b" /U " + key + b" /P -4 >>",
    )
