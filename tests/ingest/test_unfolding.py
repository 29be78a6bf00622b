"""Archives in a folder: their members are documents of their own, through every kind of change."""

from __future__ import annotations

import email.message
import email.policy
import io
import zipfile
from pathlib import Path

import pytest

from index.library import Library
from index.settings import Settings
from ingest.pipeline import ingest_paths
from tests.index.conftest import HashingEncoder
from tests.ingest.conftest import COLLECTION, LEAVE, TRAVEL, Office, outcome, reason
from tests.ingest.readers.samples import rules_docx
from tests.ingest.readers.test_passwords import locked


def packed(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_members_are_documents_and_a_change_touches_only_the_changed_one(office: Office) -> None:
    path = office.write("收文.zip", packed({"甲/请假.txt": LEAVE, "差旅.txt": TRAVEL}), age=90)
    report = office.ingest()
    assert outcome(report) == {"收文.zip!/甲/请假.txt": "added", "收文.zip!/差旅.txt": "added"}
    assert not (office.settings.home / "scratch").exists()
    assert "提前十日" in office.found("年休假提前几天申请")
    records = {one.source: one for one in office.library.catalog.documents()}
    assert records["收文.zip!/甲/请假.txt"].source_path == f"{path}!/甲/请假.txt"
    ids = office.ids()

    assert set(outcome(office.ingest()).values()) == {"unchanged"}

    changed = TRAVEL.replace("三百元", "四百元")
    files = {"甲/请假.txt": LEAVE, "差旅.txt": changed, "x.txt": "新的通知。"}
    office.write("收文.zip", packed(files), age=60)
    report = office.ingest()
    assert outcome(report) == {
        "收文.zip!/甲/请假.txt": "unchanged",
        "收文.zip!/差旅.txt": "updated",
        "收文.zip!/x.txt": "added",
    }
    assert report.passages == 2  # the changed article and the new file
    assert {key: one for key, one in office.ids().items() if key in ids} == ids
    assert "四百元" in office.found("差旅住宿费每日多少")


def test_an_unchanged_archive_is_not_opened_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.write("a.zip", packed({"请假.txt": LEAVE}))
    office.ingest()
    opened: list[Path] = []

    def seen(path: Path, *rest: object) -> list[object]:
        opened.append(path)
        return []

    monkeypatch.setattr("ingest.unfolding.expand", seen)
    assert outcome(office.ingest()) == {"a.zip!/请假.txt": "unchanged"}
    assert not opened


def test_members_that_are_gone_are_told_and_a_damaged_archive_loses_nothing(office: Office) -> None:
    whole = packed({"请假.txt": LEAVE, "差旅.txt": TRAVEL})
    office.write("a.zip", whole, age=120)
    office.ingest()
    office.write("a.zip", whole[: len(whole) // 2], age=100)
    report = office.ingest(prune=True)
    assert "removed" not in outcome(report).values() and report.failed == 1
    assert not office.missing() and "三百元" in office.found("差旅住宿费每日多少")

    path = office.write("a.zip", packed({"请假.txt": LEAVE}), age=80)
    report = office.ingest(prune=True)
    assert outcome(report) == {"a.zip!/请假.txt": "unchanged", "a.zip!/差旅.txt": "removed"}

    path.unlink()
    report = office.ingest()
    assert report.missing == ["a.zip!/请假.txt"] and office.missing() == {"a.zip!/请假.txt"}


def test_a_renamed_archive_keeps_its_passages(office: Office) -> None:
    office.write("a.zip", packed({"请假.txt": LEAVE})).rename(office.files / "b.zip")
    office.write("a.zip", packed({"差旅.txt": TRAVEL}))
    office.ingest()
    ids = office.ids()
    (office.files / "a.zip").rename(office.files / "c.zip")
    report = office.ingest()
    assert report.passages == 0 and office.ids() == ids
    assert office.sources() == {"b.zip!/请假.txt", "c.zip!/差旅.txt"}


def test_every_member_has_its_line_and_bad_ones_cost_only_themselves(
    office: Office, tmp_path: Path
) -> None:
    secret = locked(rules_docx(tmp_path / "r.docx"), "晴空42").read_bytes()
    files = {
        "请假.txt": LEAVE,
        "坏.pdf": b"%PDF-1.4 broken",
        "锁.docx": secret,
        "../x.txt": "x",
        "空.txt": "",
    }
    office.write("a.zip", packed(files))
    report = office.ingest()
    assert outcome(report) == {
        "a.zip!/请假.txt": "added",
        "a.zip!/坏.pdf": "failed",
        "a.zip!/锁.docx": "failed",
        "a.zip!/../x.txt": "failed",
        "a.zip!/空.txt": "failed",
    }
    assert "--password-file" in reason(report, "a.zip!/锁.docx")
    assert "不安全" in reason(report, "a.zip!/../x.txt")

    passwords = tmp_path / "passwords.txt"
    passwords.write_text("*锁*\t晴空42\n", encoding="utf-8")
    settings = Settings(home=office.settings.home, password_file=passwords)
    office.library.close()
    with Library(settings, encoder=HashingEncoder()) as library:
        report = ingest_paths(library, [office.files], COLLECTION)
        assert outcome(report)["a.zip!/锁.docx"] == "added"
        stored = (settings.home / "catalog.db").read_bytes()
    assert "晴空42".encode() not in stored


def test_a_mail_is_a_document_with_its_attachments(office: Office) -> None:
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"], message["Subject"] = "a@b.c", "d@e.f", "关于报送台账的通知"
    message.set_content("请于周五前报送。")
    message.add_attachment(
        LEAVE.encode(), maintype="application", subtype="octet-stream", filename="请假.txt"
    )
    office.write("通知.eml", message.as_bytes())
    for status in ("added", "unchanged"):
        wanted = {"通知.eml": status, "通知.eml!/请假.txt": status}
        assert outcome(office.ingest()) == wanted
    assert "提前十日" in office.found("年休假提前几天申请")


def test_a_folder_whose_name_ends_with_an_exclamation_mark_is_a_folder(office: Office) -> None:
    office.write("通知!/请假.txt", LEAVE)
    office.ingest()
    (office.files / "通知!" / "请假.txt").unlink()
    assert office.ingest().missing == ["通知!/请假.txt"]


def test_the_environment_names_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    from ingest.limits import read_limits

    monkeypatch.setenv("LUMING_READERS", '{".XYZ": "office_reader:Fine"}')
    assert read_limits(Settings()).readers == ((".xyz", "office_reader:Fine"),)
