"""Is there room enough?"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from index.doctor.base import Examined, Finding

LEAST_BYTES = 200 * 1024 * 1024
"""Below this, a day's changes may not fit."""


class DiskCheck:
    """Room for a day's changes, and for making the stores anew."""

    title = "磁盘空间"
    needs_catalog = False

    def find(self, home: Examined) -> list[Finding]:
        """Low when less is free than ``LEAST_BYTES``, or than both stores take."""
        if not home.home.is_dir():
            return []
        free = shutil.disk_usage(home.home).free
        stores = sum(_size(home.home / name) for name in ("vectors", "lexical"))
        if free >= max(LEAST_BYTES, stores):
            return []
        return [
            Finding(
                "disk-low",
                f"数据目录所在磁盘只剩 {free / 1e6:,.0f} MB，"
                f"重建索引约需 {max(stores, LEAST_BYTES) / 1e6:,.0f} MB。",
                "请清理磁盘，或把数据目录移到更大的磁盘（luming backup、luming restore）。",
            )
        ]

    def repair(self, home: Examined, findings: Sequence[Finding]) -> list[str]:
        """Nothing: what may go is for a person to say."""
        return []


def _size(folder: Path) -> int:
    total = 0
    for one in folder.rglob("*"):
        try:
            total += one.stat().st_size
        except OSError:
            continue
    return total
