"""Two departments' files, all routes over them on a real server, and who asks by a word."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from index.settings import Settings
from ingest.pipeline import ingest_paths
from ui.access.accounts import Accounts
from ui.access.middleware import Access
from ui.access.model import Right, Role
from ui.api.context import Api
from ui.api.observing import Observed
from ui.api.problems import add_handlers
from ui.api.routes import add_routes
from ui.api.service import Service

OFFICE, DISCIPLINE = "办公室", "纪检室"
SECRET = "蓝莓"
DUTY = """值班管理办法（示例）
（2019年5月10日印发 2024年1月8日修订）
第一章 总则
第一条 为规范值班工作，制定本办法。本文为示例。
第二章 值班
第二条 值班人员应当在每日上午9时前完成交接班。
第三条 值班记录保存3年。
第四条 值班人员离岗的，应当事先报办公室主任批准。
第五条 本办法自2019年6月1日起施行。
"""
DUTY_OLD = DUTY.replace(" 2024年1月8日修订", "").replace("3年", "1年")
LEAVE = """# 请假规定（示例）

## 一、请假天数

干部请事假一年累计不超过15天。本文为示例。

## 二、批准

请假3天以上的，由分管领导批准。
"""
CLUES = f"""{SECRET}线索处置办法（示例）
第一条 {SECRET}线索应当在20日内完成初步核实。
第二条 {SECRET}线索由第三监督室负责保管。
"""
PEOPLE = {
    "reader": (Role.READER, {OFFICE}, {Right.READ}),
    "trainer": (Role.TRAINER, {OFFICE}, {Right.READ, Right.STUDY}),
    "operator": (Role.OPERATOR, {OFFICE}, {Right.READ, Right.OPERATE}),
    "admin": (Role.ADMIN, None, set(Right)),
    "nobody": (Role.OPERATOR, {OFFICE}, {Right.OPERATE}),  # a token that may read nothing
}
PASSWORD = "长 江 黄 河 泰 山 2026"


def make_app(service: Service, accounts: Accounts) -> tuple[FastAPI, Api]:
    """All routes but Gradio's, behind the gate."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with api.running():
            yield

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    add_handlers(app)
    api = add_routes(app, service)
    app.add_middleware(Access, accounts=accounts)
    app.add_middleware(Observed, metrics=api.metrics)
    return app, api


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The address of a server that runs until the end of the body."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)


@dataclass
class Desk:
    """A running server: ``api`` is what its routes share."""

    url: str
    home: Path
    service: Service
    app: FastAPI
    api: Api
    accounts: Accounts
    tokens: dict[str, str]

    def client(self, who: str = "admin") -> httpx.Client:
        """A client with this person's token; "" without any."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        return httpx.Client(base_url=self.url, timeout=60, trust_env=False, headers=headers)

    def browser(self, who: str) -> httpx.Client:
        """A client that has logged in as this person: what is no interface takes no token."""
        cookies = {"luming": self.accounts.sessions.open(who, "127.0.0.1", "测试")}
        return httpx.Client(base_url=self.url, timeout=60, trust_env=False, cookies=cookies)


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    base = tmp_path_factory.mktemp("接口")
    service = Service(Settings(home=base / "home", upload_mb=1, upload_files=5, upload_day_mb=100))
    for collection, files in (
        (OFFICE, {"值班.txt": DUTY, "旧/值班.txt": DUTY_OLD, "请假.md": LEAVE}),
        (DISCIPLINE, {"线索.txt": CLUES}),
    ):
        folder = base / collection
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        ingest_paths(service.library, [folder], collection)
    accounts = Accounts(service.settings)
    tokens = {}
    for name, (role, collections, rights) in PEOPLE.items():
        accounts.people.add(name, PASSWORD, role, collections)
        tokens[name] = accounts.tokens.create(name, "测试", rights)
    app, api = make_app(service, accounts)
    with served(app) as url:
        yield Desk(url, base / "home", service, app, api, accounts, tokens)
    service.close()
    accounts.close()


@pytest.fixture(scope="session")
def admin(desk: Desk) -> Iterator[httpx.Client]:
    with desk.client("admin") as client:
        yield client


@pytest.fixture(scope="session")
def reader(desk: Desk) -> Iterator[httpx.Client]:
    with desk.client("reader") as client:
        yield client


@pytest.fixture(scope="session")
def operator(desk: Desk) -> Iterator[httpx.Client]:
    with desk.client("operator") as client:
        yield client


def ended(client: httpx.Client, job_id: int) -> dict[str, Any]:
    """The job once it has ended."""
    for _ in range(600):
        job: dict[str, Any] = client.get(f"/api/v1/jobs/{job_id}").json()
        if job["state"] not in ("queued", "running"):
            return job
        time.sleep(0.1)
    raise AssertionError(f"任务没有结束：{job}")


def events(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Name and data of each server-sent event; comments have the name ":"."""
    name, data = "message", ""
    for line in lines:
        if line.startswith(":"):
            yield ":", line
        elif line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            data = line[6:]
        elif not line and data:
            yield name, data
            name, data = "message", ""


def problem(reply: httpx.Response, status: int) -> dict[str, Any]:
    """The problem document of a reply, which must be one, in Chinese."""
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = reply.json()
    assert found["status"] == status and found["title"]
    assert any("\u4e00" <= char <= "\u9fff" for char in found["detail"])
    assert "Traceback" not in reply.text
    return found
