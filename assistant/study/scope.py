"""What of the library a topic is about: its articles, how central each is, and what is lacking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from assistant.study.articles import Article
from index.records import DocumentRecord, PassageRecord

if TYPE_CHECKING:
    from assistant.study.topic import Topic
    from index.library import Library


@dataclass(frozen=True)
class ScopedArticle:
    """An article with how central it is to the topic, 0–1."""

    article: Article
    score: float

    @property
    def document(self) -> DocumentRecord:
        """The document with its status of today."""
        return self.article.document

    @property
    def passages(self) -> tuple[PassageRecord, ...]:
        """The article's passages in order; a long article has several."""
        return self.article.passages

    @property
    def position(self) -> int:
        """Among the document's articles, from 0."""
        return self.article.position


@dataclass(frozen=True)
class Scope:
    """The articles of a topic, the most central first.

    ``weights`` tell how much each word of the topic says (0–1), ``governing`` are the documents
    whose very subject the topic is, ``coverage`` the largest share of the topic's words, by weight,
    that one article holds, ``lacking`` the words that none does.
    """

    topic: Topic
    collections: tuple[str, ...]
    articles: tuple[ScopedArticle, ...]
    weights: dict[str, float] = field(default_factory=dict)
    governing: tuple[str, ...] = ()
    coverage: float = 1.0
    lacking: tuple[str, ...] = ()

    @property
    def rules(self) -> tuple[ScopedArticle, ...]:
        """The articles of policies and measures."""
        return tuple(one for one in self.articles if one.article.rule)

    @property
    def pairs(self) -> list[tuple[DocumentRecord, Sequence[PassageRecord]]]:
        """Documents with their passages in the scope: what questions are made of."""
        found: dict[str, tuple[DocumentRecord, list[PassageRecord]]] = {}
        for one in self.articles:
            record = one.document
            found.setdefault(record.document_id, (record, []))[1].extend(one.passages)
        return list(found.values())

    @property
    def documents(self) -> list[DocumentRecord]:
        """The documents, the one with the most central article first."""
        return [record for record, _ in self.pairs]


def find_scope(library: Library, topic: str, collections: Sequence[str] = ()) -> Scope:
    """The articles that a topic is about, in force only.

    Raises StudyError where the topic can't be read, or where the library holds nothing on it (the
    message names near topics that it does hold); EmptyLibrary and UnknownCollection as searches.
    """
    from assistant.study.finding import find
    from assistant.study.topic import read_topic

    return find(library, read_topic(topic), tuple(collections))


def narrowed(scope: Scope, keep: Callable[[ScopedArticle], bool]) -> Scope:
    """The scope with fewer articles."""
    return replace(scope, articles=tuple(one for one in scope.articles if keep(one)))
