"""Backups made while others write, checked before they are put back; files to leave with."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from bench.home_state import differences
from index.backup import BackupError, make_backup, read_manifest, restore_backup
from index.catalog import Catalog
from index.exchange import ExchangeError, export_library, import_file
from index.library import Library
from index.settings import Settings
from tests.index.conftest import HashingEncoder, make_write
from tests.index.doctor.conftest import Home, home

__all__ = ["home"]
ROOT = Path(__file__).parents[2]


def restored(archive: Path, folder: Path, **options: bool) -> Home:
    """The home that a backup gives in a new place, its stores made anew where need be."""
    settings = Settings(home=folder, workers=0)
    with Library(settings, encoder=HashingEncoder()) as library:
        restore_backup(library, archive, **options)
    with Library(settings, encoder=HashingEncoder()) as library:
        library.index_pending()
    return Home(settings, folder)


@pytest.mark.parametrize("full", [False, True])
def test_a_restored_home_answers_as_before(home: Home, tmp_path: Path, full: bool) -> None:
    before = home.state()
    (home.folder / "synonyms.txt").write_text("印章 公章\n", encoding="utf-8")
    archive = tmp_path / "备份" / "鹿鸣.zip"
    with home.library() as library:
        made = make_backup(library, archive, full=full)
    assert (made.documents, made.full) == (4, full)
    assert read_manifest(archive).files == made.files
    again = restored(archive, tmp_path / "新机器")
    assert differences(before, again.state()) == []
    assert again.examined().healthy
    assert (again.folder / "synonyms.txt").read_text(encoding="utf-8") == "印章 公章\n"
    [original] = home.settings.originals_dir.iterdir()
    assert (again.settings.originals_dir / original.name).read_bytes() == original.read_bytes()


_WRITER = """
import sys
from index.library import Library
from index.settings import Settings
from tests.index.conftest import HashingEncoder, make_write
with Library(Settings(home=sys.argv[1]), encoder=HashingEncoder()) as library:
    print("began", flush=True)
    number = 0
    while True:
        number += 1
        texts = [f"第{number}次写入的第{one}段" for one in range(number % 5 + 1)]
        library.write_documents([make_write("变.txt", texts), make_write("另.txt", texts)])
        library.index_pending()
