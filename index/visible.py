"""A library of which only some collections exist, for a person who may see no others.

Everything that reads asks :class:`VisibleLibrary` as it would ask the whole one: search, versions,
titles, counts and frequencies of words know nothing of the other collections. What is not here
cannot be done with it (there is no writing), so a method that is added to the whole library is
closed until it is opened here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from index.errors import EmptyLibrary, LibraryError, UnknownDocument
from index.jobs import Job, JobError, JobFile, Jobs
from index.library import Library
from index.places import Places
from index.reading import CatalogReading
from index.records import Place
from index.sketches import Sketches
from index.sources import Source, Sources, UnknownSource

if TYPE_CHECKING:
    import numpy as np

    from index.catalog import Catalog
    from index.encoder.base import Encoder
    from index.finder import Finder
    from index.lexical import LexicalIndex, LexicalScore
    from index.selection import Selection
    from index.vectors import VectorStore


class NothingVisible(EmptyLibrary):
    """The person may see no collection that holds documents."""

    def __init__(self) -> None:
        LibraryError.__init__(self, "还没有您可以查看的文库，请联系管理员开通。")


class VisibleCatalog(CatalogReading):
    """The documents of some collections, read only."""

    def __init__(self, whole: Catalog, names: Iterable[str]) -> None:
        self._whole = whole
        self._database = whole._database
        self._within = tuple(sorted(set(names)))
        self.jobs = VisibleJobs(whole.jobs, self._within)
        self.sources = VisibleSources(whole.sources, self._within)
        self.places = VisiblePlaces(whole.places, self)
        self.sketches = VisibleSketches(whole.sketches, self)

    @property
    def generation(self) -> int:
        """Of the whole catalog: it moves with what others write too."""
        return self._whole.generation

    @property
    def stores_generation(self) -> int:
        """As in the whole catalog."""
        return self._whole.stores_generation

    def get_meta(self, key: str) -> str | None:
        """A value of the library as a whole: its encoder, its state."""
        return self._whole.get_meta(key)

    def close(self) -> None:
        """Nothing: the connections are the whole catalog's."""


class VisibleJobs:
    """The jobs of some collections. One of another collection does not exist."""

    def __init__(self, whole: Jobs, names: Sequence[str]) -> None:
        self._whole = whole
        self._names = frozenset(names)

    def get(self, job_id: int) -> Job:
        """As ``Jobs.get``."""
        job = self._whole.get(job_id)
        if job.collection not in self._names:
            raise JobError(
                f"没有第 {job_id} 号任务。", "可运行 luming jobs 查看", "请检查任务编号"
            )
        return job

    def recent(self, limit: int = 20) -> list[Job]:
        """As ``Jobs.recent``."""
        from index.jobs import KEPT_JOBS

        found = self._whole.recent(KEPT_JOBS + limit)
        return [one for one in found if one.collection in self._names][:limit]

    def live(self) -> list[Job]:
        """As ``Jobs.live``."""
        return [one for one in self._whole.live() if one.collection in self._names]

    def files(self, job_id: int, status: str | None = None) -> list[JobFile]:
        """As ``Jobs.files``; JobError for a job that does not exist."""
        return self._whole.files(self.get(job_id).job_id, status)

    def ahead(self, job_id: int) -> list[Job]:
        """As ``Jobs.ahead``."""
        return [one for one in self._whole.ahead(job_id) if one.collection in self._names]

    def mark_dead(self) -> list[int]:
        """As ``Jobs.mark_dead``; the numbers of those that exist."""
        dead = set(self._whole.mark_dead())
        return sorted(dead & {one.job_id for one in self.recent(len(dead) + 20)}) if dead else []

    def cancel(self, job_id: int) -> Job:
        """As ``Jobs.cancel``."""
        return self._whole.cancel(self.get(job_id).job_id)


class VisibleSources:
    """The remembered folders of some collections, read only."""

    def __init__(self, whole: Sources, names: Sequence[str]) -> None:
        self._whole = whole
        self._names = frozenset(names)

    def all(self, collection: str | None = None) -> list[Source]:
        """As ``Sources.all``."""
        return [one for one in self._whole.all(collection) if one.collection in self._names]

    def find(self, name: str, collection: str | None = None) -> Source:
        """As ``Sources.find``, among those that exist."""
        known = self.all(collection)
        for one in known:
            if name in (str(one.source_id), one.path):
                return one
        raise UnknownSource(
            f"没有登记过“{name[:60]}”。", "可运行 luming source list 查看", "请在“来源”里查看"
        )


