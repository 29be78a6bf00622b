"""Scans in a batch: found and shown with their page and box, warned of, recognised once."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from index.originals import original_name
from ingest.ocr import CACHE_NAME
from ingest.ocr.reading import Recognition
from ingest.pages import minding
from ingest.readers import ReadLimits, read_document
from ingest.workers import PagesDone, WorkerLimits, read_all
from tests.index.conftest import HashingEncoder
from tests.ingest.conftest import LEAVE, Office, outcome, reason
from tests.ingest.readers.test_scans import SCANS
from tests.ingest.test_workers import task

SLOW = "tests.ingest.hostile:read"


def put(office: Office, *names: str) -> None:
    for name in names:
        office.write(name, (SCANS / name).read_bytes())


def test_an_article_of_a_scan_is_answered_with_its_page_and_box(tmp_path: Path) -> None:
    from assistant.factory import make_answerer
    from index.encoder import load_encoder
    from ui.api.service import Service
    from ui.render.source import source_html

    office = Office(tmp_path, load_encoder("default", tmp_path / "models"))
    put(office, "fax.tiff", "scan.pdf")
    (office.files / "fax.tiff").rename(office.files / "档案.tiff")
    (office.files / "scan.pdf").unlink()
    report = office.ingest()
    assert outcome(report) == {"档案.tiff": "added"}
    assert "全文是识别文字" in reason(report, "档案.tiff")
    answer = make_answerer(office.library).answer("借出的档案应当在几日内归还？")
    assert not answer.abstained and "十五日" in "".join(one.text for one in answer.sentences)
    citation = answer.citations[0]
    [record] = office.library.catalog.documents()
    assert (record.format, record.page_count) == ("image", 2)
    assert any("识别文字" in one for one in record.warnings)
    passage = next(
        one
        for one in office.library.catalog.passages(record.document_id)
        if one.start <= citation.start < one.end
    )
    assert passage.article == "第五条" and passage.page == 2
    assert {box[0] for box in passage.boxes} == {2}
    width, height = record.page_sizes[1]
    assert all(
        0 < x0 < x1 < width and 0 < y0 < y1 < height / 3 for _, x0, y0, x1, y1 in passage.boxes
    )
    # The page is shown from the kept copy when the file is gone.
    (office.files / "档案.tiff").unlink()
    service = Service(office.settings)
    try:
        assert service.page_png(record.document_id, 2).startswith(b"\x89PNG")
        view = service.source(record.document_id, citation.start, citation.end)
    finally:
        service.close()
    shown = source_html(view)
    assert "全文是识别文字" in shown
    assert 'data-boxes="[[2, ' in shown and 'data-page="2"' in shown


def test_bad_pictures_cost_themselves_only(office: Office) -> None:
    put(office, "photo.jpg", "blurred.jpg")
    office.write("断.jpg", (SCANS / "photo.jpg").read_bytes()[:9_000])
    office.write("图.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    office.write("请假.txt", LEAVE)
    report = office.ingest()
    assert outcome(report) == {
        "photo.jpg": "added",
        "blurred.jpg": "added",
        "断.jpg": "failed",
        "图.svg": "failed",
        "请假.txt": "added",
    }
    assert "不完整" in reason(report, "断.jpg") and "SVG" in reason(report, "图.svg")
    assert "第 1 页识别把握不大，请核对原件" in reason(report, "blurred.jpg")
    assert "年休假" in office.found("年休假提前几日申请")


def test_the_same_picture_is_recognised_once(office: Office) -> None:
    put(office, "photo.jpg")
    office.ingest()
    cache = office.settings.home / CACHE_NAME
    with sqlite3.connect(cache) as database:
        assert database.execute("SELECT count(*) FROM pages").fetchone() == (1,)
        database.execute("UPDATE pages SET used = 0")
    database.close()
    # The same bytes as another document: what was found is taken from the cache.
    report = office.ingest(SCANS / "photo.jpg")
    assert set(outcome(report).values()) <= {"added", "unchanged"}
    [record, *_] = office.library.catalog.documents()
    office.library.catalog.read_again([record.document_id])
    assert outcome(office.ingest(office.files))["photo.jpg"] == "updated"
    with sqlite3.connect(cache) as database:
        [(used,)] = database.execute("SELECT used FROM pages").fetchall()
    database.close()
    assert used > 0


def test_pages_are_told_as_they_are_done() -> None:
    told: list[tuple[int, int]] = []
    with minding(lambda number, count: told.append((number, count))):
        read_document(SCANS / "fax.tiff")
    assert told == [(1, 2), (2, 2)]
    read_document(SCANS / "photo.jpg")
    assert len(told) == 2


def test_a_file_that_gets_on_page_by_page_has_its_seconds_for_each() -> None:
    """Six pages of a second each, where three seconds are allowed."""
    found = list(read_all([(0, task("pages6"))], WorkerLimits(workers=1, seconds=3), SLOW))
    outcomes = [one for _, one in found if not isinstance(one, PagesDone)]
    assert [one.reason.split()[0] for one in outcomes] == ["pages6"]
    pages = [one for _, one in found if isinstance(one, PagesDone)]
    assert pages and all(0 < one.done <= one.total == 6 for one in pages)
    assert [one.done for one in pages] == sorted(one.done for one in pages)


def test_a_file_that_takes_too_long_is_stopped_and_says_where(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ingest.workers.LONGEST_SECONDS", 3)
    found = list(read_all([(0, task("pages6"))], WorkerLimits(workers=1, seconds=3), SLOW))
    [said] = [one.reason for _, one in found if not isinstance(one, PagesDone)]
    assert "识别到第" in said and "共 6 页" in said and "再运行一次" in said


def test_backup_and_doctor_know_the_copies_of_pictures(office: Office, tmp_path: Path) -> None:
    import zipfile

    from index.backup import make_backup
    from index.doctor import Examined, examine

    put(office, "photo.jpg")
    office.ingest()
    [record] = office.library.catalog.documents()
    name = original_name(record.format, record.content_hash)
    copy = office.settings.originals_dir / name
    assert copy.read_bytes() == (SCANS / "photo.jpg").read_bytes()
    make_backup(office.library, tmp_path / "备份.zip")
    with zipfile.ZipFile(tmp_path / "备份.zip") as archive:
        assert f"originals/{name}" in archive.namelist()
        assert CACHE_NAME not in archive.namelist()  # can be made again
    copy.unlink()
    kinds = [one.kind for one in examine(Examined(office.settings, HashingEncoder())).findings]
    assert "originals-missing" in kinds


def test_recognition_says_which_pages(tmp_path: Path) -> None:
    recognition = Recognition(ReadLimits(), 12)
    recognition.read += [1, 2, 3, 5, 7, 8]
    recognition.unsure += [3]
    said = recognition.warnings()
    assert said[0].startswith("第 1–3、5、7、8 页是识别文字")
    assert said[1] == "第 3 页识别把握不大，请核对原件"
    shutil.rmtree(tmp_path)
    with pytest.raises(ValueError, match="rapidocr"):
        from ingest.ocr import make_recognizer

        make_recognizer("别的")