"""


def test_a_backup_is_of_one_moment_while_another_process_writes(home: Home, tmp_path: Path) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(home.folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert writer.stdout is not None and writer.stdout.readline().strip() == "began"
        for number in range(4):
            archive = tmp_path / f"{number}.zip"
            with home.library() as library:
                make_backup(library, archive)
            again = restored(archive, tmp_path / f"新{number}")
            with again.library() as library:
                found = {
                    one.source: [text.text for text in library.catalog.passages(one.document_id)]
                    for one in library.catalog.documents()
                }
                assert found.get("变.txt") == found.get("另.txt")  # of one write, or neither
            assert again.examined().healthy
    finally:
        writer.kill()
        writer.communicate()


def test_a_home_is_replaced_only_by_force_and_kept(home: Home, tmp_path: Path) -> None:
    archive = tmp_path / "备份.zip"
    with home.library() as library:
        make_backup(library, archive)
        library.write_documents([make_write("后来.txt", ["备份以后才有的"])])
    before = sorted(one.name for one in home.folder.iterdir())
    with home.library() as library:
        with pytest.raises(BackupError, match="--force"):
            restore_backup(library, archive)
        assert sorted(one.name for one in home.folder.iterdir()) == before
        done = restore_backup(library, archive, force=True)
        assert "后来.txt" not in [one.source for one in library.catalog.documents()]
    assert done.kept is not None and done.kept.parent == home.folder.parent
    kept = Catalog(f"sqlite:///{done.kept / 'catalog.db'}")
    assert "后来.txt" in [one.source for one in kept.documents()]
    kept.close()


def spoiled(archive: Path, target: Path, change: str) -> Path:
    """A copy of a backup with something wrong in it."""
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(target, "w") as out:
        manifest = json.loads(source.read("manifest.json"))
        for name in source.namelist():
            data = source.read(name)
            if name == "manifest.json":
                continue
            if change == "bytes" and name == "catalog.db":
                data = data[:5000] + bytes([data[5000] ^ 1]) + data[5001:]
            if change == "less" and name != "catalog.db":
                continue
            out.writestr(name, data)
        if change == "more":
            out.writestr("../逃出去.txt", "x")
            manifest["files"]["../逃出去.txt"] = ["0" * 64, 1]
        if change == "newer":
            manifest["schema"] = 99
        out.writestr("manifest.json", "{" if change == "manifest" else json.dumps(manifest))
    return target


@pytest.mark.parametrize("change", ["bytes", "less", "more", "newer", "manifest", "cut", "text"])
def test_a_bad_backup_changes_nothing(home: Home, tmp_path: Path, change: str) -> None:
    archive = tmp_path / "备份.zip"
    with home.library() as library:
        make_backup(library, archive)
    bad = tmp_path / "坏.zip"
    if change == "cut":
        bad.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    elif change == "text":
        bad.write_text("不是备份", encoding="utf-8")
    else:
        spoiled(archive, bad, change)
    before = sorted(one.name for one in tmp_path.rglob("*") if "write.lock" not in one.name)
    with home.library() as library, pytest.raises(BackupError) as raised:
        restore_backup(library, bad, force=True)
    assert "。" in str(raised.value)
    after = sorted(one.name for one in tmp_path.rglob("*") if "write.lock" not in one.name)
    assert [one for one in after if not one.endswith(("-wal", "-shm"))] == [
        one for one in before if not one.endswith(("-wal", "-shm"))
    ]
    assert home.examined().healthy


def test_a_backup_that_fails_leaves_the_earlier_one(home: Home, tmp_path: Path) -> None:
    archive = tmp_path / "备份.zip"
    with home.library() as library:
        make_backup(library, archive)
        whole = archive.read_bytes()
        (home.settings.originals_dir / next(home.settings.originals_dir.iterdir()).name).unlink()
        assert len(make_backup(library, archive).missing) == 1
        assert archive.read_bytes() != whole
        with pytest.raises(BackupError, match="文件夹"):
            make_backup(library, tmp_path)
    with Library(Settings(home=tmp_path / "空")) as empty, pytest.raises(BackupError, match="没有"):
        make_backup(empty, tmp_path / "空.zip")
    assert not (tmp_path / "空.zip").exists()


def test_restore_waits_for_nobody(home: Home, tmp_path: Path) -> None:
    from index.errors import LibraryBusy

    archive = tmp_path / "备份.zip"
    with home.library() as library:
        make_backup(library, archive)
    with home.library() as one, home.library() as other:
        held, end = threading.Event(), threading.Event()

        def hold() -> None:
            with one.writing():
                held.set()
                end.wait(60)

        thread = threading.Thread(target=hold)
        thread.start()
        held.wait(60)
        with pytest.raises(LibraryBusy):
            restore_backup(other, archive, force=True)
        end.set()
        thread.join()
    assert home.examined().healthy


# -- export and import ---------------------------------------------------------


@pytest.mark.parametrize("name", ["导出.jsonl", "导出.parquet"])
def test_what_was_exported_is_imported_as_it_was(home: Home, tmp_path: Path, name: str) -> None:
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
    before = home.state()
    with home.library() as library:
        records = library.catalog.documents()
        outlines = [library.catalog.outline(one.document_id) for one in records]
        boxes = [one.boxes for one in library.catalog.all_passages()]
        done = export_library(library, tmp_path / name)
    assert (done.documents, done.passages) == (4, len(before.passages))
    other = Home(Settings(home=tmp_path / "别处", workers=0), home.files)
    with other.library() as library:
        assert import_file(library, tmp_path / name) == done
        again = library.catalog.documents()
        assert [one.document_id for one in again] == [one.document_id for one in records]
        assert [(one.validity, one.issued, one.statements, one.page_sizes) for one in again] == [
            (one.validity, one.issued, one.statements, one.page_sizes) for one in records
        ]
        assert [library.catalog.outline(one.document_id) for one in again] == outlines
        assert [one.boxes for one in library.catalog.all_passages()] == boxes
        import_file(library, tmp_path / name)  # once more changes nothing
    assert differences(before, other.state()) == []
    other.ingest()  # the files themselves are the same documents
    assert differences(before, other.state()) == []


def test_a_passage_can_be_used_alone(home: Home, tmp_path: Path) -> None:
    with home.library() as library:
        export_library(library, tmp_path / "导出.jsonl", "制度")
    lines = (tmp_path / "导出.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(one) for one in lines]
    [row] = [one for one in rows if one["type"] == "passage" and "保管" in one["text"]]
    assert (row["title"], row["article"], row["collection"]) == ("印章规定", "第一条", "制度")
    [document] = [
        one
        for one in rows
        if one["type"] == "document" and one["document_id"] == row["document_id"]
    ]
    assert document["text"][row["start"] : row["end"]] == row["text"]


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [*lines, "{"],
        lambda lines: [*lines, "[1]"],
        lambda lines: lines[1:],
        lambda lines: lines + lines,
        lambda lines: [line.replace('"start": 0', '"start": 3') for line in lines],
        lambda lines: [line.replace('"validity": "', '"validity": "乱') for line in lines],
        lambda lines: [line.replace('"format": 1', '"format": 99') for line in lines],
        lambda lines: [line.replace('"title": ', '"titel": ') for line in lines],
        lambda lines: [],
    ],
)
def test_a_bad_file_is_refused_whole(home: Home, tmp_path: Path, change: object) -> None:
    with home.library() as library:
        library.write_documents([make_write("短.txt", ["只有这一段"])])
        export_library(library, tmp_path / "导出.jsonl")
        before = library.catalog.generation
        lines = (tmp_path / "导出.jsonl").read_text(encoding="utf-8").splitlines()
        bad = tmp_path / "坏.jsonl"
        bad.write_text("\n".join(change(lines)) + "\n", encoding="utf-8")  # type: ignore[operator]
        with pytest.raises(ExchangeError) as raised:
            import_file(library, bad)
        assert str(raised.value).endswith("。")
        assert library.catalog.generation == before


def test_an_unknown_format_is_told(home: Home, tmp_path: Path) -> None:
    with home.library() as library, pytest.raises(ExchangeError, match=r"\.jsonl"):
        export_library(library, tmp_path / "导出.xlsx")


def test_a_backup_of_an_earlier_program_is_brought_up_to_date(home: Home, tmp_path: Path) -> None:
    import hashlib

    from tests.index.test_migrations import made_old

    before = home.state()
    archive, old = tmp_path / "备份.zip", tmp_path / "旧.zip"
    with home.library() as library:
        make_backup(library, archive)
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(old, "w") as out:
        manifest = json.loads(source.read("manifest.json"))
        for name in source.namelist():
            if name == "catalog.db":
                made_old(Path(source.extract(name, tmp_path)), 1)
                data = (tmp_path / name).read_bytes()
                manifest["files"][name] = [hashlib.sha256(data).hexdigest(), len(data)]
                manifest["schema"] = 1
                out.writestr(name, data)
            elif name != "manifest.json":
                out.writestr(name, source.read(name))
        out.writestr("manifest.json", json.dumps(manifest))
    again = restored(old, tmp_path / "新机器")
    state = again.state()
    assert (state.passages, state.answers) == (before.passages, before.answers)
    assert again.examined().healthy
