"""People and tokens over REST, and what the audit log says of requests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.ui.api.conftest import DISCIPLINE, OFFICE, PASSWORD, Desk, make_app, problem, served
from ui.access.accounts import Accounts
from ui.access.audit import Action, AuditFilter


def test_everybody_learns_who_they_are(desk: Desk, reader: httpx.Client) -> None:
    assert reader.get("/api/v1/me").json() == {
        "name": "reader",
        "display": "reader",
        "role": "reader",
        "rights": ["read"],
        "collections": [OFFICE],
    }
    with desk.client("") as client:
        assert "登录" in problem(client.get("/api/v1/me"), 401)["detail"]
        client.headers["Authorization"] = "Bearer lm_wrong"
        problem(client.get("/api/v1/me"), 401)


def test_a_person_is_added_changed_and_removed(desk: Desk, admin: httpx.Client) -> None:
    body = {"name": "Sun", "password": PASSWORD, "collections": [OFFICE], "must_change": False}
    made = admin.post("/api/v1/users", json=body)
    assert made.status_code == 201 and PASSWORD not in made.text
    assert made.json()["name"] == "sun" and made.json()["collections"] == [OFFICE]
    problem(admin.post("/api/v1/users", json=body), 422)  # the name is taken
    problem(admin.post("/api/v1/users", json={**body, "name": "x", "password": "1"}), 422)
    names = [one["name"] for one in admin.get("/api/v1/users").json()["users"]]
    assert "sun" in names and names == sorted(names)

    secret = desk.accounts.tokens.create("sun", "程序", frozenset({"read"}))  # type: ignore[arg-type]
    with desk.client("") as client:
        client.headers["Authorization"] = f"Bearer {secret}"
        assert client.get("/api/v1/health").json()["collections"] == 1
        change = {"role": "operator", "collections": [OFFICE, DISCIPLINE]}
        assert admin.patch("/api/v1/users/sun", json=change).json()["role"] == "operator"
        assert client.get("/api/v1/health").json()["collections"] == 2  # at once
        admin.patch("/api/v1/users/sun", json={"disabled": True})
        problem(client.get("/api/v1/health"), 401)
    assert admin.patch("/api/v1/users/sun", json={"all_collections": True}).json()["disabled"]
    assert admin.post("/api/v1/users/sun/password", json={"password": PASSWORD}).status_code == 204
    assert admin.get("/api/v1/users/sun").json()["must_change"]
    assert admin.delete("/api/v1/users/sun").status_code == 204
    problem(admin.get("/api/v1/users/sun"), 404)
    problem(admin.delete("/api/v1/users/admin"), 409)  # nobody would be left
    problem(admin.patch("/api/v1/users/admin", json={"role": "reader"}), 409)


def test_people_are_for_administrators(operator: httpx.Client) -> None:
    problem(operator.get("/api/v1/users"), 403)
    body = {"name": "x", "password": PASSWORD, "role": "admin"}
    problem(operator.post("/api/v1/users", json=body), 403)
    problem(operator.patch("/api/v1/users/operator", json={"role": "admin"}), 403)
    problem(operator.post("/api/v1/users/admin/password", json={"password": PASSWORD}), 403)
    problem(operator.delete("/api/v1/users/reader"), 403)


def test_tokens_are_made_by_people_and_not_by_tokens(desk: Desk, operator: httpx.Client) -> None:
    body = {"label": "同步程序", "rights": ["operate"], "days": 30}
    problem(operator.post("/api/v1/tokens", json=body), 403)
    origin = {"Origin": desk.url}
    with desk.browser("operator") as page:
        made = page.post("/api/v1/tokens", json=body, headers=origin)
        assert made.status_code == 201
        problem(
            page.post("/api/v1/tokens", json={**body, "rights": ["administer"]}, headers=origin),
            422,
        )
        problem(page.post("/api/v1/tokens", json={**body, "rights": []}, headers=origin), 422)
    with desk.client("") as client:
        client.headers["Authorization"] = f"Bearer {made.json()['token']}"
        assert client.get("/api/v1/jobs").status_code == 200
        problem(client.get("/api/v1/search?q=值班"), 403)  # it was given no more
    mine = operator.get("/api/v1/tokens").json()["tokens"]
    made_now = next(one for one in mine if one["label"] == "同步程序")
    assert "lm_" not in str(mine)
    assert operator.delete(f"/api/v1/tokens/{made_now['token_id']}").status_code == 204
    problem(operator.delete(f"/api/v1/tokens/{made_now['token_id']}"), 404)
    others = desk.accounts.tokens.list("reader")[0].token_id
    problem(operator.delete(f"/api/v1/tokens/{others}"), 404)


def test_what_was_done_is_in_the_audit_log(
    desk: Desk, reader: httpx.Client, operator: httpx.Client
) -> None:
    row = reader.get("/api/v1/documents?title=请假").json()["documents"][0]
    reader.post("/api/v1/ask", json={"question": "谁批准请假，审计用？"})
    reader.get("/api/v1/search", params={"q": "审计用的检索"})
    reader.get(f"/api/v1/documents/{row['document_id']}")
    reader.post("/api/v1/verify", json={"text": "根据《请假规定（示例）》办理。"})
    operator.post("/api/v1/uploads?collection=办公室", files=[("files", ("审计.txt", b"x y z"))])
    for user, action, object in (
        ("reader", Action.ASKED, "谁批准请假，审计用？"),
        ("reader", Action.SEARCHED, "审计用的检索"),
        ("reader", Action.READ, row["document_id"]),
        ("reader", Action.VERIFIED, "文稿"),
        ("operator", Action.UPLOADED, OFFICE),
    ):
        found, _ = desk.accounts.audit.read(AuditFilter(user=user, action=action))
        assert object in {one.object for one in found}, action
        assert found[0].address == "127.0.0.1"


def test_a_change_that_is_refused_is_logged_as_such(desk: Desk, admin: httpx.Client) -> None:
    def logged(words: str) -> list[tuple[str, str]]:
        """The latest first."""
        found, _ = desk.accounts.audit.read(AuditFilter(user="admin", text=words))
        return [(str(one.action), one.detail) for one in found]

    body = {"name": "周", "password": PASSWORD, "collections": [OFFICE]}
    admin.post("/api/v1/users", json=body)
    made = f"建立，角色 reader，文库 {OFFICE}"
    assert logged("周") == [("user", made)]
    problem(admin.post("/api/v1/users", json=body), 422)
    refused, tried, done = logged("周")
    assert refused[1].startswith(f"{made}：没有办成，已经有名为“周”")
    assert tried == done == ("user", made)
    problem(admin.patch("/api/v1/users/admin", json={"role": "reader"}), 409)
    refused = logged("最后一个")[0]
    assert refused[0] == "rights" and refused[1].startswith("角色 reader，文库 全部：没有办成")
    problem(admin.delete("/api/v1/users/没有这人"), 404)
    refused, tried = logged("没有这人")
    assert tried == ("user", "删除") and refused[1].startswith("删除：没有办成")
    assert "luming" not in refused[1]
    admin.patch("/api/v1/users/周", json={"role": "trainer"})
    assert logged("周")[0] == ("rights", f"角色 trainer，文库 {OFFICE}")
    admin.delete("/api/v1/users/周")
    assert logged("周")[0] == ("user", "删除")


@pytest.mark.parametrize("method, path", [
    ("GET", "/api/v1/documents/没有的"),
    ("GET", "/api/v1/jobs/99999"),
    ("POST", "/api/v1/jobs/99999/cancel"),
    ("GET", "/api/v1/users/没有的"),
    ("POST", "/api/v1/gaps/99999/dismiss"),
])  # fmt: skip
def test_no_line_names_a_command_that_a_caller_can_not_run(
    admin: httpx.Client, method: str, path: str
) -> None:
    reply = admin.request(method, path)
    assert 400 <= reply.status_code < 500
    assert "luming" not in reply.text and "没有" in reply.json()["detail"]


@pytest.fixture
def alone(desk: Desk, tmp_path: Path) -> Iterator[tuple[httpx.Client, Accounts]]:
    """A machine without accounts."""
    accounts = Accounts(desk.service.settings.model_copy(update={"home": tmp_path}))
    with (
        served(make_app(desk.service, accounts)[0]) as url,
        httpx.Client(base_url=url, trust_env=False) as client,
    ):
        yield client, accounts
    accounts.close()


def test_the_first_account_is_an_administrators(alone: tuple[httpx.Client, Accounts]) -> None:
    client, accounts = alone
    assert client.get("/api/v1/me").json()["name"] == ""
    assert client.get("/metrics").status_code == 200
    problem(client.get("/api/v1/tokens"), 409)
    problem(client.post("/api/v1/users", json={"name": "li", "password": PASSWORD}), 409)
    assert not accounts.needed
    first = {"name": "zhao", "password": PASSWORD, "role": "admin", "collections": None}
    assert client.post("/api/v1/users", json=first).status_code == 201
    problem(client.get("/api/v1/me"), 401)  # from now on one must log in


def test_a_study_session_is_planned_for_trainers(desk: Desk, reader: httpx.Client) -> None:
    body = {"topic": "值班管理", "minutes": 30, "skip": ["case"]}
    problem(reader.post("/api/v1/study", json=body), 403)
    with desk.client("trainer") as client:
        reply = client.post("/api/v1/study", json=body)
        assert reply.status_code == 200, reply.text
        session = reply.json()
        assert sum(part["minutes"] for part in session["timetable"]) == session["minutes"]
        assert all(part["kind"] != "case" for part in session["timetable"])
        quoted = [one["citation"] for one in session["passages"]]
        assert quoted and {one["collection"] for one in quoted} == {OFFICE}
        for one in quoted:
            span = {"start": one["start"], "end": one["end"]}
            text = client.get(f"/api/v1/documents/{one['document_id']}/text", params=span)
            assert text.json()["text"] == one["quote"]
        problem(client.post("/api/v1/study", json={**body, "collections": [DISCIPLINE]}), 404)
        problem(client.post("/api/v1/study", json={**body, "topic": "蓝莓线索处置"}), 422)
        problem(client.post("/api/v1/study", json={**body, "minutes": 1}), 422)
