"""The kept copies of files of which pages are shown (PDF, pictures)."""

from __future__ import annotations

from collections.abc import Sequence

from index.doctor.base import Examined, Finding, listed
from index.originals import original_name
from index.records import DocumentRecord


class OriginalsCheck:
    """Every document whose pages are shown has its copy."""

    title = "原件副本"
    needs_catalog = True

    def find(self, home: Examined) -> list[Finding]:
        """Copies that are gone or empty. Text and search do without them."""
        lost = [one for one in home.library.catalog.documents() if _lost(home, one)]
        if not lost:
            return []
        return [
            Finding(
                "originals-missing",
                f"有 {len(lost)} 份 PDF 或图片的原件副本不见了，看不了原页："
                f"{listed([one.title for one in lost])}。",
                "修复时记下来，请再运行 luming sync（或 luming ingest 原来的文件夹），会从原文件重新保存；"
                "原文件也没有了的，请从备份恢复。检索和问答不受影响。",
                True,
                tuple(one.document_id for one in lost),
            )
        ]

    def repair(self, home: Examined, findings: Sequence[Finding]) -> list[str]:
        """Let the next run read these documents again."""
        ids = [one for finding in findings for one in finding.subjects]
        for record in home.library.catalog.documents_by_id(ids).values():
            if name := original_name(record.format, record.content_hash):
                (home.settings.originals_dir / name).unlink(missing_ok=True)
        home.library.catalog.read_again(ids)
        return [f"已记下 {len(ids)} 份文件，下次 luming sync（或 luming ingest）会重新读取。"]


def _lost(home: Examined, one: DocumentRecord) -> bool:
    name = original_name(one.format, one.content_hash)
    if not name:
        return False
    path = home.settings.originals_dir / name
    return not path.is_file() or path.stat().st_size == 0
