"""All that a user could notice of a home, for comparing two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from index.library import Library

TOLERANCE = 1e-4
"""Of the numbers of a vector. The default encoder's depend a little on what shares its batch."""


@dataclass
class HomeState:
    """Documents, passages and vectors by id; what each question finds and is answered."""

    documents: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    passages: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    vectors: dict[str, np.ndarray] = field(default_factory=dict)
    lexical: dict[str, list[str]] = field(default_factory=dict)
    hits: dict[str, list[str]] = field(default_factory=dict)
    answers: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    pending: int = 0
    lexical_count: int = 0


def home_state(library: Library, questions: Sequence[str]) -> HomeState:
    """The state of a home as a process that opens it sees it."""
    from assistant.factory import make_answerer

    catalog = library.catalog
    state = HomeState(pending=catalog.pending_count(), lexical_count=library.lexical.count())
    for one in catalog.documents():
        state.documents[one.document_id] = (
            one.collection,
            one.source,
            one.title,
            one.content_hash,
            one.passage_count,
            one.missing_since is not None,
            catalog.document_text(one.document_id),
        )
    for passage in catalog.all_passages():
        state.passages[passage.passage_id] = (
            passage.path,
            passage.text,
            passage.start,
            passage.end,
        )
    for name in library.vectors.collections():
        ids = list(library.vectors.ids(name))
        for at in range(0, len(ids), 500):
            state.vectors.update(library.vectors.vectors_of(name, ids[at : at + 500]))
    answerer = make_answerer(library)
    for question in questions:
        state.lexical[question] = [one for one, _ in library.lexical.search(question, 10)]
        state.hits[question] = [
            hit.passage.passage_id for hit in library.search(question, 5) if question
        ]
        answer = answerer.answer(question)
        state.answers[question] = (
            answer.abstained,
            tuple(one.text for one in answer.sentences),
            tuple((one.passage_id, one.quote) for one in answer.citations),
        )
    return state


def differences(wanted: HomeState, found: HomeState, tolerance: float = TOLERANCE) -> list[str]:
    """A line for each kind of difference; [] where a user could notice none."""
    lines = []
    for name in ("documents", "passages", "lexical", "answers"):
        one, other = getattr(wanted, name), getattr(found, name)
        if one != other:
            keys = [key for key in {**one, **other} if one.get(key) != other.get(key)]
            first = keys[0]
            lines.append(
                f"{name}: {len(keys)} differ, e.g. {first}: "
                f"{_short(one.get(first))} / {_short(other.get(first))}"
            )
    if wanted.vectors.keys() != found.vectors.keys():
        odd = wanted.vectors.keys() ^ found.vectors.keys()
        lines.append(f"vectors: {len(odd)} on one side only, e.g. {next(iter(odd))}")
    else:
        gaps = [
            float(np.abs(vector - found.vectors[key]).max())
            for key, vector in wanted.vectors.items()
        ]
        if gaps and max(gaps) > tolerance:
            lines.append(f"vectors: differ by up to {max(gaps):.5f}")
    if found.pending:
        lines.append(f"pending: {found.pending} notes are left")
    if found.lexical_count != len(found.passages):
        lines.append(f"lexical: {found.lexical_count} of {len(found.passages)} passages")
    odd_hits = [key for key, hits in wanted.hits.items() if _unlike(hits, found.hits.get(key, []))]
    if odd_hits:
        key = odd_hits[0]
        lines.append(
            f"hits: {len(odd_hits)} differ, e.g. {key}: {wanted.hits[key]} / {found.hits[key]}"
        )
    return lines


def orders(wanted: HomeState, found: HomeState) -> int:
    """Questions whose hits are not the very same in the very same order."""
    return sum(hits != found.hits.get(key) for key, hits in wanted.hits.items())


def _unlike(one: list[str], other: list[str]) -> bool:
    """Whether hits differ by more than Chroma's graph does, which is another one each time that it
    is built: the first stays, and at most one of them is another."""
    return one[:1] != other[:1] or len(set(one) - set(other)) > 1


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 300 else text[:300] + "…"
