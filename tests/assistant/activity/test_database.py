"""The activity database under threads, processes, damage, and programs of another version."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, Table, select

from assistant.activity.database import FILE, ActivityDatabase, ActivityError
from assistant.activity.tables import metadata, now, questions
from index.errors import LibraryBusy, LibraryError

ROOT = Path(__file__).parents[3]


def row(name: str, **more: object) -> dict[str, object]:
    return {
        "question_id": name,
        "at": now(),
        "channel": "cli",
        "text": "问",
        "key": name,
        "scope": "{}",
        "abstained": False,
        "reply": "{}",
        "conditions": "{}",
        "duration_ms": 1.0,
        **more,
    }


def ids(database: ActivityDatabase) -> set[str]:
    with database.reading() as connection:
        return set(connection.execute(select(questions.c.question_id)).scalars())


def test_threads_and_processes_write_side_by_side(tmp_path: Path) -> None:
    home = tmp_path / "数据 目录%20?"
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from assistant.activity.database import ActivityDatabase\n"
        "from assistant.activity.tables import questions\n"
        "from tests.assistant.activity.test_database import row\n"
        "database = ActivityDatabase(Path(sys.argv[1]))\n"
        "for n in range(30):\n"
        "    with database.writing() as connection:\n"
        "        connection.execute(questions.insert(), row(f'{sys.argv[2]}-{n}'))\n"
    )
    others = [
        subprocess.Popen([sys.executable, "-c", code, str(home), name], cwd=ROOT) for name in "甲乙"
    ]
    database = ActivityDatabase(home)

    def write(name: str) -> None:
        for n in range(30):
            with database.writing() as connection:
                connection.execute(questions.insert(), row(f"{name}-{n}"))

    threads = [threading.Thread(target=write, args=(name,)) for name in "丙丁"]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one.wait(60) for one in others] == [0, 0]
    assert ids(database) == {f"{name}-{n}" for name in "甲乙丙丁" for n in range(30)}


def test_an_error_undoes_the_whole_transaction(tmp_path: Path) -> None:
    database = ActivityDatabase(tmp_path)
    with pytest.raises(RuntimeError), database.writing() as connection:
        connection.execute(questions.insert(), row("一"))
        raise RuntimeError
    assert ids(database) == set()


def test_moments_are_utc_whatever_their_zone(tmp_path: Path) -> None:
    database = ActivityDatabase(tmp_path)
    noon = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=8)))
    with database.writing() as connection:
        connection.execute(questions.insert(), row("一", at=noon))
    with database.reading() as connection:
        found = connection.execute(select(questions.c.at, questions.c.user)).one()
    assert (found[0], found[0].tzinfo, found[1]) == (noon, UTC, "local")
    with pytest.raises(Exception, match="time zone"), database.writing() as connection:
        connection.execute(questions.insert(), row("二", at=datetime(2026, 3, 1)))


def test_tables_that_another_module_adds_come_into_an_older_file(tmp_path: Path) -> None:
    ActivityDatabase(tmp_path).close()
    first = ActivityDatabase(tmp_path)
    assert ids(first) == set()
    first.close()
    added = Table("added_later", metadata, Column("n", Integer))
    try:
        second = ActivityDatabase(tmp_path)
        with second.writing() as connection:
            connection.execute(added.insert(), {"n": 1})
        second.close()
    finally:
        metadata.remove(added)


def test_a_newer_programs_file_is_left_alone(tmp_path: Path) -> None:
    database = ActivityDatabase(tmp_path)
    assert ids(database) == set()
    database.close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    connection.close()
    with pytest.raises(ActivityError, match="版本是 99"):
        ids(ActivityDatabase(tmp_path))


@pytest.mark.parametrize("damage", ["not a database" * 100, None])
def test_a_file_that_is_none_gives_one_chinese_line(tmp_path: Path, damage: str | None) -> None:
    if damage is None:
        (tmp_path / FILE).mkdir()
    else:
        (tmp_path / FILE).write_text(damage)
    with pytest.raises(ActivityError, match=FILE) as caught:
        ids(ActivityDatabase(tmp_path))
    assert "\n" not in str(caught.value)


def test_waiting_for_another_writer_ends(tmp_path: Path) -> None:
    holder, waiting = ActivityDatabase(tmp_path), ActivityDatabase(tmp_path, busy_seconds=0.05)
    assert ids(holder) == ids(waiting) == set()
    with holder.writing() as connection:
        connection.execute(questions.insert(), row("一"))
        with pytest.raises(LibraryBusy), waiting.writing():
            pass
    assert issubclass(LibraryBusy, LibraryError) and ids(waiting) == {"一"}
