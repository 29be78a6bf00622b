"""Bearer tokens, with which other programs ask in a person's name."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, select, update

from assistant.activity.tables import now as right_now
from index.errors import shorten
from ui.access.database import AccessDatabase, Clock
from ui.access.errors import AccessError, UnknownToken, UnknownUser
from ui.access.model import RIGHTS_OF, Right
from ui.access.people import folded_name, user_of
from ui.access.recent import Recent
from ui.access.secret import digest, new_id, new_secret
from ui.access.tables import tokens, users

if TYPE_CHECKING:
    from index.settings import Settings
    from ui.access.model import Principal

PREFIX = "lm_"
MOST_DAYS = 730
_MOST = 50  # tokens of a person
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Token:
    """One token without its secret. Moments are in UTC."""

    token_id: str
    user: str
    label: str
    rights: frozenset[Right]
    created: datetime
    expires: datetime
    last_used: datetime | None
    expired: bool


class Tokens:
    """Tokens that people gave out. A token never may more than its person does now."""

    def __init__(
        self,
        settings: Settings,
        database: AccessDatabase | None = None,
        clock: Clock = right_now,
    ) -> None:
        self._database = database or AccessDatabase(settings.home)
        self._clock = clock
        self._recent: Recent[Principal] = Recent(self._database, clock)

    def create(
        self, user: str, label: str, rights: Collection[Right] = (Right.READ,), days: int = 90
    ) -> str:
        """A new token's secret, which is shown this once.

        Raises AccessError for rights that the person lacks, or days out of range.
        """
        now, secret, key = self._clock(), PREFIX + new_secret(), folded_name(user)
        if not 1 <= days <= MOST_DAYS:
            raise AccessError(f"有效期要在 1 到 {MOST_DAYS} 天之间。")
        if not rights:
            raise AccessError("请至少给令牌一种权限。")
        with self._database.writing() as connection:
            row = connection.execute(select(users).where(users.c.name == key)).first()
            if row is None:
                raise UnknownUser(user)
            if not set(rights) <= RIGHTS_OF[user_of(row).role]:
                raise AccessError("令牌的权限不能超过本人的权限。")
            count = select(func.count()).where(tokens.c.user == key)
            if (connection.execute(count).scalar() or 0) >= _MOST:
                raise AccessError(f"每人最多 {_MOST} 个令牌，请先撤销不用的。")
            connection.execute(
                tokens.insert().values(
                    token_id=new_id(),
                    user=key,
                    label=shorten(label) or "未命名",
                    secret=digest(secret),
                    rights=json.dumps(sorted(str(one) for one in rights)),
                    created=now,
                    expires=now + timedelta(days=days),
                )
            )
        return secret

    def list(self, user: str | None = None) -> list[Token]:
        """The tokens of ``user``, or of everybody; the newest first."""
        if not self._database.exists():
            return []
        query = select(tokens).order_by(tokens.c.created.desc())
        if user is not None:
            query = query.where(tokens.c.user == folded_name(user))
        now = self._clock()
        with self._database.reading() as connection:
            return [
                Token(
                    row.token_id,
                    row.user,
                    row.label,
                    frozenset(Right(one) for one in json.loads(row.rights)),
                    row.created,
                    row.expires,
                    row.last_used,
                    row.expires <= now,
                )
                for row in connection.execute(query)
            ]

    def revoke(self, token_id: str, user: str | None = None) -> None:
        """Take one back; with ``user`` only if it is theirs. Raises UnknownToken."""
        mine = tokens.c.token_id == token_id
        if user is not None:
            mine = and_(mine, tokens.c.user == folded_name(user))
        with self._database.writing() as connection:
            if not connection.execute(delete(tokens).where(mine)).rowcount:
                raise UnknownToken

    def principal(self, secret: str) -> Principal | None:
        """Who asks, by a token; None for one that is over, revoked, or of nobody active.

        A person who must change their password can't use tokens before that.
        """
        if not secret.startswith(PREFIX) or not self._database.exists():
            return None
        hashed = digest(secret)
        return self._recent.get(hashed, lambda: self._look(hashed))

    def _look(self, hashed: str) -> Principal | None:
        now = self._clock()
        with self._database.reading() as connection:
            row = connection.execute(
                select(users, tokens.c.token_id, tokens.c.rights, tokens.c.last_used)
                .join(tokens, tokens.c.user == users.c.name)
                .where(
                    tokens.c.secret == hashed,
                    tokens.c.expires > now,
                    ~users.c.disabled,
                    ~users.c.must_change,
                )
            ).first()
        if row is None:
            return None
        if row.last_used is None or now - row.last_used >= _SEEN_EVERY:
            with self._database.writing() as connection:
                mine = tokens.c.token_id == row.token_id
                connection.execute(update(tokens).where(mine).values(last_used=now))
        principal = user_of(row).principal(row.token_id)
        scopes = frozenset(Right(one) for one in json.loads(row.rights))
        return replace(principal, rights=principal.rights & scopes)
