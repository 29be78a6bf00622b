"""The answer card: sentences with numbered chips, and below it the citations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.answer import Answer, Citation, Conflict, Sentence
from index.records import NOT_IN_FORCE
from ui.render.answer_feedback import feedback_html, suggestions_html
from ui.render.answer_shapes import outline_html, references_html, table_html
from ui.render.answer_text import all_citations, plain_text, rich_text
from ui.render.text import esc, mark, missing_badge, named, path_text, validity_badge

_QUOTE_LIMIT = 160
_SHOWN = 8  # citations in sight; a table of versions may have many more


@dataclass(frozen=True)
class AnswerLinks:
    """Addresses that belong to an answer: of the list of all passages found, of the Word file, to
    be sent to a colleague, and of the conversation as its owner reopens it. "" for none."""

    results: str = ""
    word: str = ""
    share: str = ""
    own: str = ""


def answer_html(answer: Answer, token: str, links: AnswerLinks | None = None) -> str:
    """The whole card. ``token`` differs for each asking, so the page notices a new answer."""
    links = links or AnswerLinks()
    body = _refusal(answer) if answer.abstained else _reply(answer, links)
    if links.results:
        body += (
            f'<details class="lm-results" data-results="{esc(links.results)}">'
            "<summary>全部检索结果</summary>"
            '<div class="lm-results-list" role="status">正在查找…</div></details>'
        )
    own = f' data-own="{esc(links.own)}"' if links.own else ""
    return (
        f'<article class="lm-answer" data-answer="{esc(token)}"{own} '
        f'data-abstained="{str(answer.abstained).lower()}">'
        f'<h2 class="lm-question">{esc(answer.question)}</h2>{body}'
        f"{feedback_html(answer)}</article>"
    )


def progress_html(question: str, progress: str = "") -> str:
    """Shown while an answer is being made; ``progress`` is what is going on."""
    return (
        _busy(question, progress) + '<div class="lm-skeleton"><i></i><i></i><i></i></div></article>'
    )


def growing_html(answer: Answer, progress: str) -> str:
    """The sentences checked so far, while more are being made."""
    by_number = {c.n: c for c in answer.citations}
    sentences = f'<div class="lm-sentences">{_sentences(answer.sentences, by_number)}</div>'
    return f"{_busy(answer.question, progress)}{sentences}</article>"


def _busy(question: str, progress: str) -> str:
    return (
        '<article class="lm-answer lm-busy" data-busy="true">'
        f'<h2 class="lm-question">{esc(question)}</h2>'
        '<p class="lm-progress" role="status"><span class="lm-spinner"></span>'
        f"{esc(progress or '正在查阅文库、核对出处…')}</p>"
    )


def error_html(message: str) -> str:
    """One clear line; ``message`` says what to do."""
    return f'<p class="lm-error" role="alert">{esc(message)}</p>'


def _reply(answer: Answer, links: AnswerLinks) -> str:
    cited = all_citations(answer)
    by_number = {c.n: c for c in cited}
    notes = "".join(f'<p class="lm-note">{esc(note)}</p>' for note in answer.notes)
    notes += "".join(_conflict(one) for one in answer.conflicts if not _only_older(one))
    notes += _older([one for one in answer.conflicts if _only_older(one)])
    rows = [_citation(c, numbered=True) for c in cited]
    body = (
        "".join(_part(part, by_number) for part in answer.parts)
        if answer.parts
        else _body(answer, by_number)
    )
    return (
        f"{body}{references_html(answer.references, _target)}{notes}{_actions(answer, links)}"
        f'<h3 class="lm-subhead">出处<span>{len(cited)}</span></h3>'
        f'<ol class="lm-citations">{"".join(rows[:_SHOWN])}</ol>{_more(rows[_SHOWN:])}'
    )


def _actions(answer: Answer, links: AnswerLinks) -> str:
    """Copy with citations, the Word file, the address. What is copied stands in templates."""
    word = (
        f'<a class="lm-action" href="{esc(links.word)}" download>下载 Word</a>'
        if links.word
        else ""
    )
    share = (
        f'<button type="button" class="lm-action" data-copy-link="{esc(links.share)}">'
        "复制链接</button>"
        if links.share
        else ""
    )
    return (
        '<div class="lm-actions"><button type="button" class="lm-action" data-copy-answer>'
        f"复制（含出处）</button>{word}{share}"
        f'<template data-copy="text">{esc(plain_text(answer))}</template>'
        f'<template data-copy="html">{esc(rich_text(answer))}</template></div>'
    )


def _more(rows: Sequence[str]) -> str:
    """The citations of a long table, folded away."""
    if not rows:
        return ""
    return (
        f'<details class="lm-more"><summary>其余 {len(rows)} 条出处</summary>'
        f'<ol class="lm-citations">{"".join(rows)}</ol></details>'
    )


def _body(answer: Answer, by_number: Mapping[int, Citation]) -> str:
    """The answer's own words: a table, an outline, or sentences and lists."""
    if answer.table is not None:
        inner = table_html(answer.table, by_number, _chip)
    elif any(sentence.label for sentence in answer.sentences):
        inner = outline_html(answer.sentences, lambda one: _sentence(one, by_number))
    else:
        inner = _sentences(answer.sentences, by_number)
    return f'<div class="lm-sentences">{inner}</div>'


