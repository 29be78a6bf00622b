"""The lexical index against the catalog, and every file of it against its checksum."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from index.doctor.base import Examined, Finding
from index.errors import DiskUnusable, StoreDamaged

_MAGIC = 1337
_MOST_FOOTER = 50_000  # bytes


class LexicalCheck:
    """tantivy opens, its files are whole; it holds every passage once, and no others."""

    title = "全文索引"
    needs_catalog = True

    def find(self, home: Examined) -> list[Finding]:
        """Passages that wait in the outbox are left out."""
        catalog = home.library.catalog
        folder = home.settings.lexical_dir
        if not (folder / "meta.json").exists():
            if catalog.passage_count() <= catalog.pending_count():
                return []
            line = "全文索引的文件夹（lexical）不见了或不全，按词检索不到任何内容。"
            return [Finding("lexical-gone", line, "修复时从目录库重建，不用重新生成向量。", True)]
        broken = damaged_files(folder)
        try:
            if broken:
                raise StoreDamaged("全文索引", f"{broken[0]} 的校验值不符")
            home.library.refresh()
            ids = home.library.lexical.ids()
        except DiskUnusable as error:
            return [Finding("lexical-closed", str(error), "请先处理磁盘空间或权限。")]
        except StoreDamaged as error:
            fix = "修复时删去全文索引，从目录库重建，不用重新生成向量。"
            return [Finding("lexical-unreadable", str(error), fix, True)]
        return _compare(home, ids)

    def repair(self, home: Examined, findings: Sequence[Finding]) -> list[str]:
        """Note what must follow; an index that can't be used is emptied first."""
        library = home.library
        if {one.kind for one in findings} & {"lexical-unreadable", "lexical-gone"}:
            library.catalog.requeue()
            library.lexical.clear()
        else:
            by_kind = {one.kind: one.subjects for one in findings}
            library.catalog.note_passages(
                [*by_kind.get("lexical-missing", ()), *by_kind.get("lexical-twice", ())],
                [(one, "", "") for one in by_kind.get("lexical-orphan", ())],
            )
        report = library.index_pending()
        return [
            f"全文索引已补齐：写入 {report.encoded + report.copied} 段，删去 {report.deleted} 段。"
        ]


def _compare(home: Examined, ids: list[str]) -> list[Finding]:
    catalog = home.library.catalog
    waiting = catalog.pending_ids()
    counts = Counter(ids)
    wanted = {one.passage_id for one in catalog.all_passages()}
    found = []
    for kind, names, what, fix in (
        ("lexical-missing", wanted - counts.keys() - waiting, "按词检索不到", "补上"),
        (
            "lexical-orphan",
            counts.keys() - wanted - waiting,
            "只在全文索引里，目录库里没有",
            "删去",
        ),
        (
            "lexical-twice",
            {one for one, count in counts.items() if count > 1 and one in wanted} - waiting,
            "在全文索引里重复",
            "重写",
        ),
    ):
        if names:
            listed = tuple(sorted(names))
            line = f"有 {len(listed)} 段{what}，例如 {listed[0]}。"
            found.append(Finding(kind, line, f"修复时{fix}。", True, listed))
    return found


def damaged_files(folder: Path) -> list[str]:
    """Names of tantivy's files whose bytes are not those of their checksum.

    Every file but the notes ends with a footer: JSON with the CRC-32 of what is before it, the
    JSON's length and a magic number, each 32 bits, little endian (tantivy, directory/footer.rs).
    """
    return [
        path.name
        for path in sorted(folder.iterdir())
        if path.is_file()
        and not path.name.startswith(".")
        and path.suffix not in (".json", ".lock", ".version")
        and not _whole(path)
    ]


def _whole(path: Path) -> bool:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            if size < 8:
                return False
            file.seek(size - 8)
            tail = file.read(8)
            length = int.from_bytes(tail[:4], "little")
            magic = int.from_bytes(tail[4:], "little")
            if magic != _MAGIC or length > min(_MOST_FOOTER, size - 8):
                return False
            file.seek(size - 8 - length)
            wanted = json.loads(file.read(length))["crc"]
            left, crc = size - 8 - length, 0
            file.seek(0)
            while left and (block := file.read(min(left, 1 << 20))):
                crc = zlib.crc32(block, crc)
                left -= len(block)
            return bool(crc == wanted)
    except FileNotFoundError:
        return True  # merged away by a run meanwhile
    except (OSError, ValueError, KeyError, TypeError):
        return False
