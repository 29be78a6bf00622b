"""A checked draft as a web page: the text with its marks beside the list of what was found.

Self-contained, escaped, nothing in it runs. ``verification_html`` is the fragment that another page
may hold; its style is ``verification_style.STYLE``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.verification import Finding, Report, Verdict
from assistant.verification.findings import Check, Place
from index.versions.compare.words import Segment
from ui.render.text import esc, path_text, validity_badge
from ui.render.verification_style import PAGE_STYLE, STYLE
from ui.render.verification_words import CODES

_ARTICLE_SHOWN = 1_200
_MOST_CARDS = 2_000


@dataclass(frozen=True)
class _Mark:
    start: int
    end: int
    finding: Finding
    part: str  # ref: the reference itself, said: what is said of its rule


def verification_page(report: Report, name: str) -> str:
    """The whole page of a draft called ``name``."""
    title = f"引用核对：{name}"
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy"'
        " content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{esc(title)}</title><style>{PAGE_STYLE}{STYLE}</style></head><body><main>"
        f"<h1>{esc(title)}</h1>{verification_html(report)}</main></body></html>\n"
    )


def verification_html(report: Report) -> str:
    """Summary, draft and findings as one ``section``."""
    head = (
        f'<p class="lv-sum">{esc(report.summary)}</p>'
        f'<p class="lv-dim">按 {report.as_of:%Y-%m-%d} 的效力，对照文库里的 {report.documents} 份文件。</p>'
    )
    if not report.findings:
        return f'<section class="lm-verify">{head}{_draft(report)}</section>'
    only = (
        '<label class="lv-only"><input type="checkbox" class="lv-hide">只看要处理的</label>'
        if report.problems and len(report.problems) < len(report.findings)
        else ""
    )
    cards = "".join(_card(one) for one in report.findings[:_MOST_CARDS])
    if len(report.findings) > _MOST_CARDS:
        cards += f"<p>还有 {len(report.findings) - _MOST_CARDS} 处没有列出，完整结果见 JSON。</p>"
    return (
        f'<section class="lm-verify">{head}<div class="lv-bar">{_counts(report)}{only}</div>'
        f'<div class="lv-both">{_draft(report)}'
        f'<aside class="lv-list" aria-label="核对结果">{cards}</aside></div></section>'
    )


def _counts(report: Report) -> str:
    chips = (
        f'<li class="lv-{CODES[verdict]}"><i></i>{esc(verdict.value)} <b>{count}</b></li>'
        for verdict, count in report.counts.items()
        if count
    )
    return f'<ul class="lv-counts">{"".join(chips)}</ul>'


# -- the draft -----------------------------------------------------------------------------------


def _draft(report: Report) -> str:
    lines: list[list[str]] = [[]]
    at = 0
    for mark in _marks(report):
        _put(lines, report.text[at : mark.start], "", "")
        _put(lines, report.text[mark.start : mark.end], _opening(mark), _closing(mark))
        at = mark.end
    _put(lines, report.text[at:], "", "")
    shown = "".join(f"<p>{''.join(line)}</p>" for line in lines if any(line))
    return f'<div class="lv-draft" role="document" aria-label="文稿">{shown}</div>'


def _put(lines: list[list[str]], text: str, before: str, after: str) -> None:
    """``text`` onto the lines, each of its own lines within the tags."""
    for number, part in enumerate(text.split("\n")):
        if number:
            lines.append([])
        if part:
            lines[-1].append(f"{before}{esc(part)}{after}")
            before = before.replace(' id="', ' data-id="')  # an id may stand once


def _opening(mark: _Mark) -> str:
    code = CODES[mark.finding.verdict]
    number = mark.finding.number
    identity = f' id="m{number}"' if mark.part == "ref" else ""
    return f'<a class="lv-mark lv-{code} lv-{mark.part}" href="#f{number}"{identity}>'


def _closing(mark: _Mark) -> str:
    return f"<sup>{mark.finding.number}</sup></a>" if mark.part == "ref" else "</a>"


def _marks(report: Report) -> Iterator[_Mark]:
    """The marks in order, none overlapping: references first, then what is said of them."""
    wanted = [_Mark(one.start, one.end, one, "ref") for one in report.findings]
    wanted += [
        _Mark(check.start, check.end, one, "said")
        for one in report.findings
        for check in one.checks
        if check.verdict.is_problem
    ]
    at = 0
    for mark in sorted(wanted, key=lambda one: (one.start, one.part)):
        if mark.start >= at and mark.end > mark.start:
            yield mark
            at = mark.end


# -- the findings --------------------------------------------------------------------------------


def _card(finding: Finding) -> str:
    code = CODES[finding.verdict]
    notes = "".join(f'<p class="lv-dim">{esc(one)}</p>' for one in finding.notes)
    return (
        f'<article id="f{finding.number}" class="lv-card lv-{code}">'
        f'<h3><a href="#m{finding.number}">{finding.number}</a>'
        f'<span class="lv-badge"><i></i>{esc(finding.verdict.value)}</span></h3>'
        f'<p class="lv-written">{esc(finding.written)}</p><p>{esc(finding.message)}</p>'
        f"{''.join(_check(one) for one in finding.checks)}{_right(finding)}{notes}{_cited(finding)}"
        "</article>"
    )


def _check(check: Check) -> str:
    if not check.verdict.is_problem:
        return f'<p class="lv-dim">{esc(check.message)}</p>' if check.message else ""
    if not check.segments:
        return ""
    return (
        '<div class="lv-diff"><b>逐字对照（下划线：原文有、文稿没有；删除线：文稿多写）</b>'
        f"<p>{_segments(check.segments)}</p></div>"
    )


def _segments(segments: tuple[Segment, ...]) -> str:
    """The document's words and the draft's in one line: missing ones underlined, added ones struck."""
    parts = []
    for one in segments:
        text = esc(one.text)
        if one.kind == "removed":  # in the document, not in the draft: to be put in
            text = f'<ins aria-label="原文有">{text}</ins>'
        elif one.kind == "added":
            text = f'<del aria-label="文稿多写">{text}</del>'
        parts.append(text)
    return "".join(parts)


def _right(finding: Finding) -> str:
    if finding.right is None:
        return ""
    return _place("应看", finding.right, open_=finding.verdict is not Verdict.CONSISTENT)


def _cited(finding: Finding) -> str:
    """The words of what is cited, closed; not said twice."""
    right = finding.right
    return "".join(
        _place("原文", one)
        for one in finding.places
        if one.text
        and (right is None or (one.document_id, one.start) != (right.document_id, right.start))
    )


def _place(what: str, place: Place, *, open_: bool = False) -> str:
    head = f"{what} {esc(place.name)}{validity_badge(place.validity)}"
    if not place.text:
        return f'<p class="lv-place">{head}</p>'
    text = place.text if len(place.text) <= _ARTICLE_SHOWN else place.text[:_ARTICLE_SHOWN] + "…"
    path = f"<small>{esc(path_text(place.path))}</small>" if place.path else ""
    lines = "".join(f"<p>{esc(line)}</p>" for line in text.split("\n") if line.strip())
    return (
        f'<details class="lv-place"{" open" if open_ else ""}><summary>{head}</summary>'
        f"{path}{lines}</details>"
    )
