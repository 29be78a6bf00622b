"""`luming user`, `token`, `audit` and the refusal of `serve`, as real processes."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from index.backup import make_backup, restore_backup
from index.library import Library
from index.settings import Settings
from tests.ui.access.conftest import ADMIN, PASSWORDS, READER
from tests.ui.conftest import ROOT, ingest
from ui.access.accounts import Accounts
from ui.access.audit import Action
from ui.access.leaving import remove_person
from ui.access.model import AT_THE_MACHINE

GOOD = "window lantern quarry 7"


class Office:
    """A home, and the program run on it."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def run(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "LUMING_HOME": str(self.home), "COLUMNS": "160"}
        return subprocess.run(
            [sys.executable, "-m", "ui.cli", *arguments],
            cwd=ROOT, env=environment, input=typed, capture_output=True, text=True, timeout=300,
            check=False,
        )  # fmt: skip

    def json(self, *arguments: str, typed: str = "") -> dict:
        done = self.run(*arguments, "--json", typed=typed)
        assert done.returncode == 0 and done.stdout.count("\n") == 1, done.stdout + done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "家")


def test_a_department_is_set_up(office: Office) -> None:
    assert "还没有用户" in office.run("user", "list").stdout
    made = office.json(
        "user", "add", ADMIN, "--role", "管理", "--password-stdin", typed=f"{GOOD}\n"
    )
    assert made["user"]["collections"] is None and made["user"]["role"] == "admin"
    made = office.run("user", "add", "li", "--display", "李四", "--password-stdin", typed=GOOD)
    assert made.returncode == 0 and "看不到任何文库" in made.stderr
    office.json("user", "rights", "li", "--role", "operator", "--collections", "甲处，乙处")
    users = {one["name"]: one for one in office.json("user", "list")["users"]}
    assert users["li"]["collections"] == ["乙处", "甲处"] and users["li"]["role"] == "operator"
    shown = office.run("user", "list").stdout
    assert "李四" in shown and "操作" in shown and "甲处" in shown
    office.json("user", "disable", "li")
    assert "停用" in office.run("user", "list").stdout
    office.json("user", "enable", "li")
    reset = office.json("user", "reset", "li", "--password-stdin", typed="fresh meadow copper 5\n")
    assert reset["user"]["must_change"]
    with closing(Accounts(Settings(home=office.home))) as accounts:
        accounts.sessions.open("li", "10.0.0.1", "Firefox")
    listed = office.json("user", "sessions", "li")["sessions"]
    assert [one["address"] for one in listed] == ["10.0.0.1"]
    assert office.json("user", "sessions", "li", "--end-all")["sessions"] == []
    assert office.run("user", "remove", "li", typed="n\n").returncode == 1
    assert office.run("user", "remove", "li", "--yes").returncode == 0
    actions = [one["action_name"] for one in office.json("audit", "list")["entries"]]
    assert actions.count("用户变动") == 5 and "权限变动" in actions and "修改密码" in actions


@pytest.mark.parametrize(("arguments", "typed", "code", "line"), [
    (("user", "add", "li", "--password-stdin"), "short\n", 1, "太短"),
    (("user", "add", "li", "--password-stdin"), "", 1, "太短"),
    (("user", "add", "li"), "", 2, "--password-stdin"),
    (("user", "add", "li", "--role", "国王", "--password-stdin"), GOOD, 1, "读者、培训、操作、管理"),
    (("user", "add", "a b", "--password-stdin"), GOOD, 1, "用户名只能"),
    (("user", "disable", "nobody"), "", 1, "没有名为“nobody”的用户"),
    (("user", "sessions", "nobody"), "", 1, "没有名为"),
    (("token", "create", "nobody", "--label", "x"), "", 1, "没有名为"),
    (("token", "revoke", "nothing"), "", 1, "没有这个访问令牌"),
    (("audit", "list", "--action", "飞行"), "", 2, "没有这种操作"),
    (("audit", "list", "--since", "昨天吧"), "", 2, "不是日期"),
    (("audit", "export", "--out", "x.exe"), "", 2, ".csv 或 .jsonl"),
], ids=str)  # fmt: skip
def test_mistakes_are_told_in_one_line(
    office: Office, arguments: tuple[str, ...], typed: str, code: int, line: str
) -> None:
    done = office.run(*arguments, typed=typed)
    assert done.returncode == code and line in done.stderr
    assert done.stderr.count("\n") == 1 and not done.stdout


def test_serve_for_others_needs_an_account_first(office: Office) -> None:
    for given in (("--host", "0.0.0.0"), ("--host", "::")):
        done = office.run("serve", *given, "--port", "0")
        assert done.returncode == 1 and done.stderr.count("\n") == 1
        assert "luming user add 用户名 --role 管理" in done.stderr
    assert not office.home.exists()


