"""How every format puts a question: its paper, choices, key, reasons and difficulty."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.study.model import QUIZ_NAMES, QuizItem, StudyCitation
from ui.handouts.base import Material
from ui.handouts.words import one_line


@dataclass(frozen=True)
class PaperSection:
    """The questions of one kind, numbered through the paper."""

    number: int
    kind: str
    items: tuple[tuple[int, QuizItem], ...]

    @property
    def name(self) -> str:
        """单选题"""
        return QUIZ_NAMES[self.kind]

    @property
    def note(self) -> str:
        """每题5分，共10分"""
        scores = [one.score for _, one in self.items]
        if not all(scores):
            return f"共{len(scores)}题"
        each = f"每题{scores[0]}分，" if len(set(scores)) == 1 and len(scores) > 1 else ""
        return f"共{len(scores)}题，{each}共{sum(scores)}分"


def sections(items: Iterable[QuizItem]) -> list[PaperSection]:
    """A paper's questions by kind, in the order of QUIZ_NAMES."""
    by_kind: dict[str, list[QuizItem]] = {}
    for item in items:
        by_kind.setdefault(item.kind, []).append(item)
    out: list[PaperSection] = []
    number = 0
    for kind in (one for one in QUIZ_NAMES if one in by_kind):
        numbered = []
        for item in by_kind[kind]:
            number += 1
            numbered.append((number, item))
        out.append(PaperSection(len(out) + 1, kind, tuple(numbered)))
    return out


def shown_choices(item: QuizItem) -> list[str]:
    """What is printed below a stem: choices, the two sides of a matching item, steps."""
    if item.choices:
        return [f"{one_line(one.label)}. {one_line(one.text)}" for one in item.choices]
    if item.pairs:
        return [
            f"{at}. {one_line(left)}\u3000\u3000{letter(at)}. {one_line(right)}"
            for at, (left, right) in enumerate(item.pairs, start=1)
        ]
    return [f"{at}. {one_line(one)}" for at, one in enumerate(item.steps, start=1)]


def letter(number: int) -> str:
    """1 → A; past Z: A1, B1 …"""
    turn, at = divmod(number - 1, 26)
    return f"{chr(ord('A') + at)}{turn or ''}"


def answer(item: QuizItem) -> str:
    """The key as printed, with other accepted words of a blank."""
    text = one_line(item.answer)
    others = [
        f"第{at}空也可填：{'、'.join(one_line(word) for word in words[1:])}"
        for at, words in enumerate(item.blanks, start=1)
        if len(words) > 1
    ]
    return f"{text}（{'；'.join(others)}）" if others else text


def reasons(item: QuizItem) -> list[tuple[str, tuple[StudyCitation, ...]]]:
    """Why each choice is right or wrong, with where its words come from."""
    return [
        (f"{one_line(one.label)}项：{one_line(one.why)}", one.citations)
        for one in item.choices
        if one.why or one.citations
    ]


def difficulty(item: QuizItem) -> str:
    """易、中、难 of the estimated share that gets it wrong."""
    return "易" if item.difficulty < 0.4 else "中" if item.difficulty < 0.65 else "难"


def paper_label(material: Material, name: str, label: str) -> str:
    """试卷, or 试卷A where there are several."""
    return f"{label}{name}" if len(material.papers) > 1 else label
