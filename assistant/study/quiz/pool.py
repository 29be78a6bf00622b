"""A scope read into the articles that may be asked about and those around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.study.quiz.articles import Article, read_articles
from assistant.study.quiz.base import Pool
from assistant.study.quiz.elsewhere import Elsewhere
from assistant.study.scope import Scope
from index.library import Library
from index.records import NOT_IN_FORCE, DocumentRecord, PassageRecord

_KINDS = ("policy", "measure")
_MOST_PASSAGES = 1_500  # of one document that lends distractors
_NOT_RULES = re.compile("解析|理解与适用|解读|释义|问答|解答|汇总|清单|一览表|体系$|座谈会纪要")
#: A scope, or documents with those of their passages that may be asked about.
ScopeLike = Scope | Sequence[tuple[DocumentRecord, Sequence[PassageRecord]]]


def read_pool(library: Library, scope: ScopeLike) -> Pool:
    """Articles of rules in force only; others of the scope are passed over."""
    documents = library.documents()[1]
    wanted: dict[str, dict[str, float]] = {}
    for document_id, passage_id, weight in _asked(scope):
        wanted.setdefault(document_id, {})[passage_id] = weight
    articles: list[Article] = []
    around: list[Article] = []
    for document_id in sorted(wanted):
        document = documents.get(document_id)
        if document is None or not in_force(document, library):
            continue
        found = _read(library, document)
        asked = wanted[document_id]
        around += found
        for one in found:
            weights = [asked[p.passage_id] for p in one.passages if p.passage_id in asked]
            if weights:
                articles.append(replace(one, weight=max(weights)))
    return Pool(tuple(articles), tuple(around), Elsewhere(library))


def _asked(scope: ScopeLike) -> Iterator[tuple[str, str, float]]:
    """Document, passage and how central it is."""
    if isinstance(scope, Scope):
        for one in scope.articles:
            for passage in one.passages:
                yield one.document.document_id, passage.passage_id, min(1.0, max(0.0, one.score))
        return
    for record, passages in scope:
        for passage in passages:
            yield record.document_id, passage.passage_id, 1.0


def in_force(document: DocumentRecord, library: Library) -> bool:
    """Whether a rule may be asked about today: nobody says it is out of force, and where its
    status is not known, the library has no version of it that is in force."""
    if document.kind not in _KINDS or document.validity in NOT_IN_FORCE:
        return False
    if _NOT_RULES.search(document.title):
        return False
    if document.validity == "现行":
        return True
    family = document.family
    others = library.documents()[1].values()
    return not any(
        one.family == family and one.validity == "现行" and one.document_id != document.document_id
        for one in others
        if family
    )


def _read(library: Library, document: DocumentRecord) -> list[Article]:
    text = library.catalog.document_text(document.document_id)
    passages = library.catalog.passages(document.document_id)[:_MOST_PASSAGES]
    return read_articles(document, text, passages)