def test_serve_for_others_starts_with_an_account(office: Office) -> None:
    office.json("user", "add", ADMIN, "--role", "管理", "--password-stdin", typed=GOOD)
    code = (
        "from index.settings import Settings\nfrom ui.server import serve\n"
        "serve(Settings(), host='0.0.0.0', port=0, on_ready=lambda url: print(url, flush=True))"
    )
    environment = {**os.environ, "LUMING_HOME": str(office.home)}
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline().startswith("http://127.0.0.1:")
    process.terminate()
    process.communicate(timeout=30)


def test_tokens_and_the_audit_log(office: Office, tmp_path: Path) -> None:
    office.json("user", "add", "li", "--collections", "全部", "--password-stdin", typed=GOOD)
    made = office.json(
        "token", "create", "li", "--label", "=报表", "--rights", "查阅", "--days", "7"
    )
    assert made["token"].startswith("lm_") and made["rights"] == ["read"]
    plain = office.run("token", "create", "li", "--label", "x")
    assert plain.stdout.startswith("lm_") and plain.stdout.count("\n") == 1
    listed = office.json("token", "list", "--user", "li")["tokens"]
    assert len(listed) == 2 and made["token"] not in json.dumps(listed)
    office.json("token", "revoke", made["id"])
    assert len(office.json("token", "list")["tokens"]) == 1

    checked = office.json("audit", "verify")
    assert checked["ok"] and checked["rows"] == 4
    assert "=报表" in office.run("audit", "list", "--action", "访问令牌").stdout
    table, lines = tmp_path / "记录.csv", tmp_path / "记录.jsonl"
    assert office.json("audit", "export", "--out", str(table))["entries"] == 4
    office.json("audit", "export", "-o", str(lines), "--user", "nobody")
    assert "建立" in table.read_text("utf-8-sig") and lines.read_text() == ""
    assert office.json("audit", "verify", "--known", checked["last_hash"])["ok"]
    assert office.run("audit", "verify", "--known", "0" * 63).returncode == 1
    import sqlite3

    with closing(sqlite3.connect(office.home / "access.db")) as connection, connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("UPDATE audit SET detail = '' WHERE id = 2")
    broken = office.run("audit", "verify")
    assert broken.returncode == 1 and "第 2 条对不上" in broken.stderr


@pytest.mark.parametrize("way", ["command", "page", "api"])
def test_who_leaves_takes_their_conversations_along(accounts: Accounts, way: str) -> None:
    """Whoever is given the name later must find nothing of them."""
    from starlette.testclient import TestClient

    from assistant.activity.database import ActivityDatabase
    from assistant.conversation.store import ConversationStore
    from ui.server import create_app

    home = accounts.settings.home
    files = home.parent / "文件"
    files.mkdir()
    (files / "办法.txt").write_text("第一条 保密检查每两个月开展一次。\n", encoding="utf-8")
    ingest(home, [files], "甲处")
    accounts = Accounts(accounts.settings)  # on the clock of the server
    app = create_app(accounts.settings)
    try:
        for user in (READER, ADMIN):
            app.state.service.conversations.ask("保密检查多久开展一次？", user=user)
        client = TestClient(
            app,
            base_url="http://127.0.0.1",
            cookies={"luming": accounts.sessions.open(ADMIN)},
            headers={"Origin": "http://127.0.0.1"},
        )
        if way == "page":
            assert client.post(f"/admin/users/{READER}/remove").status_code == 200
        elif way == "api":
            assert client.delete(f"/api/v1/users/{READER}").status_code == 204
        else:
            remove_person(accounts, READER)
    finally:
        app.state.service.close()
        app.state.accounts.close()
        accounts.close()
    with closing(ActivityDatabase(home)) as database:
        store = ConversationStore(database)
        assert store.count(READER) == 0 and store.count(ADMIN) == 1


def test_a_backup_holds_the_people_for_its_owner_only(tmp_path: Path, accounts: Accounts) -> None:
    accounts.record(AT_THE_MACHINE, Action.SETTINGS, "x")
    archive = tmp_path / "备份.zip"
    with Library(accounts.settings) as library:
        library.catalog.requeue({})
        make_backup(library, archive)
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    with zipfile.ZipFile(archive) as opened:
        assert "access.db" in opened.namelist()
    settings = Settings(home=tmp_path / "新家")
    with Library(settings) as library:
        restore_backup(library, archive)
    assert stat.S_IMODE((settings.home / "access.db").stat().st_mode) == 0o600
    with closing(Accounts(settings)) as restored:
        assert restored.people.authenticate(READER, PASSWORDS[READER]).collections == {"甲处"}
        assert restored.audit.verify().rows == 1 and restored.audit.verify().ok
