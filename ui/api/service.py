"""One library and one answerer behind every page and route of a server."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.activity.tables import LOCAL_USER
from index.errors import LibraryError, UnknownDocument
from index.originals import SHOWN, kept_original
from index.records import NOT_IN_FORCE, DocumentRecord, SearchFilter
from ui.render.results import ResultsView
from ui.render.source import SourceView

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.extractive import ExtractiveAnswerer
    from assistant.streaming import Listener
    from index.settings import Settings
    from ui.access.model import Principal

_PAGE_SCALE = 2.0  # 144 dpi: sharp on an ordinary screen
_PAGE_CACHE = 24  # pictures
_SEEN = 32  # sets of collections that services are kept for
MAX_HITS = 100


Names = Iterable[str]
"""Names of collections."""


class UnknownPage(LibraryError):
    """The document has no such page, or its pages cannot be shown."""


class PagePictures:
    """Pictures of pages; the last ones are kept."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()

    def png(self, original: Callable[[], Path], content_hash: str, number: int) -> bytes:
        """Page ``number`` (from 1) of the file whose bytes have this hash."""
        from ingest.readers.pdf_page import render_page

        key = (content_hash, number)
        with self._lock:  # pdfium must not be entered by two threads
            if key not in self._kept:
                self._kept[key] = render_page(original(), number, _PAGE_SCALE)
                if len(self._kept) > _PAGE_CACHE:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]


