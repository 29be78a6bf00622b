"""The batch: files → blocks → outline → passages → catalog, then the stores catch up.

A file that can't be read costs itself only: it becomes a line in the report, what was indexed of
it before stays, and the batch goes on.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.changes import DocumentWrite
from index.errors import LibraryError, shorten
from index.records import DocumentRecord, SectionRecord
from ingest.readers import ReadError, ReadLimits, read_document
from ingest.report import ADDED, FAILED, UNCHANGED, UPDATED, FileResult, IngestReport
from ingest.sources import SourceFile, SourceProblem, discover, hash_file

if TYPE_CHECKING:
    from index.catalog import SourceState
    from index.library import Library
    from ingest.document import RawDocument
    from ingest.manifest import Manifest
    from ingest.metadata import Metadata
    from ingest.structure.model import Outline

#: Documents that go into the catalog by one transaction; bounds memory and what a kill costs.
BATCH_DOCUMENTS = 64
BATCH_CHARACTERS = 4_000_000
MAX_COLLECTION_NAME = 60

Progress = Callable[[str, int, int], None]
"""Called with the stage (``read`` or ``index``), steps done and steps in all."""


class IngestError(LibraryError):
    """The run can't start; the message is Chinese and says what to do."""


def document_id(collection: str, source: str) -> str:
    """The identity of one source file through its edits: a hash of collection and path."""
    digest = hashlib.sha256(f"{collection}\0{source}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]


def check_collection(name: str) -> str:
    """A collection's name, trimmed. Raises IngestError for one that can't be shown or typed."""
    trimmed = name.strip()
    if not trimmed:
        raise IngestError("文库名不能为空，请用 --collection 给出，例如 --collection 政策文件。")
    if len(trimmed) > MAX_COLLECTION_NAME or not trimmed.isprintable():
        raise IngestError(
            f"文库名“{shorten(trimmed)}”不能用：最多 {MAX_COLLECTION_NAME} 个字，不能有换行等字符。"
        )
    return trimmed


def ingest_paths(
    library: Library,
    paths: Sequence[Path],
    collection: str,
    progress: Progress | None = None,
    wait: float = 0.0,
) -> IngestReport:
    """Put files and folders into ``collection``; only what changed is read and embedded.

    Raises IngestError for a bad collection name and LibraryError when the home can't be written
    (another run holds it for longer than ``wait`` seconds, say). Bad files raise nothing.
    """
    started = time.monotonic()
    run = _Run(library, check_collection(collection), progress or (lambda *_: None))
    with library.writing(wait):
        for root in paths:
            run.take_in(Path(root))
        run.flush()
        indexed = library.index_pending(lambda done, total: run.progress("index", done, total))
    run.report.passages = indexed.encoded
    run.report.seconds = time.monotonic() - started
    return run.report


@dataclass(frozen=True)
class _Prepared:
    """One document ready for the catalog and the line it will get in the report."""

    write: DocumentWrite
    file: SourceFile
    position: int


class _Run:
    """The state of one call of :func:`ingest_paths`."""

    def __init__(self, library: Library, collection: str, progress: Progress) -> None:
        self.library = library
        self.collection = collection
        self.progress = progress
        self.report = IngestReport()
        self._known = library.catalog.sources(collection)
        self._limits = ReadLimits(max_bytes=library.settings.max_file_mb * 1024 * 1024)
        self._waiting: list[_Prepared] = []
        self._characters = 0
        self._taken: set[str] = set()

    def take_in(self, root: Path) -> None:
        """Every file below ``root``."""
        from ingest.manifest import read_manifest

        manifest = read_manifest(root) if root.is_dir() else None
        if manifest is not None:
            self.report.notices.extend(manifest.warnings)
        found = list(discover([root]))
        for number, one in enumerate(found, start=1):
            if isinstance(one, SourceProblem):
                self._add(one.source, FAILED, one.reason)
            elif one.source in self._taken:
                self._add(one.source, FAILED, "本次已有同名文件放入该文库，请改名或换一个文库。")
            else:
                self._taken.add(one.source)
                self._file(one, manifest)
            self.progress("read", number, len(found))

    def _add(self, path: str, status: str, reason: str = "", document: str | None = None) -> None:
        self.report.files.append(FileResult(_shown(path), status, reason, document))

    def _file(self, file: SourceFile, manifest: Manifest | None) -> None:
        known = self._known.get(file.source)
        entry = manifest.entry(file.source) if manifest is not None else None
        try:
            if file.size > self._limits.max_bytes:
                raise ReadError(
                    f"文件有 {file.size / 1024 / 1024:.0f} MB，超过上限"
                    f" {self._limits.max_bytes // 1024 // 1024} MB；"
                    "请拆分后再放入，或调大 LUMING_MAX_FILE_MB。"
                )
            content_hash = _content_hash(file, entry)
            if known is not None and _as_before(known, content_hash):
                if (known.size, known.mtime_ns) != (file.size, file.mtime_ns):
                    self.library.catalog.touch_document(
                        known.document_id, size=file.size, mtime_ns=file.mtime_ns
                    )
                self._add(file.source, UNCHANGED, "", known.document_id)
                return
            prepared = self._prepare(file, content_hash, entry)
        except ReadError as error:
            kept = "（仍保留此前入库的内容）" if known is not None else ""
            self._add(file.source, FAILED, f"{error}{kept}")
            return
        except OSError as error:
            self._add(file.source, FAILED, f"读取失败：{error.strerror or error}，请检查后重试。")
            return
        self._queue(file, prepared, known)

    def _queue(self, file: SourceFile, write: DocumentWrite, known: SourceState | None) -> None:
        self._waiting.append(_Prepared(write, file, len(self.report.files)))
        self._characters += len(write.text)
        status = ADDED if known is None else UPDATED
        reason = "；".join(write.record.warnings)
        self._add(file.source, status, reason, write.record.document_id)
        if len(self._waiting) >= BATCH_DOCUMENTS or self._characters >= BATCH_CHARACTERS:
            self.flush()

    def flush(self) -> None:
        """Put what waits into the catalog, by one transaction."""
        if self._waiting:
            self.library.write_documents([one.write for one in self._waiting])
            self._waiting.clear()
            self._characters = 0

    def _prepare(
        self, file: SourceFile, content_hash: str, entry: dict[str, object] | None
    ) -> DocumentWrite:
        from ingest.metadata import read_metadata
        from ingest.passages import build_passages
        from ingest.structure import outline

        raw = read_document(file.path, self._limits)
        sections = outline(raw)
        metadata = read_metadata(raw, sections, file.source)
        if entry:
            metadata = metadata.overridden(entry)
        identity = document_id(self.collection, file.source)
        passages = build_passages(raw, sections, metadata, identity)
        if not passages:
            raise ReadError("文件里没有可以检索的文字；请确认文件内容后重新放入。")
        record = self._record(file, content_hash, identity, raw, metadata)
        self._keep_original(file, raw, content_hash)
        return DocumentWrite(record, raw.text, _sections(sections), passages)

    def _record(
        self,
        file: SourceFile,
        content_hash: str,
        identity: str,
        raw: RawDocument,
        metadata: Metadata,
    ) -> DocumentRecord:
        from ingest.metadata import METADATA_VERSION

        return DocumentRecord(
            document_id=identity,
            collection=self.collection,
            source=_shown(file.source),
            title=metadata.title,
            kind=metadata.kind,
            format=raw.format,
            content_hash=content_hash,
            size=file.size,
            mtime_ns=file.mtime_ns,
            source_path=_shown(str(file.path)),
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

    def _keep_original(self, file: SourceFile, raw: RawDocument, content_hash: str) -> None:
        """Pages shown as pictures need the file, wherever its source may go later."""
        if raw.format != "pdf":
            return
        folder = self.library.settings.originals_dir
        target = folder / f"{content_hash}.pdf"
        if target.exists():
            return
        folder.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".part")
        shutil.copyfile(file.path, partial)
        partial.replace(target)


def _as_before(known: SourceState, content_hash: str) -> bool:
    """Whether neither the file nor what this program reads of one has changed since."""
    from ingest.metadata import METADATA_VERSION

    return (known.content_hash, known.metadata_version) == (content_hash, METADATA_VERSION)


def _content_hash(file: SourceFile, entry: dict[str, object] | None) -> str:
    """Hash of the file's bytes; a manifest entry that changed makes the document new as well."""
    content = hash_file(file.path)
    if not entry:
        return content
    stated = repr(sorted((key, str(value)) for key, value in entry.items()))
    return hashlib.sha256(f"{content}\0{stated}".encode()).hexdigest()


def _sections(outline: Outline) -> list[SectionRecord]:
    return list(_outline_lines(outline))


def _outline_lines(outline: Outline) -> Iterator[SectionRecord]:
    for one in outline.sections:
        yield SectionRecord(one.kind.value, one.label, one.title, one.start, one.end, one.level)


def _shown(path: str) -> str:
    """A path that can be printed and stored: odd bytes and line breaks made visible."""
    safe = path.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in safe)
