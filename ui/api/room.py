"""Routes of a live quiz for phones, which have no account.

They are public (see ui.access.paths): a room is found by its six digits only, and gives nothing
of the library but the present question; its right answer once the trainer has shown it.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, Field

from assistant.study.marking import choices_of, right_of
from assistant.study.model import QUIZ_NAMES
from assistant.study.rooms import OPEN_FOR, NotPlaying, Room, UnknownRoom
from ui.access.viewing import PEER_KEY, address_of
from ui.api.context import Api
from ui.render.room import entry_html, room_html
from ui.room_guard import TooManyCodes

COOKIE = "luming-room"
_NO_STORE = {"Cache-Control": "no-store"}
Code = Annotated[str, InPath(max_length=40)]


class JoinBody(BaseModel):
    """Who joins; without a nickname nobody in particular."""

    nickname: str = Field(default="", max_length=200)


class AnswerBody(BaseModel):
    """What was pressed at which question."""

    place: int = Field(ge=0, le=1000)
    choice: list[Annotated[str, Field(max_length=4)]] = Field(min_length=1, max_length=20)


def room_routes(api: Api) -> APIRouter:
    """``/room/…``."""
    router = APIRouter(prefix="/room", include_in_schema=False)
    rooms, guard = api.desk.rooms, api.desk.guard

    def found(request: Request, code: Code) -> Room:
        """The room of the address. Raises UnknownRoom, TooManyCodes."""
        secret, address = request.cookies.get(COOKIE, ""), address_of(request)
        known = bool(secret) and rooms.was_in(code, secret)
        if not known:  # whoever is in already isn't held up by a neighbour's wrong digits
            guard.check(address)
        try:
            return rooms.by_code(code)
        except UnknownRoom:
            if not known:
                guard.wrong(address)
            raise

    room_of: Any = Depends(found)

    @router.get("/")
    def entry() -> HTMLResponse:
        return HTMLResponse(entry_html(), headers=_NO_STORE)

    @router.get("/{code}")
    def page(request: Request, code: Code) -> HTMLResponse:
        try:
            room = found(request, code)
        except (UnknownRoom, TooManyCodes) as error:
            status = 404 if isinstance(error, UnknownRoom) else 429
            return HTMLResponse(entry_html(str(error)), status, headers=_NO_STORE)
        joined = rooms.was_in(code, request.cookies.get(COOKIE, ""))
        return HTMLResponse(room_html(room.code, room.title, joined), headers=_NO_STORE)

    @router.post("/{code}/join")
    def join(request: Request, body: JoinBody, room: Room = room_of) -> Response:
        try:  # pressed twice, or come back: the same player
            rooms.player(room, request.cookies.get(COOKIE, ""))
            return JSONResponse({"joined": True}, headers=_NO_STORE)
        except NotPlaying:
            secret = rooms.join(room, body.nickname)
        response = JSONResponse({"joined": True}, headers=_NO_STORE)
        response.set_cookie(
            COOKIE,
            secret,
            max_age=int(OPEN_FOR.total_seconds()),
            path=f"/room/{room.code}",
            secure=request.scope[PEER_KEY].secure,
            httponly=True,
            samesite="strict",
        )
        return response

    @router.get("/{code}/state")
    def state(request: Request, room: Room = room_of) -> Response:
        player = rooms.player(room, request.cookies.get(COOKIE, ""))
        return JSONResponse(_state(room, rooms.mine(room, player)), headers=_NO_STORE)

    @router.post("/{code}/answer")
    def answer(request: Request, body: AnswerBody, room: Room = room_of) -> Response:
        player = rooms.player(room, request.cookies.get(COOKIE, ""))
        kept = rooms.answer(room, player, body.place, "".join(body.choice))
        return JSONResponse({"kept": kept}, headers=_NO_STORE)

    return router


def _state(room: Room, mine: str) -> dict[str, Any]:
    """What a phone may know: the present question; its answer only once it is shown."""
    told: dict[str, Any] = {"phase": room.phase, "place": room.place, "total": len(room.items)}
    if room.phase in ("lobby", "ended"):
        return {**told, "mine": []}
    item = room.item
    bare = item.kind == "true_false"
    told |= {
        "kind": QUIZ_NAMES[item.kind],
        "stem": item.stem,
        "choices": [{"label": label, "text": text} for label, text in choices_of(item)],
        "many": item.kind == "multiple",
        "bare": bare,
        "mine": [mine] if bare and mine else list(mine),
    }
    if room.phase == "revealed":
        right = right_of(item)
        told["right"] = [right] if bare else list(right)
    return told