class Service:
    """What the server does, whatever asks for it: the page or REST.

    Calls may come from many threads: a library may be read from any of them, and sees what
    another process (``luming ingest``) has written with the next call.
    """

    def __init__(self, settings: Settings, whole: Service | None = None, names: Names = ()) -> None:
        """Over the library of ``settings``; with ``whole``, over the collections ``names`` of it."""
        from assistant.activity.journal import Journal
        from assistant.asking import Asking
        from assistant.conversation.keeping import Conversations
        from assistant.factory import make_answerer
        from index.library import Library

        self.settings = settings
        self.library: Library = whole.library.within(names) if whole else Library(settings)
        log = Journal(self.library, whole.asking.journal.database) if whole else None
        try:
            self.asking: Asking = Asking(self.library, make_answerer(self.library), log)
            self.conversations = Conversations(self.library, self.asking)
        except ValueError as error:  # the settings contradict each other; the line says how
            raise LibraryError(str(error)) from error
        self._pictures: PagePictures = whole._pictures if whole else PagePictures()
        self._whole = whole
        self._seen_lock = threading.Lock()
        self._seen: OrderedDict[frozenset[str], Service] = OrderedDict()

    def seen_by(self, principal: Principal) -> Service:
        """This service over the collections that ``principal`` may see.

        Those who may see the same share one, with what it keeps in memory.
        """
        whole = self._whole or self
        if principal.collections is None:
            return whole
        with whole._seen_lock:
            if principal.collections not in whole._seen:
                whole._seen[principal.collections] = Service(
                    self.settings, whole, principal.collections
                )
            whole._seen.move_to_end(principal.collections)
            while len(whole._seen) > _SEEN:
                whole._seen.popitem(last=False)
            return whole._seen[principal.collections]

    def close(self) -> None:
        """Release the stores."""
        self.asking.close()
        self.library.close()

    def ask(
        self,
        question: str,
        collections: Sequence[str] = (),
        include_superseded: bool = False,
        as_of: date | None = None,
        channel: str = "",
        user: str = LOCAL_USER,
        listen: Listener | None = None,
    ) -> Answer:
        """Answer ``question``. Raises QuestionError or LibraryError with a line for the user.

        ``channel`` says through what a person asked; the program's own questions have none and
        are not logged. ``listen`` hears of the steps.
        """
        flt = self._filter(collections, include_superseded, as_of)
        if not channel:
            return self.asking.answerer.answer(question, flt)
        return self.asking.ask(question, flt, channel, user, listen)

    def answers(self, question: str) -> bool:
        """Whether the library answers a question of the program's own. No language model is asked,
        as nobody has asked anything. Raises QuestionError or LibraryError."""
        flt = self._filter((), False, None)
        return not self._extractive.answer(question, flt).abstained

    @cached_property
    def _extractive(self) -> ExtractiveAnswerer:
        from assistant.extractive import ExtractiveAnswerer

        return ExtractiveAnswerer(self.library)

    def feedback(
        self,
        question_id: str,
        verdict: str,
        reason: str = "",
        gold: str = "",
        user: str = LOCAL_USER,
    ) -> int:
        """Keep what a person says of an answer; its number. FeedbackError, UnknownAsking."""
        from assistant.activity.feedback import FeedbackStore

        journal = self.asking.journal
        store = FeedbackStore(journal.database)
        return store.add(journal, question_id, verdict, reason, gold, user)

    def results(
        self,
        query: str,
        collections: Sequence[str] = (),
        include_superseded: bool = False,
        as_of: date | None = None,
        k: int = 10,
    ) -> ResultsView:
        """What a search for a question finds, and why. Raises QuestionError or LibraryError."""
        from assistant.question import understand
        from index.explanation import explain

        asked = understand(query).text
        found = self.library.find(asked, k, self._filter(collections, include_superseded, as_of))
        return ResultsView(
            query=asked,
            hits=found.hits,
            reasons=explain(asked, found.hits, self.library.finder.synonyms()),
            versions={
                one.document.document_id: self.versions(one.document.document_id)
                for one in found.hits
            },
            notes=found.notes,
        )

    def converse(
        self,
        question: str,
        conversation_id: str,
        collections: Sequence[str],
        include_superseded: bool,
        as_of: date | None,
        user: str,
        listen: Listener | None = None,
    ) -> tuple[str, Answer]:
        """The next answer of a page's conversation ("" begins one), and the conversation's id.

        ``listen`` hears of the steps of an answer that a language model words.
        """
        flt = self._filter(collections, include_superseded, as_of)
        conversation_id, turn = self.conversations.ask(
            question, conversation_id or None, flt, "page", user, listen
        )
        return conversation_id, turn.answer

    def collections(self) -> list[tuple[str, int]]:
        """Names of the collections with their number of documents."""
        return [(one.name, one.documents) for one in self.library.catalog.collections()]

    def documents(self, collection: str | None = None) -> list[DocumentRecord]:
        """All documents, or those of one collection."""
        if collection is not None:
            self.library.check_collections((collection,))
        records = self.library.documents()[1].values()
        return [one for one in records if collection is None or one.collection == collection]

    def document(self, document_id: str) -> DocumentRecord:
        """One document, or UnknownDocument."""
        found = self.library.documents()[1].get(document_id)
        if found is None:
            raise UnknownDocument(document_id)
        return found

    def source(
        self, document_id: str, start: int | None, end: int | None, around: int | None = None
    ) -> SourceView:
        """A document as the source pane shows it; ranges outside its text are dropped."""
        document = self.document(document_id)
        catalog = self.library.catalog
        text = catalog.document_text(document_id)
        outline = catalog.outline(document_id)
        passages = catalog.passages(document_id) if document.page_sizes else ()
        if start is None or end is None or not 0 <= start < end <= len(text):
            start = end = None
        if around is not None:
            around = min(max(0, around), len(text))
        versions = self.versions(document_id)
        return SourceView(document, text, outline, passages, start, end, around, versions)

    def versions(self, document_id: str) -> list[DocumentRecord]:
        """The versions of a document's rule that the library has, oldest first."""
        chain = self.library.versions.chain_of(document_id)
        known = self.library.documents()[1]
        return [known[one.document_id] for one in chain.versions] if chain else []

    def diff_html(self, old_id: str, new_id: str) -> str:
        """A page that sets two documents side by side; UnknownDocument, LibraryError."""
        from ui.comparing import compare_documents, side_of
        from ui.render.diff import diff_page

        today = date.today()
        old, new = (
            side_of(self.library, self.document(one).document_id, today) for one in (old_id, new_id)
        )
        return diff_page(old, new, compare_documents(self.library, old_id, new_id))

    def page_png(self, document_id: str, number: int) -> bytes:
        """A picture of page ``number`` (from 1) of a PDF or picture."""
        document = self.document(document_id)
        if document.format not in SHOWN or not 1 <= number <= (document.page_count or 0):
            raise UnknownPage(f"《{document.title}》没有第 {number} 页的原文图像。")
        return self._pictures.png(lambda: self._original(document), document.content_hash, number)

    def _original(self, document: DocumentRecord) -> Path:
        """The file that was read: the copy kept, or the source if it is still the same."""
        kept = kept_original(self.settings.originals_dir, document.format, document.content_hash)
        if kept is not None:
            return kept
        source = Path(document.source_path)
        if document.source_path and source.is_file() and source.stat().st_size == document.size:
            with source.open("rb") as stream:
                if hashlib.file_digest(stream, "sha256").hexdigest() == document.content_hash:
                    return source
        raise UnknownPage(
            f"《{document.title}》的原文件已移动或改动，文本仍可查看；要看页面，请管理员重新入库。"
        )

    def _filter(
        self,
        collections: Sequence[str],
        include_superseded: bool = False,
        as_of: date | None = None,
    ) -> SearchFilter:
        if collections:
            self.library.check_collections(collections)
        exclude = () if include_superseded else NOT_IN_FORCE
        return SearchFilter(collections=tuple(collections), exclude_validity=exclude, as_of=as_of)
