"""A hand-out for phones as one HTML file: no script, nothing from elsewhere, prints as it is."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from assistant.study.model import Change, Line, QuizItem, StudyCase, StudyCitation
from ui.handouts import papers, words
from ui.handouts.base import HandoutFile, Material
from ui.handouts.noting import Notes

_STYLE = Path(__file__).parent / "templates" / "handout.css"
#: Even if a text could bring an element of its own, it could load and run nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


class WebPageWriter:
    """One self-contained file."""

    title = "手机网页"

    def files(self, material: Material) -> Iterator[HandoutFile]:
        """The page."""
        yield HandoutFile("手机学习页", "html", _Page(material).whole().encode("utf-8", "replace"))


class _Page:
    """Builds one page; sections that have nothing are left out."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._session = material.session
        self._notes = Notes()

    def whole(self) -> str:
        made = [
            ("objectives", "学习目标", self._lines(self._session.objectives)),
            ("timetable", "时间安排", self._timetable()),
            ("readings", "学习书目", self._readings()),
            ("passages", "原文领学", self._passages()),
            ("changes", "修订变化", "".join(self._change(one) for one in self._session.changes)),
            ("cases", "案例研讨", "".join(self._case(one) for one in self._session.cases)),
            ("quiz", "互动测验", self._quiz(self._material.quiz)),
            ("home", "课后一页", self._lines(self._session.take_home)),
            ("missing", "资料库里缺少的", _list(esc(one) for one in self._session.missing)),
        ]
        for cited in self._session.sources:
            self._notes.number(cited)
        made.append(("sources", "出处", self._sources()))
        shown = [one for one in made if one[2]]
        body = "".join(
            f'<section id="{at}"><h2>{name}</h2>{text}</section>' for at, name, text in shown
        )
        contents = "".join(f'<a href="#{at}">{name}</a>' for at, name, _ in shown)
        title = esc(words.title_of(self._session))
        return (
            '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{title}</title><style>{_STYLE.read_text(encoding='utf-8')}</style></head>"
            f"<body><main><h1>{title}</h1>{self._facts()}<nav>{contents}</nav>{body}"
            "<footer>原文均摘自资料库，编号对应文末的出处；以正式文本为准。</footer>"
            "</main></body></html>\n"
        )

    def _facts(self) -> str:
        pairs = words.facts(self._session)
        return f"<dl>{''.join(f'<dt>{a}</dt><dd>{esc(b)}</dd>' for a, b in pairs)}</dl>"

    def _timetable(self) -> str:
        rows = [
            f'<tr><td class="n">{esc(one.span)}</td><td>{esc(words.one_line(one.part.title))}</td>'
            f'<td class="n">{one.part.minutes}</td><td>{esc(words.one_line(one.part.method))}</td></tr>'
            for one in words.timed(self._session)
        ]
        total = (
            f'<tr><th colspan="2">合计</th><td class="n">{self._session.minutes}</td><td></td></tr>'
        )
        head = "<tr><th>时间（分）</th><th>环节</th><th>分钟</th><th>方式</th></tr>"
        return _table(head, [*rows, total]) if rows else ""

    def _readings(self) -> str:
        out = []
        for one in self._session.readings:
            known = [one.version, words.status(one.validity), one.issuer, one.doc_number]
            facts = "，".join(words.one_line(part) for part in known if part)
            articles = "、".join(words.runs(one.articles))
            reads = f"<p>读{esc(articles)}</p>" if articles else ""
            why = f'<p class="muted">{esc(words.one_line(one.why))}</p>' if one.why else ""
            out.append(
                f"<li><b>{esc(words.titled(one.title))}</b>"
                f'<p class="muted">{esc(facts)}</p>{reads}{why}</li>'
            )
        return f"<ol>{''.join(out)}</ol>" if out else ""

    def _passages(self) -> str:
        out = []
        for one in self._session.passages:
            point = f'<p class="muted">{esc(words.one_line(one.point))}</p>' if one.point else ""
            out.append(
                f"<article><h3>{esc(words.heading(one.heading))}</h3>{point}"
                f"{self._quote(one.citation)}</article>"
            )
        return "".join(out)

    def _quote(self, cited: StudyCitation) -> str:
        text = "".join(f"<p>{esc(one)}</p>" for one in words.paragraphs(cited.quote))
        return (
            f"<blockquote>{text}</blockquote>"
            f'<p class="source">{esc(words.source(cited))}{self._marks([cited])}</p>'
        )

    def _change(self, change: Change) -> str:
        sides = "".join(
            f'<div class="{css}"><b>{name}</b>{self._quote(cited) if cited else "<p>（无）</p>"}</div>'
            for css, name, cited in (("old", "修订前", change.old), ("new", "修订后", change.new))
        )
        summary = f"<p>{esc(words.one_line(change.summary))}</p>" if change.summary else ""
        return (
            f"<article><h3>{esc(words.titled(change.title))}{esc(words.change_title(change))}</h3>"
            f'{summary}<div class="sides">{sides}</div></article>'
        )

    def _case(self, case: StudyCase) -> str:
        body = "".join(f"<p>{self._line(one)}</p>" for one in case.body)
        asked = _list(
            (
                esc(words.one_line(one.question)) + self._marks(one.citations)
                for one in case.discussions
            ),
            "ol",
        )
        questions = f"<p><b>讨论题</b></p>{asked}" if asked else ""
        return f"<article><h3>{esc(words.one_line(case.title))}</h3>{body}{questions}</article>"

    def _quiz(self, items: Sequence[QuizItem]) -> str:
        out = []
        for section in papers.sections(items):
            out.append(
                f"<h3>{words.in_chinese(section.number)}、{section.name}（{section.note}）</h3>"
            )
            out += [self._item(number, item) for number, item in section.items]
        return "".join(out)

    def _item(self, number: int, item: QuizItem) -> str:
        stem = "<br>".join(esc(one) for one in words.paragraphs(item.stem))
        choices = "".join(f"<li>{esc(one)}</li>" for one in papers.shown_choices(item))
        reasons = [
            f'<p class="why">{esc(text)}{self._marks(cited)}</p>'
            for text, cited in papers.reasons(item)
        ]
        explanation = f"<p>{esc(words.one_line(item.explanation))}</p>" if item.explanation else ""
        cited = "".join(self._quote(one) for one in item.citations)
        return (
            f'<div class="item"><p>{number}. {stem}</p>'
            + (f'<ul class="choices">{choices}</ul>' if choices else "")
            + f"<details><summary>答案与解析</summary><p><b>答案：{esc(papers.answer(item))}</b></p>"
            f"{explanation}{self._lines(item.points)}{''.join(reasons)}{cited}</details></div>"
        )

    def _sources(self) -> str:
        out = []
        for number, cited in enumerate(self._notes.citations, start=1):
            text = "".join(f"<p>{esc(one)}</p>" for one in words.paragraphs(cited.quote))
            out.append(
                f'<li id="n{number}">{esc(words.source(cited))}<details><summary>原文</summary>'
                f"<blockquote>{text}</blockquote></details></li>"
            )
        return f'<ol class="sources">{"".join(out)}</ol>' if out else ""

    def _lines(self, lines: Iterable[Line]) -> str:
        return _list(self._line(one) for one in lines)

    def _line(self, line: Line) -> str:
        return esc(words.said(line)) + self._marks(line.citations)

    def _marks(self, citations: Iterable[StudyCitation]) -> str:
        numbers = dict.fromkeys(self._notes.number(one) for one in citations)
        return "".join(f'<sup><a href="#n{one}">[{one}]</a></sup>' for one in numbers)


def esc(text: str) -> str:
    """Text that is safe in HTML."""
    return html.escape(words.clean(text), quote=True)


def _list(entries: Iterable[str], tag: str = "ul") -> str:
    made = "".join(f"<li>{one}</li>" for one in entries)
    return f"<{tag}>{made}</{tag}>" if made else ""


def _table(head: str, rows: Sequence[str]) -> str:
    return f'<div class="table"><table><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table></div>'
