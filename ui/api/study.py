"""REST: a study session out of the library."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from assistant.study.audiences import DEFAULT
from assistant.study.model import StudySession
from assistant.study.request import LONGEST, MOST_ITEMS, MOST_OWN, MOST_PEOPLE, SHORTEST, SPEEDS
from ui.access.audit import Action
from ui.access.model import Right
from ui.access.viewing import record
from ui.api.context import Api
from ui.api.models import Names
from ui.api.service import Service

Own = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=500)]], Field(max_length=MOST_OWN)
]


class StudyBody(BaseModel):
    """What a trainer asks for."""

    topic: str = Field(max_length=2000, description="主题：短语、《文件标题》或一句话")
    minutes: int = Field(default=90, ge=SHORTEST, le=LONGEST)
    audience: str = Field(default=DEFAULT, max_length=200, description="学习对象")
    people: int = Field(default=0, ge=0, le=MOST_PEOPLE, description="人数，0 表示不定")
    collections: Names = Field(default_factory=list)
    skip: list[Literal["intro", "case", "quiz", "summary"]] = Field(
        default_factory=list, max_length=4, description="省去的环节"
    )
    quiz_items: int | None = Field(default=None, ge=0, le=MOST_ITEMS, description="题数")
    reading_speed: int = Field(default=250, ge=SPEEDS[0], le=SPEEDS[1], description="每分钟几字")
    seed: int = Field(default=0, ge=0, le=1 << 31, description="同一个数字得到同样的试题")
    own: Own = Field(default_factory=list, description="自己的话，写进主持人提示")


def study_routes(api: Api) -> APIRouter:
    """``POST /study``."""
    router = APIRouter(tags=["备课"])
    study: Any = Depends(api.seen(Right.STUDY))
    slot: Any = Depends(api.slot)

    @router.post("/study", summary="生成一次学习", dependencies=[slot])
    def session(body: StudyBody, request: Request, seen: Service = study) -> StudySession:
        """时间表、原文、案例、试题，每行都有出处；文库里缺什么写在 missing。与 luming study --json 相同。"""
        from assistant.study.planning import plan_session
        from assistant.study.request import StudyRequest

        seen.library.check_collections(body.collections)
        given = body.model_dump(exclude={"collections", "skip", "own"})
        record(request, Action.STUDIED, body.topic, f"{body.minutes} 分钟")
        return plan_session(
            seen.library,
            StudyRequest(
                **given,
                collections=tuple(body.collections),
                skip=frozenset(body.skip),
                own=tuple(body.own),
            ),
        )

    return router
