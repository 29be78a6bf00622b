"""What a session lacks because the library does: one plain line each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.study.model import QuizItem, StudyCase
from assistant.study.request import StudyRequest
from assistant.study.scope import Scope
from assistant.study.selecting import Chosen
from assistant.study.timetable import CASE_FROM, QUIZ_FROM, Times
from index.records import VALIDITY_CURRENT, VALIDITY_UNKNOWN

if TYPE_CHECKING:
    from index.library import Library

FEW = 4
"""Articles below which the library is said to hardly cover a topic."""

WHOLE = 0.8
"""Share of the topic's words that one article at least holds where the topic is covered."""


@dataclass(frozen=True)
class Lines:
    """What is compared: what was asked for and what was found."""

    library: Library
    request: StudyRequest
    scope: Scope
    chosen: Sequence[Chosen]
    cases: Sequence[StudyCase]
    items: Sequence[QuizItem]
    times: Times


def missing(found: Lines) -> tuple[str, ...]:
    """The lines, the weightiest first; none where nothing lacks."""
    lines: list[str] = []
    request, scope = found.request, found.scope
    for word in scope.lacking:
        lines.append(f"文库里与主题有关的文件都没有写到“{word}”，这一部分没有安排。")
    if scope.coverage < WHOLE and not scope.governing:
        lines.append(
            f"没有一处同时讲到“{scope.topic.text}”的各个方面，下面的条文只涉及其中一部分，请先核对。"
        )
    rules = [one for one in found.chosen if one.article.rule]
    if len(scope.articles) < FEW:
        lines.append(f"文库里讲这一主题的只有 {len(scope.articles)} 处，建议补充有关文件后再备课。")
    if not rules:
        lines.append("文库里没有找到规定这一主题的制度或政策文件，只有学习材料。")
    if found.times.total < request.minutes:
        lines.append(
            f"要求 {request.minutes} 分钟，按文库里现有的内容只够 {found.times.total} 分钟，没有凑满。"
        )
    if not found.cases and "case" not in request.skip and request.minutes >= CASE_FROM:
        lines.append("文库里没有找到能说明这些条文的案例，没有安排案例研讨。")
    if not found.items and "quiz" not in request.skip and request.minutes >= QUIZ_FROM:
        if request.quiz_items != 0:
            lines.append("这些条文出不了可靠的试题，没有安排互动测验。")
    elif request.quiz_items and len(found.items) < request.quiz_items:
        lines.append(f"要求 {request.quiz_items} 题，可靠的试题只出得了 {len(found.items)} 题。")
    lines += _unknown(found)
    return tuple(lines)


def _unknown(found: Lines) -> list[str]:
    """Rules whose status nobody states: to be checked before they are taught."""
    titles = dict.fromkeys(
        one.article.title
        for one in found.chosen
        if one.article.rule and one.article.document.validity == VALIDITY_UNKNOWN
    )
    if not titles:
        return []
    shown = "、".join(f"《{one}》" for one in list(titles)[:3])
    more = f"等 {len(titles)} 份文件" if len(titles) > 3 else ""
    return [f"{shown}{more}没有写明效力（不是“{VALIDITY_CURRENT}”），讲授前请核对是否仍然有效。"]
