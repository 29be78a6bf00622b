"""Role × route × object, made from the routes themselves: nobody learns of what they may not see.

Every route of the application is asked, as every role, for what belongs to another department. A
route that says neither which right it needs (``api.seen``) nor stands in ``OTHERS`` fails here.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import gradio as gr
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.routing import Mount
from starlette.testclient import TestClient

from assistant.study.model import QuizItem
from index.settings import Settings
from ingest.pipeline import ingest_paths
from ui.access.accounts import Accounts
from ui.access.middleware import cookie_name
from ui.access.model import RIGHTS_OF, Forbidden, Principal, Right, Role
from ui.access.viewing import SCOPE_KEY
from ui.api.context import Seen
from ui.api.service import Service
from ui.api.study_forms import kept_request
from ui.pages import site
from ui.server import create_app
from ui.study_desk import Desk

OWN, HIDDEN = "财务处", "纪检室"
SECRET = "蓝莓线索"
QUESTION = f"{SECRET}由谁保管？"
#: Words of the other department's documents that no reply may hold unless they were sent.
SECRETS = (HIDDEN, SECRET, "第三监督室", "专班", "暗号")
OWN_RULES = "差旅费管理办法（示例）\n第一条 出差人员应当在15个工作日内报销差旅费。\n"
HIDDEN_RULES = (
    f"{SECRET}处置办法（示例）\n第一条 {SECRET}由第三监督室负责保管。\n"
    f"第二条 差旅费报销的线索由专班在7日内核查，暗号见附件。\n"
)
PUBLIC, ANYBODY = "public", "anybody who has logged in"
#: Routes without a library behind them. Each says who may use it.
OTHERS: dict[str, str] = {
    "/login": PUBLIC,
    "/logout": ANYBODY,
    "/account": ANYBODY,
    "/account/password": ANYBODY,
    "/account/sessions/revoke": ANYBODY,
    "/account/tokens": ANYBODY,
    "/account/tokens/revoke": ANYBODY,
    "/healthz": PUBLIC,
    "/readyz": PUBLIC,
    "/metrics": ANYBODY,  # its GET needs a right; this is the line for other methods
    "/api/v1/openapi.json": ANYBODY,
    "/api/v1/docs": ANYBODY,
    "/api/v1": ANYBODY,
    "/v1": ANYBODY,
    "/mcp": ANYBODY,  # its tools take the right of each call: tests/ui/api/test_mcp.py
    "/ask": ANYBODY,
    "/doc/{document_id}": ANYBODY,
    # A live quiz, for phones without accounts: whoever has the six digits gets the present
    # question and nothing else (docs/study-page.md; tests/ui/study/test_room.py).
    "/room/": PUBLIC,
    "/room/{code}": PUBLIC,
    "/room/{code}/join": PUBLIC,
    "/room/{code}/state": PUBLIC,
    "/room/{code}/answer": PUBLIC,
}
_REST = "/{rest:path}"
ROLES = {
    "reader": (Role.READER, [OWN]),
    "trainer": (Role.TRAINER, [OWN]),
    "operator": (Role.OPERATOR, [OWN]),
    "admin": (Role.ADMIN, None),
}


@dataclass(frozen=True)
class Route:
    """One method of one path, with the right that it asks for ("": see OTHERS)."""

    method: str
    path: str
    right: str


@dataclass
class House:
    """The application with two departments and somebody of each role."""

    app: FastAPI
    client: TestClient
    cookies: dict[str, str]
    objects: dict[str, str]

    def send(self, role: str, method: str, path: str, **more: Any) -> Any:
        """A request by somebody of a role."""
        headers = {"Cookie": f"{cookie_name(False)}={self.cookies[role]}"}
        if method not in ("GET", "HEAD"):
            headers["Origin"] = "http://127.0.0.1"
        return self.client.request(method, path, headers=headers, follow_redirects=False, **more)


def routes_of(routes: list[Any]) -> Iterator[Route]:
    """Every route of ours; Gradio's own and the static files are tried elsewhere."""
    for route in routes:
        if (candidates := getattr(route, "effective_candidates", None)) is not None:
            yield from routes_of(candidates())
        elif not isinstance(route, Mount):
            right = _right(getattr(route, "dependant", None))
            for method in sorted(getattr(route, "methods", None) or {"GET", "POST"}):
                yield Route(method, route.path, right)


