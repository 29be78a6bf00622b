"""Everything about people of one home, on one database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.activity.tables import now as right_now
from ui.access.audit import Action, AuditLog
from ui.access.database import AccessDatabase, Clock
from ui.access.people import People
from ui.access.sessions import Sessions
from ui.access.tokens import Tokens

if TYPE_CHECKING:
    from index.settings import Settings
    from ui.access.model import Principal


class Accounts:
    """People, sessions, tokens and the audit log. Safe to share between threads."""

    def __init__(self, settings: Settings, clock: Clock = right_now) -> None:
        self.settings = settings
        self.clock = clock
        self.database = AccessDatabase(settings.home)
        self.people = People(settings, self.database, clock)
        self.sessions = Sessions(settings, self.database, clock)
        self.tokens = Tokens(settings, self.database, clock)
        self.audit = AuditLog(settings, self.database, clock)
        self._needed = False

    @property
    def needed(self) -> bool:
        """Whether one must log in: from the first account on, also while a server runs."""
        self._needed = self._needed or self.people.any()
        return self._needed

    def record(
        self,
        principal: Principal,
        action: Action,
        object: str = "",
        detail: str = "",
        address: str = "",
    ) -> None:
        """Put it into the audit log; nothing is kept where there are no accounts."""
        if self.needed:
            self.audit.append(principal, action, object, detail, address)

    def close(self) -> None:
        """Close the database."""
        self.database.close()
