"""An evaluation on a terminal: tables of rich, at most 80 columns wide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from index.errors import shorten
from index.evaluation.comparison import Comparison, Moved
from index.evaluation.evaluate import Evaluation
from index.evaluation.statistics import Estimate
from index.evaluation.summary import WorstQuestion
from ui.render import evaluation_words as words
from ui.render.text import path_text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

_MOVED = 5  # questions listed of those that moved


def print_evaluation(out: Console, done: Evaluation, compared: Comparison | None) -> None:
    """Counts, the figures of each stage and kind, the comparison, the worst questions."""
    summary = done.summary
    out.print(words.counts(done), markup=False)
    out.print(words.headline(done), style="bold", markup=False)
    for line in words.cautions(done):
        out.print(f"注：{line}", style="yellow", markup=False)
    out.print("\n各环节（百分数，下面一行是 95% 区间）", style="bold")
    out.print(
        _figures(
            summary.metrics,
            ((words.stage_name(one.stage), one.figures) for one in summary.stages),
        )
    )
    if summary.kinds:
        last = words.stage_name(summary.stages[-1].stage)
        out.print(f"\n按问题类别（{last}）", style="bold")
        out.print(
            _figures(
                summary.metrics,
                (
                    (f"{one.kind or '未写类别'} {one.questions} 题", one.stages[-1].figures)
                    for one in summary.kinds
                ),
            )
        )
    if compared is not None:
        _print_comparison(out, compared, done.run.conditions.depth)
    if summary.worst:
        out.print(f"\n最差的 {len(summary.worst)} 道题", style="bold")
        for one in summary.worst:
            _print_worst(out, one, done.run.conditions.depth)


def _figures(metrics: Sequence[str], rows: Iterable[tuple[str, Mapping[str, Estimate]]]) -> Table:
    table = _table("", *(words.metric_name(one) for one in metrics))
    for name, figures in rows:
        cells = (f"{words.percent(figures[m].mean)}\n{words.interval(figures[m])}" for m in metrics)
        table.add_row(_plain(name), *cells)
    return table


def _table(*headings: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for at, heading in enumerate(headings):
        table.add_column(heading, overflow="fold", justify="right" if at else "left")
    return table


def _plain(text: str) -> Text:
    from rich.text import Text

    return Text(text)


def _print_comparison(out: Console, compared: Comparison, depth: int) -> None:
    out.print(f"\n{words.compared_with(compared)}", style="bold", markup=False)
    table = _table("指标", "旧", "新", "相差（95% 区间）", "怎么看")
    stage = ""
    for one in compared.differences:
        if one.stage != stage:
            table.add_row(words.stage_name(one.stage), style="bold")
        table.add_row(
            f"  {words.metric_name(one.metric)}",
            words.percent(one.before),
            words.percent(one.after),
            words.change(one),
            words.verdict(one),
        )
        stage = one.stage
    out.print(table)
    for name, moved in (("变好", compared.better), ("变差", compared.worse)):
        _print_moved(out, name, moved, depth)


def _print_moved(out: Console, name: str, moved: Sequence[Moved], depth: int) -> None:
    if not moved:
        return
    out.print(f"{name}的 {len(moved)} 道：")
    for one in moved[:_MOVED]:
        places = (words.rank_text(rank, depth) for rank in (one.before, one.after))
        out.print(f"  {shorten(one.q)}（{' → '.join(places)}）", markup=False)


def _print_worst(out: Console, one: WorstQuestion, depth: int) -> None:
    out.print(f"\n[{one.id}] {shorten(one.q, 200)}", style="bold", markup=False)
    out.print(f"  依据：{'；'.join(shorten(label, 80) for label in one.gold[:5])}", markup=False)
    places = (
        f"{words.stage_name(stage)} {words.rank_text(rank, depth)}"
        for stage, rank in one.ranks.items()
    )
    out.print(f"  位置：{'，'.join(places)}")
    for found in one.found:
        head = f"  {found.rank}. 《{found.title}》 {path_text(found.path)}"
        out.print(head, markup=False)
        out.print(f"     {found.snippet}", style="dim", markup=False)
