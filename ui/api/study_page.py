"""Routes of the page 备课: the form, drafts, one's sessions and what is done with them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from assistant.study.keeping import KeptSession, UnknownSession
from assistant.study.model import StudySession
from ui.access.audit import Action
from ui.access.model import Right
from ui.access.viewing import principal_of, record
from ui.api.context import Api, user_of
from ui.api.service import Service
from ui.api.study_edits import edited, timed, with_own
from ui.api.study_forms import fields, kept_request, request_again, request_of, text_of, whole_of
from ui.render.study_home import frame_html, home_html, progress_html
from ui.render.study_session import SessionView, session_html
from ui.study_desk import check_visible
from ui.study_drafts import Progress

_NO_STORE = {"Cache-Control": "no-store"}
Form = Depends(fields)


def html(text: str, say: str = "") -> HTMLResponse:
    """A fragment, and a line that the page shows for a moment."""
    told = {"X-Luming-Say": quote(say)} if say else {}
    return HTMLResponse(text, headers={**_NO_STORE, **told})


class Opened:
    """Opens sessions for whoever asks, with what they may see."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.desk = api.desk

    def own(self, request: Request, session_id: str) -> KeptSession:
        """One's own working copy. Raises UnknownSession, SessionHidden."""
        found = self.desk.sessions.get(session_id, user_of(request))
        self.gone(request, found.session)
        return found

    def any(self, request: Request, session_id: str) -> tuple[KeptSession, bool]:
        """One's own working copy, or the last version of a colleague's; and whether it is own."""
        try:
            return self.own(request, session_id), True
        except UnknownSession:
            found = self.desk.sessions.last_version(session_id)
            self.gone(request, found.session)
            return found, False

    def gone(self, request: Request, session: StudySession) -> frozenset[str]:
        """Cited documents that the library no longer has. Raises SessionHidden."""
        return check_visible(self.api.service.library, principal_of(request), session)

    def shown(self, request: Request, session_id: str, say: str = "") -> HTMLResponse:
        """The session as a fragment."""
        found, owned = self.any(request, session_id)
        view = SessionView(
            found.kept,
            found.session,
            owned,
            self.desk.sessions.versions(session_id) if owned else (),
            self.desk.rooms.held(session_id, user_of(request)) if owned else (),
            self.gone(request, found.session),
        )
        return html(session_html(view), say)


def study_page_routes(api: Api) -> APIRouter:
    """``/study/…``, with the right to make sessions."""
    router = APIRouter(prefix="/study", include_in_schema=False)
    opened = Opened(api)
    for add in (_home, _drafting, _session, _editing, _keeping):
        add(router, opened, Depends(api.seen(Right.STUDY)))
    return router


def _home(router: APIRouter, opened: Opened, study: Any) -> None:
    @router.get("/panel")
    def panel(s: str = "", room: str = "", seen: Service = study) -> HTMLResponse:
        first = "/study/home"
        if s or room:
            first = (
                f"/study/room/{quote(room, safe='')}" if room else f"/study/s/{quote(s, safe='')}"
            )
        return html(frame_html(first))

    @router.get("/home")
    def home(request: Request, seen: Service = study) -> HTMLResponse:
        kept = opened.desk.sessions.of(user_of(request))
        return html(home_html(seen.collections(), kept))


def _drafting(router: APIRouter, opened: Opened, study: Any) -> None:
    desk = opened.desk

    def begun(user: str, work: Any) -> HTMLResponse:
        token = desk.drafts.begin(user, work)
        return html(progress_html(token, desk.drafts.find(user, token)))

    @router.post("/draft")
    def draft(request: Request, form: FormData = Form, seen: Service = study) -> HTMLResponse:
        from assistant.study.planning import plan_session

        wanted, user = request_of(form), user_of(request)
        seen.library.check_collections(wanted.collections)
        record(request, Action.STUDIED, wanted.topic, f"{wanted.minutes} 分钟")

        def work(progress: Progress) -> str:
            made = plan_session(seen.library, wanted, progress)
            return desk.sessions.add(user, made, kept_request(wanted))

        return begun(user, work)

    @router.get("/draft/{token}")
    def progress(request: Request, token: str, seen: Service = study) -> HTMLResponse:
        return html(progress_html(token, desk.drafts.find(user_of(request), token)))

    @router.post("/s/{session_id}/again")
    def again(
        request: Request, session_id: str, form: FormData = Form, seen: Service = study
    ) -> HTMLResponse:
        from assistant.study.planning import plan_session

        found, user = opened.own(request, session_id), user_of(request)
        revision = whole_of(form, "revision", "版本")
        wanted = request_again(found.request, found.session, seed=found.session.seed + 1)
        record(request, Action.STUDIED, wanted.topic, "重新生成")

        def work(progress: Progress) -> str:
            made = plan_session(seen.library, wanted, progress)
            desk.sessions.change(session_id, user, revision, made)
            return session_id

        return begun(user, work)

    @router.post("/s/{session_id}/duplicate")
    def duplicate(
        request: Request, session_id: str, form: FormData = Form, seen: Service = study
    ) -> HTMLResponse:
        from assistant.study.planning import plan_session

        found, user = opened.own(request, session_id), user_of(request)
        wanted = request_again(found.request, found.session, audience=text_of(form, "audience"))
        wanted.check()
        record(request, Action.STUDIED, wanted.topic, f"复制给{wanted.audience}")

        def work(progress: Progress) -> str:
            made = plan_session(seen.library, wanted, progress)
            made = made.model_copy(update={"title": f"{made.title}（{made.audience}）"})
            return desk.sessions.add(user, made, kept_request(wanted))

        return begun(user, work)


