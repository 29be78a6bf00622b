"""The catalog's rows: has every document its text and all its passages?"""

from __future__ import annotations

from collections.abc import Sequence

from index.doctor.base import Examined, Finding, listed
from index.errors import UnknownDocument
from index.records import DocumentRecord


class ContentsCheck:
    """Documents against their text, their passages and the counts in their rows."""

    title = "文件与段落"
    needs_catalog = True

    def find(self, home: Examined) -> list[Finding]:
        """Documents that lack text or passages, or whose passages are not what their text says."""
        broken = [one for one in home.library.catalog.documents() if _broken(home, one)]
        if not broken:
            return []
        return [
            Finding(
                "passages-missing",
                f"有 {len(broken)} 份文件的正文或段落不全：{listed([one.title for one in broken])}。",
                "修复时记下来，请再运行 luming sync（或 luming ingest 原来的文件夹），会从原文件重新读取；"
                "原文件也没有了的，请从备份恢复。",
                True,
                tuple(one.document_id for one in broken),
            )
        ]

    def repair(self, home: Examined, findings: Sequence[Finding]) -> list[str]:
        """Let the next run read these documents again."""
        ids = [one for finding in findings for one in finding.subjects]
        home.library.catalog.read_again(ids)
        return [f"已记下 {len(ids)} 份文件，下次 luming sync（或 luming ingest）会重新读取。"]


def _broken(home: Examined, one: DocumentRecord) -> bool:
    catalog = home.library.catalog
    try:
        text = catalog.document_text(one.document_id)
    except UnknownDocument:
        return True
    passages = catalog.passages(one.document_id)
    if len(passages) != one.passage_count:
        return True
    return any(text[passage.start : passage.end] != passage.text for passage in passages)
