"""The record of questions, feedback and conversations: ``activity.db``."""

from __future__ import annotations

from collections.abc import Sequence

from index.backup import ACTIVITY, holds, last_backup
from index.doctor import sqlite_files
from index.doctor.base import Examined, Finding
from index.doctor.database import put_back


class ActivityCheck:
    """SQLite's own check of the file. Answers do without it."""

    title = "提问记录"
    needs_catalog = False

    def find(self, home: Examined) -> list[Finding]:
        """Damage of its pages."""
        path = home.home / ACTIVITY
        if not path.exists():
            return []
        lines = sqlite_files.problems(path)
        if not lines or sqlite_files.locked_or_refused(lines):
            return []  # a file that can't be opened is found with the permissions
        return [
            Finding(
                "activity-corrupt",
                f"提问记录 {ACTIVITY} 已损坏（{lines[0].splitlines()[-1][:100]}）。",
                "修复时从最近的备份恢复；没有备份则移到一旁，重新开始记录。问答不受影响。",
                True,
            )
        ]

    def repair(self, home: Examined, findings: Sequence[Finding]) -> list[str]:
        """Indexes anew if that is all; else the last backup; else it is put aside."""
        path = home.home / ACTIVITY
        if not sqlite_files.reindex(path):
            return ["已重建提问记录的索引，数据没有损失。"]
        backup = last_backup(home.home)
        if backup is not None and holds(backup, ACTIVITY):
            return put_back(home, path, ACTIVITY)
        kept = sqlite_files.move_aside(path)
        return [f"损坏的提问记录已移为 {kept.name}，以后的提问重新记录。"]