def _session(router: APIRouter, opened: Opened, study: Any) -> None:
    @router.get("/s/{session_id}")
    def session(request: Request, session_id: str, seen: Service = study) -> HTMLResponse:
        found, owned = opened.any(request, session_id)
        if not owned:
            record(request, Action.READ, f"备课 {session_id}", found.kept.title)
        return opened.shown(request, session_id)

    @router.get("/s/{session_id}/file/{ending}")
    @router.get("/s/{session_id}/file/{ending}/{label}")
    def file(
        request: Request, session_id: str, ending: str, label: str = "", seen: Service = study
    ) -> Response:
        from ui.study_files import study_file

        found, _ = opened.any(request, session_id)
        record(request, Action.EXPORTED, f"备课 {session_id}", f"{ending} {label}".strip()[:40])
        return study_file(found.session, ending, label, seen.settings.handout_templates)

    @router.get("/s/{session_id}/preview")
    def look(request: Request, session_id: str, seen: Service = study) -> HTMLResponse:
        from ui.study_files import preview

        found, _ = opened.any(request, session_id)
        return HTMLResponse(preview(found.session), headers={"Cache-Control": "no-store"})


def _editing(router: APIRouter, opened: Opened, study: Any) -> None:
    """What changes the working copy; each gives the whole session back."""
    desk = opened.desk

    def change(request: Request, session_id: str, form: FormData, work: Any) -> HTMLResponse:
        revision = whole_of(form, "revision", "版本")
        found = opened.own(request, session_id)
        made = work(found.session, revision)
        desk.sessions.change(session_id, user_of(request), revision, made)
        return opened.shown(request, session_id)

    @router.post("/s/{session_id}/edit")
    def edit(
        request: Request, session_id: str, form: FormData = Form, seen: Service = study
    ) -> HTMLResponse:
        do, _, item = text_of(form, "do").partition(":")
        return change(
            request,
            session_id,
            form,
            lambda session, seed: edited(seen.library, session, do, item, seed),
        )

    @router.post("/s/{session_id}/minutes")
    def minutes(
        request: Request, session_id: str, form: FormData = Form, seen: Service = study
    ) -> HTMLResponse:
        return change(request, session_id, form, lambda session, _: timed(session, form))

    @router.post("/s/{session_id}/own")
    def own(
        request: Request, session_id: str, form: FormData = Form, seen: Service = study
    ) -> HTMLResponse:
        return change(request, session_id, form, lambda session, _: with_own(session, form))


def _keeping(router: APIRouter, opened: Opened, study: Any) -> None:
    store = opened.desk.sessions

    @router.post("/s/{session_id}/save")
    def save(
        request: Request, session_id: str, form: FormData = Form, seen: Service = study
    ) -> HTMLResponse:
        number = store.save(session_id, user_of(request), whole_of(form, "revision", "版本"))
        return opened.shown(request, session_id, f"已保存为第 {number} 版。")

    @router.post("/s/{session_id}/back")
    def back(
        request: Request, session_id: str, form: FormData = Form, seen: Service = study
    ) -> HTMLResponse:
        number = whole_of(form, "number", "版本")
        store.go_back(session_id, user_of(request), whole_of(form, "revision", "版本"), number)
        return opened.shown(request, session_id, f"已恢复第 {number} 版。")

    @router.post("/s/{session_id}/rename")
    def rename(
        request: Request, session_id: str, form: FormData = Form, seen: Service = study
    ) -> HTMLResponse:
        store.rename(session_id, user_of(request), text_of(form, "title"))
        return opened.shown(request, session_id, "已改名。")

    @router.post("/s/{session_id}/copy")
    def copy(request: Request, session_id: str, seen: Service = study) -> HTMLResponse:
        found, _ = opened.any(request, session_id)
        made = found.session.model_copy(update={"title": found.kept.title})
        copied = store.add(user_of(request), made, found.request)
        return opened.shown(request, copied, "已复制到“我的备课”。")

    @router.post("/s/{session_id}/remove")
    def remove(request: Request, session_id: str, seen: Service = study) -> HTMLResponse:
        # What one may no longer open may still be thrown away.
        store.remove(session_id, user_of(request))
        kept = store.of(user_of(request))
        return html(home_html(seen.collections(), kept), "已删除。")
