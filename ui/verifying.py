"""Drafts read and checked, for the command line and REST, and what both print of it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.verification import DraftError, Finding, Report
from ui.render.verification_words import CODES

if TYPE_CHECKING:
    from assistant.verification.findings import Check, Place
    from ingest.readers.base import ReadLimits

MAX_BYTES = 20 * 1024 * 1024
"""Of a draft, pasted or uploaded."""

#: Extensions that tell a reader something; the content decides all the same.
_KNOWN = frozenset((".docx", ".pdf", ".md", ".markdown", ".txt", ".html", ".htm"))


@dataclass(frozen=True)
class DraftFile:
    """A draft as it was read. ``data`` are the bytes of a .docx, None for anything else."""

    name: str
    text: str
    data: bytes | None = None


def read_draft(path: Path, name: str = "") -> DraftFile:
    """A draft from a file of any format that can be taken in. Raises DraftError."""
    from ingest.readers import ReadError, read_document

    try:
        raw = read_document(path, _limits())
        data = path.read_bytes() if raw.format == "docx" else None
    except ReadError as error:
        raise DraftError(f"{name or path.name}：{_said(str(error))}。") from error
    except OSError as error:
        raise DraftError(f"读不了 {name or path.name}：{error.strerror}。") from error
    return DraftFile(name or path.name, raw.text, data)


def read_upload(data: bytes, name: str) -> DraftFile:
    """A draft from the bytes of a file. Raises DraftError."""
    suffix = Path(name.replace("\\", "/")).suffix.lower()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"draft{suffix if suffix in _KNOWN else ''}"
        path.write_bytes(data)
        return read_draft(path, Path(name.replace("\\", "/")).name[:100] or "文稿")


def read_pasted(data: bytes, name: str = "文稿") -> DraftFile:
    """A draft from the bytes of plain text in any common encoding. Raises DraftError."""
    from ingest.readers import ReadError
    from ingest.readers.clean import visible
    from ingest.readers.decode import decode

    if len(data) > MAX_BYTES:
        raise DraftError(f"文稿超过 {MAX_BYTES // 1024 // 1024} MB，请拆开再核对。")
    try:
        return DraftFile(name, visible(decode(data).text))
    except ReadError as error:
        raise DraftError(f"{name}：{_said(str(error))}。") from error


def _limits() -> ReadLimits:
    from ingest.readers.base import ReadLimits

    return ReadLimits(max_bytes=MAX_BYTES, max_characters=2_000_000, max_pages=1_000, ocr_pages=20)


def _said(line: str) -> str:
    """A reader's line, which speaks of taking a file in, as one about checking it."""
    return line.replace("再放入", "再核对").replace("重新放入", "重新核对").rstrip("。")


# -- what is printed -----------------------------------------------------------------------------


def report_object(report: Report, name: str) -> dict[str, Any]:
    """The report as one JSON object; documented in docs/verify.md."""
    return {
        "draft": name,
        "as_of": report.as_of.isoformat(),
        "documents": report.documents,
        "characters": len(report.text),
        "summary": report.summary,
        "counts": {CODES[verdict]: count for verdict, count in report.counts.items()},
        "problems": len(report.problems),
        "truncated": report.truncated,
        "findings": [_finding(one) for one in report.findings],
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "number": one.number,
        "verdict": CODES[one.verdict],
        "verdict_name": one.verdict.value,
        "start": one.start,
        "end": one.end,
        "written": one.written,
        "title": one.title,
        "label": one.label,
        "message": one.message,
        "places": [_place(each) for each in one.places],
        "right": _place(one.right) if one.right else None,
        "checks": [_check(each) for each in one.checks],
        "notes": list(one.notes),
        "suggestions": list(one.suggestions),
    }


def _place(one: Place) -> dict[str, Any]:
    return {
        "document_id": one.document_id,
        "title": one.title,
        "validity": one.validity,
        "label": one.label,
        "path": one.path,
        "start": one.start,
        "end": one.end,
        "text": one.text,
    }


def _check(one: Check) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "verdict": CODES[one.verdict],
        "start": one.start,
        "end": one.end,
        "said": one.said,
        "message": one.message,
        "right": one.right,
        "words": [[each.kind, each.text] for each in one.segments],
        "right_place": _place(one.right_place) if one.right_place else None,
    }
