"""The outbox: have the stores followed every write?"""

from __future__ import annotations

from collections.abc import Sequence

from index.doctor.base import Examined, Finding
from index.lock import lock_state


class OutboxCheck:
    """Notes that nobody is working on."""

    title = "待办的索引"
    needs_catalog = True

    def find(self, home: Examined) -> list[Finding]:
        """Nothing while a run is under way: it works on them."""
        from index.library import REBUILD

        if lock_state(home.home / "write.lock").held:
            return []
        catalog = home.library.catalog
        count = catalog.pending_count()
        if catalog.get_meta(REBUILD):
            return [
                Finding(
                    "rebuild-unfinished",
                    f"索引的重建没有做完，还差 {count} 段。",
                    "修复时做完；也可运行 luming rebuild，或等下一次 luming sync。",
                    True,
                )
            ]
        if not count:
            return []
        return [
            Finding(
                "outbox-left",
                f"有 {count} 段的变化还没有写进索引（上次写入中途停了）。",
                "修复时补完；下一次 luming sync 或 luming ingest 也会补完。",
                True,
            )
        ]

    def repair(self, home: Examined, findings: Sequence[Finding]) -> list[str]:
        """Do the rest."""
        report = home.library.index_pending()
        done = report.encoded + report.copied
        return [f"已补完索引：写入 {done} 段，删去 {report.deleted} 段。"]
