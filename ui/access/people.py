"""The people of an office: who there is, what each may do and see, and their passwords."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, delete, func, select, update

from assistant.activity.tables import LOCAL_USER
from assistant.activity.tables import now as right_now
from ui.access.database import AccessDatabase, Clock
from ui.access.errors import AccessError, LastAdministrator, UnknownUser, WrongPassword
from ui.access.model import RIGHTS_OF, Principal, Role
from ui.access.passwords import Hasher, WeakPassword, check_password
from ui.access.tables import sessions, tokens, users
from ui.access.throttle import Throttle

if TYPE_CHECKING:
    from index.settings import Settings

_NAME = re.compile(r"(?=.*\w)[\w.@-]{1,64}")
_RESERVED = frozenset({LOCAL_USER})  # what is asked without accounts is kept under it
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class User:
    """One person. ``collections`` None: all, also those to come. Moments are in UTC."""

    name: str
    display: str
    role: Role
    collections: frozenset[str] | None
    disabled: bool
    created: datetime
    last_seen: datetime | None
    must_change: bool
    has_password: bool

    def principal(self, session: str = "") -> Principal:
        """Who asks, when this person does."""
        return Principal(
            self.name, self.display, RIGHTS_OF[self.role], self.collections, self.role, session
        )


def folded_name(name: str) -> str:
    """The form in which a name is kept and looked up: Ｚhang San@… and zhang san@… are one."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


class People:
    """Everybody who may log in. Raises AccessError with a line for whoever asked."""

    def __init__(
        self,
        settings: Settings,
        database: AccessDatabase | None = None,
        clock: Clock = right_now,
    ) -> None:
        self._database = database or AccessDatabase(settings.home)
        self._clock = clock
        self._hasher = Hasher()
        self.throttle = Throttle(self._database, clock)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def any(self) -> bool:
        """Whether there are accounts at all. Makes no file."""
        if not self._database.exists():
            return False
        with self._database.reading() as connection:
            return connection.execute(select(users.c.name).limit(1)).first() is not None

    def users(self) -> list[User]:
        """Everybody, by name."""
        if not self._database.exists():
            return []
        with self._database.reading() as connection:
            return [user_of(row) for row in connection.execute(select(users).order_by("name"))]

    def get(self, name: str) -> User:
        """One person. Raises UnknownUser."""
        if not self._database.exists():
            raise UnknownUser(name)
        with self._database.reading() as connection:
            return user_of(_row(connection, name))

    def add(
        self,
        name: str,
        password: str | None,
        role: Role,
        collections: Collection[str] | None = None,
        display: str = "",
        must_change: bool = False,
    ) -> User:
        """A new person; ``password`` None: only another system vouches for them.

        Raises WeakPassword, and AccessError where the name is taken or is none.
        """
        key = _checked(name)
        kept = "" if password is None else self._hashed(password, key)
        with self._database.writing() as connection:
            if connection.execute(select(users.c.name).where(users.c.name == key)).first():
                raise AccessError(f"已经有名为“{key}”的用户，请换一个名字。")
            connection.execute(
                users.insert().values(
                    name=key,
                    display=_shown(display) or unicodedata.normalize("NFKC", name).strip(),
                    role=str(role),
                    collections=_listed(collections),
                    password=kept,
                    must_change=must_change,
                    disabled=False,
                    created=self._clock(),
                )
            )
        return self.get(key)

    def set_role(self, name: str, role: Role) -> User:
        """Another role, also for sessions that are open. Raises LastAdministrator."""
        return self._change(name, role != Role.ADMIN, role=str(role))

    def set_collections(self, name: str, collections: Collection[str] | None) -> User:
        """What the person sees, also in sessions that are open; None: all."""
        return self._change(name, collections=_listed(collections))

    def set_display(self, name: str, display: str) -> User:
        """How the person is called on pages."""
        if not _shown(display):
            raise AccessError("显示的名字不能是空的。")
        return self._change(name, display=_shown(display))

    def disable(self, name: str) -> User:
        """No way in any more: sessions end, tokens are refused. Raises LastAdministrator."""
        with self._database.writing() as connection:
            row = _row(connection, name)
            _keep_an_administrator(connection, row)
            connection.execute(delete(sessions).where(sessions.c.user == row.name))
            connection.execute(update(users).where(users.c.name == row.name).values(disabled=True))
        return self.get(name)

    def enable(self, name: str) -> User:
        """Undo ``disable``."""
        return self._change(name, disabled=False)

    def reset_password(self, name: str, password: str) -> User:
        """An administrator's new password for somebody, who must change it at the first login.

        Ends their sessions, takes back their tokens, and lets them try at once.
        """
        key = folded_name(name)
        kept = self._hashed(password, key)
        with self._database.writing() as connection:
            row = _row(connection, key)
            for table in (sessions, tokens):
                connection.execute(delete(table).where(table.c.user == row.name))
            connection.execute(
                update(users)
                .where(users.c.name == row.name)
                .values(password=kept, must_change=True)
            )
        self.throttle.forget(key)
        return self.get(key)

    def change_password(
        self, name: str, old: str, new: str, address: str = "", keep_session: str = ""
    ) -> User:
        """A person's own change; all sessions end but ``keep_session`` (its id).

        Raises WrongPassword, Throttled, WeakPassword.
        """
        key = folded_name(name)
        self._prove(key, old, address)
        if new == old:
            raise WeakPassword("新密码和原密码一样，请换一个。")
        kept = self._hashed(new, key)
        with self._database.writing() as connection:
            connection.execute(
                delete(sessions).where(
                    sessions.c.user == key, sessions.c.session_id != keep_session
                )
            )
            connection.execute(
                update(users).where(users.c.name == key).values(password=kept, must_change=False)
            )
        return self.get(key)

    def remove(self, name: str) -> None:
        """Delete an account with its sessions and tokens. Raises LastAdministrator."""
        with self._database.writing() as connection:
            row = _row(connection, name)
            _keep_an_administrator(connection, row)
            for table in (sessions, tokens):
                connection.execute(delete(table).where(table.c.user == row.name))
            connection.execute(delete(users).where(users.c.name == row.name))

    def authenticate(self, name: str, password: str, address: str = "") -> User:
        """The person whose name and password these are. Raises WrongPassword or Throttled.

        Takes as long and says the same whether the name exists or not.
        """
        user = self._prove(folded_name(name), password, address)
        self.saw(user)
        return user

    def saw(self, user: User) -> None:
        """Note that a person was here, at most once a minute."""
        now = self._clock()
        if user.last_seen is None or now - user.last_seen >= _SEEN_EVERY:
            with self._database.writing() as connection:
                connection.execute(
                    update(users).where(users.c.name == user.name).values(last_seen=now)
                )

    def _prove(self, key: str, password: str, address: str) -> User:
        self.throttle.begin(key, address)
        with self._database.reading() as connection:
            row = connection.execute(select(users).where(users.c.name == key)).first()
        right = self._hasher.verify(row.password if row is not None else "", password)
        if row is None or not right or row.disabled:
            raise WrongPassword
        self.throttle.succeeded(key, address)
        if self._hasher.is_old(row.password):
            self._change(key, password=self._hasher.hash(password))
        return user_of(row)

    def _hashed(self, password: str, name: str) -> str:
        check_password(password, name)
        return self._hasher.hash(password)

    def _change(self, name: str, demotes: bool = False, **values: Any) -> User:
        with self._database.writing() as connection:
            row = _row(connection, name)
            if demotes:
                _keep_an_administrator(connection, row)
            connection.execute(update(users).where(users.c.name == row.name).values(**values))
            return user_of(_row(connection, row.name))


