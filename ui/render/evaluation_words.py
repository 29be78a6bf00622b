"""How an evaluation's figures are called and written, on a terminal and in a report."""

from __future__ import annotations

from index.evaluation.base import STAGE_NAMES
from index.evaluation.comparison import FINAL, Comparison, Difference
from index.evaluation.evaluate import Evaluation
from index.evaluation.metrics import FIRST
from index.evaluation.statistics import Estimate

#: Fewer questions than this tell little; the reports say so.
ENOUGH = 30
MAIN = "hit@5"
"""The figure of the first line and of the order by kind: what a reader looks through."""


def stage_name(stage: str) -> str:
    """The stage in Chinese; FINAL is whatever users get."""
    return "最后结果" if stage == FINAL else STAGE_NAMES.get(stage, stage)


def metric_name(metric: str) -> str:
    """A short heading of a figure."""
    name, _, k = metric.partition("@")
    if name == "hit":
        return "第 1 条就对" if k == "1" else f"前 {k} 条有"
    if name == "recall":
        return f"前 {k} 条找全"
    return {"mrr": "MRR", "ndcg": "nDCG"}.get(name, name) + f"@{k}"


def percent(value: float) -> str:
    """0.4567 → 45.7."""
    return f"{100 * value:.1f}"


def interval(estimate: Estimate) -> str:
    """The 95 % interval in whole percent; it is no surer than that."""
    return f"{100 * estimate.low:.0f}–{100 * estimate.high:.0f}"


def change(one: Difference) -> str:
    """A difference in percentage points with its interval; 0 where no question differs."""
    by = one.difference
    if by.low == by.high == 0:
        return "0"
    return f"{_signed(by.mean)}（{_signed(by.low)} 到 {_signed(by.high)}）"


def _signed(value: float) -> str:
    text = f"{100 * value:+.1f}"
    return "0.0" if float(text) == 0 else text.replace("-", "−")


def verdict(one: Difference) -> str:
    """What a difference tells, in words, with its p."""
    if one.difference.mean == 0:
        return "没有差别"
    word = "提高" if one.difference.mean > 0 else "下降"
    p = "p<0.001" if one.p < 0.001 else f"p={one.p:.3f}"
    return f"{word}，{'不像' if one.significant else '可能是'}偶然（{p}）"


def rank_text(rank: int | None, depth: int) -> str:
    """Where a right place stands."""
    return f"第 {rank} 条" if rank is not None else f"前 {depth} 条没有"


def headline(done: Evaluation) -> str:
    """The result in one sentence: what users get."""
    figures = done.summary.stages[-1].figures
    first, main = figures["hit@1"], figures[MAIN]
    return (
        f"{done.summary.questions} 道题里，第 1 条就对的占 {percent(first.mean)}%"
        f"（95% 区间 {interval(first)}），前 5 条里有的占 {percent(main.mean)}%"
        f"（{interval(main)}）。"
    )


def counts(done: Evaluation) -> str:
    """What became of the file's rows."""
    parts = [f"读到 {done.read} 行，评了 {done.summary.questions} 道"]
    if done.left_out:
        parts.append(f"有问题未评 {done.left_out} 行")
    if done.unanswerable:
        parts.append(f"无依据题 {done.unanswerable} 道另放、不评")
    drawn = done.read - done.left_out - done.unanswerable - done.summary.questions
    if drawn > 0:
        parts.append(f"按 --limit 未抽中 {drawn} 道")
    return "，".join(parts) + "。"


def cautions(done: Evaluation) -> list[str]:
    """What a reader should know before relying on the figures."""
    said: list[str] = []
    if done.summary.questions < ENOUGH:
        said.append(f"题数少于 {ENOUGH}，区间很宽，只能看个大概。")
    if done.run.conditions.families:
        said.append("另一版本里内容基本相同的条也算对（--families），比通常的算法宽。")
    return said


def compared_with(compared: Comparison) -> str:
    """What the comparison is over."""
    text = f"与“{compared.before.questions}”{compared.before.created[:10]} 的结果比，"
    text += f"相同的题 {compared.questions} 道"
    if compared.only_before or compared.only_after:
        text += (
            f"（只在旧结果里 {compared.only_before} 道，只在这次里 {compared.only_after} 道，不比）"
        )
    return text + "。"


EXPLAINED = (
    ("第 1 条就对、前 5 条有、前 10 条有", "正确依据出现在第 1 条、前 5 条、前 10 条的题占多少。"),
    (
        f"MRR@{FIRST}",
        f"正确依据排第几就得几分之一分（第 2 条得 1/2），{FIRST} 条以外不得分，再平均。",
    ),
    (f"nDCG@{FIRST}", "有几处依据的题，看它们是否都排在前面；全部排在最前是 100。"),
    ("前 50 条找全", "全部依据里，前 50 条找到了几成（条数随 -k 变）。"),
    (
        "区间",
        "换一批同样的题，结果大致会落在这个范围里（95% 自助法）。两个数的区间都很宽时，"
        "不要只看平均数，用 --compare 比。",
    ),
)
