"""From a topic to the articles that it is about: searches, words, meaning, and governing rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.evidence import WordWeights, presence, scaled_cosine
from assistant.library_view import LibraryView
from assistant.study.articles import Article, articles_of, is_rule
from assistant.study.errors import StudyError
from assistant.study.scope import Scope, ScopedArticle
from assistant.study.topic import Topic
from assistant.text import fold
from index.encoder.base import on_e5_scale
from index.errors import shorten
from index.records import NOT_IN_FORCE, DocumentRecord, Hit, SearchFilter

if TYPE_CHECKING:
    from index.library import Library

DEPTH = 60
"""Passages of the first search."""
GOVERNS = 0.72
"""Share of the topic's words that a title holds, from which on the topic is its very subject."""
ENOUGH, NEAR = 0.62, 0.48
"""Share of the topic's words, by weight, that an article must hold to be on the topic, and how
near in meaning (scaled cosine) it must be."""
_SAID_OTHERWISE = (0.45, 0.86)  # fewer words, but nearer in meaning
_AROUND, _ABOUT = 0.8, 0.5
"""What a word of the topic counts that stands in the title or heading, or anywhere in the document."""
_MOST_GOVERNING = 3
_MOST_ARTICLES = 400  # of one document
_LEAST, _MOST = 0.3, 120  # score of an article in the scope, and their number
_NEAR_TOPICS = 5
"""Titles that an error names."""

#: Articles that every regulation has and that settle nothing of its matter.
_FORMAL = (
    "制定本",
    "起施行",
    "起实施",
    "负责解释",
    "同时废止",
    "参照本",
    "参照执行",
    "解释权",
)


@dataclass(frozen=True)
class _Rated:
    article: Article
    score: float
    words: float  # share of the topic's words held, by weight
    cosine: float  # scaled
    own: float  # the same, title and path aside


def find(library: Library, topic: Topic, collections: tuple[str, ...]) -> Scope:
    """See ``find_scope``."""
    view = LibraryView(library)
    flt = SearchFilter(collections=collections, kinds=("policy", "measure", "study", "other"))
    hits = _admitted(library, library.search(topic.text, DEPTH, flt))
    weights = view.word_weights(topic.words, hits)
    named = _named(view, library, topic, collections)
    governing = _governing(topic, weights, hits, named)
    whole_ids = {one.document_id for one in governing}
    whole: list[Hit] = []
    for document in governing:
        only = SearchFilter(collections=collections, document_ids=(document.document_id,))
        whole += _admitted(library, library.search(topic.text, _MOST_ARTICLES, only))
    rated = _rate(library, topic, weights, [*hits, *whole], whole_ids)
    near = [one for one in rated if one.score >= _LEAST]
    kept = [
        one
        for place, one in enumerate(rated)
        if one.article.document.document_id in whole_ids or place < min(len(near), _MOST)
    ]
    if not near:
        raise StudyError(_off(library, topic, rated, hits))
    held = fold(" ".join(f"{r.article.title}{r.article.path}{r.article.text}" for r in kept))
    return Scope(
        topic=topic,
        collections=collections,
        articles=tuple(ScopedArticle(one.article, round(one.score, 4)) for one in kept),
        weights=dict(weights.weights),
        governing=tuple(one.document_id for one in governing),
        coverage=max(one.words for one in near),
        lacking=tuple(w for w in topic.telling if presence(w, held) < 0.5),
    )


def _admitted(library: Library, hits: Iterable[Hit]) -> list[Hit]:
    """Hits of documents that hold today, copies unfolded."""
    doubtful = library.finder.doubtful()
    return [
        hit
        for hit in hits
        if hit.document.validity not in NOT_IN_FORCE and hit.document.document_id not in doubtful
    ]


def _named(
    view: LibraryView, library: Library, topic: Topic, collections: Sequence[str]
) -> list[DocumentRecord]:
    """The documents in force that the topic names by title."""
    doubtful = library.finder.doubtful()
    return [
        one
        for one in view.named_documents(topic.text)
        if one.validity not in NOT_IN_FORCE
        and one.document_id not in doubtful
        and (not collections or one.collection in collections)
    ]