def _part(part: Answer, by_number: Mapping[int, Citation]) -> str:
    """One of several questions with its answer, or why there is none."""
    head = f'<h3 class="lm-answer-part">{esc(part.question)}</h3>'
    if part.abstained:
        return f'{head}<p class="lm-refusal" role="status">{esc(part.message)}</p>'
    return head + _body(part, by_number)


def _only_older(conflict: Conflict) -> bool:
    """Whether a conflict is but what a rule out of force said: no doubt for today."""
    return conflict.basis == "version" or any(
        side.citation.validity in NOT_IN_FORCE for side in conflict.sides
    )


def _older(conflicts: Sequence[Conflict]) -> str:
    """One quiet line for what rules out of force said otherwise, the words behind it."""
    if not conflicts:
        return ""
    titles = dict.fromkeys(
        named(side.citation.title)
        for one in conflicts
        for side in one.sides
        if side.citation.validity in NOT_IN_FORCE
    )
    which = "、".join(titles) or "旧版本"
    inner = "".join(
        f"<p>{esc(one.point)}。</p>{_sides(one)}<p>{esc(one.reason)}</p>" for one in conflicts
    )
    return (
        f'<details class="lm-older"><summary>旧规定写法不同：{esc(which)}</summary>'
        f"{inner}</details>"
    )


def _conflict(conflict: Conflict) -> str:
    """Both sides in full, the one that governs marked, and why."""
    return (
        f'<section class="lm-conflict" data-basis="{esc(conflict.basis)}">'
        f'<h3 class="lm-subhead">说法不一致</h3><p class="lm-note">{esc(conflict.point)}。</p>'
        f'{_sides(conflict)}<p class="lm-note">{esc(conflict.reason)}</p></section>'
    )


def _sides(conflict: Conflict) -> str:
    sides = "".join(
        f'<li class="lm-side{" lm-governs" if place == conflict.governs else ""}">'
        f"{mark(side.text, side.highlights, 'strong')}"
        f'<span class="lm-chips">&#8288;{_chip(side.citation)}</span>'
        f'<span class="lm-citation-where">{esc(named(side.citation.title))}'
        f"{esc(side.citation.article or '')}{validity_badge(side.citation.validity)}"
        f"{'（以此为准）' if place == conflict.governs else ''}</span></li>"
        for place, side in enumerate(conflict.sides)
    )
    return f'<ul class="lm-items">{sides}</ul>'


def _refusal(answer: Answer) -> str:
    message = answer.message or "文库里没有找到能够回答这个问题的依据。"
    html = f'<p class="lm-refusal" role="status">{esc(message)}</p>'
    html += "".join(f'<p class="lm-note">{esc(note)}</p>' for note in answer.notes)
    html += suggestions_html(answer)
    if not answer.related:
        return html
    rows = "".join(_citation(c, numbered=False) for c in answer.related)
    return (
        f'{html}<h3 class="lm-subhead">可能相关<span>{len(answer.related)}</span></h3>'
        f'<ol class="lm-citations lm-related">{rows}</ol>'
    )


def _sentences(sentences: Iterable[Sentence], by_number: Mapping[int, Citation]) -> str:
    parts: list[str] = []
    for is_item, group in groupby(sentences, key=lambda s: s.kind == "item"):
        tag = "li" if is_item else "p"
        inner = "".join(f"<{tag}>{_sentence(s, by_number)}</{tag}>" for s in group)
        parts.append(f'<ul class="lm-items">{inner}</ul>' if is_item else inner)
    return "".join(parts)


def _sentence(sentence: Sentence, by_number: Mapping[int, Citation]) -> str:
    text = mark(sentence.text, sentence.highlights, "strong")
    chips = "".join(_chip(by_number[n]) for n in sentence.citations if n in by_number)
    # The word joiner keeps a chip on the line of the words before it.
    return f'{text}<span class="lm-chips">&#8288;{chips}</span>'


def _chip(citation: Citation) -> str:
    label = f"出处 {citation.n}：《{citation.title}》{path_text(citation.path)}"
    return (
        f'<button type="button" class="lm-chip" {_target(citation)} '
        f'aria-label="{esc(label)}">{citation.n}</button>'
    )


def _target(citation: Citation) -> str:
    """Attributes that tell the page's script which source to open."""
    return (
        f'data-source="{esc(citation.document_id)}" data-start="{citation.start}" '
        f'data-end="{citation.end}" data-n="{citation.n}"'
    )


def _citation(citation: Citation, *, numbered: bool) -> str:
    where = [path_text(citation.path)] if citation.path else []
    if citation.page is not None:
        where.append(f"第 {citation.page} 页")
    quote = citation.quote.replace("\n", " ")
    short = quote if len(quote) <= _QUOTE_LIMIT else quote[: _QUOTE_LIMIT - 1] + "…"
    number = f'<span class="lm-number">{citation.n}</span>' if numbered else ""
    return (
        f'<li><button type="button" class="lm-citation" {_target(citation)}>{number}'
        f'<span class="lm-citation-main"><span class="lm-citation-title">{esc(citation.title)}'
        f"{validity_badge(citation.validity)}{missing_badge(citation.missing)}</span>"
        f'<span class="lm-citation-where">{esc(" · ".join(where))}</span>'
        f'<span class="lm-citation-quote">{esc(short)}</span></span></button></li>'
    )
