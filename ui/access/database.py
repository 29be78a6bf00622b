"""The database of people and rights, ``access.db``; the file is of mode 600."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from index.home_database import BUSY_SECONDS, HomeDatabase, Layout
from ui.access.errors import AccessStoreError
from ui.access.tables import SCHEMA_VERSION, STEPS, meta, metadata

FILE = "access.db"
Clock = Callable[[], datetime]


class AccessDatabase(HomeDatabase):
    """Connections to ``access.db`` of one home. Raises AccessStoreError, LibraryBusy."""

    def __init__(self, home: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        layout = Layout(
            FILE,
            "用户与权限库",
            metadata,
            meta,
            SCHEMA_VERSION,
            AccessStoreError,
            STEPS,
            remedy="请恢复备份",
            private=True,
            # A revoked session stays revoked after a power cut.
            pragmas=("synchronous=FULL", "secure_delete=ON"),
            options={"hide_parameters": True},
        )
        super().__init__(home, layout, busy_seconds)
        self._watching = threading.Lock()
        self._watcher: sqlite3.Connection | None = None

    def exists(self) -> bool:
        """Whether anything was ever kept; nothing is made."""
        return self._engine is not None or self.path.exists()

    def version(self) -> int:
        """A number that changes when any connection, also of another process, has written."""
        self._opened()
        with self._watching:
            try:
                if self._watcher is None:
                    self._watcher = sqlite3.connect(
                        self.path, timeout=self._busy_seconds, check_same_thread=False
                    )
                return int(self._watcher.execute("PRAGMA data_version").fetchone()[0])
            except sqlite3.Error as error:
                raise self._layout.unusable(str(error)) from error

    def close(self) -> None:
        """Close every connection; the next use opens anew."""
        super().close()
        with self._watching:
            if self._watcher is not None:
                self._watcher.close()
            self._watcher = None
