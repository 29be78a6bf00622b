"""The PDF hand-out for phones: fonts embedded, text searchable, bookmarks, page numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from assistant.study.model import Change, Line, QuizItem, StudyCase, StudyCitation
from ui.handouts import papers, words
from ui.handouts.base import HandoutFile, Material
from ui.handouts.pdf_page import BRAND, GREY, Pages

_SOURCE = 8.5
_QUOTE_INDENT = 4.0


class BookletWriter:
    """One .pdf."""

    title = "PDF 学习册"

    def files(self, material: Material) -> Iterator[HandoutFile]:
        """The booklet, set twice: the first time finds the pages for its contents."""
        first = _Booklet(material, {}, 0, ink=False)
        first.write()
        whole = first.pages.page
        second = _Booklet(material, first.begun, whole)
        second.write()
        yield HandoutFile("手机学习册", "pdf", second.pages.data())


class _Booklet:
    def __init__(
        self, material: Material, begins: dict[str, int], whole: int, *, ink: bool = True
    ) -> None:
        self._material = material
        self._session = material.session
        self._begins = begins
        self.begun: dict[str, int] = {}
        self.pages = Pages(words.title_of(material.session), f"{{page}} / {whole}", ink=ink)

    def write(self) -> None:
        """The whole text."""
        session, quiz = self._session, self._material.quiz
        parts: list[tuple[str, Sequence[object], Callable[[], None]]] = [
            ("学习目标", session.objectives, lambda: self._lines(session.objectives)),
            ("时间安排", session.timetable, self._timetable),
            ("学习书目", session.readings, self._readings),
            ("原文领学", session.passages, self._passages),
            ("修订变化", session.changes, lambda: self._each(self._change, session.changes)),
            ("案例研讨", session.cases, lambda: self._each(self._case, session.cases)),
            ("互动测验", quiz, lambda: self._quiz(quiz, self._asked)),
            ("课后一页", session.take_home, lambda: self._lines(session.take_home)),
            ("答案与解析", quiz, lambda: self._quiz(quiz, self._answered)),
            ("资料库里缺少的", session.missing, lambda: self._plain(session.missing)),
            ("资料出处", session.sources, self._sources),
        ]
        held = [(name, write) for name, holds, write in parts if holds]
        links = {name: self.pages.link() for name, _ in held}
        self._front(links)
        for name, write in held:
            self.pages.heading(name, 1)
            self.begun[name] = self.pages.page
            self.pages.here(links[name])
            write()

    def _front(self, links: dict[str, int]) -> None:
        self.pages.space(20)
        self.pages.heading(words.title_of(self._session), 0)
        for name, value in words.facts(self._session):
            self.pages.paragraph(f"{name}：{value}", 9.5, GREY)
        self.pages.space(8)
        for name, link in links.items():
            number = str(self._begins.get(name, ""))
            self.pages.paragraph(name, 11, BRAND, link=link, end=number)

    def _timetable(self) -> None:
        for one in words.timed(self._session):
            self.pages.paragraph(
                f"{one.span}分　{words.one_line(one.part.title)}",
                10.5,
                end=f"{one.part.minutes}分钟",
            )
            if one.part.method:
                self.pages.paragraph(words.one_line(one.part.method), 9, GREY, indent=4)
        self.pages.paragraph(f"合计{self._session.minutes}分钟", 10.5)

    def _readings(self) -> None:
        for at, one in enumerate(self._session.readings, start=1):
            self.pages.paragraph(f"{at}. {words.titled(one.title)}", 10.5)
            known = [words.status(one.validity), one.version, one.issuer, one.doc_number]
            facts = "，".join(words.one_line(part) for part in known if part)
            articles = "、".join(words.runs(one.articles))
            for text in (facts, f"读{articles}" if articles else "", words.one_line(one.why)):
                if text:
                    self.pages.paragraph(text, 9, GREY, indent=4)

    def _passages(self) -> None:
        for one in self._session.passages:
            self.pages.heading(words.heading(one.heading), 2)
            if one.point:
                self.pages.paragraph(f"要点：{words.one_line(one.point)}", 10, GREY)
            self._quote(one.citation)

    def _change(self, change: Change) -> None:
        self.pages.heading(words.change_title(change), 2)
        if change.summary:
            self.pages.paragraph(words.one_line(change.summary), 10, GREY)
        for name, cited in (("修订前", change.old), ("修订后", change.new)):
            self.pages.paragraph(name, 9.5, BRAND)
            if cited:
                self._quote(cited)
            else:
                self.pages.paragraph("（无）", indent=_QUOTE_INDENT)

    def _case(self, case: StudyCase) -> None:
        self.pages.heading(words.one_line(case.title), 2)
        for line in case.body:
            self.pages.paragraph(words.said(line))
        self._cited([one for line in case.body for one in line.citations] or [case.citation])
        for at, one in enumerate(case.discussions, start=1):
            self.pages.paragraph(f"讨论{at}：{words.one_line(one.question)}", 11)
            self._cited(one.citations)

    def _quiz(self, items: Iterable[QuizItem], write: Callable[[int, QuizItem], None]) -> None:
        for section in papers.sections(items):
            self.pages.heading(
                f"{words.in_chinese(section.number)}、{section.name}（{section.note}）", 2
            )
            for number, item in section.items:
                write(number, item)

    def _asked(self, number: int, item: QuizItem) -> None:
        self._stem(number, item)
        for one in papers.shown_choices(item):
            self.pages.paragraph(one, indent=4)
        self.pages.space(3)

    def _answered(self, number: int, item: QuizItem) -> None:
        self._stem(number, item)
        self.pages.paragraph(f"答案：{papers.answer(item)}", 11, BRAND, indent=4)
        if item.explanation:
            self.pages.paragraph(words.one_line(item.explanation), indent=4)
        self._lines(item.points)
        for text, cited in papers.reasons(item):
            self.pages.paragraph(text, 10, GREY, indent=4)
            self._cited(cited)
        for one in item.citations:
            self._quote(one)
        self.pages.space(3)

    def _stem(self, number: int, item: QuizItem) -> None:
        for at, one in enumerate(words.paragraphs(item.stem)):
            self.pages.paragraph(f"{number}. {one}" if at == 0 else one)

    def _sources(self) -> None:
        for at, group in enumerate(words.by_document(self._session.sources), start=1):
            self.pages.paragraph(
                f"{at}. {words.titled(group[0].title)}（{words.status(group[0].validity)}）",
                10,
            )
            places = "；".join(words.short_places(group))
            if places:
                self.pages.paragraph(places, 9, GREY, indent=4)

    # -- pieces ----------------------------------------------------------------------------------

    def _quote(self, cited: StudyCitation) -> None:
        for one in words.paragraphs(cited.quote):
            self.pages.paragraph(one, indent=_QUOTE_INDENT, bar=True)
        self.pages.paragraph(words.source(cited), _SOURCE, GREY, indent=_QUOTE_INDENT)

    def _lines(self, lines: Sequence[Line]) -> None:
        for at, one in enumerate(lines, start=1):
            self.pages.paragraph(f"{at}. {words.said(one)}")
            self._cited(one.citations)

    def _cited(self, citations: Sequence[StudyCitation]) -> None:
        if citations:
            self.pages.paragraph(words.sources(citations), _SOURCE, GREY, indent=4)

    def _plain(self, lines: Sequence[str]) -> None:
        for one in lines:
            self.pages.paragraph(words.one_line(one))

    def _each(self, write: Callable[[Any], None], items: Sequence[Any]) -> None:
        for one in items:
            write(one)
