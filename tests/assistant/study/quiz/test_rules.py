"""The rules that judge items find what is wrong: an item is spoilt, and they say so."""

from collections.abc import Callable
from typing import Any

import pytest

from assistant.study.model import QuizItem
from assistant.study.quiz import make_quiz
from bench.quiz_corpus import Corpus, measure_of
from bench.quiz_rules import Verdict, judge
from index.library import Library


@pytest.fixture(scope="module")
def judged(rules: Library) -> Callable[[QuizItem], Verdict]:
    texts = {one: rules.catalog.document_text(one) for one in rules.documents()[1]}
    corpus = Corpus.of(texts.values())
    return lambda item: judge(item, texts, corpus)


def one_of(rules: Library, scope: Any, kind: str, fits: Callable[[QuizItem], bool]) -> QuizItem:
    for seed in range(30):
        for item in make_quiz(rules, scope, count=8, kinds=[kind], seed=seed):
            if fits(item):
                return item
    pytest.fail(f"no {kind} of that sort")


def test_a_key_moved_to_another_choice_is_found(
    rules: Library, scope_of: Callable[..., Any], judged: Callable[[QuizItem], Verdict]
) -> None:
    item = one_of(rules, scope_of("请假"), "single", lambda one: "（　　）内" in one.stem)
    assert not judged(item).key
    spot = next(i for i, one in enumerate(item.choices) if not one.right)
    choices = tuple(
        one.model_copy(update={"right": i == spot}) for i, one in enumerate(item.choices)
    )
    wrong = item.model_copy(update={"choices": choices, "answer": item.choices[spot].label})
    assert judged(wrong).key


def test_a_choice_equal_in_another_writing_is_found(
    rules: Library, scope_of: Callable[..., Any], judged: Callable[[QuizItem], Verdict]
) -> None:
    item = one_of(
        rules, scope_of("请假"), "single", lambda one: "十日" in {c.text for c in one.choices}
    )
    twin = next(i for i, one in enumerate(item.choices) if one.text != "十日")
    choices = tuple(
        one.model_copy(update={"text": "10日"}) if i == twin else one
        for i, one in enumerate(item.choices)
    )
    assert judged(item.model_copy(update={"choices": choices})).one


def test_a_statement_keyed_the_wrong_way_is_found(
    rules: Library, scope_of: Callable[..., Any], judged: Callable[[QuizItem], Verdict]
) -> None:
    for answer, other in (("对", "错"), ("错", "对")):
        item = one_of(rules, scope_of("请假"), "true_false", lambda one, a=answer: one.answer == a)
        assert not judged(item).key
        assert judged(item.model_copy(update={"answer": other})).key


def test_steps_in_the_wrong_order_are_found(
    rules: Library, scope_of: Callable[..., Any], judged: Callable[[QuizItem], Verdict]
) -> None:
    item = one_of(rules, scope_of("请假"), "ordering", lambda _: True)
    back = "-".join(reversed(item.answer.split("-")))
    assert not judged(item).key and judged(item.model_copy(update={"answer": back})).key


def test_a_pair_that_does_not_belong_is_found(
    rules: Library, scope_of: Callable[..., Any], judged: Callable[[QuizItem], Verdict]
) -> None:
    item = one_of(rules, scope_of("请假"), "matching", lambda _: True)
    first, second, *rest = item.answer.split()
    swapped = " ".join([f"1-{second[-1]}", f"2-{first[-1]}", *rest])
    assert not judged(item).key and judged(item.model_copy(update={"answer": swapped})).key


def test_a_wrong_item_that_is_in_the_list_is_found(
    rules: Library, scope_of: Callable[..., Any], judged: Callable[[QuizItem], Verdict]
) -> None:
    item = one_of(rules, scope_of("请假"), "multiple", lambda _: True)
    choices = tuple(
        one.model_copy(update={"right": False}) if one.right else one for one in item.choices
    )
    assert judged(item.model_copy(update={"choices": choices})).one


def test_a_blank_filled_with_another_number_is_found(
    rules: Library, scope_of: Callable[..., Any], judged: Callable[[QuizItem], Verdict]
) -> None:
    item = one_of(rules, scope_of("请假"), "blank", lambda one: "日" in one.answer)
    assert not judged(item).key
    assert judged(item.model_copy(update={"blanks": (("九十九日",),) * len(item.blanks)})).key


def test_a_quote_that_does_not_stand_there_is_found(
    rules: Library, scope_of: Callable[..., Any], judged: Callable[[QuizItem], Verdict]
) -> None:
    item = one_of(rules, scope_of("请假"), "blank", lambda _: True)
    moved = item.citations[0].model_copy(update={"start": 3, "end": 9})
    assert judged(item.model_copy(update={"citations": (moved, *item.citations[1:])})).key


def test_measures_are_read_by_a_pattern_of_their_own() -> None:
    assert measure_of("三十日") == measure_of("30天") == measure_of("一个月")
    assert measure_of("百分之二十") == measure_of("20%")
    assert measure_of("两名") == measure_of("2人")
    assert measure_of("人民法院") is None