class VisiblePlaces:
    """Where the files of visible documents lie."""

    def __init__(self, whole: Places, catalog: VisibleCatalog) -> None:
        self._whole = whole
        self._catalog = catalog

    def of_documents(self, ids: Iterable[str]) -> dict[str, list[Place]]:
        """As ``Places.of_documents``."""
        return self._whole.of_documents(self._catalog.documents_by_id(ids))


class VisibleSketches:
    """The sketches of visible documents, for finding copies."""

    def __init__(self, whole: Sketches, catalog: VisibleCatalog) -> None:
        self._whole = whole
        self._catalog = catalog

    def current(self) -> dict[str, np.ndarray]:
        """As ``Sketches.current``."""
        made = self._whole.current()
        return {one: made[one] for one in self._catalog.documents_by_id(made)}

    def put(self, made: Mapping[str, tuple[str, np.ndarray]]) -> None:
        """As ``Sketches.put``: they say nothing that the documents don't."""
        self._whole.put(made)


class VisibleLexical:
    """The lexical index with the frequencies of words of some collections.

    A search is given the documents that it may find, as in the whole library.
    """

    def __init__(self, whole: LexicalIndex, names: Sequence[str]) -> None:
        self._whole = whole
        self._names = tuple(names)

    def search(
        self,
        query: str,
        k: int,
        selection: Selection | None = None,
        expansions: dict[str, float] | None = None,
    ) -> list[tuple[str, float]]:
        """As ``LexicalIndex.search``; a selection is needed."""
        if selection is None or not set(selection.collections) <= set(self._names):
            raise UnknownDocument("")
        return self._whole.search(query, k, selection, expansions)

    def scores(
        self, query: str, passage_ids: Sequence[str], expansions: dict[str, float] | None = None
    ) -> dict[str, LexicalScore]:
        """As ``LexicalIndex.scores``."""
        return self._whole.scores(query, passage_ids, expansions)

    def document_frequency(self, words: Iterable[str]) -> tuple[dict[str, int], int]:
        """As ``LexicalIndex.document_frequency``, of the visible passages."""
        return self._whole.document_frequency_in(words, self._names)


class VisibleLibrary(Library):
    """The collections ``names`` of a library, for reading.

    Parts that cost memory (encoder, stores) are the whole library's; what is worked out from
    documents (versions, titles, selections) is this one's own.
    """

    def __init__(self, whole: Library, names: Iterable[str]) -> None:
        super().__init__(whole.settings)
        self._whole = whole
        self._names = tuple(sorted(set(names)))
        self._seen_catalog: tuple[Catalog, VisibleCatalog] | None = None

    @property
    def visible(self) -> tuple[str, ...] | None:
        """The collections that exist here."""
        return self._names

    def within(self, names: Iterable[str]) -> Library:
        """Fewer of them."""
        return self._whole.within(set(names) & set(self._names))

    @property
    def catalog(self) -> Catalog:
        """The visible documents. What a ``Catalog`` can do beyond reading is not there."""
        whole = self._whole.catalog
        with self._opening:
            if self._seen_catalog is None or self._seen_catalog[0] is not whole:
                self._seen_catalog = (whole, VisibleCatalog(whole, self._names))
            return cast("Catalog", self._seen_catalog[1])

    @property
    def encoder(self) -> Encoder:
        """The whole library's."""
        return self._whole.encoder

    @property
    def vectors(self) -> VectorStore:
        """The whole library's; searches go by selected documents of visible collections."""
        return self._whole.vectors

    @property
    def lexical(self) -> LexicalIndex:
        """The whole library's, with the frequencies of words here."""
        return cast("LexicalIndex", VisibleLexical(self._whole.lexical, self._names))

    @property
    def finder(self) -> Finder:
        """As ``Library.finder``; the vectors that are kept in memory are shared."""
        with self._opening:
            new = self._finder is None
        found = super().finder
        if new:
            found.dense = self._whole.finder.dense
        return found

    @property
    def stores_seen(self) -> int:
        """The whole library's."""
        return self._whole.stores_seen

    def refresh(self) -> None:
        """See what other processes have put into the stores."""
        self._whole.refresh()

    def check_collections(self, names: Sequence[str] = ()) -> list[str]:
        """As ``Library.check_collections``; NothingVisible where none holds documents."""
        try:
            return super().check_collections(names)
        except EmptyLibrary as error:
            raise NothingVisible from error

    def acquire(self, wait: float | None = None) -> None:
        """Never: writing is the whole library's."""
        raise PermissionError("a visible part of a library is read only")

    def close(self) -> None:
        """Forget what was worked out; the stores stay open for the others."""
        with self._opening:
            self._finder = self._versions = self._seen_catalog = None
            self._documents = (None, {})
