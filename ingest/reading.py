"""One file to what the catalog keeps of it; done in a process that may be ended at any moment."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from index.records import DocumentRecord, DocumentWrite, SectionRecord
from ingest.names import shown
from ingest.readers import ReadError, ReadLimits, read_document
from ingest.readers.files import CHANGED, reason

if TYPE_CHECKING:
    from ingest.document import RawDocument
    from ingest.metadata import Metadata


@dataclass(frozen=True)
class ReadTask:
    """A file to be read, and as what."""

    path: Path
    name: str  # below the root, as in the catalog
    document_id: str
    collection: str
    content_hash: str
    size: int
    mtime_ns: int
    entry: Mapping[str, object] = field(default_factory=dict)  # what the manifest states
    limits: ReadLimits = field(default_factory=ReadLimits)
    where: str = ""  # where a person finds it, when that isn't ``path``


@dataclass(frozen=True)
class ReadOutcome:
    """What became of a task: the document, or why there is none.

    ``lasting``: the same bytes will fail again. ``changed``: the file was being written.
    """

    write: DocumentWrite | None = None
    reason: str = ""
    seconds: float = 0.0
    lasting: bool = False
    changed: bool = False


def read_file(task: ReadTask) -> ReadOutcome:
    """Reads a file; raises nothing for whatever the file holds."""
    started = time.monotonic()
    try:
        write, failure, lasting = _read(task), "", False
    except ReadError as error:
        write, failure, lasting = None, str(error), True
    except OSError as error:
        write, failure, lasting = None, reason(error), False
    except MemoryError:
        write, lasting = None, True
        failure = "读取这个文件要用的内存太多，已停止；请拆分文件，或调大 LUMING_READ_MB"
    except RecursionError:
        write, lasting = None, True
        failure = "文件的结构嵌套得太深，读不出来；请打开后另存一份再放入"
    seconds = time.monotonic() - started
    if _has_changed(task):
        return ReadOutcome(None, CHANGED, seconds, changed=True)
    return ReadOutcome(write, failure, seconds, lasting)


def _has_changed(task: ReadTask) -> bool:
    """Whether the file is no longer the one that was hashed; one that is gone says so itself."""
    try:
        status = task.path.stat()
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) != (task.size, task.mtime_ns)


def _read(task: ReadTask) -> DocumentWrite:
    from ingest.metadata import read_metadata
    from ingest.passages import build_passages
    from ingest.structure import outline

    raw = read_document(task.path, task.limits, task.name)
    sections = outline(raw)
    metadata = read_metadata(raw, sections, task.name)
    if task.entry:
        metadata = metadata.overridden(task.entry)
    passages = build_passages(raw, sections, metadata, task.document_id)
    if not passages:
        raise ReadError("文件里没有可以检索的文字；请确认文件内容后重新放入。")
    lines = [
        SectionRecord(one.kind.value, one.label, one.title, one.start, one.end, one.level)
        for one in sections.sections
    ]
    return DocumentWrite(_record(task, raw, metadata), raw.text, lines, passages)


def _record(task: ReadTask, raw: RawDocument, metadata: Metadata) -> DocumentRecord:
    from ingest.metadata import METADATA_VERSION

    return DocumentRecord(
        document_id=task.document_id,
        collection=task.collection,
        source=shown(task.name),
        title=metadata.title,
        kind=metadata.kind,
        format=raw.format,
        content_hash=task.content_hash,
        size=task.size,
        mtime_ns=task.mtime_ns,
        source_path=shown(task.where or str(task.path)),
        issuer=metadata.issuer,
        doc_number=metadata.doc_number,
        family=metadata.family,
        issued=metadata.issued,
        effective=metadata.effective,
        repealed=metadata.repealed,
        validity=metadata.validity,
        statements=metadata.statements,
        metadata_version=METADATA_VERSION,
        page_count=raw.page_count,
        page_sizes=raw.page_sizes,
        warnings=raw.warnings,
    )
