"""Whole evaluations of real libraries: figures, what is left out, saved runs, comparisons."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.errors import UnknownCollection
from index.evaluation.base import EvaluationError, NoQuestionLeft
from index.evaluation.comparison import FINAL, compare
from index.evaluation.evaluate import Evaluation, Options, evaluate
from index.evaluation.run import Run, load_run, save_run
from index.evaluation.staged import LibraryStages
from index.library import Library
from index.records import SearchFilter
from tests.index.conftest import make_write
from tests.index.evaluation.conftest import CORPUS, SAMPLE

PDF = "measures/机关纪委工作实施办法（修订）（示例）.pdf"
ROWS = [
    {"id": "a", "q": "机关纪委一届任期几年", "kind": "数字", "gold": f"{PDF}#第七条"},
    {"id": "b", "q": "机关纪委委员一般有几个人？", "kind": "数字", "gold": [f"{PDF}#第八条"]},
    {
        "id": "c",
        "q": "品牌怎么评",
        "kind": "办法",
        "document": "measures/党建品牌管理办法（示例）.txt",
    },
    {"id": "d", "q": "没有这份文件", "gold": "《没有这份文件》第一条"},
    {"id": "e", "q": "食堂吃什么", "unanswerable": True},
]


STAGES = ["lexical", "dense", "fused", "reranked"]


def questions(folder: Path, rows: Sequence[Mapping] = ROWS) -> Path:
    path = folder / "问题.jsonl"
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def run(library: Library, path: Path, flt: SearchFilter | None = None, **options) -> Evaluation:
    stages = LibraryStages(library)
    return evaluate(library, path, flt or SearchFilter(), stages, Options(**options))


def test_counts_and_figures(sample: Library, tmp_path: Path) -> None:
    done = run(sample, questions(tmp_path), SearchFilter(collections=(SAMPLE,)))
    assert (done.read, done.summary.questions, done.left_out, done.unanswerable) == (5, 3, 1, 1)
    assert [one.row for one in done.problems] == [4]
    assert [one.stage for one in done.summary.stages] == STAGES
    for stage in done.summary.stages:
        ranks = [outcome.ranks[stage.stage][0] for outcome in done.run.outcomes]
        expected = sum(1 / rank for rank in ranks if rank and rank <= 10) / 3
        assert stage.figures["mrr@10"].mean == pytest.approx(expected)
        for figure in stage.figures.values():
            assert 0 <= figure.low <= figure.mean <= figure.high <= 1
    assert {one.kind: one.questions for one in done.summary.kinds} == {"数字": 2, "办法": 1}


def test_the_last_stage_is_what_a_search_gives(sample: Library, tmp_path: Path) -> None:
    done = run(sample, questions(tmp_path))
    for outcome in done.run.outcomes:
        hits = sample.search(outcome.q, 10)
        assert list(outcome.found["reranked"]) == [hit.passage.passage_id for hit in hits]


def test_the_sample_questions(sample: Library) -> None:
    done = run(sample, CORPUS / "questions.jsonl")
    assert not done.problems and done.summary.questions + done.unanswerable == done.read
    final = done.summary.stages[-1].figures
    assert final["hit@10"].mean >= 0.9
    ranks = [one.ranks["reranked"] for one in done.summary.worst]
    known = [rank or 51 for rank in ranks]
    assert known == sorted(known, reverse=True) and known[-1] > 1
    for one in done.summary.worst:
        assert len(one.found) == min(3, (one.ranks["reranked"] or 99) - 1)
        assert all(found.title and found.snippet for found in one.found)


def test_gold_outside_the_filter_is_left_out_and_told(sample: Library, tmp_path: Path) -> None:
    trial = "measures/机关纪委工作实施办法（试行）（示例）.docx"
    rows = [*ROWS[:2], {"id": "旧", "q": "机关纪委干几年", "gold": [f"{trial}#第三条"]}]
    done = run(sample, questions(tmp_path, rows))
    assert done.left_out == 1 and "--all-versions" in done.problems[0].message
    every = run(sample, tmp_path / "问题.jsonl", SearchFilter(exclude_validity=()))
    assert every.left_out == 0 and every.run.conditions.all_versions
    then = run(sample, tmp_path / "问题.jsonl", as_of=date(2022, 1, 1))
    assert [one.id for one in then.run.outcomes] == ["旧"]
    assert "所给的日期不施行" in then.problems[0].message
    with pytest.raises(UnknownCollection):
        run(sample, tmp_path / "问题.jsonl", SearchFilter(collections=("没有的库",)))


def test_a_question_with_some_gold_missing_goes_on_with_the_rest(
    sample: Library, tmp_path: Path
) -> None:
    rows = [{"q": "机关纪委一届几年", "gold": [f"{PDF}#第七条", f"{PDF}#第七百条"]}]
    done = run(sample, questions(tmp_path, rows))
    assert done.summary.questions == 1 and done.left_out == 0
    assert "只按其余的依据评" in done.problems[0].message


def test_no_question_left(sample: Library, tmp_path: Path) -> None:
    with pytest.raises(NoQuestionLeft) as caught:
        run(sample, questions(tmp_path, ROWS[3:]))
    assert [one.row for one in caught.value.problems] == [1]


def test_questions_that_cannot_be_asked_are_left_out(sample: Library, tmp_path: Path) -> None:
    def refuse(text: str) -> str:
        if "几个人" in text:
            raise ValueError("问题太怪。")
        return text

    done = evaluate(
        sample, questions(tmp_path), SearchFilter(), LibraryStages(sample), prepare=refuse
    )
    assert [one.id for one in done.run.outcomes] == ["a", "c"]
    assert (2, "问题太怪。") in [(one.row, one.message) for one in done.problems]


def test_halves_of_characters_and_floods_do_no_harm(sample: Library, tmp_path: Path) -> None:
    path = questions(tmp_path, ROWS[:1])
    odd = r'{"id": "\ud83d", "q": "\ud83d机关纪委一届任期几年", "kind": "\u001b[31m红", "gold": "\ud83d"}'
    flood = json.dumps({"q": "很多", "gold": "没有#第一条、" * 2_000}, ensure_ascii=False)
    good = r'{"q": "\ud83d机关纪委一届任期几年", "gold": "GOLD"}'
    lines = [path.read_text(encoding="utf-8"), odd, flood, good.replace("GOLD", f"{PDF}#第七条")]
    path.write_text("\n".join(lines), encoding="utf-8")
    done = run(sample, path)
    assert [one.row for one in done.run.outcomes] == [1, 4]
    assert {one.row for one in done.problems} == {2, 3}
    save_run(done.run, tmp_path / "run.json")
    assert load_run(tmp_path / "run.json") == done.run


def test_a_limit_draws_by_the_seed(sample: Library) -> None:
    def ids(seed: int) -> list[str]:
        done = run(sample, CORPUS / "questions.jsonl", limit=8, seed=seed)
        return [one.id for one in done.run.outcomes]

    assert len(ids(1)) == 8 and ids(1) == ids(1) != ids(2)


def test_another_version_counts_only_with_families(library: Library, tmp_path: Path) -> None:
    rule = "机关会议费应当实行总额控制，会议住宿费、伙食费、场地费按照规定标准执行，不得突破。"
    other = "机关培训费纳入部门预算管理，师资费按照讲课人员职称确定，异地培训须经批准。"
    family = {"family": "会议费办法", "content_hash": "x"}
    library.write_documents(
        [
            make_write("2019.txt", [rule, other], title="会议费办法（2019）", **family),
            make_write(
                "2024.txt", [other, rule + "自今年起执行。"], title="会议费办法（2024）", **family
            ),
        ]
    )
    library.index_pending()
    path = questions(tmp_path, [{"q": rule, "gold": ["2024.txt#第2条"]}])
    every = SearchFilter(exclude_validity=())
    strict, wide = run(library, path, every), run(library, path, every, families=True)
    assert strict.run.outcomes[0].ranks["lexical"] == (2,)
    assert wide.run.outcomes[0].ranks["lexical"] == (1,)
    assert wide.run.conditions.families
    ids = next(iter(wide.run.outcomes[0].found.values()))
    assert ids[0] == "制度/2019.txt#第1条"  # not 第2条, which has the number and other words


def test_runs_come_back_as_they_were_saved(sample: Library, tmp_path: Path) -> None:
    done = run(sample, questions(tmp_path))
    save_run(done.run, tmp_path / "run.json")
    assert load_run(tmp_path / "run.json") == done.run
    same = compare(done.run, load_run(tmp_path / "run.json"))
    assert same.questions == 3 and not same.better and not same.worse
    assert all(one.p == 1 and one.difference.mean == 0 for one in same.differences)


def test_what_is_no_saved_run(sample: Library, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    done = run(sample, questions(tmp_path))
    good = done.run.model_dump(mode="json")
    short = {**good, "outcomes": [{**good["outcomes"][0], "ranks": {"lexical": [1]}}]}
    for bad in (b"", b"{}", b"\xff\xfe", b"[" * 100_000, json.dumps(short).encode()):
        path.write_bytes(bad)
        with pytest.raises(EvaluationError, match="--save"):
            load_run(path)
    with pytest.raises(EvaluationError, match=r"没有\.json"):
        load_run(tmp_path / "没有.json")
    with pytest.raises(EvaluationError, match="写不了"):
        save_run(done.run, tmp_path / "没有的文件夹" / "run.json")


def worsened(made: Run, ids: set[str]) -> Run:
    """The run with the right places of some questions not found."""
    outcomes = tuple(
        one.model_copy(update={"ranks": {stage: (None,) * len(one.gold) for stage in one.ranks}})
        if one.id in ids
        else one
        for one in made.outcomes
    )
    return made.model_copy(update={"outcomes": outcomes})


def test_a_comparison_tells_chance_from_more(sample: Library) -> None:
    made = run(sample, CORPUS / "questions.jsonl").run
    right = [one.id for one in made.outcomes if one.ranks["fused"][0] == 1]
    few, many = (compare(worsened(made, set(right[:n])), made, 3) for n in (2, 12))

    def first(compared) -> tuple[float, float, bool]:
        one = next(d for d in compared.differences if (d.stage, d.metric) == ("fused", "hit@1"))
        return one.difference.mean, one.p, one.significant

    count = len(made.outcomes)
    assert first(few) == (pytest.approx(2 / count), pytest.approx(0.5), False)
    assert first(many) == (pytest.approx(12 / count), pytest.approx(2 / 2**12), True)
    assert [one.id for one in many.better] == right[:12] and not many.worse


def test_runs_of_other_questions_or_stages(sample: Library, tmp_path: Path) -> None:
    more = run(sample, questions(tmp_path)).run
    made = more.model_copy(
        update={
            "stages": tuple(STAGES[:-1]),
            "outcomes": tuple(
                one.model_copy(update={"ranks": {name: one.ranks[name] for name in STAGES[:-1]}})
                for one in more.outcomes
            ),
        }
    )
    compared = compare(made, more)
    assert {one.stage for one in compared.differences} == {"lexical", "dense", "fused", FINAL}
    other = questions(tmp_path, [{"q": "别的问题", "gold": [f"{PDF}#第七条"]}])
    with pytest.raises(EvaluationError, match="没有相同的题"):
        compare(made, run(sample, other).run)
    deeper = replace(run(sample, questions(tmp_path), depth=20)).run
    names = {one.metric for one in compare(made, deeper).differences}
    assert names == {"hit@1", "hit@5", "hit@10", "mrr@10", "ndcg@10"}


def test_a_search_of_another_kind_can_be_evaluated(sample: Library, tmp_path: Path) -> None:
    class Backwards:
        """The library's words, worst first."""

        def __call__(self, query: str, depth: int, flt: SearchFilter) -> dict[str, list[str]]:
            found = [one for one, _ in sample.lexical.search(query, depth, sample.select(flt))]
            return {"lexical": found, "backwards": found[::-1]}

    done = evaluate(sample, questions(tmp_path), SearchFilter(), Backwards())
    assert [one.stage for one in done.summary.stages] == ["lexical", "backwards"]
    assert done.summary.stages[0].figures["mrr@10"].mean > (
        done.summary.stages[1].figures["mrr@10"].mean
    )
