"""What the catalog keeps and the searches return, as plain data shared by every stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from index.versions.statements import NO_STATEMENTS, Statements

VALIDITY_CURRENT = "现行"
VALIDITY_AMENDED = "已被修订"
VALIDITY_REPEALED = "已废止"
VALIDITY_PENDING = "尚未施行"
VALIDITY_UNKNOWN = "不明"
VALIDITIES = (
    VALIDITY_CURRENT,
    VALIDITY_AMENDED,
    VALIDITY_REPEALED,
    VALIDITY_PENDING,
    VALIDITY_UNKNOWN,
)
#: Rules that an answer must not serve as today's.
SUPERSEDED = (VALIDITY_AMENDED, VALIDITY_REPEALED)
#: What a search leaves out unless it is asked for.
NOT_IN_FORCE = (*SUPERSEDED, VALIDITY_PENDING)

KINDS = ("policy", "measure", "study", "case", "other")
KIND_NAMES = {
    "policy": "政策文件",
    "measure": "制度办法",
    "study": "学习材料",
    "case": "案例",
    "other": "其他",
}


@dataclass(frozen=True)
class DocumentRecord:
    """One document of the catalog, without its text."""

    document_id: str
    collection: str
    source: str  # path relative to the ingested root, POSIX
    title: str
    kind: str = "other"
    format: str = "txt"
    content_hash: str = ""
    size: int = 0
    mtime_ns: int = 0
    source_path: str = ""  # where the file was, absolute
    issuer: str | None = None
    doc_number: str | None = None
    family: str = ""  # title less 年份/试行/修订, see index.versions.titles
    issued: date | None = None
    effective: date | None = None
    repealed: date | None = None
    validity: str = VALIDITY_UNKNOWN  # as stated; for a given day see index.versions
    statements: Statements = NO_STATEMENTS
    metadata_version: int = 0  # of the program that read the metadata
    page_count: int | None = None
    page_sizes: tuple[tuple[float, float], ...] = ()
    passage_count: int = 0
    article_count: int = 0
    warnings: tuple[str, ...] = ()
    indexed_at: datetime | None = None
    missing_since: datetime | None = None  # since when none of its files is where it was
    place_count: int = 1  # files of these very bytes


@dataclass(frozen=True)
class Place:
    """One file of a document: where it lies, and how it was when it was last looked at.

    A file whose size and both times are as here is taken to be as before; else its bytes are
    hashed. Times are nanoseconds since 1970.
    """

    collection: str
    source: str  # path below the root, POSIX; one file of a collection
    document_id: str
    path: str = ""  # absolute
    size: int = 0
    mtime_ns: int = 0
    ctime_ns: int = 0
    device: int = 0  # of the file system
    checked_ns: int = 0  # when the bytes were hashed
    file_hash: str = ""  # SHA-256 of the bytes
    content_hash: str = ""  # of the bytes and of what the manifest states of the file
    missing_since: datetime | None = None


@dataclass(frozen=True)
class SectionRecord:
    """One line of a document's outline (see ingest.structure.model.Section)."""

    kind: str
    label: str
    title: str
    start: int
    end: int
    level: int


@dataclass(frozen=True)
class PassageRecord:
    """One passage: what is embedded, searched and cited.

    ``text`` is ``document text[start:end]`` exactly. ``context`` is what a reader needs before it
    (the head of a split article), not part of the range. ``boxes`` are (page, x0, y0, x1, y1) in
    points, origin top left, empty where the format has none.
    """

    passage_id: str
    document_id: str
    ordinal: int  # position in the document, from 0
    path: str  # 第三章 监督职责/第十二条/第二款, or the headings
    text: str
    start: int
    end: int
    context: str = ""
    article: str | None = None  # 第十二条; None where the document has no articles
    page: int | None = None
    boxes: tuple[tuple[int, float, float, float, float], ...] = ()

    def embedding_text(self, title: str) -> str:
        """What the encoder reads: title, path, repeated head, text.

        The article's number is left out: nobody's words mean it, and look-ups by number do not
        need the encoder.
        """
        parts = [part for part in self.path.split("/") if part != self.article]
        head = " ".join((title, *parts)).strip()
        return "\n".join(part for part in (head, self.context, self.text) if part)


@dataclass(frozen=True)
class DocumentWrite:
    """One document as it shall be in the catalog.

    ``places`` are files of it that are new or have changed; others that the catalog knows stay.
    Where none is given and the catalog knows none, the record's source is the one.
    """

    record: DocumentRecord
    text: str
    outline: Sequence[SectionRecord]
    passages: Sequence[PassageRecord]
    places: Sequence[Place] = ()


@dataclass(frozen=True)
class SearchFilter:
    """Which passages may be found; empty tuples and None mean all. Applied inside both searches.

    ``exclude_validity`` is about the status on the day ``as_of`` (None: today). ``issuers`` are
    parts of the issuing body's name. A document without a date fails a bound on its date.
    """

    collections: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    exclude_validity: tuple[str, ...] = NOT_IN_FORCE
    document_ids: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    issued_from: date | None = None
    issued_to: date | None = None
    as_of: date | None = None


@dataclass(frozen=True)
class Hit:
    """A passage found, with its document and how it was found."""

    passage: PassageRecord
    document: DocumentRecord
    score: float  # fused; larger is better; comparable within one result list only
    lexical_rank: int | None = None  # from 1
    dense_rank: int | None = None
    lexical_score: float | None = None  # BM25
    dense_score: float | None = None  # cosine
    extra: dict[str, float] = field(default_factory=dict)  # further figures, by name
    rule: str = ""  # why it stands where it does, where a rule put it there; Chinese
    folded: tuple[Hit, ...] = ()  # near-identical passages that take no place of their own
