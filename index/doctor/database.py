"""The catalog's file: is it there, is every page of it whole?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.backup import BackupError, last_backup, restore_member
from index.doctor import sqlite_files
from index.doctor.base import Examined, Finding
from index.errors import LibraryError


class DatabaseCheck:
    """SQLite's own check of ``catalog.db``; a damaged one is put back from the last backup."""

    title = "目录库文件"
    needs_catalog = False

    def find(self, home: Examined) -> list[Finding]:
        """Damage of pages or indexes, rows that hang on nothing, or no file beside full stores."""
        path = home.catalog_file
        if path is None or not home.home.is_dir():
            return []
        if not path.exists():
            return self._missing(home)
        lines = sqlite_files.problems(path)
        if lines and sqlite_files.locked_or_refused(lines):
            return [
                Finding(
                    "catalog-closed",
                    f"目录库打不开（{lines[0]}）。",
                    "请检查数据目录的权限和磁盘空间，以及磁盘是否只读。",
                )
            ]
        if lines:
            return [
                Finding(
                    "catalog-corrupt",
                    f"目录库 {path.name} 已损坏（{lines[0].splitlines()[-1][:100]}）。",
                    _from_backup(home),
                    True,
                )
            ]
        links = sqlite_files.broken_links(path)
        if links:
            return [
                Finding(
                    "catalog-links",
                    f"目录库里有 {len(links)} 行没有所属的文件。",
                    "修复时删除这些行。",
                    True,
                )
            ]
        return []

    def _missing(self, home: Examined) -> list[Finding]:
        kept = [home.settings.vectors_dir, home.settings.lexical_dir, home.settings.originals_dir]
        if not any(one.is_dir() and any(one.iterdir()) for one in kept):
            return []  # nothing has been taken in yet
        found = last_backup(home.home) is not None
        return [
            Finding(
                "catalog-missing",
                "目录库 catalog.db 不见了，但索引还在。",
                _from_backup(home),
                found,
            )
        ]

    def repair(self, home: Examined, findings: Sequence[Finding]) -> list[str]:
        """Indexes anew if that is all; else the last backup. The damaged file is kept."""
        path = home.catalog_file
        assert path is not None
        home.reopen()
        if findings[0].kind == "catalog-links":
            for _ in range(10):  # what hung on the rows may hang on nothing now
                links = sqlite_files.broken_links(path)
                if not links:
                    break
                sqlite_files.delete_rows(path, links)
            return ["已删除没有所属文件的行。"]
        if path.exists() and not sqlite_files.reindex(path):
            return ["已重建目录库的索引，数据没有损失。"]
        return [*put_back(home, path, "catalog.db")]


def put_back(home: Examined, path: Path, member: str) -> list[str]:
    """Put a database of the last backup in the place of a damaged one, which is kept.

    Raises LibraryError where there is no backup that can be used.
    """
    backup = last_backup(home.home)
    if backup is None:
        raise LibraryError(
            f"{path.name} 已损坏，又没有可用的备份：请用 luming restore 恢复别处的备份，"
            "或换一个数据目录（LUMING_HOME）重新导入。"
        )
    fresh = path.with_name(f"{path.name}.restoring")
    try:
        manifest = restore_member(backup, member, fresh)
    except BackupError as error:
        fresh.unlink(missing_ok=True)
        raise LibraryError(f"最近的备份 {backup} 不能用：{error}") from error
    kept = sqlite_files.move_aside(path)
    fresh.replace(path)
    home.reopen()
    return [
        f"已从备份 {backup}（{manifest.created}）恢复 {path.name}，原文件留作 {kept.name}；"
        "备份以后的变化请再运行 luming sync 收录。"
    ]


def _from_backup(home: Examined) -> str:
    backup = last_backup(home.home)
    if backup is None:
        return (
            "修复时先试着重建其索引；不行的话需要备份：luming restore 备份文件 --force，"
            "没有备份则换一个数据目录重新导入。"
        )
    return f"修复时先试着重建其索引，不行则从最近的备份 {backup} 恢复，之后请运行 luming sync。"