def user_of(row: Row[Any]) -> User:
    """A row of ``users`` as a person."""
    return User(
        row.name,
        row.display,
        Role(row.role),
        None if row.collections is None else frozenset(json.loads(row.collections)),
        row.disabled,
        row.created,
        row.last_seen,
        row.must_change,
        bool(row.password),
    )


def _row(connection: Connection, name: str) -> Row[Any]:
    row = connection.execute(select(users).where(users.c.name == folded_name(name))).first()
    if row is None:
        raise UnknownUser(name)
    return row


def _keep_an_administrator(connection: Connection, row: Row[Any]) -> None:
    """Raise LastAdministrator where ``row`` is the only one who may give rights."""
    if row.role != Role.ADMIN or row.disabled:
        return
    others = select(func.count()).where(
        users.c.role == str(Role.ADMIN), ~users.c.disabled, users.c.name != row.name
    )
    if not connection.execute(others).scalar():
        raise LastAdministrator


def _checked(name: str) -> str:
    key = folded_name(name)
    if not _NAME.fullmatch(key) or key in _RESERVED:
        raise AccessError(
            "用户名只能用文字、数字和 . _ - @，不超过 64 个字符，也不能是 local，请换一个。"
        )
    return key


def _shown(display: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in display).split())[:64]


def _listed(collections: Collection[str] | None) -> str | None:
    if collections is None:
        return None
    return json.dumps(
        sorted({one.strip() for one in collections if one.strip()}), ensure_ascii=False
    )
