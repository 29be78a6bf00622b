"""Damage of every kind is found, told with a way out, and repaired where that can be."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.home_state import differences
from index.backup import make_backup
from index.tables import SCHEMA_VERSION
from tests.index.conftest import HashingEncoder, make_write
from tests.index.doctor.conftest import Home

ROOT = Path(__file__).parents[3]


def sql(home: Home, statement: str, *values: object) -> None:
    """Change the catalog behind the program's back."""
    connection = sqlite3.connect(home.folder / "catalog.db")
    connection.execute(statement, values)
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def delete_vectors(home: Home) -> None:
    shutil.rmtree(home.settings.vectors_dir)


def break_vectors(home: Home) -> None:
    path = home.settings.vectors_dir / "chroma.sqlite3"
    for side in ("-wal", "-shm"):
        path.with_name(path.name + side).unlink(missing_ok=True)
    path.write_bytes(b"no database" * 500)


def lose_vectors(home: Home) -> None:
    with home.library() as library:
        library.vectors.delete("制度", list(library.vectors.ids("制度"))[:2])


def add_orphans(home: Home) -> None:
    with home.library() as library:
        vectors = HashingEncoder().encode_passages(["多余的"])
        library.vectors.upsert(
            "制度", ["没有#这段"], vectors, [{"document_id": "没有", "text": "x"}]
        )
        library.vectors.upsert("别处", ["旧#段"], vectors, [{"document_id": "旧", "text": "y"}])


def swap_texts(home: Home) -> None:
    with home.library() as library:
        one = next(iter(library.vectors.ids("制度")))
        vectors = HashingEncoder().encode_passages(["别的文字"])
        library.vectors.upsert(
            "制度", [one], vectors, [{"document_id": one.split("#")[0], "text": "0"}]
        )


