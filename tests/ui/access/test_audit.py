"""The audit log: only ever longer, checkable, exportable, and kept as long as set."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import threading
from contextlib import closing

import pytest

from index.settings import Settings
from tests.ui.access.conftest import ADMIN, READER, Clock
from ui.access.accounts import Accounts
from ui.access.audit import ACTION_NAMES, Action, AuditFilter
from ui.access.model import Principal

HOSTILE = ["=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1", "\t=1", "＝1+1", " =1"]


@pytest.fixture
def filled(accounts: Accounts, clock: Clock) -> Accounts:
    """Twelve rows, an hour apart."""
    for number in range(12):
        name, action = (READER, Action.ASKED) if number % 2 else (ADMIN, Action.READ)
        accounts.record(Principal(name, session="s"), action, f"第{number}号", "", "10.0.0.1")
        clock.move(hours=1)
    return accounts


def raw(accounts: Accounts) -> sqlite3.Connection:
    accounts.close()
    return sqlite3.connect(accounts.database.path)


def test_it_is_read_by_page_and_filter(filled: Accounts, clock: Clock) -> None:
    page, total = filled.audit.read(page=2, size=5)
    assert total == 12 and [one.object for one in page] == [f"第{n}号" for n in (6, 5, 4, 3, 2)]
    asked, total = filled.audit.read(AuditFilter(user=READER, action=Action.ASKED))
    assert total == 6 and asked[0].action_name == "提问" and asked[0].address == "10.0.0.1"
    assert filled.audit.read(AuditFilter(text="第11"))[1] == 1
    assert filled.audit.read(AuditFilter(text="%"))[1] == 0
    since = filled.audit.read(page=1, size=3)[0][-1].at
    assert filled.audit.read(AuditFilter(since=since))[1] == 3
    assert filled.audit.read(AuditFilter(until=since))[1] == 9
    assert set(ACTION_NAMES) == set(Action)


@pytest.mark.parametrize("statement", [
    "UPDATE audit SET user = 'other' WHERE id = 3",
    "DELETE FROM audit WHERE id = 3",
    "DELETE FROM audit",
    "INSERT OR REPLACE INTO audit SELECT 3, at, 'other', session, action, object, detail, address,"
    " hash FROM audit WHERE id = 3",
])  # fmt: skip
def test_the_database_refuses_changes(filled: Accounts, statement: str) -> None:
    with (
        closing(raw(filled)) as connection,
        pytest.raises(sqlite3.DatabaseError, match="append-only"),
    ):
        connection.execute(statement)
    assert filled.audit.verify().ok and filled.audit.read()[1] == 12


@pytest.mark.parametrize(("tampering", "where"), [
    ("UPDATE audit SET object = '别的' WHERE id = 5", 5),
    ("UPDATE audit SET at = '2026-01-01 00:00:00.000000' WHERE id = 7", 7),
    ("DELETE FROM audit WHERE id = 5", 5),
    ("DELETE FROM audit WHERE id = 1", 1),
    ("DELETE FROM audit WHERE id > 9", 10),
    ("INSERT INTO audit SELECT 13, at, user, session, action, object, detail, address, hash"
     " FROM audit WHERE id = 12", 13),
])  # fmt: skip
def test_changes_behind_its_back_show(filled: Accounts, tampering: str, where: int) -> None:
    with closing(raw(filled)) as connection, connection:
        for trigger in ("audit_no_update", "audit_no_delete", "audit_no_replace"):
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(tampering)
    found = filled.audit.verify()
    assert not found.ok and found.broken_at == where
    filled.record(Principal(ADMIN), Action.LOGIN)
    assert not filled.audit.verify().ok  # it doesn't heal


def test_a_noted_hash_tells_of_a_whole_new_chain(filled: Accounts) -> None:
    noted = filled.audit.verify().last_hash
    filled.record(Principal(ADMIN), Action.LOGIN)
    assert filled.audit.verify(noted).known
    assert not filled.audit.verify("0" * 63 + "1").known


def test_many_at_once_make_one_chain(accounts: Accounts) -> None:
    def write() -> None:
        for _ in range(10):
            accounts.record(Principal(READER), Action.READ, "x")

    threads = [threading.Thread(target=write) for _ in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    found = accounts.audit.verify()
    assert found.ok and found.rows == 50


def test_retention_takes_the_oldest_and_the_chain_goes_on(filled: Accounts, clock: Clock) -> None:
    settings = Settings(home=filled.settings.home, audit_days=1)
    clock.move(hours=18)  # the first six are older than a day now
    with closing(Accounts(settings, clock)) as short:
        assert short.audit.prune() == 6
        rows, total = short.audit.read()
        assert total == 7 and rows[-1].object == "第6号" and rows[0].action == Action.PRUNED
        assert short.audit.verify().ok
        short.record(Principal(ADMIN), Action.LOGIN)
        assert short.audit.verify().ok and short.audit.prune() == 0
    with closing(raw(filled)) as connection, pytest.raises(sqlite3.DatabaseError):
        connection.execute("DELETE FROM audit WHERE id = 8")


def test_what_is_too_old_goes_of_itself(filled: Accounts, clock: Clock) -> None:
    clock.move(days=1095, hours=-6)
    filled.record(Principal(ADMIN), Action.LOGIN)
    rows, _ = filled.audit.read()
    assert [one.action for one in rows[:2]] == [Action.PRUNED, Action.LOGIN]
    assert rows[-1].object == "第6号" and filled.audit.verify().ok


def test_export_as_csv_holds_no_formula(accounts: Accounts) -> None:
    for words in HOSTILE:
        accounts.record(Principal(READER), Action.ASKED, words, words, words)
    data = b"".join(accounts.audit.export("csv"))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0][:3] == ["编号", "时间", "用户"] and len(rows) == 1 + len(HOSTILE)
    for row in rows[1:]:
        assert not any(
            cell.lstrip(" \u3000").startswith(("=", "+", "-", "@", "＝")) for cell in row
        )


def test_export_as_lines_of_json_holds_everything(filled: Accounts) -> None:
    filled.record(Principal(READER), Action.ASKED, '引号"和\n换行 \ud800', "详情")
    lines = b"".join(filled.audit.export("jsonl")).decode().splitlines()
    assert len(lines) == 13
    first, last = json.loads(lines[0]), json.loads(lines[-1])
    assert (first["number"], first["user"], first["object"]) == (1, ADMIN, "第0号")
    assert last["object"].startswith('引号"和 换行')
    asked = b"".join(filled.audit.export("jsonl", AuditFilter(action=Action.READ)))
    assert asked.count(b"\n") == 6


def test_long_and_odd_words_are_bounded(accounts: Accounts) -> None:
    accounts.record(Principal("x" * 500), Action.ASKED, "长" * 10_000, "\x00\x1b[31m" * 9000)
    (row,), _ = accounts.audit.read()
    assert len(row.user) == 64 and len(row.object) <= 500 and len(row.detail) <= 2000
    assert row.detail.isprintable()
    assert accounts.audit.verify().ok
