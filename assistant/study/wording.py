"""Objectives, notes of the facilitator and the take-home page, out of what the articles settle."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.study.audiences import Audience
from assistant.study.model import Change, KeyPassage, Line, StudyCase
from assistant.study.points import Sort
from assistant.study.selecting import Chosen

MOST_OBJECTIVES, MOST_TAKE_HOME = 5, 10
_WHAT: dict[Sort, str] = {
    "definition": "{knows}{point}",
    "duties": "{knows}{point}",
    "list": "{knows}{point}",
    "rule": "{knows}“{point}”这一要求",
    "deadline": "{does}：{point}",
    "frequency": "{does}：{point}",
    "ban": "{does}：{point}",
    "penalty": "{knows}后果：{point}",
}
_STRESS: dict[Sort, str] = {
    "definition": "读完请一位复述：指的是什么，不包括什么",
    "duties": "逐项读，读完问：哪几项和在座的直接有关",
    "list": "逐项读，读完合上材料，请大家接力说出各项",
    "deadline": "读到时间处停一下，问：从哪天起算、到哪天为止",
    "frequency": "读到次数处停一下，问：我们去年做到了没有",
    "ban": "重读“不得”“禁止”所在的句子，问：有没有例外",
    "penalty": "分清情形和后果，一一对应着读",
    "rule": "读完请一位用一句话说出这一条要求谁做什么",
}
#: One objective of each sort before a second of any.
_ORDER: tuple[Sort, ...] = (
    "definition",
    "duties",
    "rule",
    "list",
    "deadline",
    "frequency",
    "ban",
    "penalty",
)


def objectives(chosen: Sequence[Chosen], audience: Audience, minutes: int) -> tuple[Line, ...]:
    """What people are to know and to do afterwards: one a sort of thing, the most central first."""
    most = min(MOST_OBJECTIVES, max(1, minutes // 12), len(chosen))
    ranked = sorted(chosen, key=lambda one: (-one.score, one.key))
    kept: list[Chosen] = []
    sorts: set[str] = set()
    for one in ranked:
        if len(kept) < most and one.point.sort not in sorts:
            sorts.add(one.point.sort)
            kept.append(one)
    for one in ranked:
        if len(kept) < most and one not in kept:
            kept.append(one)
    kept.sort(key=lambda one: (_ORDER.index(one.point.sort), -one.score))
    return tuple(objective(one, audience) for one in kept)


def objective(one: Chosen, audience: Audience) -> Line:
    """What to know or do by one article."""
    said = _WHAT[one.point.sort].format(
        knows=audience.knows, does=audience.does, point=one.point.text
    )
    return Line(text=f"{said}（{one.article.heading}）", citations=(one.citation,))


def remembered(one: Chosen) -> Line:
    """The line of the take-home page on one article."""
    return Line(text=f"{one.article.heading}：{one.point.text}", citations=(one.citation,))


def take_home(chosen: Sequence[Chosen], changes: Sequence[Change]) -> tuple[Line, ...]:
    """One line a point to remember, and what a revision changed."""
    lines = []
    ranked = sorted(chosen, key=lambda one: (-one.score, one.key))[:MOST_TAKE_HOME]
    for one in chosen:
        if one in ranked:
            lines.append(remembered(one))
    for change in changes[:3]:
        cited = change.new or change.old
        if cited is not None:
            text = f"修订提醒：《{change.title}》{change.article}，{change.summary}"
            lines.append(Line(text=text, citations=(cited,)))
    return tuple(lines)


def facilitator(
    audience: Audience,
    people: int,
    passages: Sequence[KeyPassage],
    cases: Sequence[StudyCase],
    quiz: int,
    own: Sequence[str],
) -> tuple[Line, ...]:
    """What to prepare and to mind, for the one who leads."""
    lines = []
    copies = f"讲义 {people} 份" if people else "讲义每人一份"
    papers = f"，试卷和答案各备好（{quiz} 题，答案单独放）" if quiz else ""
    lines.append(f"课前：打印{copies}{papers}；把原文调到文库里，有人问到可以当场打开。")
    if passages:
        lines.append(
            "领读时照原文念，不改字；讲解只解释条文里已经写明的内容，条文没有写的请说明“原文没有规定”。"
        )
    if cases:
        lines.append(f"{_groups(people)}；讨论题都对应一条原文，先让大家找条文，再说看法。")
    lines.append(f"举例时多联系{audience.concerns}；现场提出而原文没有答案的问题，记下来课后查。")
    found = [Line(text=text) for text in lines]
    return (*found, *(Line(text=text.strip(), own=True) for text in own))


def _groups(people: int) -> str:
    if people < 4:
        return "案例不分组，全体一起讨论" if people else "案例按每组 5 到 6 人讨论"
    groups = max(1, round(people / 6))
    return (
        f"案例分 {groups} 组讨论，每组约 {-(-people // groups)} 人"
        if groups > 1
        else "案例全体一起讨论"
    )


def intro_notes(
    topic: str, audience: Audience, chosen: Sequence[Chosen], changes: Sequence[Change]
) -> tuple[Line, ...]:
    """What the first minutes are for: a question whose answer the reading gives."""
    lines = [
        Line(
            text=f"说明这次学什么、学完要会什么；请大家先想一想：{audience.concerns}中什么时候会碰到“{topic}”。"
        )
    ]
    asked = next(
        (one for one in chosen if one.point.sort in ("deadline", "frequency", "ban")), None
    )
    if asked is not None:
        what = {"deadline": "时间要求", "frequency": "次数要求"}.get(
            asked.point.sort, "不允许做的事"
        )
        lines.append(
            Line(
                text=f"先猜后读：{asked.article.heading}里的{what}是什么？答案留到领学时揭晓。",
                citations=(asked.citation,),
            )
        )
    if changes:
        change = changes[0]
        cited = change.new or change.old
        lines.append(
            Line(
                text=f"提醒：《{change.title}》修订过，带着旧本子来的请以现行文本为准。",
                citations=(cited,) if cited else (),
            )
        )
    return tuple(lines)


def reading_notes(
    chosen: Sequence[Chosen], changes: Sequence[Change], speed: int
) -> tuple[Line, ...]:
    """What to stress at each passage: one line each."""
    lines = [aloud(sum(one.characters for one in chosen), speed)]
    changed = {(c.new.document_id, c.article): c for c in changes if c.new is not None}
    for one in chosen:
        change = changed.get((one.article.document.document_id, one.article.label))
        lines.append(stressed(one, change))
    return tuple(lines)


def aloud(characters: int, speed: int) -> Line:
    """How long the reading itself takes."""
    minutes = max(1, round(characters / speed))
    return Line(
        text=f"原文共 {characters} 字，按每分钟 {speed} 字约读 {minutes} 分钟，其余时间讲解。"
    )


def stressed(one: Chosen, change: Change | None = None) -> Line:
    """What to stress when one article is read."""
    text = f"{one.article.heading}：{_STRESS[one.point.sort]}。"
    if change is not None:
        text += f"这一条修订过：{change.summary}。"
    return Line(text=text, citations=(one.citation,))


def case_notes(cases: Sequence[StudyCase]) -> tuple[Line, ...]:
    """How to lead the discussion of each case."""
    lines = []
    for case in cases:
        count = len(case.discussions)
        lines.append(
            Line(
                text=f"《{case.title}》：先读案例，再讨论 {count} 个问题；每个问题收尾时念一遍对应的原文。",
                citations=(case.citation,),
            )
        )
    return tuple(lines)


def quiz_notes(count: int) -> tuple[Line, ...]:
    """How the quiz is run."""
    return (
        Line(text=f"共 {count} 题，先独立作答，再逐题公布答案；每题都念答案所依据的原文。"),
        Line(text="错得多的题回到原文再读一遍，并记下条号，供下次复习。"),
    )


def summary_notes(chosen: Sequence[Chosen], quiz: bool) -> tuple[Line, ...]:
    """How the session ends."""
    lines = [Line(text="对照学习目标逐条问：现在能不能不看材料说出来？")]
    if quiz:
        lines.append(Line(text="发课后要点页，并说明测验中错得多的条文。"))
    else:
        lines.append(Line(text="发课后要点页，请每人圈出一条回去就要用的条文。"))
    if chosen:
        best = max(chosen, key=lambda one: (one.score, one.key))
        lines.append(
            Line(
                text=f"最后一起再读一遍{best.article.heading}。",
                citations=(best.citation,),
            )
        )
    return tuple(lines)
