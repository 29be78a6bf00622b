"""Traits of a question among its candidates: what tells which of the two searches to trust.

A question in a rule's own words is covered by one passage's words and stands out there; a lay one
matches many passages a little. The learned fusion moves its weights with these numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.ranking.base import Asked, Candidate

TRAITS = (
    "coverage",  # BM25 of words of the best passage, over the sum of the words' idf
    "coverage_5",  # the same, mean of the best five
    "bigram_share",  # best BM25 of bigrams over best BM25 of words
    "best_dense",  # best cosine
    "best_adapted",  # best cosine to the adapted question
    "word_lead",  # best less tenth BM25 of words, in standard deviations of the best 50
    "dense_lead",  # best less tenth adapted cosine, in standard deviations of the best 50
    "agreement",  # how many of the first ten both sides have
    "question_length",  # ln characters
    "mean_idf",
    "max_idf",
    "spread",  # standard deviation of the best 50 adapted cosines
    "documents",  # different documents among the ten nearest
)
_FIRST = 10
_TOP = 50  # so that a longer list of candidates changes nothing


def traits(asked: Asked, candidates: Sequence[Candidate]) -> np.ndarray:
    """float64 (len(TRAITS),); ``candidates`` must not be empty."""
    words = np.array([one.words for one in candidates])
    bigrams = np.array([one.bigrams for one in candidates])
    adapted = np.array([one.adapted for one in candidates])
    idf = list(asked.words.values())
    total = sum(idf) or 1.0
    nearest = np.argsort(-adapted, kind="stable")[:_FIRST]
    values = (
        words.max() / total,
        np.sort(words)[-5:].mean() / total,
        bigrams.max() / (words.max() + 1),
        max(one.dense for one in candidates),
        adapted.max(),
        _lead(words),
        _lead(adapted),
        len(_listed(candidates, "lexical_rank") & _listed(candidates, "dense_rank")),
        np.log(max(1, len(asked.text))),
        total / max(1, len(idf)),
        max(idf, default=0.0),
        np.sort(adapted)[-_TOP:].std(),
        len({candidates[i].document.document_id for i in nearest}),
    )
    return np.array(values, np.float64)


def _lead(values: np.ndarray) -> float:
    best = np.sort(values)[-_TOP:]
    return float((best[-1] - best[-min(_FIRST, len(best))]) / (best.std() + 1e-6))


def _listed(candidates: Sequence[Candidate], side: str) -> set[str]:
    ranks = ((one.passage.passage_id, getattr(one, side)) for one in candidates)
    return {name for name, rank in ranks if rank and rank <= _FIRST}
