"""Rankers: what stands high on both sides comes first, and a score says what it is made of."""

from __future__ import annotations

import numpy as np
import pytest

from index.errors import LibraryError
from index.ranking.base import Asked, Candidate
from index.ranking.factory import make_ranker
from index.ranking.features import NAMES, features
from index.ranking.linear import LinearRanker, shipped_ranker
from index.records import DocumentRecord, PassageRecord

ASKED = Asked("迟到怎么处理", {"迟到": 4.0, "处理": 1.0})


def candidate(name: str, **given: float | int | str | bool | None) -> Candidate:
    values = {"lexical_rank": None, "dense_rank": None, "words": 0.0, "bigrams": 0.0}
    values |= {"dense": 0.8, "adapted": 0.8}
    document = str(given.pop("document", name))
    ordinal = int(given.pop("ordinal", 0))  # type: ignore[arg-type]
    title = str(given.pop("title", "考勤规定"))
    passage = PassageRecord(name, document, ordinal, "第一条", "迟到的扣分。", 0, 6)
    record = DocumentRecord(document, "制度", name, title)
    return Candidate(passage, record, **{**values, **given})  # type: ignore[arg-type]


def test_rank_fusion_wants_both_sides() -> None:
    rows = [
        candidate("only words", lexical_rank=1),
        candidate("both", lexical_rank=3, dense_rank=2),
        candidate("neither"),
    ]
    scores = make_ranker("rrf").scores(ASKED, rows).sum(axis=1)
    assert scores[1] == pytest.approx(1 / 63 + 1 / 62)
    assert scores[0] == pytest.approx(1 / 61)
    assert scores[2] == 0


def test_the_learned_order_prefers_what_both_sides_find() -> None:
    rows = [candidate(f"weak {i}", words=1.0 + i / 10, adapted=0.8) for i in range(20)]
    best = candidate("best", words=9.0, bigrams=9.0, adapted=0.9, lexical_rank=1, dense_rank=1)
    scores = shipped_ranker().scores(ASKED, [*rows, best]).sum(axis=1)
    assert int(np.argmax(scores)) == len(rows)


def test_a_version_of_doubtful_standing_gives_way() -> None:
    alike = {"words": 9.0, "bigrams": 9.0, "adapted": 0.9}
    rows = [candidate(f"weak {i}", words=1.0 + i / 10) for i in range(20)]
    rows += [candidate("doubtful", doubtful=True, **alike), candidate("sure", **alike)]
    scores = shipped_ranker().scores(ASKED, rows).sum(axis=1)
    assert scores[-1] > scores[-2]
    assert scores[-1] > max(scores[:20])


def test_weights_move_with_the_question() -> None:
    ranker = LinearRanker(
        dict.fromkeys(NAMES, 1.0),
        {"question_length": (1.0, 1.0)},
        {"question_length": {"words": 0.5}},
    )
    rows = [candidate("one", words=3.0), candidate("two", words=1.0)]
    at = NAMES.index("words")
    short, long = (ranker.weights(Asked(text), rows)[at] for text in ("罚", "罚" * 100))
    assert short == pytest.approx(1.0 - 0.5)
    assert long == pytest.approx(1.0 + 0.5 * 2)  # bounded


def test_features_of_titles_documents_and_neighbours() -> None:
    rows = [
        candidate("a", title="迟到处理办法", words=5.0, document="one", ordinal=3),
        candidate("b", words=4.0, document="one", ordinal=4),
        candidate("c", words=1.0, document="two", ordinal=9),
    ]
    table = dict(zip(NAMES, features(ASKED, rows).T, strict=True))
    assert table["title"].tolist() == pytest.approx([1.0, 0.0, 0.0])
    assert table["document"][0] == table["document"][1] > table["document"][2]
    assert table["neighbour"][0] > table["neighbour"][2]


def test_no_candidates_no_scores() -> None:
    assert features(ASKED, []).shape == (0, len(NAMES))


def test_weights_must_fit_the_features() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        LinearRanker({"words": 1.0})
    with pytest.raises(ValueError, match="do not fit"):
        LinearRanker(dict.fromkeys(NAMES, 1.0), {}, {"question_length": {"words": 1.0}})


def test_an_unknown_ranker_says_which_there_are() -> None:
    with pytest.raises(LibraryError, match="learned 或 rrf"):
        make_ranker("magic")