def truncate_lexical(home: Home) -> None:
    largest = max(home.settings.lexical_dir.glob("*.*"), key=lambda one: one.stat().st_size)
    os.truncate(largest, largest.stat().st_size // 2)


def flip_lexical(home: Home) -> None:
    path = next(home.settings.lexical_dir.glob("*.store"))
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0xFF
    path.write_bytes(bytes(data))


def delete_lexical(home: Home) -> None:
    shutil.rmtree(home.settings.lexical_dir)


def lose_lexical(home: Home) -> None:
    with home.library() as library:
        library.lexical.delete([library.lexical.ids()[0]])
        library.lexical.commit()
        library.lexical.release()


def half_outbox(home: Home) -> None:
    sql(
        home,
        "INSERT INTO pending (passage_id, document_id, collection, op)"
        " SELECT passage_id, document_id, '制度', 'upsert' FROM passages LIMIT 3",
    )
    sql(
        home,
        "INSERT INTO pending (passage_id, document_id, collection, op)"
        " VALUES ('没有#第一条', '没有', '制度', 'upsert')",
    )


def unfinished_rebuild(home: Home) -> None:
    sql(home, "INSERT OR REPLACE INTO meta VALUES ('rebuild_stores', '1')")
    half_outbox(home)


def unknown_schema(home: Home) -> None:
    sql(home, "UPDATE alembic_version SET version_num = 'abc'")


def hang_rows(home: Home) -> None:
    sql(
        home,
        "INSERT INTO passages SELECT '没有#1', '没有', ordinal, path, text, start, \"end\", context,"
        " article, page, boxes, text_hash FROM passages LIMIT 1",
    )


def close_to_all(home: Home) -> None:
    (home.folder / "catalog.db").chmod(0o400)
    home.settings.lexical_dir.chmod(0o500)


REPAIRED: dict[str, Callable[[Home], None]] = {
    "vectors-gone": delete_vectors,
    "vectors-unreadable": break_vectors,
    "vectors-missing": lose_vectors,
    "vectors-orphan": add_orphans,
    "vectors-stale": swap_texts,
    "lexical-unreadable": truncate_lexical,
    "lexical-gone": delete_lexical,
    "lexical-missing": lose_lexical,
    "outbox-left": half_outbox,
    "rebuild-unfinished": unfinished_rebuild,
    "schema-unknown": unknown_schema,
    "catalog-links": hang_rows,
    "permissions": close_to_all,
}


def test_a_whole_home_has_no_findings(home: Home) -> None:
    found = home.examined()
    assert found.healthy, found
    assert len(found.checked) == 12
    assert home.repaired().done == ()


@pytest.mark.parametrize("kind", REPAIRED)
def test_damage_is_found_and_repaired(home: Home, kind: str) -> None:
    before = home.state()
    REPAIRED[kind](home)
    found = home.examined()
    assert kind in [one.kind for one in found.findings], found
    assert all(one.fix.endswith("。") and one.message for one in found.findings)
    after = home.repaired()
    assert after.done and after.healthy, after
    assert differences(before, home.state()) == []


@pytest.mark.parametrize("name", ["data_level0.bin", "index_metadata.pickle", "length.bin"])
def test_a_cut_file_of_the_graph_is_noticed(home: Home, name: str) -> None:
    with home.library() as library:
        texts = [f"第{one}号柜子的钥匙由第{one}号人员保管" for one in range(2100)]
        library.write_documents([make_write("钥匙.txt", texts)])
        library.index_pending()
    [path] = home.settings.vectors_dir.glob(f"*/{name}")
    os.truncate(path, path.stat().st_size // 2)
    assert "vectors-unreadable" in [one.kind for one in home.examined().findings]
    assert home.repaired().healthy
    with home.library() as library:
        assert library.vectors.count() == library.catalog.passage_count()


def test_a_flipped_byte_of_the_lexical_index_is_noticed(home: Home) -> None:
    flip_lexical(home)
    assert [one.kind for one in home.examined().findings] == ["lexical-unreadable"]
    assert home.repaired().healthy


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM passages WHERE ordinal = 1",
        "DELETE FROM contents",
        "UPDATE passages SET text = '被改过' WHERE ordinal = 0",
    ],
)
def test_lost_rows_come_back_from_the_files(home: Home, statement: str) -> None:
    before = home.state()
    sql(home, statement)
    assert "passages-missing" in [one.kind for one in home.examined().findings]
    told = home.repaired()
    assert any("luming sync" in line for line in told.done)
    home.ingest()
    assert home.examined().healthy
    assert differences(before, home.state()) == []


def test_a_lost_original_is_kept_anew_by_the_next_run(home: Home) -> None:
    [copy] = home.settings.originals_dir.iterdir()
    data = copy.read_bytes()
    copy.unlink()
    [finding] = home.examined().findings
    assert finding.kind == "originals-missing" and finding.repairable
    home.repaired()
    home.ingest()
    assert copy.read_bytes() == data
    assert home.examined().healthy


class WideEncoder(HashingEncoder):
    """Another model with longer vectors."""

    dimension = 96


def test_another_encoder_is_told_and_its_vectors_made(home: Home) -> None:
    other = WideEncoder("wide")
    [finding] = [
        one for one in home.examined(encoder=other).findings if one.kind.startswith("encoder")
    ]
    assert finding.kind == "encoder-mismatch" and "LUMING_ENCODER" in finding.fix
    assert home.repaired(encoder=other).healthy
    with home.library(other) as library:
        assert library.search("值班人员", 1)[0].document.title == "值班办法"


def test_vectors_of_a_wrong_length_are_found(home: Home) -> None:
    wide = WideEncoder("hashing")  # the same name, so nothing but the length tells
    assert "vectors-dimension" in [one.kind for one in home.examined(encoder=wide).findings]
    assert home.repaired(encoder=wide).healthy


