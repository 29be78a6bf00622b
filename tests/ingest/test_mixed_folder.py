"""A folder as an office has it: every format once, and a damaged file of each."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from corpus.build.ofd import pdf_to_ofd
from tests.ingest.conftest import LEAVE, TRAVEL, Office, outcome, reason
from tests.ingest.containers.test_containers import make_tar, make_zip
from tests.ingest.readers.test_office_formats import sample
from tests.ingest.readers.test_other_formats import PAGE, PDFS, _epub, _mail
from tests.ingest.readers.test_passwords import locked

RULES = ("docx", "doc", "rtf", "odt")
TABLES = ("xlsx", "xls", "ods")
SLIDES = ("pptx", "ppt", "odp")
_NOT_CUT = (
    ".txt",
    ".md",
    ".csv",
    ".eml",
    ".html",
    ".mht",
)  # what is left of these is a text like another


def fill(folder: Path) -> None:
    for stem, kinds in (("rules", RULES), ("table", TABLES), ("slides", SLIDES)):
        for kind in kinds:
            sample(f"{stem}.{kind}", folder)
    shutil.copyfile(PDFS[0], folder / "原件.pdf")
    pdf_to_ofd(PDFS[1], folder / "公文.ofd")
    _epub(folder / "读本.epub", {"a.xhtml": "<h1>第一讲</h1><p>学习读本。</p>"})
    (folder / "通知.eml").write_bytes(_mail().as_bytes())
    (folder / "网页.html").write_text(PAGE, encoding="utf-8")
    (folder / "存档.mht").write_bytes(
        b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        + PAGE.encode()
    )
    (folder / "台账.csv").write_bytes("事项,责任单位\r\n主题党日,机关党委\r\n".encode("gbk"))
    (folder / "说明.md").write_text(f"# 请假\n\n{LEAVE}", encoding="utf-8")
    (folder / "说明.txt").write_text(TRAVEL, encoding="utf-8")
    make_zip(folder / "收文.zip")
    make_tar("w:gz")(folder / "归档.tar.gz")


def test_every_format_goes_in_and_damaged_ones_are_said_in_one_line(
    office: Office, tmp_path: Path
) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    fill(whole)
    good = sorted(one.name for one in whole.iterdir())
    assert len(good) >= 20
    for name in good:
        data = (whole / name).read_bytes()
        office.write(name, data)
        if not name.endswith(_NOT_CUT):
            office.write(f"坏/{name}", data[: len(data) * 2 // 5])
        office.write(f"空/{name}", b"")
    office.write("加密.docx", locked(whole / "rules.docx", "x").read_bytes())

    report = office.ingest()
    found = outcome(report)
    for name in good:
        inside = {path: state for path, state in found.items() if path.startswith(f"{name}!/")}
        states = {found[name]} if name in found else set(inside.values())
        assert states == {"added"}, name
        assert found[f"空/{name}"] == "failed"
        if f"坏/{name}" in found and found[f"坏/{name}"] != "failed":
            assert reason(report, f"坏/{name}"), name  # read in part, which is said
    assert "--password-file" in reason(report, "加密.docx")
    for one in report.files:
        if one.status == "failed":
            assert "\n" not in one.reason and "；" in one.reason and len(one.reason) < 120, one
    with zipfile.ZipFile(whole / "收文.zip") as archive:
        assert {f"收文.zip!/{name}" for name in archive.namelist()} <= set(found)
