"""Cases of the library, with questions tied to the articles that they illustrate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.evidence import WordWeights, presence, scaled_cosine
from assistant.library_view import LibraryView
from assistant.sentences import UnitKind, split_units
from assistant.study.articles import Article, articles_of
from assistant.study.audiences import Audience
from assistant.study.model import Discussion, Line, StudyCase, StudyCitation
from assistant.study.points import Sort
from assistant.study.scope import Scope
from assistant.study.selecting import Chosen
from assistant.terms import content_words, is_noun
from assistant.text import fold
from assistant.vocabulary import GENERIC_WORDS
from index.encoder.base import on_e5_scale
from index.records import NOT_IN_FORCE, DocumentRecord, SearchFilter
from index.words import cut

if TYPE_CHECKING:
    from index.library import Library

MOST_LINKS = 3
"""Questions on one case that are tied to articles."""
_DEPTH = 40
_ON_TOPIC = 0.6  # share of the topic's words, by weight, that a case holds
_NEAR = 0.3  # scaled cosine of its best passage to the topic
_SHARED = 0.12  # share of an article's telling words, by weight, that the sentence holds
_SENTENCE_NEAR = 0.6  # scaled cosine of a sentence of a case to an article
_COMPARED = 170  # characters of an article that are encoded
_WORDS = 30  # of an article that are compared
_BODY = 800  # characters of a case that are told
_POINT = 160  # characters of an article that a point quotes
_SENTENCE = (10, 120)


@dataclass(frozen=True)
class Link:
    """That a sentence of a case illustrates an article."""

    chosen: Chosen
    sentence: StudyCitation
    strength: float


@dataclass(frozen=True)
class Candidate:
    """A case on the topic with its links, the strongest first."""

    record: DocumentRecord
    parts: tuple[Article, ...]
    links: tuple[Link, ...]
    worth: float


def find_cases(library: Library, scope: Scope, chosen: Sequence[Chosen]) -> list[Candidate]:
    """Cases on the topic that illustrate one of the articles, the best first."""
    if not chosen:
        return []
    view = LibraryView(library)
    flt = SearchFilter(collections=scope.collections, kinds=("case",))
    nearest: dict[str, float] = {}
    records: dict[str, DocumentRecord] = {}
    queries = [scope.topic.text, *(one.point.text for one in chosen[:6])]
    for place, query in enumerate(queries):
        for hit in library.search(query, _DEPTH if place == 0 else 8, flt):
            if hit.document.validity in NOT_IN_FORCE:
                continue
            key = hit.document.document_id
            records[key] = hit.document
            if place == 0:
                cosine = scaled_cosine(on_e5_scale(library.encoder, hit.dense_score or 0.0))
                nearest[key] = max(nearest.get(key, 0.0), cosine)
    weigh = _Weigher(view)
    found = []
    for key, record in records.items():
        text = library.catalog.document_text(key)
        parts = tuple(articles_of(record, text, library.catalog.passages(key)))
        worth = _on_topic(scope, record, text) * (0.5 + 0.5 * nearest.get(key, 0.0))
        if _on_topic(scope, record, text) < _ON_TOPIC or nearest.get(key, 0.0) < _NEAR:
            continue
        links = _links(view, parts, chosen, weigh)
        if links:
            found.append(Candidate(record, parts, links, worth + links[0].strength))
    return sorted(found, key=lambda one: (-one.worth, one.record.document_id))


class _Weigher:
    """The telling words of articles, weighed by how rare they are; each read once."""

    def __init__(self, view: LibraryView) -> None:
        self._view = view
        self._kept: dict[tuple[str, int], WordWeights] = {}

    def of(self, article: Article) -> WordWeights:
        """Words of an article that tell its matter."""
        if article.key not in self._kept:
            words = [
                fold(word)
                for word in content_words(article.body[:600])
                if len(word) > 1 and word not in GENERIC_WORDS and is_noun(word) and cut(word)
            ][:_WORDS]
            self._kept[article.key] = self._view.word_weights(words, [])
        return self._kept[article.key]


def _on_topic(scope: Scope, record: DocumentRecord, text: str) -> float:
    held = fold(f"{record.title} {text}")
    total = sum(scope.weights.values()) or 1.0
    return sum(w * presence(word, held) for word, w in scope.weights.items()) / total


def _links(
    view: LibraryView, parts: Sequence[Article], chosen: Sequence[Chosen], weigh: _Weigher
) -> tuple[Link, ...]:
    """Pairs of an article and the sentence of the case nearest to it, in words and meaning."""
    sentences = [one for part in parts for one in _sentences(part)]
    if not sentences:
        return ()
    texts = [one.quote for one in sentences]
    found: list[Link] = []
    for one in chosen:
        weights = weigh.of(one.article)
        if not one.article.rule or len(weights.weights) < 2:
            continue
        total = sum(weights.weights.values()) or 1.0
        cosines = view.similar(one.article.body[:_COMPARED].strip(), texts)
        for sentence, cosine in zip(sentences, cosines, strict=True):
            text = fold(sentence.quote)
            shared = [word for word in weights.weights if word in text]
            share = sum(weights.weights[word] for word in shared) / total
            near = scaled_cosine(cosine)
            if near >= _SENTENCE_NEAR and share >= _SHARED and len(shared) >= 2:
                found.append(Link(one, sentence, near + share))
    found.sort(key=lambda link: (-link.strength, link.chosen.key, link.sentence.start))
    return tuple(_different(found))


def _different(links: Sequence[Link]) -> list[Link]:
    """One link a sentence and an article, so that no two questions are on the same words."""
    seen: set[object] = set()
    kept: list[Link] = []
    for link in links:
        if link.sentence.start in seen or link.chosen.key in seen:
            continue
        seen |= {link.sentence.start, link.chosen.key}
        kept.append(link)
    return kept[:MOST_LINKS]


def _sentences(part: Article) -> list[StudyCitation]:
    """What of a case may be held against an article: statements of some length."""
    return [
        part.cite(unit.start, unit.end)
        for unit in split_units(part.text, part.start)
        if unit.kind in (UnitKind.SENTENCE, UnitKind.ITEM)
        and _SENTENCE[0] <= len(unit.text) <= _SENTENCE[1]
        and not unit.text.endswith(("？", "?"))
    ]


def told(candidate: Candidate, number: int, audience: Audience) -> StudyCase:
    """The case as it is handed out: its words, and one question an article."""
    return StudyCase(
        id=f"c{number}",
        title=candidate.record.title.strip("《》"),
        body=_body(candidate),
        discussions=tuple(_discussion(link, audience) for link in candidate.links),
        citation=_head(candidate),
    )


def _head(candidate: Candidate) -> StudyCitation:
    part = candidate.parts[0]
    start, end = _trimmed(part)
    return part.cite(start, end)


def _body(candidate: Candidate) -> tuple[Line, ...]:
    """The parts that the questions are on, and what leads to them, within a page."""
    wanted = {link.sentence.passage_id for link in candidate.links}
    linked = [one for one in candidate.parts if any(p.passage_id in wanted for p in one.passages)]
    lines: list[Article] = list(linked)
    used = sum(one.characters for one in linked)
    for part in candidate.parts:
        if part not in lines and used + part.characters <= _BODY:
            lines.append(part)
            used += part.characters
    lines.sort(key=lambda one: one.start)
    made = []
    for part in lines:
        cited = part.cite(*_trimmed(part))
        made.append(Line(text=cited.quote, citations=(cited,)))
    return tuple(made)


def _trimmed(part: Article) -> tuple[int, int]:
    text = part.text
    lead = len(text) - len(text.lstrip())
    return part.start + lead, part.start + max(lead + 1, len(text.rstrip()))


_ASKS: dict[Sort, str] = {
    "definition": "案例里写到“{said}”。对照{where}，这属于不属于“{point}”里讲的范围？为什么？",
    "duties": "案例里写到“{said}”。对照{where}列出的各项，这对应哪一项？还有哪些没有写到？",
    "ban": "案例里写到“{said}”。{where}不允许的做法是什么？怎样做才不碰这条线？",
    "penalty": "案例里写到“{said}”。如果做不到，{where}规定了什么后果？",
}
_ASK = "案例里写到“{said}”。对照{where}（{point}），案例的做法符合要求吗？还要补上什么？"


def _discussion(link: Link, audience: Audience) -> Discussion:
    article = link.chosen.article
    said = " ".join(link.sentence.quote.split()).rstrip("。；;")
    said = said if len(said) <= 60 else said[:59] + "…"
    ask = _ASKS.get(link.chosen.point.sort, _ASK).format(
        said=said, where=article.heading, point=link.chosen.point.text.removesuffix("的含义")
    )
    points = [
        _quoted(link.chosen),
        Line(text=f"案例中的依据：“{link.sentence.quote.strip()}”", citations=(link.sentence,)),
    ]
    return Discussion(
        question=f"{ask}（请以{audience.role}的身份回答）",
        points=tuple(points),
        citations=(link.chosen.citation, link.sentence),
    )


def _quoted(chosen: Chosen) -> Line:
    """The article's own words, whole where short; else whole sentences up to a bound."""
    article = chosen.article
    start, end = chosen.start, chosen.end
    if end - start > _POINT:
        units = [u for u in split_units(article.text, article.start) if u.start >= start]
        stop = start
        for unit in units:
            if unit.end - start > _POINT and stop > start:
                break
            stop = unit.end
        end = min(end, max(stop, start + 1))
    cited = article.cite(start, end)
    return Line(text=f"{article.heading}：“{cited.quote.strip()}”", citations=(cited,))