def spoil_pages(path: Path) -> None:
    """Overwrite the second half of a database's pages."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    for side in ("-wal", "-shm"):
        path.with_name(path.name + side).unlink(missing_ok=True)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2 // 4096 * 4096)
        file.write(b"\xa5" * (size // 3))


def test_a_corrupt_catalog_comes_from_the_last_backup(home: Home, tmp_path: Path) -> None:
    before = home.state()
    with home.library() as library:
        make_backup(library, tmp_path / "备份.zip")
    spoil_pages(home.folder / "catalog.db")
    found = home.examined()
    assert "catalog-corrupt" in [one.kind for one in found.findings]
    assert not found.healthy
    after = home.repaired()
    assert any("备份" in line for line in after.done)
    assert after.healthy, after
    assert differences(before, home.state()) == []
    assert list(home.folder.glob("catalog.db.damaged-*"))


def test_a_corrupt_catalog_without_a_backup_says_so(home: Home) -> None:
    spoil_pages(home.folder / "catalog.db")
    after = home.repaired()
    assert any("没有可用的备份" in line for line in after.done)
    assert "catalog-corrupt" in [one.kind for one in after.findings]
    assert (home.folder / "catalog.db").exists()


def test_a_lost_catalog_comes_from_the_last_backup(home: Home, tmp_path: Path) -> None:
    before = home.state()
    with home.library() as library:
        make_backup(library, tmp_path / "备份.zip")
    for side in ("", "-wal", "-shm"):
        (home.folder / f"catalog.db{side}").unlink(missing_ok=True)
    assert [one.kind for one in home.examined().findings] == ["catalog-missing"]
    assert home.repaired().healthy
    assert differences(before, home.state()) == []


def test_a_corrupt_record_of_questions_is_put_aside(home: Home) -> None:
    from assistant.activity.database import ActivityDatabase

    path = home.folder / "activity.db"
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 9000)
    assert [one.kind for one in home.examined().findings] == ["activity-corrupt"]
    assert home.repaired().healthy
    assert not path.exists() and list(home.folder.glob("activity.db.damaged-*"))
    database = ActivityDatabase(home.folder)
    with database.reading():
        pass  # it is made anew
    database.close()


def test_a_newer_catalog_is_left_alone(home: Home) -> None:
    sql(home, "UPDATE alembic_version SET version_num = ?", str(SCHEMA_VERSION + 1))
    after = home.repaired()
    assert "schema-newer" in [one.kind for one in after.findings]
    assert not after.done
    assert ("向量库", "目录库打不开") in after.skipped


_HOLDER = """
import sys, time
from index.library import Library
from index.settings import Settings
from tests.index.conftest import HashingEncoder, make_write
library = Library(Settings(home=sys.argv[1]), encoder=HashingEncoder())
library.acquire()
library.catalog.jobs.start(library.catalog.jobs.add("ingest", "制度", {}).job_id)
print("held", flush=True)
time.sleep(600)
"""


def test_a_process_that_died_in_its_work_leaves_a_trace_that_is_cleared(home: Home) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(home.folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stdout.readline().strip() == "held"
    assert home.examined().healthy  # it lives
    process.send_signal(signal.SIGKILL)
    process.communicate()
    found = home.examined()
    assert [one.kind for one in found.findings] == ["stale-lock", "dead-jobs"]
    assert str(process.pid) in found.findings[0].message
    assert home.repaired().healthy
    with home.library() as library:
        assert library.catalog.jobs.recent()[0].state == "failed"


def test_a_home_on_a_read_only_disk_is_told(home: Home, tmp_path: Path) -> None:
    disk = tmp_path / "盘"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("这里不能挂载文件系统")
    try:
        shutil.copytree(home.folder, disk / "home")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        moved = Home(home.settings.model_copy(update={"home": disk / "home"}), home.files)
        found = moved.examined()
        [finding] = [one for one in found.findings if one.kind == "home-read-only"]
        assert not finding.repairable
        assert "只读" in finding.fix
        assert any(one.kind == "disk-low" for one in found.findings)
    finally:
        subprocess.run(["umount", str(disk)], check=False)


def test_nothing_is_made_where_there_is_no_home(tmp_path: Path) -> None:
    from index.settings import Settings

    home = Home(Settings(home=tmp_path / "没有"), tmp_path)
    assert home.examined().findings == ()
    assert not home.folder.exists()
    json.dumps([vars(one) for one in home.examined().findings])
