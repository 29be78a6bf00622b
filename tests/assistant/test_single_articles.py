"""The questions on single articles ask what they say they ask."""

from collections import Counter

import pytest

from bench.answers import contains_all, read_questions
from bench.intervals import share
from bench.single_article import ARTICLES, QUESTIONS

LINES = read_questions(QUESTIONS)


def test_both_halves_have_as_many_questions_and_no_article_in_common() -> None:
    groups = {"开发", "留出"}
    assert {line["group"] for line in LINES} == groups
    for group in groups:
        own = [line for line in LINES if line["group"] == group]
        sorts = Counter(
            "able" if "answer_contains" in x else "unable" if x.get("unanswerable") else "premise"
            for x in own
        )
        assert sorts == {"able": 30, "unable": 15, "premise": 5}
    halves = [{x["article"] for x in LINES if x["group"] == group} for group in sorted(groups)]
    assert not halves[0] & halves[1] and len(halves[0] | halves[1]) == 10


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["id"])
def test_what_an_answer_must_hold_stands_in_the_article(line: dict) -> None:
    text = (ARTICLES / line["article"]).read_text(encoding="utf-8")
    assert 800 <= len(text) <= 2500
    assert contains_all(text, line.get("answer_contains", []) + line.get("corrected", []))


def test_a_share_prints_its_interval_and_none_of_nothing() -> None:
    told = share([True] * 28 + [False] * 2)
    assert (told.hits, told.count) == (28, 30)
    assert 0.8 < told.low < told.value < told.high <= 1
    assert str(told).startswith("28/30 = 93.3%") and str(share([])) == "—"
