"""What a Word template may name: plain texts, lists and tables of texts, by Chinese names.

A text that has sources ends with marks, which ``word_notes`` turns into real footnotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from assistant.study.model import Change, Line, QuizItem, StudyCase, StudyCitation
from ui.handouts import papers, words
from ui.handouts.base import Material, Paper

#: Private-use characters, which ``words.clean`` takes out of every text of a session.
NOTE_BEGIN, NOTE_END, CONTENTS, KEPT_LOW_LINE = "\ue000", "\ue001", "\ue002", "\ue003"

_BRACKETS = re.compile("（[ \u3000]{0,20}）")
_MARK_HERE = f"（{chr(0xA0) * 6}）"
Fields = dict[str, Any]


class WordFields:
    """The fields of one document; ``citations`` are its footnotes, in order of their marks."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._session = material.session
        self.citations: list[StudyCitation] = []

    def plan(self) -> Fields:
        """学习方案"""
        session = self._session
        return {
            **self._common(),
            "编号": _numbered(
                目标=session.objectives,
                时间安排=session.timetable,
                书目=session.readings,
                缺少=session.missing,
                出处=session.sources,
            ),
            "目标": self._lines(session.objectives),
            "时间安排": self._timetable(),
            "书目": [
                {
                    "序号": str(at),
                    "标题": text(words.titled(one.title)),
                    "状态": text(words.status(one.validity)),
                    "版本": text(one.version),
                    "发文机关": text(one.issuer or ""),
                    "文号": text(one.doc_number or ""),
                    "条文": text("、".join(words.runs(one.articles))),
                    "字数": str(one.characters),
                    "分钟": str(one.minutes),
                    "说明": text(one.why),
                }
                for at, one in enumerate(session.readings, start=1)
            ],
            "缺少": [text(one) for one in session.missing],
            "出处": self._sources(),
        }

    def handout(self) -> Fields:
        """学习材料"""
        session = self._session
        return {
            **self._common(),
            "编号": _numbered(
                原文=session.passages,
                变化=session.changes,
                案例=session.cases,
                课后=session.take_home,
            ),
            "原文": self._passages(),
            "变化": [self._change(one) for one in session.changes],
            "案例": [self._case(at, one) for at, one in enumerate(session.cases, start=1)],
            "课后": self._lines(session.take_home),
        }

    def paper(self, paper: Paper) -> Fields:
        """试卷"""
        return {**self._common(), **_of_paper(paper), "大题": self._sections(paper, key=False)}

    def key(self, paper: Paper) -> Fields:
        """答案与解析"""
        return {**self._common(), **_of_paper(paper), "大题": self._sections(paper, key=True)}

    def facilitator(self) -> Fields:
        """主持人手册"""
        session = self._session
        return {
            **self._common(),
            "编号": _numbered(
                提醒=session.facilitator,
                时间安排=session.timetable,
                案例=session.cases,
                速查=self._material.quiz,
            ),
            "时间安排": self._timetable(notes=True),
            "案例": [
                self._case(at, one, points=True) for at, one in enumerate(session.cases, start=1)
            ],
            "提醒": self._lines(session.facilitator),
            "速查": [
                f"{one.name}：" + text("；".join(f"{at}. {item.answer}" for at, item in one.items))
                for one in papers.sections(self._material.quiz)
            ],
        }

    # -- pieces ----------------------------------------------------------------------------------

    def _common(self) -> Fields:
        session = self._session
        return {
            "标题": text(words.title_of(session)),
            "主题": text(session.topic),
            "时长": str(session.minutes),
            "对象": text(session.audience),
            "人数": str(session.people or ""),
            "基本情况": [{"名称": a, "内容": text(b)} for a, b in words.facts(session)],
            "目录": CONTENTS,
        }

    def _timetable(self, *, notes: bool = False) -> list[Fields]:
        return [
            {
                "序号": words.in_chinese(one.number),
                "环节": text(one.part.title),
                "起止": one.span,
                "分钟": str(one.part.minutes),
                "方式": text(one.part.method),
                "材料": text("；".join(one.materials)),
                "提示": self._lines(one.part.notes) if notes else [],
            }
            for one in words.timed(self._session)
        ]

    def _passages(self) -> list[Fields]:
        """Passages in their order, those of one document that follow on each other together."""
        groups = [
            list(group)
            for _, group in groupby(self._session.passages, lambda one: one.citation.document_id)
        ]
        return [
            {
                "序号": words.in_chinese(at),
                "文件": text(words.titled(group[0].citation.title)),
                "篇目": [
                    {
                        "序号": str(number),
                        "标题": text(words.last_place(one.citation) or one.heading),
                        "要点": text(one.point),
                        "段落": self._quote(one.citation),
                    }
                    for number, one in enumerate(group, start=1)
                ],
            }
            for at, group in enumerate(groups, start=1)
        ]

    def _sources(self) -> list[Fields]:
        return [
            {
                "序号": str(at),
                "文件": text(words.titled(group[0].title)),
                "状态": text(words.status(group[0].validity)),
                "位置": text("；".join(words.short_places(group))),
            }
            for at, group in enumerate(words.by_document(self._session.sources), start=1)
        ]

    def _change(self, change: Change) -> Fields:
        return {
            "标题": text(words.change_title(change)),
            "文件": text(words.titled(change.title)),
            "说明": text(change.summary),
            "对照": [
                {"修订前": old, "修订后": new}
                for old, new in words.side_by_side(
                    self._quote(change.old) if change.old else ["（无）"],
                    self._quote(change.new) if change.new else ["（无）"],
                )
            ],
        }

    def _case(self, at: int, case: StudyCase, *, points: bool = False) -> Fields:
        return {
            "序号": words.in_chinese(at),
            "标题": text(case.title),
            "段落": self._lines(case.body) if not points else [],
            "讨论题": [
                {
                    "序号": str(number),
                    "问题": text(one.question) + self._marks(one.citations),
                    "要点": self._lines(one.points) if points else [],
                }
                for number, one in enumerate(case.discussions, start=1)
            ],
        }

    def _sections(self, paper: Paper, *, key: bool) -> list[Fields]:
        return [
            {
                "序号": words.in_chinese(section.number),
                "题型": section.name,
                "说明": section.note,
                "题目": [
                    self._answered(number, item) if key else self._asked(number, item)
                    for number, item in section.items
                ],
            }
            for section in papers.sections(paper.items)
        ]

    def _asked(self, number: int, item: QuizItem) -> Fields:
        return {
            "序号": str(number),
            "题干": _stem(item),
            "选项": [text(one) for one in papers.shown_choices(item)],
            "作答": _room(item),
        }

    def _answered(self, number: int, item: QuizItem) -> Fields:
        return {
            "序号": str(number),
            "题干": [text(one) for one in words.paragraphs(item.stem)],
            "答案": text(papers.answer(item)),
            "解析": text(item.explanation),
            "要点": self._lines(item.points),
            "理由": [text(why) + self._marks(cited) for why, cited in papers.reasons(item)],
            "难度": papers.difficulty(item),
            "分值": str(item.score or ""),
            "原文": [one for cited in item.citations for one in self._quote(cited)],
        }

    def _quote(self, citation: StudyCitation) -> list[str]:
        lines = [text(one) for one in words.paragraphs(citation.quote)] or [""]
        lines[-1] += self._marks([citation])
        return lines

    def _lines(self, lines: Iterable[Line]) -> list[str]:
        return [text(words.said(one)) + self._marks(one.citations) for one in lines]

    def _marks(self, citations: Sequence[StudyCitation]) -> str:
        marks = []
        for one in dict.fromkeys(citations):
            self.citations.append(one)
            marks.append(f"{NOTE_BEGIN}{len(self.citations) - 1}{NOTE_END}")
        return "".join(marks)


