"""People, sessions, tokens: what they promise, on an injected clock."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing

import pytest

from index.settings import Settings
from tests.ui.access.conftest import ADMIN, PASSWORDS, READER, Clock
from ui.access.accounts import Accounts
from ui.access.errors import AccessError, LastAdministrator, Throttled, UnknownUser, WrongPassword
from ui.access.model import RIGHTS_OF, Right, Role
from ui.access.passwords import WeakPassword, check_password
from ui.access.throttle import Limit

GOOD = "window lantern quarry 7"


@pytest.mark.parametrize(
    "password",
    ["short", "1234567890", "0987654321!", "password123", "Passw0rd!!!", "qwertyuiop12", "aaaaaaaaaaaa",
     "abcdefghijkl", "12341234123412", "li.xiaoming", "LI.XIAOMING1", "admin123456", "11111111112222",
     "ｐａｓｓｗｏｒｄ１２３", "5201314520", "x" * 300],
)  # fmt: skip
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        check_password(
            password, "li.xiaoming" if password.lower() != "li.xiaoming1" else "li.xiaoming1"
        )


@pytest.mark.parametrize(
    "password", [GOOD, "楼前三棵老槐树-2024", "7391-4860-2257", "Zf8!kq0Lw2#e"]
)
def test_good_passwords_are_taken(password: str) -> None:
    check_password(password, "li")


def test_one_person_whatever_the_keyboard(accounts: Accounts) -> None:
    accounts.people.add("Li.Ming", "Ｗindow lantern 七号", Role.TRAINER, ["乙处", "甲处"])
    found = accounts.people.authenticate("ｌｉ.ＭＩＮＧ ", "Window lantern 七号")
    assert (found.name, found.role) == ("li.ming", Role.TRAINER)
    assert found.collections == {"甲处", "乙处"}
    with pytest.raises(AccessError, match="已经有"):
        accounts.people.add("LI.ming", GOOD, Role.READER)


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "<b>", "x" * 65, "local", "a/b", "a\nb", "'; --", ".", "..", "-"]
)
def test_names_that_are_none(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccessError, match="用户名只能"):
        accounts.people.add(name, GOOD, Role.READER)


def test_roles_give_rights_and_collections_are_kept(accounts: Accounts) -> None:
    principal = accounts.people.get(READER).principal()
    assert principal.rights == RIGHTS_OF[Role.READER]
    assert principal.sees("甲处") and not principal.sees("乙处")
    accounts.people.set_collections(READER, None)
    assert accounts.people.get(READER).collections is None
    accounts.people.set_collections(READER, [])
    assert accounts.people.get(READER).collections == frozenset()
    assert accounts.people.set_display(READER, " 钱\n二 ").display == "钱 二"
    with pytest.raises(UnknownUser):
        accounts.people.set_role("nobody", Role.ADMIN)


def test_an_administrator_always_stays(accounts: Accounts) -> None:
    people = accounts.people
    for end in (people.disable, people.remove, lambda name: people.set_role(name, Role.READER)):
        with pytest.raises(LastAdministrator):
            end(ADMIN)
    people.set_role(READER, Role.ADMIN)
    people.disable(READER)
    with pytest.raises(LastAdministrator):  # one that is switched off doesn't count
        people.remove(ADMIN)
    people.enable(READER)
    people.remove(ADMIN)
    with pytest.raises(LastAdministrator):
        people.disable(READER)


def test_two_administrators_can_not_take_each_other_out(accounts: Accounts) -> None:
    accounts.people.set_role(READER, Role.ADMIN)
    refused: list[str] = []

    def demote(name: str) -> None:
        try:
            accounts.people.set_role(name, Role.READER)
        except LastAdministrator:
            refused.append(name)

    both = [threading.Thread(target=demote, args=(name,)) for name in (ADMIN, READER)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(refused) == 1


def test_who_is_disabled_or_has_no_password_is_told_the_same(accounts: Accounts) -> None:
    accounts.people.add("sso", None, Role.READER)
    accounts.people.disable(READER)
    said = set()
    for name, password in ((READER, PASSWORDS[READER]), ("sso", ""), ("sso", "x"), ("nobody", "x"),
                           (ADMIN, "x"), (ADMIN, "")):  # fmt: skip
        with pytest.raises(WrongPassword) as error:
            accounts.people.authenticate(name, password)
        said.add(str(error.value))
    assert len(said) == 1


def test_a_name_that_nobody_has_costs_the_same_work(accounts: Accounts) -> None:
    """Processor time, not the clock: without the hash it would be a hundredth."""

    def work(name: str) -> float:
        spent = []
        for _ in range(3):
            accounts.people.throttle.forget_all()
            before = time.process_time()
            with pytest.raises(WrongPassword):
                accounts.people.authenticate(name, "wrong guess no 1")
            spent.append(time.process_time() - before)
        return min(spent)

    work("warm")
    assert work("nobody") > work(READER) / 3


def test_waits_grow_by_name_and_end(accounts: Accounts, clock: Clock) -> None:
    people = accounts.people
    for _ in range(9):  # the right password in between forgets the failures
        with pytest.raises(WrongPassword):
            people.authenticate(READER, "wrong", "10.0.0.1")
        assert people.authenticate(READER, PASSWORDS[READER], "10.0.0.2")
    for _ in range(5):
        with pytest.raises(WrongPassword):
            people.authenticate(READER, "wrong", "10.0.0.1")
    for expected in (5, 10, 20, 40, 80, 160, 320, 640, 900, 900):
        with pytest.raises(Throttled) as refused:
            people.authenticate(READER, PASSWORDS[READER], "10.0.0.2")
        assert refused.value.seconds == expected
        clock.move(seconds=expected)
        with pytest.raises(WrongPassword):
            people.authenticate(READER, "wrong", "10.0.0.1")
    clock.move(seconds=900)
    assert people.authenticate(READER, PASSWORDS[READER]).name == READER


def test_waits_outlive_a_restart(accounts: Accounts, clock: Clock) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            accounts.people.authenticate(READER, "wrong", "10.0.0.1")
    with closing(Accounts(accounts.settings, clock)) as again, pytest.raises(Throttled):
        again.people.authenticate(READER, PASSWORDS[READER], "10.0.0.9")


def test_waits_by_address_whatever_the_name(accounts: Accounts, clock: Clock) -> None:
    for number in range(30):
        with pytest.raises(WrongPassword):
            accounts.people.authenticate(f"guess{number}", "wrong", "10.0.0.1")
    with pytest.raises(Throttled):
        accounts.people.authenticate(ADMIN, PASSWORDS[ADMIN], "10.0.0.1")
    assert accounts.people.authenticate(ADMIN, PASSWORDS[ADMIN], "10.0.0.2")
    clock.move(hours=25)
    assert accounts.people.authenticate(ADMIN, PASSWORDS[ADMIN], "10.0.0.1")


def test_many_guesses_at_once_gain_nothing(accounts: Accounts) -> None:
    outcomes: list[str] = []

    def guess() -> None:
        try:
            accounts.people.authenticate(READER, "wrong guess no 1")
        except AccessError as error:
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert outcomes.count("WrongPassword") == 5 and outcomes.count("Throttled") == 15


def test_wait_of_a_limit() -> None:
    limit = Limit(free=3, first=2, most=10)
    assert [limit.wait(n) for n in range(7)] == [0, 0, 0, 2, 4, 8, 10]
    assert limit.wait(10_000) == 10


def test_sessions_end_unused_and_in_any_case(accounts: Accounts, clock: Clock) -> None:
    sessions = accounts.sessions
    secret = sessions.open(READER, "10.0.0.1", "Firefox")
    clock.move(minutes=119)
    assert sessions.principal(secret)
    clock.move(minutes=119)
    assert sessions.principal(secret)  # used in between
    clock.move(minutes=121)
    assert sessions.principal(secret) is None and sessions.list(READER) == []
    secret = sessions.open(READER)
    for _ in range(11):
        clock.move(hours=1)
        assert sessions.principal(secret)
    clock.move(hours=1)
    assert sessions.principal(secret) is None


def test_a_session_follows_its_person(accounts: Accounts) -> None:
    secret = accounts.sessions.open(READER, "10.0.0.1", "Firefox")
    found = accounts.sessions.principal(secret)
    assert found and found.name == READER and found.collections == {"甲处"}
    assert found.session == accounts.sessions.list(READER)[0].session_id != secret
    accounts.people.set_role(READER, Role.OPERATOR)
    accounts.people.set_collections(READER, ["乙处"])
    found = accounts.sessions.principal(secret)
    assert found and found.may(Right.OPERATE) and found.collections == {"乙处"}
    assert accounts.sessions.principal("") is None and accounts.sessions.principal("x") is None
    accounts.people.remove(READER)
    assert accounts.sessions.principal(secret) is None


def test_a_new_password_ends_the_other_sessions(accounts: Accounts) -> None:
    here, there = accounts.sessions.open(READER), accounts.sessions.open(READER)
    mine = accounts.sessions.principal(here)
    assert mine
    accounts.people.change_password(READER, PASSWORDS[READER], "fresh meadow copper 5",
                                    keep_session=mine.session)  # fmt: skip
    assert accounts.sessions.principal(here) and accounts.sessions.principal(there) is None
    with pytest.raises(WrongPassword):
        accounts.people.authenticate(READER, PASSWORDS[READER])
    assert accounts.people.authenticate(READER, "fresh meadow copper 5")


def test_only_ones_own_sessions_can_be_ended(accounts: Accounts) -> None:
    secret = accounts.sessions.open(ADMIN)
    admin = accounts.sessions.list(ADMIN)[0].session_id
    with pytest.raises(AccessError):
        accounts.sessions.revoke(READER, admin)
    assert accounts.sessions.revoke_all(READER) == 0 and accounts.sessions.principal(secret)
    accounts.sessions.revoke(ADMIN, admin)
    assert accounts.sessions.principal(secret) is None


def test_a_person_has_a_bounded_number_of_sessions(accounts: Accounts, clock: Clock) -> None:
    first = accounts.sessions.open(READER)
    for _ in range(50):
        clock.move(seconds=1)
        last = accounts.sessions.open(READER)
    assert len(accounts.sessions.list(READER)) == 50
    assert accounts.sessions.principal(first) is None and accounts.sessions.principal(last)


def test_a_token_may_what_both_it_and_its_person_may(accounts: Accounts, clock: Clock) -> None:
    accounts.people.set_role(READER, Role.OPERATOR)
    secret = accounts.tokens.create(READER, "脚本", [Right.READ, Right.OPERATE], 30)
    assert secret.startswith("lm_")
    found = accounts.tokens.principal(secret)
    assert found and found.rights == {Right.READ, Right.OPERATE} and found.collections == {"甲处"}
    accounts.people.set_role(READER, Role.READER)
    found = accounts.tokens.principal(secret)
    assert found and found.rights == {Right.READ}
    clock.move(days=30)
    assert accounts.tokens.principal(secret) is None
    assert accounts.tokens.list(READER)[0].expired


@pytest.mark.parametrize(("rights", "days"), [
    ([Right.ADMINISTER], 30), ([], 30), ([Right.READ], 0), ([Right.READ], 100_000),
])  # fmt: skip
def test_tokens_that_are_not_made(accounts: Accounts, rights: list[Right], days: int) -> None:
    with pytest.raises(AccessError):
        accounts.tokens.create(READER, "x", rights, days)
    assert accounts.tokens.list() == []


def test_a_token_ends_with_its_person_or_a_reset(accounts: Accounts) -> None:
    secret = accounts.tokens.create(READER, "x")
    accounts.people.disable(READER)
    assert accounts.tokens.principal(secret) is None
    accounts.people.enable(READER)
    assert accounts.tokens.principal(secret)
    accounts.people.reset_password(READER, "fresh meadow copper 5")
    assert accounts.tokens.principal(secret) is None and accounts.tokens.list(READER) == []


def test_nothing_is_made_before_it_is_needed(tmp_path: object) -> None:
    accounts = Accounts(Settings(home=tmp_path / "家"))  # type: ignore[operator]
    assert not accounts.needed and accounts.people.users() == []
    assert accounts.sessions.find("x") is None and accounts.tokens.principal("lm_x") is None
    assert accounts.audit.read() == ([], 0) and accounts.audit.verify().ok
    assert not (tmp_path / "家").exists()  # type: ignore[operator]


def test_a_database_of_another_version_is_not_touched(accounts: Accounts) -> None:
    accounts.close()
    with closing(sqlite3.connect(accounts.database.path)) as connection, connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    with closing(Accounts(accounts.settings)) as again, pytest.raises(AccessError, match="版本"):
        again.people.users()


def test_a_damaged_database_opens_nothing(accounts: Accounts) -> None:
    accounts.close()
    for path in accounts.settings.home.glob("access.db*"):
        path.write_bytes(b"no database at all" * 100)
    with (
        closing(Accounts(accounts.settings)) as again,
        pytest.raises(AccessError, match="恢复备份"),
    ):
        _ = again.needed
