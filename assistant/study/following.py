"""A session after a quiz: the articles that were got wrong are read again and asked anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from assistant.study.errors import StudyError
from assistant.study.model import StudySession
from assistant.study.planning import MakeSession, make_session
from assistant.study.request import StudyRequest
from assistant.study.scope import find_scope
from assistant.study.selecting import Chosen, whole
from assistant.study.series import WRONG, room_of, wrong_share

if TYPE_CHECKING:
    from index.library import Library


def follow_up(
    library: Library,
    request: StudyRequest,
    wrong: Mapping[str, float],
    asked: Collection[str] = (),
) -> StudySession:
    """The session of ``request`` on what was got wrong by ``WRONG`` of the answers or more.

    ``wrong`` is the share by article, as :mod:`assistant.study.series` names one; the worst come
    first where not all fit. ``asked`` are ids of questions that don't come again. Raises
    StudyError where nothing was got wrong that often, and what planning raises.
    """
    request.check()
    scope = find_scope(library, request.topic, request.collections)
    every = [one for one in whole(scope) if wrong_share(one, wrong) >= WRONG]
    if not every:
        raise StudyError(
            f"没有哪一条的错误率达到 {WRONG:.0%}，或者这些条文已不在文库，不用专门补学。"
        )
    room, used = room_of(request), 0
    kept: list[Chosen] = []
    for one in sorted(every, key=lambda one: (-wrong_share(one, wrong), one.key, one.start)):
        if kept and (used + one.characters > room.characters or len(kept) >= room.passages):
            continue
        kept.append(one)
        used += one.characters
    chosen = {(one.key, one.start) for one in kept}
    must = tuple(one for one in every if (one.key, one.start) in chosen)
    made = MakeSession(
        must=must,
        exclude_items=frozenset(asked),
        title=f"“{request.topic.strip().strip('“”')}”错题补学",
    )
    return make_session(library, request, scope, made)