def text(value: str) -> str:
    """A text of the session for a template; ``{_{`` and the like are docxtpl's own escapes."""
    flat = words.one_line(value)
    return (
        flat.replace("{_", f"{{{KEPT_LOW_LINE}")
        .replace("_}", f"{KEPT_LOW_LINE}}}")
        .replace("%_", f"%{KEPT_LOW_LINE}")
    )


def _numbered(**parts: Sequence[Any]) -> dict[str, str]:
    """一、二 … for the parts that hold something, so that none is left out in the count."""
    held = [name for name, part in parts.items() if part]
    return {name: "" for name in parts} | {
        name: words.in_chinese(at) for at, name in enumerate(held, start=1)
    }


def _of_paper(paper: Paper) -> Fields:
    return {
        "卷名": f"（{paper.name}卷）" if paper.name else "",
        "题数": str(len(paper.items)),
        "总分": str(sum(one.score for one in paper.items) or ""),
    }


def _stem(item: QuizItem) -> list[str]:
    """The stem; the brackets for the answer hold spaces that no line break parts."""
    lines = [text(one) for one in words.paragraphs(item.stem)] or [""]
    lines = [_BRACKETS.sub(_MARK_HERE, one) for one in lines]
    if item.kind == "true_false" and _MARK_HERE not in lines[-1]:
        lines[-1] += _MARK_HERE
    return lines


def _room(item: QuizItem) -> list[str]:
    """Lines to write on, or the word before the place for an answer."""
    if item.kind in ("short",) or (item.kind == "case" and not item.choices):
        return ["＿" * 24] * 4
    if item.kind in ("matching", "ordering"):
        return ["答：＿＿＿＿＿＿＿＿＿＿＿＿"]
    return []
