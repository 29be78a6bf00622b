"""Papers: exactly one key, quotes that stand, no fact twice, the same seed gives the same."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from assistant.study.errors import StudyError
from assistant.study.model import QuizItem, QuizKind
from assistant.study.quiz import make_papers, make_quiz, swap_item
from assistant.study.quiz.factory import make_maker
from bench.quiz_corpus import Corpus
from bench.quiz_rules import judge
from index.library import Library
from index.records import NOT_IN_FORCE

KINDS = get_args(QuizKind)
ROOT = Path(__file__).resolve().parents[4]


def facts(items: tuple[QuizItem, ...]) -> list[tuple[str, int]]:
    """Documents and places of the sentences that items ask about, once an item."""
    return [(one.citations[0].document_id, one.citations[0].start) for one in items]


@pytest.fixture(scope="module")
def paper(rules: Library, scope_of: Callable[..., Any]) -> tuple[QuizItem, ...]:
    return make_quiz(rules, scope_of("请假", "印章"), count=20, seed=3)


def test_every_quote_stands_in_its_document(rules: Library, paper: tuple[QuizItem, ...]) -> None:
    assert len(paper) >= 12
    for item in paper:
        cited = [*item.citations, *(c for one in item.choices for c in one.citations)]
        cited += [c for line in item.points for c in line.citations]
        assert item.citations
        for one in cited:
            text = rules.catalog.document_text(one.document_id)
            assert text[one.start : one.end] == one.quote
            passage = rules.catalog.passages_by_id([one.passage_id])[one.passage_id]
            assert passage.start <= one.start < passage.end


def test_single_choices_have_one_key_and_reasons(paper: tuple[QuizItem, ...]) -> None:
    singles = [one for one in paper if one.kind in ("single", "case")]
    assert singles
    for item in singles:
        right = [one for one in item.choices if one.right]
        assert [one.label for one in right] == [item.answer]
        assert [one.label for one in item.choices] == list("ABCD"[: len(item.choices)])
        assert len({one.text for one in item.choices}) == len(item.choices) >= 3
        assert all(one.why and one.citations for one in item.choices if not one.right)


def test_independent_rules_find_nothing(rules: Library, scope_of: Callable[..., Any]) -> None:
    texts = {one: rules.catalog.document_text(one) for one in rules.documents()[1]}
    documents = rules.documents()[1]
    corpus = Corpus.of(
        text for one, text in texts.items() if documents[one].validity not in NOT_IN_FORCE
    )
    for seed in range(6):
        for item in make_quiz(rules, scope_of("请假", "印章"), count=20, seed=seed):
            verdict = judge(item, texts, corpus)
            assert not verdict.key, (verdict, item)
            assert not verdict.one, (verdict, item)
            assert not verdict.stem, (verdict, item)


def test_no_two_items_ask_the_same(paper: tuple[QuizItem, ...]) -> None:
    assert max(Counter(facts(paper)).values()) == 1
    assert len({one.stem for one in paper if not one.stem.startswith("下列")}) == len(
        [one for one in paper if not one.stem.startswith("下列")]
    )


def test_no_kind_that_stands_in_for_others_fills_a_paper(
    rules: Library, scope_of: Callable[..., Any]
) -> None:
    for seed in range(4):
        counts = Counter(
            one.kind for one in make_quiz(rules, scope_of("请假"), count=10, seed=seed)
        )
        assert all(counts[kind] <= 3 for kind in ("short", "matching", "ordering", "blank", "case"))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_made_where_the_rules_offer_it(
    kind: str, rules: Library, scope_of: Callable[..., Any]
) -> None:
    items = make_quiz(rules, scope_of("请假"), count=2, kinds=[kind], seed=1)
    assert items and {one.kind for one in items} == {kind}


def test_ordering_answers_put_the_shown_steps_right(
    rules: Library, scope_of: Callable[..., Any]
) -> None:
    item = make_quiz(rules, scope_of("请假"), count=1, kinds=["ordering"], seed=2)[0]
    ordered = [item.steps[int(part) - 1] for part in item.answer.split("-")]
    assert ordered[0] == "工作人员填写请假申请单" and ordered[-1] == "办公室登记备案"
    assert list(item.steps) != ordered


def test_matching_answers_pair_terms_with_their_meaning(
    rules: Library, scope_of: Callable[..., Any]
) -> None:
    for seed in range(12):
        for item in make_quiz(rules, scope_of("请假"), count=3, kinds=["matching"], seed=seed):
            rights = [right for _, right in item.pairs]
            said = {
                item.pairs[int(part[0]) - 1][0]: rights["ABCDEF".index(part[2])]
                for part in item.answer.split()
            }
            if "事假" in said:
                assert "因个人事务不能到岗" in said["事假"]
                return
    pytest.fail("no paper asked for the meaning of 事假")


def test_the_old_version_lends_a_wrong_number(rules: Library, scope_of: Callable[..., Any]) -> None:
    for seed in range(20):
        for item in make_quiz(rules, scope_of("请假"), count=12, kinds=["single"], seed=seed):
            if "自收到申请之日起" in item.stem:
                old = [one for one in item.choices if "旧版" in one.why]
                assert [one.text for one in old] == ["七日"]
                assert old[0].citations[0].validity in ("已被修订", "已废止")
                return
    pytest.fail("no paper asked for the deadline that was changed")


def test_only_rules_in_force_are_asked_about(rules: Library, scope_of: Callable[..., Any]) -> None:
    items = make_quiz(rules, scope_of(), count=40, seed=5)
    assert {one.citations[0].validity for one in items} <= {"现行", "不明"}
    assert not any("试行" in one.citations[0].title for one in items)
    assert make_quiz(rules, scope_of("旧请假"), count=5) == ()


def test_hostile_text_gives_no_items(rules: Library, scope_of: Callable[..., Any]) -> None:
    assert make_quiz(rules, scope_of("恶意"), count=10) == ()


def test_a_document_without_articles_is_asked_by_its_title(
    rules: Library, scope_of: Callable[..., Any]
) -> None:
    items = make_quiz(rules, scope_of("意见"), count=5)
    assert items
    assert all("第" not in one.stem.split("》")[1][:2] for one in items)


def test_the_same_seed_gives_the_same_and_another_another(
    rules: Library, scope_of: Callable[..., Any]
) -> None:
    def paper(seed: int) -> list[dict[str, Any]]:
        items = make_quiz(rules, scope_of("请假", "印章"), count=10, seed=seed)
        return [one.model_dump() for one in items]

    assert paper(1) == paper(1)
    assert paper(1) != paper(2)


def test_another_process_gives_the_same_paper(rules: Library, scope_of: Callable[..., Any]) -> None:
    code = (
        "import json,sys;from pathlib import Path;from index.library import Library;"
        "from index.settings import Settings;from bench.hashing import HashingEncoder;"
        "from assistant.study.quiz import make_quiz;"
        "l=Library(Settings(home=Path(sys.argv[1])),encoder=HashingEncoder());"
        "d=[o for o in l.documents()[1].values() if o.source=='请假.md'];"
        "print(json.dumps([o.id+o.answer for o in make_quiz("
        "l,[(o,l.catalog.passages(o.document_id)) for o in d],count=10,seed=4)]))"
    )
    told = {
        salt: subprocess.run(
            [sys.executable, "-c", code, str(rules.settings.home)],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": salt},
        ).stdout
        for salt in ("1", "2")
    }
    here = [one.id + one.answer for one in make_quiz(rules, scope_of("请假"), count=10, seed=4)]
    assert json.loads(told["1"]) == json.loads(told["2"]) == here


def test_papers_share_no_fact_and_are_alike(rules: Library, scope_of: Callable[..., Any]) -> None:
    papers = make_papers(rules, scope_of("请假", "印章"), papers=3, count=5, seed=6)
    assert len(papers) == 3
    kinds = [Counter(one.kind for one in paper) for paper in papers]
    assert kinds[0] == kinds[1] == kinds[2] and sum(kinds[0].values()) >= 3
    asked = [set(facts(paper)) for paper in papers]
    assert not (asked[0] & asked[1] or asked[0] & asked[2] or asked[1] & asked[2])
    means = [sum(one.difficulty for one in paper) / len(paper) for paper in papers]
    assert max(means) - min(means) < 0.15


def test_a_swapped_item_is_of_the_kind_and_new(
    rules: Library, scope_of: Callable[..., Any]
) -> None:
    scope = scope_of("请假", "印章")
    items = make_quiz(rules, scope, count=6, kinds=["single"], seed=1)
    other = swap_item(rules, scope, items[0], items, seed=9)
    assert other is not None and other.kind == "single"
    taken = {(c.document_id, c.start) for one in items for c in one.citations}
    assert not taken & {(c.document_id, c.start) for c in other.citations}


def test_swapping_ends_where_nothing_is_left(rules: Library, scope_of: Callable[..., Any]) -> None:
    items = make_quiz(rules, scope_of("请假"), count=10, kinds=["ordering"], seed=1)
    assert swap_item(rules, scope_of("请假"), items[0], items) is None


def test_excluded_items_do_not_come(rules: Library, scope_of: Callable[..., Any]) -> None:
    first = make_quiz(rules, scope_of("请假"), count=8, seed=1)
    ids = frozenset(one.id for one in first)
    again = make_quiz(rules, scope_of("请假"), count=8, seed=1, exclude=ids)
    assert not ids & {one.id for one in again}


def test_a_harder_audience_gets_harder_items(rules: Library, scope_of: Callable[..., Any]) -> None:
    def mean(audience: str) -> float:
        papers = [
            make_quiz(
                rules,
                scope_of("请假", "印章"),
                count=6,
                kinds=["single"],
                audience=audience,
                seed=s,
            )
            for s in range(5)
        ]
        return sum(one.difficulty for paper in papers for one in paper)

    assert mean("新入职人员") < mean("纪检干部")


def test_keys_of_single_choices_are_spread(rules: Library, scope_of: Callable[..., Any]) -> None:
    items = make_quiz(rules, scope_of("请假", "印章"), count=8, kinds=["single"], seed=2)
    assert max(Counter(one.answer for one in items).values()) <= 3


@pytest.mark.parametrize(
    "arguments", [{"count": 0}, {"count": 5, "kinds": ["谜语"]}, {"count": 5, "kinds": []}]
)
def test_what_cannot_be_made_is_said_in_one_line(
    arguments: dict[str, Any], rules: Library, scope_of: Callable[..., Any]
) -> None:
    with pytest.raises(StudyError) as caught:
        make_quiz(rules, scope_of("请假"), **arguments)
    assert "\n" not in str(caught.value)


def test_unknown_kinds_name_the_known_ones() -> None:
    with pytest.raises(StudyError, match="single"):
        make_maker("poem")
