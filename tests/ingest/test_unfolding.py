"""Archives in a folder: their members are documents of their own, through every kind of change."""

from __future__ import annotations

import os
import time
import zipfile
from pathlib import Path

import pytest

from index.library import Library
from index.settings import Settings
from ingest.pipeline import ingest_paths
from ingest.report import IngestReport
from tests.ingest.readers.samples import rules_docx
from tests.ingest.readers.test_passwords import locked

FIRST = "值班办法\n\n第一条　为规范值班，制定本办法。\n\n第二条　值班期限为三十日。\n"
SECOND = "会议办法\n\n第一条　为规范会议，制定本办法。\n\n第二条　会议一般不超过一小时。\n"


def pack(path: Path, files: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as out:
        for name, data in files.items():
            out.writestr(name, data)
    # A file hashed a moment after it was changed is hashed again; these are left alone for long.
    old = time.time() - 3600 + len(files)
    os.utime(path, (old, old))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    return made


def lines(report: IngestReport) -> dict[str, str]:
    return {one.path: one.status for one in report.files}


def test_members_are_documents_and_a_change_touches_only_the_changed_one(
    library: Library, folder: Path
) -> None:
    archive = pack(folder / "收文.zip", {"甲/值班.txt": FIRST, "会议.txt": SECOND})
    report = ingest_paths(library, [folder], "收文")
    assert lines(report) == {"收文.zip!/甲/值班.txt": "added", "收文.zip!/会议.txt": "added"}
    assert not list(library.settings.home.glob("scratch/*"))
    hits = library.search("值班期限是多久").hits
    assert hits[0].document.source == "收文.zip!/甲/值班.txt"
    assert hits[0].document.source_path == str(archive.absolute()) + "!/甲/值班.txt"
    before = report.passages

    report = ingest_paths(library, [folder], "收文")
    assert set(lines(report).values()) == {"unchanged"} and len(report.files) == 2

    pack(archive, {"甲/值班.txt": FIRST, "会议.txt": SECOND.replace("一小时", "两小时"), "x.txt": "新。"})
    report = ingest_paths(library, [folder], "收文")
    assert lines(report) == {
        "收文.zip!/甲/值班.txt": "unchanged",
        "收文.zip!/会议.txt": "updated",
        "收文.zip!/x.txt": "added",
    }
    assert report.passages < before + 1


def test_an_unchanged_archive_is_not_opened_again(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack(folder / "a.zip", {"值班.txt": FIRST})
    ingest_paths(library, [folder], "收文")
    opened: list[str] = []
    monkeypatch.setattr(
        "ingest.unfolding.expand", lambda path, *rest: opened.append(str(path)) or iter(())
    )
    assert lines(ingest_paths(library, [folder], "收文")) == {"a.zip!/值班.txt": "unchanged"}
    assert not opened


def test_members_that_are_gone_are_told_and_a_damaged_archive_loses_nothing(
    library: Library, folder: Path
) -> None:
    archive = pack(folder / "a.zip", {"值班.txt": FIRST, "会议.txt": SECOND})
    ingest_paths(library, [folder], "收文")
    whole = archive.read_bytes()
    archive.write_bytes(whole[: len(whole) // 2])
    report = ingest_paths(library, [folder], "收文", prune=True)
    assert "removed" not in lines(report).values() and report.missing == []
    assert library.search("会议一般不超过").hits

    pack(archive, {"值班.txt": FIRST})
    report = ingest_paths(library, [folder], "收文", prune=True)
    assert lines(report) == {"a.zip!/值班.txt": "unchanged", "a.zip!/会议.txt": "removed"}

    archive.unlink()
    report = ingest_paths(library, [folder], "收文")
    assert report.missing == ["a.zip!/值班.txt"]


def test_a_renamed_archive_keeps_its_passages(library: Library, folder: Path) -> None:
    archive = pack(folder / "a.zip", {"值班.txt": FIRST})
    ingest_paths(library, [folder], "收文")
    archive.rename(folder / "b.zip")
    report = ingest_paths(library, [folder], "收文")
    assert report.passages == 0 and list(lines(report)) == ["b.zip!/值班.txt"]


def test_every_member_has_its_line_and_bad_ones_cost_only_themselves(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    secret = locked(rules_docx(tmp_path / "r.docx"), "晴空42").read_bytes()
    pack(
        folder / "a.zip",
        {"值班.txt": FIRST, "坏.pdf": b"%PDF-1.4 broken", "锁.docx": secret, "../x.txt": "x", "空.txt": ""},
    )
    report = ingest_paths(library, [folder], "收文")
    reasons = {one.path: one.reason for one in report.files}
    assert lines(report) == {
        "a.zip!/值班.txt": "added",
        "a.zip!/坏.pdf": "failed",
        "a.zip!/锁.docx": "failed",
        "a.zip!/../x.txt": "failed",
        "a.zip!/空.txt": "failed",
    }
    assert "--password-file" in reasons["a.zip!/锁.docx"]
    assert "不安全" in reasons["a.zip!/../x.txt"]


def test_a_password_file_in_the_settings_opens_members(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    secret = locked(rules_docx(tmp_path / "r.docx"), "晴空42").read_bytes()
    pack(folder / "a.zip", {"锁.docx": secret})
    passwords = tmp_path / "passwords.txt"
    passwords.write_text("*锁*\t晴空42\n", encoding="utf-8")
    settings = library.settings.model_copy(update={"password_file": passwords})
    with Library(settings) as opened:
        report = ingest_paths(opened, [folder], "收文")
    assert lines(report) == {"a.zip!/锁.docx": "added"}


def test_a_mail_is_a_document_with_its_attachments(library: Library, folder: Path) -> None:
    import email.message
    import email.policy

    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"], message["Subject"] = "a@b.c", "d@e.f", "关于报送台账的通知"
    message.set_content("请于周五前报送。")
    message.add_attachment(FIRST.encode(), maintype="application", subtype="octet-stream", filename="值班.txt")
    path = folder / "通知.eml"
    path.write_bytes(message.as_bytes())
    old = time.time() - 3600
    os.utime(path, (old, old))
    wanted = {"通知.eml", "通知.eml!/值班.txt"}
    for status in ("added", "unchanged"):
        report = ingest_paths(library, [folder], "收文")
        assert set(lines(report)) == wanted and set(lines(report).values()) == {status}


def test_settings_name_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUMING_READERS", '{".XYZ": "office_reader:Fine"}')
    from ingest.run import read_limits

    assert read_limits(Settings()).readers == ((".xyz", "office_reader:Fine"),)
