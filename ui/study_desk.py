"""What the page 备课 of one server works with: kept sessions, drafts being made, live quizzes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.study.database import StudyDatabase
from assistant.study.errors import StudyError
from assistant.study.keeping import Clock, SessionStore, cited, now
from assistant.study.rooms import RoomStore
from ui.room_guard import CodeGuard
from ui.study_drafts import Drafts

if TYPE_CHECKING:
    from pydantic import BaseModel

    from index.library import Library
    from ui.access.model import Principal


class SessionHidden(StudyError):
    """It cites what the person may not see."""

    def __init__(self) -> None:
        super().__init__("这份备课引用了您不能查看的文库，不能打开；需要时请联系管理员开通。")


class Desk:
    """One a server. Nothing is opened before it is used."""

    def __init__(self, home: Path, clock: Clock = now) -> None:
        self.database = StudyDatabase(home)
        self.clock = clock
        self.sessions = SessionStore(self.database, lambda: self.clock())
        self.rooms = RoomStore(self.database, lambda: self.clock())
        self.guard = CodeGuard(lambda: self.clock())
        self.drafts = Drafts()

    def close(self) -> None:
        """Begin no more drafts and release the file."""
        self.drafts.close()
        self.database.close()


def check_visible(whole: Library, principal: Principal, *values: BaseModel) -> frozenset[str]:
    """The cited documents that the library no longer has. Raises SessionHidden where one is, or
    was, in a collection that ``principal`` may not see."""
    present = whole.documents()[1]
    gone: set[str] = set()
    for value in values:
        for document_id, collection in set(cited(value)):
            record = present.get(document_id)
            if record is None:
                gone.add(document_id)
            named = {collection, record.collection if record else ""} - {""}
            if principal.collections is not None and (
                not named or not all(principal.sees(one) for one in named)
            ):
                raise SessionHidden
        asked = getattr(value, "collections", ())
        if not all(principal.sees(one) for one in asked):
            raise SessionHidden
    return frozenset(gone)
