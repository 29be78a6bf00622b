"""What a study session is: every quoted line holds a citation with document, path and exact quote.

``StudySession.model_dump(mode="json")`` is the format of ``luming study --json`` and of the JSON
hand-out; its names are a contract with other programs.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

QuizKind = Literal[
    "single",  # 单选题
    "multiple",  # 多选题
    "true_false",  # 判断题
    "blank",  # 填空题
    "matching",  # 连线题：条文与内容
    "ordering",  # 排序题：步骤
    "short",  # 简答题，带评分要点
    "case",  # 案例判断题
]
QUIZ_NAMES: dict[str, str] = {
    "single": "单选题",
    "multiple": "多选题",
    "true_false": "判断题",
    "blank": "填空题",
    "matching": "连线题",
    "ordering": "排序题",
    "short": "简答题",
    "case": "案例判断题",
}
PartKind = Literal["intro", "reading", "case", "quiz", "summary", "own"]
PART_NAMES: dict[str, str] = {
    "intro": "导入",
    "reading": "原文领学",
    "case": "案例研讨",
    "quiz": "互动测验",
    "summary": "总结",
    "own": "自定内容",
}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class StudyCitation(_Frozen):
    """Where a line stands. ``quote`` is ``document text[start:end]`` exactly."""

    document_id: str
    passage_id: str = ""
    collection: str = ""
    title: str
    path: str  # 第三章 监督/第十二条
    article: str | None = None  # 第十二条
    page: int | None = None  # from 1
    quote: str
    start: int
    end: int
    validity: str = "不明"


class Line(_Frozen):
    """A line of a session. ``own`` marks the trainer's words, which have no source; what the
    library says has at least one citation; connecting words of the program have neither."""

    text: str
    citations: tuple[StudyCitation, ...] = ()
    own: bool = False


class TimetablePart(_Frozen):
    """One part of the timetable. ``minutes`` of all parts add up to the session's exactly.
    ``materials`` names what is used in it: ids of passages, cases and quiz items below."""

    id: str
    kind: PartKind
    title: str
    minutes: int
    method: str  # 领读、分组讨论 …
    materials: tuple[str, ...] = ()
    notes: tuple[Line, ...] = ()  # the facilitator's: what to say and ask
    locked: bool = False  # its minutes stay when others change


class Reading(_Frozen):
    """One document of the reading list, in order of importance."""

    id: str
    document_id: str
    collection: str
    title: str
    issuer: str | None = None
    doc_number: str | None = None
    validity: str = "不明"
    version: str = ""  # 2023年修订，2024年1月1日起施行
    articles: tuple[str, ...] = ()  # the ones to read
    characters: int = 0  # of those articles
    minutes: int = 0  # at ``StudySession.reading_speed``
    why: str = ""  # 与主题的关系, in plain words


class KeyPassage(_Frozen):
    """A passage read aloud: quoted exactly."""

    id: str
    heading: str  # 《…办法》第十二条
    citation: StudyCitation
    point: str = ""  # what it settles: 报送时限
    minutes: int = 0


class Change(_Frozen):
    """What the last revision of a rule changed in one article. Empty side: added or removed."""

    title: str
    article: str
    kind: Literal["added", "removed", "changed"]
    old: StudyCitation | None = None
    new: StudyCitation | None = None
    summary: str = ""


class Discussion(_Frozen):
    """A question on a case, and the articles that it illustrates."""

    question: str
    points: tuple[Line, ...] = ()  # what an answer should come to
    citations: tuple[StudyCitation, ...] = ()


class StudyCase(_Frozen):
    """A case of the library with questions tied to articles."""

    id: str
    title: str
    body: tuple[Line, ...]
    discussions: tuple[Discussion, ...]
    citation: StudyCitation


class Choice(_Frozen):
    """One choice. ``why`` says why it is right or wrong (citing where the words come from)."""

    label: str  # A
    text: str
    right: bool = False
    why: str = ""
    citations: tuple[StudyCitation, ...] = ()


class QuizItem(_Frozen):
    """One question of a paper.

    ``answer`` as printed in the key: "B", "ACD", "对", "三个月；二十日", "1-C 2-A", "3-1-2".
    ``blanks`` are the accepted words by blank; ``pairs`` the two sides of a matching item in the
    order shown (right ones: ``answer``); ``steps`` the steps as shown.
    """

    id: str
    kind: QuizKind
    stem: str
    choices: tuple[Choice, ...] = ()
    blanks: tuple[tuple[str, ...], ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    steps: tuple[str, ...] = ()
    answer: str
    points: tuple[Line, ...] = ()  # marking points of a short answer or a case
    explanation: str = ""
    citations: tuple[StudyCitation, ...]
    difficulty: float = Field(default=0.5, ge=0, le=1)  # estimated share that gets it wrong
    score: int = 0


class StudySession(_Frozen):
    """A whole session. Without what the library lacks, which ``missing`` says, line by line."""

    topic: str
    minutes: int
    audience: str
    people: int = 0  # 0: not said
    collections: tuple[str, ...] = ()
    seed: int = 0
    title: str = ""
    reading_speed: int = 250  # characters a minute, read aloud
    objectives: tuple[Line, ...] = ()
    timetable: tuple[TimetablePart, ...] = ()
    readings: tuple[Reading, ...] = ()
    passages: tuple[KeyPassage, ...] = ()
    changes: tuple[Change, ...] = ()
    cases: tuple[StudyCase, ...] = ()
    quiz: tuple[QuizItem, ...] = ()
    take_home: tuple[Line, ...] = ()
    facilitator: tuple[Line, ...] = ()
    sources: tuple[StudyCitation, ...] = ()
    missing: tuple[str, ...] = ()
    library_state: str = ""  # the catalog's generation and day, for a later comparison