def _right(dependant: Any) -> str:
    waiting = [dependant] if dependant is not None else []
    while waiting:
        one = waiting.pop()
        if isinstance(one.call, Seen):
            return str(one.call.right)
        waiting += one.dependencies
    return ""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("两个处室") / "home"
    settings = Settings(home=home)
    app = create_app(settings)
    library = app.state.service.library
    for name, text in ((OWN, OWN_RULES), (HIDDEN, HIDDEN_RULES)):
        folder = home.parent / name
        folder.mkdir()
        (folder / f"{text[:5]}.txt").write_text(text, encoding="utf-8")
        (folder / "旧版.txt").write_text(text.replace("第一条 ", "第一条 原"), encoding="utf-8")
        ingest_paths(library, [folder], name)
        library.catalog.sources.add(name, str(folder))
    accounts: Accounts = app.state.accounts
    cookies = {}
    for role, (given, collections) in ROLES.items():
        accounts.people.add(role, "paper bridge orchid 3", given, collections)
        cookies[role] = accounts.sessions.open(role)
    service = app.state.service
    service.ask(f"{SECRET}的密码本放在哪个保险柜？", channel="page", user="admin")
    talk, _ = service.converse(QUESTION, "", (), False, None, "user:admin")
    hidden = service.documents(HIDDEN)
    kept, room = _study(app.state.desk, service)
    jobs = {one.collection: str(one.job_id) for one in library.catalog.jobs.recent()}
    sources = {one.collection: str(one.source_id) for one in library.catalog.sources.all()}
    objects = {
        "document_id": hidden[0].document_id,
        "old_id": hidden[0].document_id,
        "new_id": hidden[1].document_id,
        "job_id": jobs[HIDDEN],
        "gap_id": "1",
        "number": jobs[HIDDEN],
        "source": sources[HIDDEN],
        "talk": talk,
        "name": "admin",
        "session_id": kept,
        "room_id": room,
        "ending": "json",
        "label": "学习数据",
        "token_id": "x",
        "token": "x",
        "what": "enable",
        "rest": "x",
    }
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield House(app, client, cookies, objects)


def _study(desk: Desk, service: Service) -> tuple[str, str]:
    """A session on what is hidden, and a live quiz with it."""
    from assistant.study.planning import plan_session
    from assistant.study.request import StudyRequest

    wanted = StudyRequest(topic=f"{SECRET}处置办法", minutes=15, collections=(HIDDEN,))
    made = plan_session(service.library, wanted)
    item = QuizItem(
        id="q1", kind="true_false", stem=SECRET, answer="对", citations=made.sources[:1]
    )
    kept = desk.sessions.add("admin", made, kept_request(wanted))
    return kept, desk.rooms.begin("admin", kept, made.title, [item])


def ours(house: House) -> list[Route]:
    """All routes of the application."""
    return list(routes_of(house.app.routes))


def address(route: Route, objects: dict[str, str]) -> str:
    """The route's path for what is hidden, asked for in every parameter that a route may have."""
    values = dict(objects)
    if "/sources/" in route.path:
        values["number"] = objects["source"]
    path = re.sub(r"\{(\w+)(?::\w+)?\}", lambda m: quote(values.get(m.group(1), "1")), route.path)
    words = quote(SECRET)
    return f"{path}?q={words}&query={words}&doc={objects['document_id']}&collection={quote(HIDDEN)}"


def body(route: Route, objects: dict[str, str]) -> dict[str, Any]:
    """What a request sends: the same for all, and each route takes what it knows."""
    if route.method in ("GET", "HEAD", "OPTIONS", "DELETE"):
        return {}
    if route.path.endswith(("/uploads",)):
        return {"files": {"files": ("a.txt", "公开内容".encode())}}
    if route.path.startswith("/study/"):
        form = {"topic": SECRET, "minutes": "30", "audience": "一般干部", "collections": HIDDEN}
        return {"data": {**form, "revision": "1", "do": "drop:k1", "number": "1", "title": "x"}}
    if "/intake/" in route.path or "/admin/" in route.path or "/account" in route.path:
        form = {"id": objects["document_id"], "path": "/x", "collection": HIDDEN, "role": "reader"}
        return {"data": {**form, "name": "新人", "password": "x", "user": "x", "label": "x"}}
    return {
        "json": {
            "question": QUESTION,
            "text": f"根据《{SECRET}处置办法》第一条办理。",
            "topic": SECRET,
            "model": "luming",
            "messages": [{"role": "user", "content": QUESTION}],
            "question_id": "0" * 16,
            "verdict": "有用",
        }
    }


def told(reply: Any, sent: str) -> list[str]:
    """Secrets in a reply that were not in the request."""
    text = reply.text + " ".join(f"{k}: {unquote(v)}" for k, v in reply.headers.items())
    for written in (QUESTION, f"《{SECRET}处置办法》", f"“{HIDDEN}”", f"“{SECRET}”"):
        text = text.replace(written, "")
    known = (SECRET, HIDDEN)
    return [one for one in SECRETS if one in text and not (one in known and one in sent)]


def test_every_route_has_a_rule(house: House) -> None:
    unknown = {
        route.path
        for route in ours(house)
        if not route.right and route.path.removesuffix(_REST) not in OTHERS
    }
    assert not unknown, "没有写明权限的路由：用 api.seen(Right.…)，或写进 OTHERS"
    assert len(ours(house)) > 90


