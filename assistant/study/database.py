"""The study database, ``study.db``: sessions, their versions, live quizzes."""

from __future__ import annotations

from pathlib import Path

from assistant.study.tables import SCHEMA_VERSION, STEPS, meta, metadata
from index.errors import LibraryError
from index.home_database import HomeDatabase, Layout

FILE = "study.db"


class StudyStoreError(LibraryError):
    """The study database cannot be opened, read or written."""


class StudyDatabase(HomeDatabase):
    """Connections to ``study.db`` of one home. Raises StudyStoreError, LibraryBusy."""

    def __init__(self, home: Path) -> None:
        layout = Layout(
            FILE,
            "备课记录",
            metadata,
            meta,
            SCHEMA_VERSION,
            StudyStoreError,
            STEPS,
            pragmas=("synchronous=NORMAL", "foreign_keys=ON"),
            # Phones ask all at once: more connections than the pool holds are opened.
            options={"max_overflow": 40},
        )
        super().__init__(home, layout)
