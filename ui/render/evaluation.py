"""An evaluation as one HTML file: nothing is loaded, nothing runs, every word is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

from index.evaluation.comparison import Comparison, Difference, Moved
from index.evaluation.evaluate import Evaluation
from index.evaluation.statistics import Estimate
from index.evaluation.summary import WorstQuestion
from ui.render import evaluation_words as words
from ui.render.text import esc, path_text

_STYLE = Path(__file__).parent.parent / "assets" / "evaluation.css"
_MOVED = 20
_PROBLEMS = 500

# No script, no request of any kind: the file may be opened anywhere and sent on.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"


def evaluation_html(done: Evaluation, compared: Comparison | None = None) -> str:
    """The whole report."""
    parts = [
        _head(done),
        _stages(done),
        _kinds(done),
        _comparison(compared, done.run.conditions.depth) if compared is not None else "",
        _worst(done),
        _problems(done),
        _explained(),
    ]
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{esc(_POLICY)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><title>检索评测报告</title>'
        f"<style>{_STYLE.read_text(encoding='utf-8')}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>\n"
    )


def _head(done: Evaluation) -> str:
    cautions = "".join(f'<p class="note">{esc(line)}</p>' for line in words.cautions(done))
    facts = "".join(
        f"<div><dt>{name}</dt><dd>{esc(value)}</dd></div>" for name, value in _facts(done)
    )
    return (
        f'<header><h1>检索评测报告</h1><p class="lead">{esc(words.headline(done))}</p>{cautions}'
        f"<dl>{facts}</dl></header>"
    )


def _facts(done: Evaluation) -> Iterable[tuple[str, str]]:
    on = done.run.conditions
    yield "问题文件", f"{on.questions}：{words.counts(done)}"
    yield "文库", "、".join(on.collections) or "全部"
    yield "规模", f"{on.documents} 份文件，{on.passages} 个段落"
    scope = "连同已被修订、已废止的" if on.all_versions else "只找没有失效的"
    yield "范围", f"{on.as_of} 在施行的" if on.as_of else scope
    yield "向量模型", on.encoder
    yield "时间", _local(on.created)


def _local(created: str) -> str:
    try:
        return f"{datetime.fromisoformat(created).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return created


def _stages(done: Evaluation) -> str:
    rows = [(words.stage_name(one.stage), one.figures) for one in done.summary.stages]
    return (
        "<section><h2>各环节</h2><p>检索分几步做，每一步单独评。最后一行是用户得到的顺序。"
        f"单位是百分数，小字是 95% 区间。</p>{_table(done.summary.metrics, rows)}</section>"
    )


def _kinds(done: Evaluation) -> str:
    if not done.summary.kinds:
        return ""
    rows = [
        (f"{one.kind or '未写类别'}（{one.questions} 题）", one.stages[-1].figures)
        for one in sorted(done.summary.kinds, key=lambda k: k.stages[-1].figures[words.MAIN].mean)
    ]
    last = words.stage_name(done.summary.stages[-1].stage)
    return (
        f"<section><h2>按问题类别</h2><p>{esc(last)}的数字，差的在前。</p>"
        f"{_table(done.summary.metrics, rows)}</section>"
    )


def _table(metrics: Sequence[str], rows: Iterable[tuple[str, Mapping[str, Estimate]]]) -> str:
    heads = "".join(f'<th scope="col">{esc(words.metric_name(one))}</th>' for one in metrics)
    body = "".join(
        f'<tr><th scope="row">{esc(name)}</th>'
        + "".join(_cell(metric, figures[metric]) for metric in metrics)
        + "</tr>"
        for name, figures in rows
    )
    return f"<table><thead><tr><td></td>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _cell(metric: str, one: Estimate) -> str:
    return (
        f'<td data-name="{esc(words.metric_name(metric))}"><b>{words.percent(one.mean)}</b>'
        f"<small>{words.interval(one)}</small>{_bar(one)}</td>"
    )


def _bar(one: Estimate) -> str:
    """A bar from 0 to 1 with its interval as a line."""
    low, high = 100 * one.low, 100 * one.high
    return (
        '<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="8"/>'
        f'<rect class="fill" width="{100 * one.mean:.2f}" height="8"/>'
        f'<rect class="span" x="{low:.2f}" y="3" width="{max(high - low, 0.6):.2f}" height="2"/>'
        "</svg>"
    )


def _comparison(compared: Comparison, depth: int) -> str:
    heads = "".join(
        f'<th scope="col">{name}</th>' for name in ("指标", "旧 → 新", "相差（95% 区间）", "怎么看")
    )
    groups = groupby(compared.differences, key=lambda one: one.stage)
    rows = "".join(
        f'<tr class="group"><th scope="rowgroup" colspan="4">{esc(words.stage_name(stage))}</th>'
        f"</tr>{''.join(map(_difference, group))}"
        for stage, group in groups
    )
    return (
        f"<section><h2>与以前比较</h2><p>{esc(words.compared_with(compared))}"
        "p 小于 0.05 才算不像偶然；一次看很多指标时，总会有一两个碰巧小于 0.05，"
        f'应先定好看哪一个。</p><table class="plain"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
        f"{_moved('变好', compared.better, depth)}{_moved('变差', compared.worse, depth)}</section>"
    )


def _difference(one: Difference) -> str:
    css = ' class="sure"' if one.significant else ""
    return (
        f'<tr{css}><th scope="row">{esc(words.metric_name(one.metric))}</th>'
        f"<td>{words.percent(one.before)} → {words.percent(one.after)}</td>"
        f"<td>{words.change(one)}</td><td>{esc(words.verdict(one))}</td></tr>"
    )


def _moved(name: str, moved: Sequence[Moved], depth: int) -> str:
    if not moved:
        return ""
    rows = "".join(
        f"<li>{esc(one.q)}<small>{words.rank_text(one.before, depth)} → "
        f"{words.rank_text(one.after, depth)}</small></li>"
        for one in moved[:_MOVED]
    )
    more = f"<p>另有 {len(moved) - _MOVED} 道。</p>" if len(moved) > _MOVED else ""
    return f"<details><summary>{name}的 {len(moved)} 道题</summary><ul>{rows}</ul>{more}</details>"


def _worst(done: Evaluation) -> str:
    worst = done.summary.worst
    if not worst:
        return "<section><h2>最差的题</h2><p>每道题的正确依据都排在第 1 条。</p></section>"
    depth = done.run.conditions.depth
    rows = "".join(_worst_question(one, depth) for one in worst)
    return (
        f"<section><h2>最差的 {len(worst)} 道题</h2>"
        "<p>点开看每一步把正确依据排在哪里，以及排在它前面的是什么。</p>"
        f"{rows}</section>"
    )


def _worst_question(one: WorstQuestion, depth: int) -> str:
    last = list(one.ranks.values())[-1]
    places = "".join(
        f"<li>{esc(words.stage_name(stage))}<small>{words.rank_text(rank, depth)}</small></li>"
        for stage, rank in one.ranks.items()
    )
    found = "".join(
        f"<li><b>《{esc(p.title)}》</b> {esc(path_text(p.path))}<p>{esc(p.snippet)}</p></li>"
        for p in one.found
    )
    kind = f"，{esc(one.kind)}" if one.kind else ""
    return (
        f'<details class="question"><summary><span>{esc(one.q)}</span>'
        f"<small>{words.rank_text(last, depth)}</small></summary>"
        f"<p>第 {one.row} 行，编号 {esc(one.id)}{kind}。依据：{esc('；'.join(one.gold))}</p>"
        f'<h3>依据排在哪里</h3><ul class="places">{places}</ul>'
        + (f"<h3>排在前面的是</h3><ol>{found}</ol>" if found else "")
        + "</details>"
    )


def _problems(done: Evaluation) -> str:
    if not done.problems:
        return ""
    rows = "".join(f"<li>{esc(one)}</li>" for one in done.problems[:_PROBLEMS])
    rest = len(done.problems) - _PROBLEMS
    more = f"<p>另有 {rest} 行没有列出。</p>" if rest > 0 else ""
    return (
        f"<section><h2>有问题的行</h2><details><summary>{len(done.problems)} 处，"
        f"其中 {done.left_out} 行因此没有评</summary><ul>{rows}</ul>{more}</details></section>"
    )


def _explained() -> str:
    rows = "".join(f"<dt>{esc(name)}</dt><dd>{esc(text)}</dd>" for name, text in words.EXPLAINED)
    return f'<section><h2>数字是什么意思</h2><dl class="words">{rows}</dl></section>'
