"""The home itself: is it there, and may it be read and written?"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.doctor.base import Examined, Finding, listed

_OWN = (
    "catalog.db",
    "activity.db",
    "access.db",
    "ocr-cache.db",
    "write.lock",
    "synonyms.txt",
)
_FOLDERS = ("vectors", "lexical", "originals")


class FolderCheck:
    """The folder and what is in it can be read and written by the user who runs LuMing."""

    title = "数据目录与权限"
    needs_catalog = False

    def find(self, home: Examined) -> list[Finding]:
        """Nothing where there is no home yet: the first run makes it."""
        folder = home.home
        if not folder.exists():
            return []
        if not folder.is_dir():
            return [
                Finding(
                    "home-no-folder",
                    f"数据目录 {folder} 不是文件夹。",
                    "请把 LUMING_HOME 指到一个文件夹。",
                )
            ]
        closed = [one for one in _parts(folder) if not _usable(one)]
        if closed:
            names = [one.relative_to(folder).as_posix() or "." for one in closed]
            return [
                Finding(
                    "permissions",
                    f"数据目录里有 {len(closed)} 处没有读写权限：{listed(names)}。",
                    "修复时给所有者补上读写权限；文件属于别的用户时，请由该用户或管理员运行 chown。",
                    True,
                    tuple(str(one) for one in closed),
                )
            ]
        try:
            with tempfile.TemporaryFile(dir=folder):
                return []
        except OSError as error:
            return [
                Finding(
                    "home-read-only",
                    f"数据目录 {folder} 不能写入：{error.strerror}。",
                    "请检查磁盘是否以只读方式挂载、是否已满，或改用别的目录（LUMING_HOME）。",
                )
            ]

    def repair(self, home: Examined, findings: Sequence[Finding]) -> list[str]:
        """Give the owner leave to read and write."""
        done = 0
        for path in (Path(one) for finding in findings for one in finding.subjects):
            try:
                path.chmod(path.stat().st_mode | (0o700 if path.is_dir() else 0o600))
                done += 1
            except OSError:
                continue  # found again afterwards
        home.reopen()
        return [f"已为 {done} 处补上读写权限。"] if done else []


def _parts(folder: Path) -> Iterator[Path]:
    """The home, its databases, and everything in the stores."""
    yield folder
    if not _usable(folder):
        return
    for name in _OWN:
        for side in ("", "-wal", "-shm"):
            if (folder / (name + side)).exists():
                yield folder / (name + side)
    for name in _FOLDERS:
        for root, _, files in os.walk(folder / name):
            yield Path(root)
            if name != "originals":
                yield from (Path(root, one) for one in files)


def _usable(path: Path) -> bool:
    """Whether the mode lets its owner in, and the system lets us (root may do what others can't)."""
    needed = 0o700 if path.is_dir() else 0o600
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    ours = os.R_OK | os.W_OK | (os.X_OK if path.is_dir() else 0)
    read_only = os.statvfs(path).f_flag & os.ST_RDONLY  # told apart below
    return mode & needed == needed and bool(read_only or os.access(path, ours))
