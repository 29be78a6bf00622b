"""Routes of a live quiz for its trainer: begin, question by question, results, a follow-up."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.datastructures import FormData

from assistant.study.errors import StudyError
from assistant.study.marking import by_article, live_items
from assistant.study.rooms import Room
from ui.access.audit import Action
from ui.access.model import Right
from ui.access.viewing import principal_of, record
from ui.api.context import Api, user_of
from ui.api.service import Service
from ui.api.study_forms import kept_request, request_again, text_of, whole_of
from ui.api.study_page import Form, Opened, html
from ui.render.study_home import progress_html
from ui.render.study_room import results_html, room_html
from ui.study_desk import check_visible
from ui.study_drafts import Progress


def study_room_routes(api: Api) -> APIRouter:
    """``/study/…`` of live quizzes, with the right to make sessions."""
    router = APIRouter(prefix="/study", include_in_schema=False)
    opened, study = Opened(api), Depends(api.seen(Right.STUDY))
    _conducting(router, opened, study)
    _after(router, opened, study)
    return router


def _own(opened: Opened, request: Request, room_id: str) -> Room:
    """One's own room. Raises UnknownRoom, SessionHidden."""
    room = opened.desk.rooms.get(room_id, user_of(request))
    check_visible(opened.api.service.library, principal_of(request), *room.items)
    return room


def _conducting(router: APIRouter, opened: Opened, study: Any) -> None:
    rooms = opened.desk.rooms

    def shown(request: Request, room_id: str, say: str = "") -> HTMLResponse:
        room = _own(opened, request, room_id)
        if room.phase == "ended" or opened.desk.clock() >= room.until:
            results = rooms.results(room)
            made = results_html(
                room, results, by_article(results), rooms.joined(room), rooms.scores(room)
            )
            return html(made)
        base = (opened.api.service.settings.public_url or str(request.base_url)).rstrip("/")
        counted = rooms.results(room)[room.place] if room.phase in ("closed", "revealed") else None
        made = room_html(room, base, rooms.joined(room), rooms.answered(room), counted, say)
        return html(made)

    @router.post("/s/{session_id}/room")
    def begin(request: Request, session_id: str, seen: Service = study) -> HTMLResponse:
        found = opened.own(request, session_id)
        record(request, Action.STUDIED, f"备课 {session_id}", "开始现场测验")
        quiz = found.session.quiz
        room_id = rooms.begin(user_of(request), session_id, found.kept.title, quiz)
        left = len(quiz) - len(live_items(quiz))
        said = f"有 {left} 道题不能在手机上作答（只收单选、多选、判断），没有放进来。"
        return shown(request, room_id, said if left else "")

    @router.get("/room/{room_id}")
    def room(request: Request, room_id: str, seen: Service = study) -> HTMLResponse:
        return shown(request, room_id)

    @router.post("/room/{room_id}/act")
    def act(
        request: Request, room_id: str, form: FormData = Form, seen: Service = study
    ) -> HTMLResponse:
        do, _, place = text_of(form, "do").partition(":")
        rooms.act(room_id, user_of(request), do, int(place) if place.isdecimal() else -1)
        return shown(request, room_id)

    @router.get("/room/{room_id}/count")
    def count(request: Request, room_id: str, seen: Service = study) -> HTMLResponse:
        from ui.render.study_room import count_html

        room = rooms.get(room_id, user_of(request))
        return html(count_html(room, rooms.joined(room), rooms.answered(room)))


def _after(router: APIRouter, opened: Opened, study: Any) -> None:
    desk = opened.desk

    @router.get("/room/{room_id}/wrong.json")
    def wrong(request: Request, room_id: str, seen: Service = study) -> Response:
        """For ``luming study plan --wrong``."""
        found = by_article(desk.rooms.results(_own(opened, request, room_id)))
        shares = {one.key: round(one.wrong, 4) for one in found if one.answered}
        name = 'attachment; filename="wrong.json"'
        return JSONResponse(shares, headers={"Content-Disposition": name})

    @router.post("/room/{room_id}/follow")
    def follow(
        request: Request, room_id: str, form: FormData = Form, seen: Service = study
    ) -> HTMLResponse:
        from assistant.study.following import follow_up

        room, user = _own(opened, request, room_id), user_of(request)
        found = opened.own(request, room.session_id)
        minutes = whole_of(form, "minutes", "时长")
        seed = found.session.seed + 1
        wanted = request_again(
            found.request, found.session, minutes=minutes, own=(), quiz_items=None, seed=seed
        )
        wanted.check()
        shares = {one.key: one.wrong for one in by_article(desk.rooms.results(room))}
        if not any(shares.values()):
            raise StudyError("没有答错的条文，不用补学。")
        record(request, Action.STUDIED, wanted.topic, "错题补学")

        def work(progress: Progress) -> str:
            asked = [one.id for one in room.items]
            made = follow_up(seen.library, wanted, shares, asked)
            return desk.sessions.add(user, made, kept_request(wanted))

        token = desk.drafts.begin(user, work)
        return html(progress_html(token, desk.drafts.find(user, token)))
