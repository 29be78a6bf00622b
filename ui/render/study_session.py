"""Fragments of the page 备课: one session, to read and to edit. All words escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.study.keeping import Kept, Version
from assistant.study.model import (
    QUIZ_NAMES,
    Discussion,
    Line,
    QuizItem,
    StudyCitation,
    StudySession,
    TimetablePart,
)
from ui.render.panels import error_place, table_html
from ui.render.study_home import STAGE
from ui.render.study_tools import tools_html
from ui.render.text import document_address, esc, named, path_text, validity_badge


@dataclass(frozen=True)
class SessionView:
    """What is shown. ``owned`` False: a colleague's, to read and copy. ``rooms`` are live quizzes
    held with it: address and what to call it."""

    kept: Kept
    session: StudySession
    owned: bool
    versions: Sequence[Version] = ()
    rooms: Sequence[tuple[str, str]] = ()
    gone: frozenset[str] = frozenset()  # cited documents that the library no longer has

    @property
    def address(self) -> str:
        """Of its routes."""
        return f"/study/s/{self.kept.session_id}"


def session_html(view: SessionView) -> str:
    """The whole session."""
    one = view.session
    people = f"，{one.people} 人" if one.people else ""
    parts = [
        f'<div data-session="{esc(view.kept.session_id)}" class="lp ls-session">',
        '<p><a href="/study" hx-get="/study/home" hx-target="#ls" data-home>← 全部备课</a></p>',
        f'<header class="ls-head"><h2>{esc(view.kept.title)}</h2>'
        f"<p>{esc(one.topic)} · {esc(one.audience)}{people} · 共 {one.minutes} 分钟</p></header>",
        _said_not_there(view),
        tools_html(view),
        _lines("还缺什么", (Line(text=line) for line in one.missing), "ls-missing"),
        _lines("学习目标", one.objectives),
        _timetable(view),
        _readings(one),
        _passages(view),
        _changes(one),
        _cases(view),
        _quiz(view),
        _lines("课后带走", one.take_home),
        _facilitator(view),
        "</div>",
    ]
    return "".join(parts)


def _said_not_there(view: SessionView) -> str:
    if not view.gone:
        return ""
    return (
        f'<p class="lp-error">引用的文件中有 {len(view.gone)} 份已不在文库，'
        "请核对后再用，或点“重新生成”。</p>"
    )


def source_html(citation: StudyCitation) -> str:
    """The source of a line, as a link to the place."""
    place = citation.article or path_text(citation.path)
    page = f"（第 {citation.page} 页）" if citation.page else ""
    title = named(citation.title)
    shown = f"{title}{place}" if place and place != citation.title else title
    address = document_address(citation.document_id, citation.article or "")
    return (
        f'<a class="ls-source" href="{esc(address)}" target="_blank">{esc(shown)}{esc(page)}</a>'
        f"{validity_badge(citation.validity)}"
    )


def _sources(citations: Iterable[StudyCitation]) -> str:
    shown = list(dict.fromkeys(source_html(one) for one in citations))
    return f'<small class="ls-sources">{"、".join(shown)}</small>' if shown else ""


def _line(line: Line) -> str:
    own = '<span class="lp-tag ls-mine">自己的话</span> ' if line.own else ""
    return f"{own}{esc(line.text)}{_sources(line.citations)}"


def _card(title: str, body: str, css: str = "", note: str = "") -> str:
    said = f' <small class="lp-dim">{esc(note)}</small>' if note else ""
    return f'<section class="lp-card {css}"><h3>{esc(title)}{said}</h3>{body}</section>'


def _lines(title: str, lines: Iterable[Line], css: str = "") -> str:
    items = "".join(f"<li>{_line(one)}</li>" for one in lines)
    return _card(title, f'<ul class="lp-plain">{items}</ul>', css) if items else ""


# -- what is pressed ----------------------------------------------------------------


def act(view: SessionView, do: str, item: str, label: str, about: str, confirm: str = "") -> str:
    """A button that changes the session and gets the whole of it back."""
    asked = f' hx-confirm="{esc(confirm)}"' if confirm else ""
    danger = ' class="lp-danger"' if do == "drop" else ""
    return (
        f'<button type="button" id="b-{do}-{esc(item)}"{danger} hx-post="{view.address}/edit"'
        f' hx-target="{STAGE}" hx-include="#ls-revision" name="do" value="{do}:{esc(item)}"'
        f' aria-label="{esc(label)}：{esc(about)}"{asked}>{esc(label)}</button>'
    )


def _acts(view: SessionView, item: str, about: str, ids: Sequence[str], swap: str = "") -> str:
    if not view.owned:
        return ""
    place = ids.index(item)
    made = [act(view, "swap", item, swap, about)] if swap else []
    if place > 0:
        made.append(act(view, "up", item, "上移", about))
    if place < len(ids) - 1:
        made.append(act(view, "down", item, "下移", about))
    made.append(act(view, "drop", item, "删去", about))
    return f'<div class="lp-acts">{"".join(made)}</div>'


def _timetable(view: SessionView) -> str:
    ids = [one.id for one in view.session.timetable]
    rows, at = [], 0
    for part in view.session.timetable:
        rows.append(_part(view, part, at, ids))
        at += part.minutes
    heads = ("时间", "环节", "分钟", "方式与提示", "") if view.owned else (
        "时间", "环节", "分钟", "方式与提示",
    )  # fmt: skip
    body = table_html(heads, rows, "时间表")
    if view.owned:
        body = (
            f'<form hx-post="{view.address}/minutes" hx-target="{STAGE}" hx-include="#ls-revision" novalidate>'
            f'{body}<div class="lp-row"><label>总时长（分钟）<input name="total" type="number" class="ls-number"'
            f' value="{view.session.minutes}"></label><button type="submit">按新的分钟数调整</button>'
            '<span class="lp-dim">改过的和勾了“固定”的不动，其余环节分摊。</span></div>'
            f"{error_place()}</form>"
        )
    return _card("时间表", body, "ls-times", f"合计 {view.session.minutes} 分钟")


def _part(view: SessionView, part: TimetablePart, at: int, ids: Sequence[str]) -> tuple[str, ...]:
    notes = "".join(f"<li>{_line(one)}</li>" for one in part.notes)
    told = f'<details><summary>主持人提示（{len(part.notes)}）</summary><ul class="lp-plain">{notes}</ul></details>'
    told = f"{esc(part.method)}{told if notes else ''}"
    if part.kind == "own":
        told = f'{esc(part.method)}<ul class="lp-plain">{notes}</ul>'
    times = f'<span class="ls-when">{at}–{at + part.minutes}</span>'
    if not view.owned:
        return times, esc(part.title), str(part.minutes), told
    minutes = (
        f'<input name="m-{esc(part.id)}" id="m-{esc(part.id)}" type="number" class="ls-number"'
        f' value="{part.minutes}" aria-label="{esc(part.title)}的分钟数">'
        f'<label class="lp-check"><input type="checkbox" name="lock" value="{esc(part.id)}"'
        f"{' checked' if part.locked else ''}>固定</label>"
    )
    return times, esc(part.title), minutes, told, _acts(view, part.id, part.title, ids)


# -- what is read ------------------------------------------------------------------


def _readings(one: StudySession) -> str:
    rows = (
        (
            f'<a href="{esc(document_address(r.document_id))}" target="_blank">{esc(named(r.title))}</a>'
            f"{validity_badge(r.validity)}<br><small>{esc(r.version)}</small>",
            esc("、".join(r.articles)),
            f'<span class="ls-short">{r.characters} 字</span>',
            f'<span class="ls-short">{r.minutes} 分钟</span>',
            esc(r.why),
        )
        for r in one.readings
    )
    body = table_html(("文件", "要读的条文", "字数", "朗读", "与主题的关系"), rows, "阅读书目")
    return _card("阅读书目", body, note=f"按每分钟 {one.reading_speed} 字")


def _passages(view: SessionView) -> str:
    ids = [one.id for one in view.session.passages]
    items = "".join(
        f'<article class="ls-item" id="i-{esc(one.id)}"><h4>{esc(one.heading)}'
        f' <small class="lp-dim">{one.minutes} 分钟</small></h4>'
        f"<blockquote>{_paragraphs(one.citation.quote)}</blockquote>"
        f'<p class="lp-dim">{esc(one.point)}</p>{_sources([one.citation])}'
        f"{_acts(view, one.id, one.heading, ids, '换一段')}</article>"
        for one in view.session.passages
    )
    return _card("原文领学", items, note=f"{len(ids)} 段")


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{esc(one)}</p>" for one in text.split("\n") if one.strip())


def _changes(one: StudySession) -> str:
    rows = (
        (
            f"{esc(named(c.title))}<br>{esc(c.article)}",
            _quoted(c.old),
            _quoted(c.new),
            esc(c.summary),
        )
        for c in one.changes
    )
    if not one.changes:
        return ""
    body = table_html(("条文", "修订前", "修订后", "变化"), rows, "修订变化")
    return _card("修订变化", body, note=f"{len(one.changes)} 处")


def _quoted(citation: StudyCitation | None) -> str:
    return f"{esc(citation.quote)}{_sources([citation])}" if citation else "—"


def _cases(view: SessionView) -> str:
    ids = [one.id for one in view.session.cases]
    items = "".join(
        f'<article class="ls-item" id="i-{esc(one.id)}"><h4>{esc(one.title)}</h4>'
        f"<details><summary>案情</summary>{''.join(f'<p>{esc(told.text)}</p>' for told in one.body)}</details>"
        f'<ol class="lp-plain">{"".join(_discussion(d) for d in one.discussions)}</ol>'
        f"{_sources([one.citation])}{_acts(view, one.id, one.title, ids, '换一个案例')}</article>"
        for one in view.session.cases
    )
    return _card("案例研讨", items, note=f"{len(ids)} 个") if items else ""


def _discussion(one: Discussion) -> str:
    points = "".join(f"<li>{_line(p)}</li>" for p in one.points)
    told = f'<details><summary>讨论要点</summary><ul class="lp-plain">{points}</ul></details>'
    return f"<li>{esc(one.question)}{told if points else ''}{_sources(one.citations)}</li>"


def _quiz(view: SessionView) -> str:
    ids = [one.id for one in view.session.quiz]
    items = "".join(
        f'<article class="ls-item" id="i-{esc(one.id)}"><h4>{number}. {esc(one.stem)}'
        f' <small class="lp-dim">{QUIZ_NAMES[one.kind]}</small></h4>{_asked(one)}'
        f"<details><summary>答案与解析</summary><p><b>{esc(one.answer)}</b> {esc(one.explanation)}</p>"
        f"{_points(one)}{_sources(one.citations)}</details>"
        f"{_acts(view, one.id, f'第 {number} 题', ids, '换一题')}</article>"
        for number, one in enumerate(view.session.quiz, 1)
    )
    return _card("互动测验", items, note=f"{len(ids)} 题") if items else ""


def _asked(one: QuizItem) -> str:
    shown = [f"{c.label}. {c.text}" for c in one.choices]
    shown += [f"{left} ⟷ {right}" for left, right in one.pairs] + list(one.steps)
    return "".join(f'<p class="ls-choice">{esc(line)}</p>' for line in shown)


def _points(one: QuizItem) -> str:
    points = "".join(f"<li>{_line(p)}</li>" for p in one.points)
    return f'<ul class="lp-plain">{points}</ul>' if points else ""


def _facilitator(view: SessionView) -> str:
    items = "".join(f"<li>{_line(one)}</li>" for one in view.session.facilitator)
    body = f'<ul class="lp-plain">{items}</ul>' if items else ""
    if view.owned:
        options = "".join(
            f'<option value="{esc(one.id)}">写进“{esc(one.title)}”的提示</option>'
            for one in view.session.timetable
        )
        body += (
            f'<form hx-post="{view.address}/own" hx-target="{STAGE}" hx-include="#ls-revision" novalidate>'
            "<label>加一段自己的话（标明“自己的话”，不注出处）"
            '<textarea name="text" rows="2" class="ls-own" maxlength="2000"></textarea></label><div class="lp-row">'
            f'<label>放在哪里<select name="part"><option value="">写进主持人提示</option>{options}'
            '<option value="+">单独成为一个环节</option></select></label>'
            '<label>单独成环节时的名称<input name="title" maxlength="30" placeholder="自定内容"></label>'
            '<label>分钟<input name="minutes" type="number" class="ls-number" placeholder="5"></label>'
            f'<button type="submit">加上</button></div>{error_place()}</form>'
        )
    return _card("主持人提示", body) if body else ""
