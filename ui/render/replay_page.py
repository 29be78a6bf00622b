"""A replay as one HTML file: nothing is loaded, nothing runs, every word is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from assistant.activity.records import Reply
from assistant.activity.replay import OUTCOME_NAMES, Difference, Replayed
from index.versions.compare.words import ADDED, REMOVED, Segment, changed_words
from ui.render.gaps import local
from ui.render.replay import answer_text, headline, sources
from ui.render.text import esc

_STYLE = Path(__file__).parent.parent / "assets" / "replay.css"
# No script, no request of any kind: the file may be opened anywhere and sent on.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"


def replay_html(done: Replayed) -> str:
    """The whole report."""
    counts = "".join(
        f"<li><b>{number}</b>{esc(name)}</li>" for name, number in _counts(done) if number
    )
    groups = "".join(
        f"<section><h2>{esc(OUTCOME_NAMES[outcome])}</h2>{''.join(map(_difference, group))}</section>"
        for outcome, group in groupby(done.differences, key=lambda one: one.outcome)
    )
    if not done.differences:
        groups = '<section><p class="same">没有答案改变。</p></section>'
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{esc(_POLICY)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><title>答案重放报告</title>'
        f"<style>{_STYLE.read_text(encoding='utf-8')}</style></head><body><main>"
        f'<header><h1>答案重放报告</h1><p class="lead">{esc(headline(done))}</p>'
        f'<ul class="counts">{counts}</ul><small>{esc(local(done.at))}</small></header>'
        f"{groups}</main></body></html>\n"
    )


def _counts(done: Replayed) -> Iterable[tuple[str, int]]:
    for outcome, name in OUTCOME_NAMES.items():
        yield name, sum(one.outcome == outcome for one in done.differences)
    yield "没有变", done.unchanged
    yield "没有旧答案", len(done.new)


def _difference(one: Difference) -> str:
    causes = "".join(f"<li>{esc(cause.text)}</li>" for cause in one.causes)
    error = f'<p class="error">{esc(one.error)}</p>' if one.error else ""
    scope = one.before.scope
    where = "、".join(scope.collections) or "全部文库"
    day = f" · {scope.as_of} 的规定" if scope.as_of else ""
    return (
        f"<article><h3>{esc(one.before.text)}</h3><small>{esc(where)}{esc(day)}</small>"
        + (f'<ul class="causes">{causes}</ul>' if causes else "")
        + f'{error}<div class="pair">{_sides(one)}</div></article>'
    )


def _sides(one: Difference) -> str:
    before, after = answer_text(one.before.reply), answer_text(one.after)
    both = one.after is not None and not one.before.reply.abstained and not one.after.abstained
    if both:
        segments = changed_words(before, after)
        left, right = _marked(segments, ADDED, REMOVED), _marked(segments, REMOVED, ADDED)
    else:
        left, right = esc(before), esc(after)
    then = f"原来（{local(one.before.at)}）"
    return _side(then, left, one.before.reply) + _side("现在", right, one.after)


def _marked(segments: Iterable[Segment], left_out: str, marked: str) -> str:
    """One side of the comparison: what only the other has is left out."""
    tag = "del" if marked == REMOVED else "ins"
    return "".join(
        f"<{tag}>{esc(one.text)}</{tag}>" if one.kind == marked else esc(one.text)
        for one in segments
        if one.kind != left_out
    )


def _side(name: str, html: str, reply: Reply | None) -> str:
    places = "".join(f"<li>{esc(one)}</li>" for one in sources(reply))
    text = html.replace("\n", "<br>")
    return (
        f"<div><b>{esc(name)}</b><p>{text}</p>"
        + (f"<ul>{places}</ul>" if places else "")
        + "</div>"
    )
