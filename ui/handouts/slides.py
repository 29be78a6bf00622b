"""The presentation: what is shown in the room, part by part of the timetable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from assistant.study.model import (
    QUIZ_NAMES,
    Change,
    Line,
    QuizItem,
    StudyCase,
    StudyCitation,
    TimetablePart,
)
from ui.handouts import papers, words
from ui.handouts.base import HandoutFile, Material
from ui.handouts.deck import Column, Deck
from ui.handouts.slide_text import Fitted
from ui.handouts.template_files import template_path

THEME = "课件"
_SIZES = (34.0, 30.0, 28.0, 26.0, 24.0, 22.0, 20.0)
_QUIZ_SIZES = (30.0, 28.0, 26.0, 24.0, 22.0, 20.0, 18.0)
_SIDE_SIZES = (26.0, 24.0, 22.0, 20.0, 18.0, 16.0)
_CELL = 60  # characters of a table's cell


class SlidesWriter:
    """PowerPoint."""

    title = "PowerPoint 课件"

    def files(self, material: Material) -> Iterator[HandoutFile]:
        """One file."""
        path = template_path(f"{THEME}.pptx", material.templates)
        yield HandoutFile(THEME, "pptx", _Slides(material, Deck(path)).made())


class _Slides:
    """Puts a session on slides in the order of its timetable."""

    def __init__(self, material: Material, deck: Deck) -> None:
        self._session = material.session
        self._deck = deck
        self._quiz = {
            item.id: (n, item) for s in papers.sections(material.quiz) for n, item in s.items
        }
        self._shown: set[str] = set()

    def made(self) -> bytes:
        session = self._session
        self._deck.properties(words.title_of(session))
        facts = [f"{name}：{value}" for name, value in words.facts(session) if name != "主题"]
        self._deck.cover(words.title_of(session), facts, [*map(_noted, session.facilitator)])
        self._agenda()
        intro = [one for one in session.timetable if one.kind == "intro"]
        self._lines("学习目标", session.objectives, _told(intro))
        for part in session.timetable:
            self._part(part)
        self._rest()
        self._home()
        self._sources()
        return self._deck.save()

    # -- parts -----------------------------------------------------------------------------------

    def _part(self, part: TimetablePart) -> None:
        if part.kind in ("intro", "summary"):
            return
        notes = _told([part])
        wanted = [one for one in part.materials if one not in self._shown]
        last = [one for one in self._session.timetable if one.kind == part.kind][-1] is part
        if last:
            wanted += [
                one for one in self._of_kind(part.kind) if one not in (*wanted, *self._shown)
            ]
        before = len(self._shown)
        for one in wanted:
            self._material(one, notes if len(self._shown) == before else ())
        if last and part.kind == "reading":
            self._changes()
        if len(self._shown) == before and part.kind == "own":
            self._own(part)

    def _of_kind(self, kind: str) -> list[str]:
        session = self._session
        return {
            "reading": [one.id for one in session.passages],
            "case": [one.id for one in session.cases],
            "quiz": list(self._quiz),
        }.get(kind, [])

    def _rest(self) -> None:
        """What no part of the timetable names."""
        for kind in ("reading", "case", "quiz"):
            for one in self._of_kind(kind):
                self._material(one, ())
        self._changes()

    def _material(self, wanted: str, notes: Sequence[str]) -> None:
        if wanted in self._shown:
            return
        session = self._session
        passage = next((one for one in session.passages if one.id == wanted), None)
        case = next((one for one in session.cases if one.id == wanted), None)
        if passage is not None:
            point = [f"要点：{words.one_line(passage.point)}"] if passage.point else []
            self._pages(
                words.heading(passage.heading),
                [*point, *words.paragraphs(passage.citation.quote)],
                words.source(passage.citation),
                notes,
                strong=point,
            )
        elif case is not None:
            self._case(case, notes)
        elif wanted in self._quiz:
            self._question(*self._quiz[wanted], notes)
        else:
            return
        self._shown.add(wanted)

    def _agenda(self) -> None:
        parts = words.timed(self._session)
        rows = [(one.span, one.part.title, str(one.part.minutes), one.part.method) for one in parts]
        if rows:
            cells = [tuple(words.one_line(cell)[:_CELL] for cell in row) for row in rows]
            head = ("时间（分）", "环节", "分钟", "方式")
            notes = ["；".join(one.materials) for one in parts]
            self._deck.table("时间安排", [head, *cells], (0.16, 0.44, 0.12, 0.28), notes)

    def _case(self, case: StudyCase, notes: Sequence[str]) -> None:
        title = f"案例：{words.one_line(case.title)}"
        cited = [one for line in case.body for one in line.citations] or [case.citation]
        self._pages(title, [words.said(one) for one in case.body], words.sources(cited), notes)
        asked = [
            f"{at}. {words.one_line(one.question)}" for at, one in enumerate(case.discussions, 1)
        ]
        told = [
            text
            for at, one in enumerate(case.discussions, 1)
            for text in (f"第{at}题要点：", *map(_noted, one.points))
        ]
        cited = [one for question in case.discussions for one in question.citations]
        if asked:
            self._pages(f"讨论：{words.one_line(case.title)}", asked, words.sources(cited), told)

    def _question(self, number: int, item: QuizItem, notes: Sequence[str]) -> None:
        name = f"第{number}题　{QUIZ_NAMES[item.kind]}"
        stem = words.paragraphs(item.stem)
        self._pages(name, [*stem, *papers.shown_choices(item)], "", notes, sizes=_QUIZ_SIZES)
        right = [
            f"{words.one_line(one.label)}. {words.one_line(one.text)}"
            for one in item.choices
            if one.right
        ]
        again = [] if item.choices else papers.shown_choices(item)
        key = f"答案：{papers.answer(item)}"
        why = [text for text, _ in papers.reasons(item)]
        quoted = [one for cited in item.citations for one in words.paragraphs(cited.quote)]
        told = [words.one_line(item.explanation), *(words.said(one) for one in item.points)]
        if not any(told):
            told = quoted
        cited = [*item.citations, *(one for line in item.points for one in line.citations)]
        self._pages(
            f"{name}　答案",
            [key, *right, *again, *told],
            words.sources(cited),
            [*why, *(f"原文：{one}" for one in quoted)],
            sizes=_QUIZ_SIZES,
            strong=[key, *right],
        )

    def _changes(self) -> None:
        for at, change in enumerate(self._session.changes):
            name = f"change-{at}"
            if name not in self._shown:
                self._shown.add(name)
                self._change(change)

    def _change(self, change: Change) -> None:
        title = f"修订变化：{words.change_title(change)}{words.one_line(change.summary)}"
        sides = [self._side("修订前", change.old), self._side("修订后", change.new)]
        told = [words.titled(change.title), words.one_line(change.summary)]
        for at in range(max(len(one) for one in sides)):
            left, right = (one[at] if at < len(one) else None for one in sides)
            self._deck.compare(
                title if not at else f"{title}（续）", left, right, told if not at else ()
            )

    def _side(self, head: str, cited: StudyCitation | None) -> list[Column]:
        if cited is None:
            return [Column(head, Fitted(("（无）",), _SIDE_SIZES[0]), "")]
        pages = self._deck.fitting.pages(
            words.paragraphs(cited.quote), self._deck.column, _SIDE_SIZES
        )
        return [Column(head, page, words.source(cited)) for page in pages]

    def _own(self, part: TimetablePart) -> None:
        lines = [words.said(one) for one in part.notes] or [words.one_line(part.method)]
        self._pages(words.one_line(part.title), lines, "", [])

    def _home(self) -> None:
        told = _told(one for one in self._session.timetable if one.kind == "summary")
        self._lines("总结与课后", self._session.take_home, told)

    def _sources(self) -> None:
        listed = [
            f"{at}. {words.titled(group[0].title)}（{words.status(group[0].validity)}）"
            for at, group in enumerate(words.by_document(self._session.sources), start=1)
        ]
        places = [words.sources(group) for group in words.by_document(self._session.sources)]
        missing = [f"资料库里缺少：{words.one_line(one)}" for one in self._session.missing]
        if listed:
            self._pages("资料出处", listed, "", [*places, *missing])

    # -- pieces ----------------------------------------------------------------------------------

    def _lines(self, title: str, lines: Sequence[Line], notes: Sequence[str]) -> None:
        texts = [f"{at}. {words.said(one)}" for at, one in enumerate(lines, start=1)]
        cited = [one for line in lines for one in line.citations]
        if texts or notes:
            self._pages(title, texts, words.sources(cited), notes)

    def _pages(
        self,
        title: str,
        lines: Sequence[str],
        source: str,
        notes: Sequence[str],
        *,
        sizes: Sequence[float] = _SIZES,
        strong: Sequence[str] = (),
    ) -> None:
        for at, page in enumerate(self._deck.fitting.pages(lines, self._deck.frame, sizes)):
            name = title if not at else f"{title}（续）"
            self._deck.text(name, page, source, notes if not at else (), strong)


def _told(parts: Iterable[TimetablePart]) -> list[str]:
    """What the facilitator says and asks in these parts."""
    out: list[str] = []
    for part in parts:
        method = words.one_line(part.method)
        out.append(f"【{words.one_line(part.title)}】{part.minutes}分钟，{method}")
        out += [_noted(one) for one in part.notes]
    return out


def _noted(line: Line) -> str:
    """A line with its sources, for the notes below a slide."""
    cited = words.sources(line.citations)
    return f"{words.said(line)}（{cited}）" if cited else words.said(line)