@pytest.mark.parametrize("role", ["reader", "trainer", "operator"])
def test_no_route_tells_of_another_department(house: House, role: str) -> None:
    rights = {str(one) for one in RIGHTS_OF[ROLES[role][0]]}
    leaks, let_in, broken = [], [], []
    for route in ours(house):
        if route.path == "/logout" or route.path.startswith("/account/sessions"):
            continue  # would end the session that asks
        if route.path == "/mcp" and route.method == "GET":
            continue  # a stream without an end
        where = address(route, house.objects)
        reply = house.send(role, route.method, where, **body(route, house.objects))
        name = f"{route.method} {route.path} → {reply.status_code}"
        if found := told(reply, SECRET + HIDDEN + QUESTION):
            leaks.append((name, found))
        if route.right and route.right not in rights and reply.status_code not in (403, 405):
            let_in.append(name)
        if reply.status_code >= 500:
            broken.append(name)
    assert not leaks
    assert not let_in
    assert not broken


def test_the_same_requests_tell_an_administrator(house: House) -> None:
    """Else the test above would find nothing because nothing is asked."""
    telling = set()
    for route in ours(house):
        if route.method == "GET" and route.path not in ("/logout", "/mcp"):
            reply = house.send("admin", "GET", address(route, house.objects))
            if "第三监督室" in reply.text:
                telling.add(route.path)
    assert {
        "/api/v1/search",
        "/api/v1/documents/{document_id}",
        "/api/v1/documents/{document_id}/text",
        "/source/{document_id}",
        "/results",
        "/study/s/{session_id}",
        "/study/s/{session_id}/file/{ending}",
    } <= telling


def _request(principal: Principal) -> gr.Request:
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/gradio_api/queue/join",
        "headers": [],
        "query_string": b"",
        "client": ("127.0.0.1", 1),
        SCOPE_KEY: principal,
    }
    return gr.Request(request=Request(scope))


def _arguments(function: Any, inputs: list[Any], request: gr.Request) -> list[Any] | None:
    """What a handler of a page is called with: its inputs, and who asks."""
    given: list[Any] = []
    waiting = list(inputs)
    for parameter in inspect.signature(function).parameters.values():
        if parameter.annotation in (gr.Request, "gr.Request"):
            given.append(request)
        elif waiting:
            block = waiting.pop(0)
            kind = type(block).__name__
            given.append({"Textbox": QUESTION, "Checkbox": True, "Dropdown": []}.get(kind, ""))
        elif parameter.default is inspect.Parameter.empty:
            return None
    return given


@pytest.mark.parametrize("role", ["reader", "trainer", "operator", "nobody"])
def test_no_handler_of_a_page_tells_of_another_department(house: House, role: str) -> None:
    """Gradio runs a page's functions by their number, whoever asks: each must look for itself."""
    if role == "nobody":
        principal = Principal(rights=frozenset(), collections=frozenset())
    else:
        given, collections = ROLES[role]
        principal = Principal(role, role, RIGHTS_OF[given], frozenset(collections or ()), given)
    mounted = next(one.app for one in house.app.routes if isinstance(one, Mount) and one.path == "")
    called = 0
    for block in mounted.get_blocks().fns.values():
        if block.fn is None:
            continue
        arguments = _arguments(block.fn, list(block.inputs), _request(principal))
        if arguments is None:
            continue
        called += 1
        try:
            result = block.fn(*arguments)
            shown = str(list(result) if inspect.isgenerator(result) else result)
        except Forbidden:
            continue
        except Exception as error:  # what a person gets to see of it is the line
            shown = str(error)
        for word in ("第三监督室", "专班", "暗号", HIDDEN):
            assert word not in shown.replace(QUESTION, ""), (block.fn, word)
    assert called >= 5


def test_pages_are_shown_by_right(house: House) -> None:
    for page in site.pages():
        for role, (given, _) in ROLES.items():
            reply = house.send(role, "GET", f"/{page.path}")
            allowed = page.right in RIGHTS_OF[given]
            assert (reply.status_code == 200) == allowed, (page.path, role)
    assert {page.right for page in site.pages()} >= {
        Right.READ,
        Right.OPERATE,
        Right.ADMINISTER,
    }


def test_files_of_the_home_are_not_served(house: House) -> None:
    """Neither by Gradio's file routes nor by ours, whoever asks."""
    home = Path(house.app.state.service.settings.home)
    for path in (
        f"/gradio_api/file={home}/catalog.db",
        f"/file={home}/access.db",
        "/luming/../server.py",
        "/luming/%2e%2e/server.py",
        "/gradio_api/upload",
        "/gradio_api/proxy=http://127.0.0.1/",
    ):
        reply = house.send("admin", "GET", path)
        assert reply.status_code in (403, 404, 405), path
        assert b"SQLite" not in reply.content
