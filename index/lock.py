"""The one writer of a home, across processes."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from index.errors import LibraryBusy, LibraryError

_WRITING = "writing"


@dataclass(frozen=True)
class LockState:
    """Whether somebody holds the lock, and the process number in it: the holder's, or where
    nobody holds it, that of one which ended in the middle of its work."""

    held: bool
    pid: int | None


def lock_state(path: Path) -> LockState:
    """How the lock stands; nothing is changed."""
    import fcntl

    try:
        with path.open("r", encoding="ascii", errors="replace") as file:
            written, _, doing = file.read(40).strip().partition(" ")
            # Earlier programs left their bare number when all was well.
            pid = int(written) if written.isdigit() and doing == _WRITING else None
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return LockState(True, pid)
            return LockState(False, pid)
    except OSError:
        return LockState(False, None)


class WriteLock:
    """An exclusive lock on a file; the system frees it when its process ends in whatever way.

    A context manager that may be entered again by the thread that holds it. ``wait`` is how
    many seconds to wait for another writer before LibraryBusy.
    """

    def __init__(self, path: Path, wait: float = 0.0) -> None:
        self._path = path
        self._wait = wait
        self._inner = threading.RLock()
        self._depth = 0
        self._file: IO[str] | None = None

    def acquire(self, wait: float | None = None) -> None:
        """Take the lock, or raise LibraryBusy naming the process that has it."""
        patience = self._wait if wait is None else wait
        if not self._inner.acquire(timeout=max(patience, 0.001)):
            raise LibraryBusy(str(os.getpid()))
        try:
            if self._depth == 0:
                self._file = self._take(patience)
            self._depth += 1
        except BaseException:
            self._inner.release()
            raise

    def release(self) -> None:
        """Give back what one ``acquire`` took."""
        self._depth -= 1
        if self._depth == 0 and self._file is not None:
            with suppress(OSError):
                self._file.truncate(0)  # a number that stays tells of a holder that was killed
            self._file.close()  # closing frees the lock
            self._file = None
        self._inner.release()

    def __enter__(self) -> WriteLock:
        self.acquire()
        return self

    def __exit__(self, *_error: object) -> None:
        self.release()

    def _take(self, patience: float) -> IO[str]:
        import fcntl

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = self._path.open("a+", encoding="ascii", errors="replace")
        except OSError as error:
            raise LibraryError(
                f"数据目录 {self._path.parent} 不能写入：{error.strerror}，"
                "请检查权限或改用别的目录（LUMING_HOME）。"
            ) from error
        end = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if time.monotonic() >= end:
                    file.seek(0)
                    holder = file.read(40).partition(" ")[0].strip()
                    file.close()
                    raise LibraryBusy(holder if holder.isdigit() else "") from error
                time.sleep(0.1)
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()} {_WRITING}")
        file.flush()
        return file