def _governing(
    topic: Topic,
    weights: WordWeights,
    hits: Sequence[Hit],
    named: Sequence[DocumentRecord],
) -> list[DocumentRecord]:
    """Documents whose title holds the topic: those named, then by how many hits they have."""
    found: dict[str, tuple[float, DocumentRecord]] = {}
    for rank, hit in enumerate(hits):
        record = hit.document
        title = fold(record.title)
        share = _held(weights, title)
        if share >= GOVERNS and is_rule(record):
            before = found.get(record.document_id, (share, record))[0]
            found[record.document_id] = (before + 1 / (2 + rank), record)
    for one in named:
        title = fold(one.title)
        share = _held(weights, title)
        if share >= GOVERNS:
            found[one.document_id] = (10 + share, one)
    ranked = sorted(found.values(), key=lambda pair: (-pair[0], pair[1].document_id))
    kept: list[DocumentRecord] = []
    for _, record in ranked:
        if all(not _same(record, other) for other in kept):
            kept.append(record)
    return kept[:_MOST_GOVERNING]


def _held(weights: WordWeights, text: str) -> float:
    """Share of the topic's words, by weight, that a folded text holds."""
    return weights.coverage(lambda word: presence(word, text))


def _same(left: DocumentRecord, right: DocumentRecord) -> bool:
    return bool(left.family) and left.family == right.family


def _rate(
    library: Library,
    topic: Topic,
    weights: WordWeights,
    hits: Sequence[Hit],
    governing: set[str],
) -> list[_Rated]:
    """Every article that a hit lies in, and all of the governing documents; the best first."""
    cosines: dict[str, float] = {}
    ranks: dict[str, int] = {}
    documents: dict[str, DocumentRecord] = {}
    for rank, hit in enumerate(hits):
        documents.setdefault(hit.document.document_id, hit.document)
        key = hit.passage.passage_id
        near = on_e5_scale(library.encoder, hit.dense_score or 0.0)
        cosines[key] = max(cosines.get(key, 0.0), near)
        ranks.setdefault(key, rank)
    rated: list[_Rated] = []
    for document_id, record in documents.items():
        text = library.catalog.document_text(document_id)
        articles = articles_of(record, text, library.catalog.passages(document_id))
        about = fold(f"{record.title} {text}")
        whole = document_id in governing
        for article in articles:
            ids = [one.passage_id for one in article.passages]
            if not whole and not any(one in ranks for one in ids):
                continue
            cosine = scaled_cosine(max((cosines.get(one, 0.0) for one in ids), default=0.0))
            rank = min((ranks[one] for one in ids if one in ranks), default=len(hits))
            rated.append(_one(article, weights, about, cosine, rank, whole))
    return sorted(rated, key=lambda r: (-r.score, r.article.document.document_id, r.article.start))


def _one(
    article: Article, weights: WordWeights, about: str, cosine: float, rank: int, governed: bool
) -> _Rated:
    """``about`` is all that the article's document says: an article need not repeat it."""
    text = fold(article.text)
    around = fold(f"{article.title} {article.path}")
    own = _held(weights, text)
    both = weights.coverage(
        lambda word: max(
            presence(word, text),
            _AROUND * presence(word, around),
            _ABOUT * presence(word, about),
        )
    )
    score = 0.45 * both + 0.25 * own + 0.2 * cosine + 0.1 / (1 + rank / 10)
    if not governed and not _on_topic(both, cosine):
        score *= 0.4
    if any(word in article.text for word in _FORMAL) and len(article.text) < 160:
        score *= 0.6
    return _Rated(article, min(1.0, score), both, cosine, own)


def _on_topic(words: float, cosine: float) -> bool:
    fewer, nearer = _SAID_OTHERWISE
    return (words >= ENOUGH and cosine >= NEAR) or (words >= fewer and cosine >= nearer)


def _off(library: Library, topic: Topic, rated: Sequence[_Rated], hits: Sequence[Hit]) -> str:
    """That the library holds nothing on the topic, and what it does hold nearby."""
    titles = dict.fromkeys(hit.document.title.strip("《》") for hit in hits)
    near = [f"《{shorten(one, 40)}》" for one in list(titles)[:_NEAR_TOPICS]]
    tail = f"；较接近的有：{'、'.join(near)}，可以换成其中的内容。" if near else "。"
    return f"文库里没有讲“{shorten(topic.text, 40)}”的文件{tail}"
