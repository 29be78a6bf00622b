"""The audit log: who did what, when and from where. Rows are only ever added.

Each row holds the SHA-256 of the row before it and of itself, so that a changed, missing or
inserted row shows in :meth:`AuditLog.verify`. Someone who may write the file can make a whole new
chain: the last hash noted elsewhere (``luming audit verify`` prints it) tells that too.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, Row, Select, delete, func, select, text
from sqlalchemy.dialects.sqlite import insert

from assistant.activity.tables import now as right_now
from index.errors import shorten
from ui.access.database import AccessDatabase, Clock
from ui.access.model import Principal
from ui.access.tables import PRUNED_HASH, PRUNED_TO, audit, meta
from ui.spreadsheet import harmless

if TYPE_CHECKING:
    from index.settings import Settings

PAGE_SIZE = 50
_BLOCK = 1000
_PRUNE_EVERY = timedelta(days=1)
_START = "0" * 64


class Action(StrEnum):
    """What is logged. The values are stored: none is ever renamed."""

    LOGIN = "login"
    LOGIN_FAILED = "login-failed"
    LOGOUT = "logout"
    PASSWORD = "password"
    ASKED = "asked"
    SEARCHED = "searched"
    READ = "read"
    VERIFIED = "verified"
    STUDIED = "studied"
    UPLOADED = "uploaded"
    INGESTED = "ingested"
    DELETED = "deleted"
    EXPORTED = "exported"
    FEEDBACK = "feedback"
    USER = "user"  # added, removed, disabled, renamed
    RIGHTS = "rights"  # role or collections
    SETTINGS = "settings"
    SESSION = "session"  # revoked
    TOKEN = "token"  # created or revoked
    REFUSED = "refused"  # a page or route without the right
    PRUNED = "pruned"  # rows older than the retention


ACTION_NAMES = {
    Action.LOGIN: "登录",
    Action.LOGIN_FAILED: "登录失败",
    Action.LOGOUT: "退出",
    Action.PASSWORD: "修改密码",
    Action.ASKED: "提问",
    Action.SEARCHED: "检索",
    Action.READ: "查看文件",
    Action.VERIFIED: "核验文稿",
    Action.STUDIED: "备课",
    Action.UPLOADED: "上传",
    Action.INGESTED: "入库",
    Action.DELETED: "删除",
    Action.EXPORTED: "导出",
    Action.FEEDBACK: "反馈",
    Action.USER: "用户变动",
    Action.RIGHTS: "权限变动",
    Action.SETTINGS: "设置变动",
    Action.SESSION: "结束登录",
    Action.TOKEN: "访问令牌",
    Action.REFUSED: "无权访问",
    Action.PRUNED: "清理到期记录",
}
HEADINGS = ("编号", "时间", "用户", "会话", "操作", "对象", "详情", "地址")


@dataclass(frozen=True)
class Entry:
    """One row. ``at`` is in UTC; ``user`` "" where nobody was known."""

    number: int
    at: datetime
    user: str
    session: str
    action: str
    object: str
    detail: str
    address: str

    @property
    def action_name(self) -> str:
        """The action in Chinese; an unknown one as it is."""
        return ACTION_NAMES[Action(self.action)] if self.action in list(Action) else self.action


@dataclass(frozen=True)
class AuditFilter:
    """Which rows; what is None does not restrict. ``text`` is looked for in object and detail."""

    user: str | None = None
    action: Action | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None


@dataclass(frozen=True)
class Verified:
    """What a check of the chain found. ``broken_at``: the first row that doesn't fit, or None;
    ``known``: whether a hash that was noted before is on the chain."""

    rows: int
    broken_at: int | None
    last_hash: str
    known: bool = False

    @property
    def ok(self) -> bool:
        """Whether every row fits the one before it."""
        return self.broken_at is None


class AuditLog:
    """The log of one home."""

    def __init__(
        self,
        settings: Settings,
        database: AccessDatabase | None = None,
        clock: Clock = right_now,
    ) -> None:
        self._database = database or AccessDatabase(settings.home)
        self._clock = clock
        self._pruned: datetime | None = None
        self._keep = timedelta(days=settings.audit_days)

    def append(
        self,
        principal: Principal,
        action: Action,
        object: str = "",
        detail: str = "",
        address: str = "",
    ) -> None:
        """Add a row; also takes out, once a day, what is older than the retention."""
        at = self._clock()
        with self._database.writing() as connection:
            values = {
                "at": at,
                "user": principal.name[:64],
                "session": principal.session[:64],
                "action": str(action),
                "object": shorten(object, 500),
                "detail": shorten(detail, 2000),
                "address": address[:64],
            }
            _add(connection, values)
            if self._pruned is None or at - self._pruned >= _PRUNE_EVERY:
                self._prune(connection, at)

    def read(
        self, flt: AuditFilter | None = None, page: int = 1, size: int = PAGE_SIZE
    ) -> tuple[list[Entry], int]:
        """One page (from 1), the newest row first, and how many rows there are."""
        flt = flt or AuditFilter()
        if not self._database.exists():
            return [], 0
        query = _filtered(select(audit), flt).order_by(audit.c.id.desc())
        with self._database.reading() as connection:
            total = connection.execute(_filtered(select(func.count(audit.c.id)), flt)).scalar()
            rows = connection.execute(query.offset((max(1, page) - 1) * size).limit(size))
            return [_entry(row) for row in rows], int(total or 0)

    def export(
        self, kind: Literal["csv", "jsonl"], flt: AuditFilter | None = None
    ) -> Iterator[bytes]:
        """The rows from the oldest on, in pieces. CSV is for Excel and WPS: no cell is a formula."""
        if kind == "csv":
            yield "\ufeff".encode() + _csv_line(HEADINGS)
        for entry in self._all(flt or AuditFilter()):
            if kind == "csv":
                yield _csv_line(
                    (
                        str(entry.number),
                        entry.at.astimezone().isoformat(sep=" ", timespec="seconds"),
                        entry.user,
                        entry.session,
                        entry.action_name,
                        entry.object,
                        entry.detail,
                        entry.address,
                    )
                )
            else:
                line = {**asdict(entry), "at": entry.at.isoformat()}
                yield (json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8", "replace")

    def verify(self, noted: str = "") -> Verified:
        """Check the whole chain, and whether the hash ``noted`` is on it."""
        if not self._database.exists():
            return Verified(0, None, _START, noted == _START)
        with self._database.reading() as connection:
            last, number = _kept(connection)
            rows, known = 0, noted == last
            for row in connection.execute(select(audit).order_by(audit.c.id)):
                number += 1
                if row.id != number or row.hash != _hash(last, row._mapping):
                    return Verified(rows, number, last, known)
                last, rows = row.hash, rows + 1
                known = known or noted == last
            if _highest(connection) != number:  # rows at the end are gone
                return Verified(rows, number + 1, last, known)
        return Verified(rows, None, last, known)

    def prune(self) -> int:
        """Take out what is older than the retention; how many rows."""
        with self._database.writing() as connection:
            return self._prune(connection, self._clock())

    def _prune(self, connection: Connection, at: datetime) -> int:
        self._pruned = at
        newest = (
            select(audit.c.id, audit.c.hash)
            .where(audit.c.at < at - self._keep)
            .order_by(audit.c.id.desc())
            .limit(1)
        )
        row = connection.execute(newest).first()
        if row is None:
            return 0
        for key, value in ((PRUNED_TO, str(row.id)), (PRUNED_HASH, row.hash)):
            statement = insert(meta).values(key=key, value=value)
            connection.execute(
                statement.on_conflict_do_update(index_elements=["key"], set_={"value": value})
            )
        gone = int(connection.execute(delete(audit).where(audit.c.id <= row.id)).rowcount)
        values = {"at": at, "user": "", "session": "", "action": str(Action.PRUNED), "address": ""}
        _add(connection, {**values, "object": f"{gone} 条", "detail": f"保留 {self._keep.days} 天"})
        return gone

    def _all(self, flt: AuditFilter) -> Iterator[Entry]:
        """In blocks, so that no transaction is open while somebody downloads slowly."""
        if not self._database.exists():
            return
        last = 0
        query = _filtered(select(audit), flt).order_by(audit.c.id).limit(_BLOCK)
        while True:
            with self._database.reading() as connection:
                rows = [_entry(row) for row in connection.execute(query.where(audit.c.id > last))]
            yield from rows
            if len(rows) < _BLOCK:
                return
            last = rows[-1].number


def _add(connection: Connection, values: dict[str, Any]) -> int:
    last, number = _kept(connection)
    newest = select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)
    row = connection.execute(newest).first()
    if row is not None:
        number, last = row.id, row.hash
    # After rows were cut off the end, the next gets a number that leaves the gap to be seen.
    number = max(number, _highest(connection)) + 1
    values = {**values, "id": number}
    connection.execute(audit.insert().values(**values, hash=_hash(last, values)))
    return number


def _kept(connection: Connection) -> tuple[str, int]:
    """Where the chain begins: the hash and number of the last row that retention took out."""
    found = {row.key: row.value for row in connection.execute(select(meta))}
    return found.get(PRUNED_HASH, _START), int(found.get(PRUNED_TO, "0"))


def _highest(connection: Connection) -> int:
    """The highest number ever given, by SQLite's own record."""
    query = text("SELECT seq FROM sqlite_sequence WHERE name = 'audit'")
    return int(connection.execute(query).scalar() or 0)


def _hash(last: str, row: Any) -> str:
    told = [last, row["id"], row["at"].isoformat()]
    told += [row[name] for name in ("user", "session", "action", "object", "detail", "address")]
    return hashlib.sha256(json.dumps(told, ensure_ascii=True).encode()).hexdigest()


def _filtered(query: Select[Any], flt: AuditFilter) -> Select[Any]:
    if flt.user is not None:
        query = query.where(audit.c.user == flt.user.strip().casefold())
    if flt.action is not None:
        query = query.where(audit.c.action == str(flt.action))
    if flt.since is not None:
        query = query.where(audit.c.at >= flt.since)
    if flt.until is not None:
        query = query.where(audit.c.at < flt.until)
    if flt.text:
        query = query.where(
            audit.c.object.contains(flt.text, autoescape=True)
            | audit.c.detail.contains(flt.text, autoescape=True)
        )
    return query


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        row.id, row.at, row.user, row.session, row.action, row.object, row.detail, row.address
    )


def _csv_line(cells: tuple[str, ...]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerow([harmless(cell) for cell in cells])
    return out.getvalue().encode("utf-8", "replace")
