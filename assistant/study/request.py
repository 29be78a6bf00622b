"""What a trainer asks for, checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from assistant.study.audiences import DEFAULT, audience_of
from assistant.study.errors import StudyError
from assistant.study.model import PartKind
from index.errors import shorten

SHORTEST, LONGEST = 5, 480
"""Minutes of one session."""
SPEEDS = (80, 600)
"""Characters a minute that can be read aloud or followed."""
MOST_PEOPLE, MOST_ITEMS, MOST_OWN = 10_000, 100, 20
OPTIONAL = ("intro", "case", "quiz", "summary")
"""Parts that can be switched off; without reading there is no session."""


@dataclass(frozen=True)
class StudyRequest:
    """One session. ``skip``: parts switched off; ``quiz_items`` None: as many as the time allows;
    ``own``: the trainer's own lines, marked as such and without source."""

    topic: str
    minutes: int = 90
    audience: str = DEFAULT
    people: int = 0
    collections: tuple[str, ...] = ()
    skip: frozenset[PartKind] = frozenset()
    quiz_items: int | None = None
    reading_speed: int = 250
    seed: int = 0
    own: tuple[str, ...] = ()

    def check(self) -> None:
        """StudyError for what can't be planned; the topic itself is read elsewhere."""
        check_minutes(self.minutes)
        audience_of(self.audience)
        if not 0 <= self.people <= MOST_PEOPLE:
            raise StudyError(f"人数请写 0 到 {MOST_PEOPLE} 之间的整数（0 表示不定）。")
        if not SPEEDS[0] <= self.reading_speed <= SPEEDS[1]:
            raise StudyError(f"朗读速度请写每分钟 {SPEEDS[0]} 到 {SPEEDS[1]} 字。")
        if self.quiz_items is not None and not 0 <= self.quiz_items <= MOST_ITEMS:
            raise StudyError(f"题数请写 0 到 {MOST_ITEMS} 之间的整数。")
        for one in self.skip:
            if one not in get_args(PartKind) or one not in OPTIONAL:
                raise StudyError(
                    f"“{shorten(str(one), 20)}”不能省去；可以省去的有：导入（intro）、"
                    "案例研讨（case）、互动测验（quiz）、总结（summary）。"
                )
        if len(self.own) > MOST_OWN or any(not one.strip() or len(one) > 500 for one in self.own):
            raise StudyError(f"自己的话最多 {MOST_OWN} 条，每条 1 到 500 字。")


def check_minutes(minutes: int) -> None:
    """StudyError for a length that no session has."""
    if minutes < SHORTEST:
        raise StudyError(f"时长 {minutes} 分钟太短，最短 {SHORTEST} 分钟（微学习）。")
    if minutes > LONGEST:
        raise StudyError(
            f"时长 {minutes} 分钟太长，一次最长 {LONGEST} 分钟；"
            "更长的内容请用 luming study plan 分几次安排。"
        )
