"""Two departments, trainers of each, all routes on a real server with a clock to move."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from index.settings import Settings
from ingest.pipeline import ingest_paths
from tests.ui.api.conftest import make_app, served
from ui.access.accounts import Accounts
from ui.access.model import Role
from ui.api.context import Api
from ui.api.service import Service

ROOT = Path(__file__).parents[3]
OFFICE, DISCIPLINE = "办公室", "纪检室"
SECRET = "蓝莓"
CLUES = f"""{SECRET}线索处置办法（示例）
第一条 为规范{SECRET}线索处置，制定本办法。
第二条 {SECRET}线索应当在20日内完成初步核实。
第三条 {SECRET}线索由第三监督室负责保管，保管期限为10年。
第四条 {SECRET}线索的查阅，应当经室主任批准，并在3日内归还。
"""
PEOPLE = {
    "tan": (Role.TRAINER, [OFFICE, DISCIPLINE]),
    "qin": (Role.TRAINER, [OFFICE, DISCIPLINE]),
    "lu": (Role.TRAINER, [OFFICE]),
    "du": (Role.READER, [OFFICE]),
}


class Clock:
    """Runs as the real one does, and can be moved forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class House:
    """The running server."""

    url: str
    api: Api
    accounts: Accounts
    clock: Clock

    def person(self, name: str) -> httpx.Client:
        """A browser that has logged in as this person; "" for somebody without an account."""
        cookies = {"luming": self.accounts.sessions.open(name, "127.0.0.1", "测试")} if name else {}
        return httpx.Client(
            base_url=self.url,
            timeout=60,
            trust_env=False,
            cookies=cookies,
            headers={"Origin": self.url},
        )

    def drafted(self, client: httpx.Client, topic: str = "双报到", **fields: object) -> str:
        """A session that this person has made; its id."""
        form = {
            "topic": topic,
            "minutes": "60",
            "audience": "一般干部",
            "parts": ["intro", "case", "quiz", "summary"],
            **fields,
        }
        reply = client.post("/study/draft", data=form)
        assert reply.status_code == 200, reply.text
        return self.made(client, reply)

    def made(self, client: httpx.Client, reply: httpx.Response) -> str:
        """The id of the session that a draft in ``reply`` becomes."""
        for _ in range(600):
            if found := re.search(r'hx-get="/study/s/([\w-]+)"', reply.text):
                return found[1]
            token = re.search(r"/study/draft/([\w-]+)", reply.text)
            assert token, reply.text
            time.sleep(0.1)
            reply = client.get(f"/study/draft/{token[1]}")
        raise AssertionError("初稿没有生成")


def revision_of(page: str) -> str:
    """What the forms of a session's page carry."""
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found, page
    return found[1]


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    base = tmp_path_factory.mktemp("备课")
    service = Service(Settings(home=base / "home"))
    ingest_paths(service.library, [ROOT / "corpus" / "measures", ROOT / "corpus" / "cases"], OFFICE)
    clues = base / "线索.txt"
    clues.write_text(CLUES, encoding="utf-8")
    ingest_paths(service.library, [clues], DISCIPLINE)
    accounts = Accounts(service.settings)
    for name, (role, collections) in PEOPLE.items():
        accounts.people.add(name, "长 江 黄 河 泰 山 2026", role, collections)
    app, api = make_app(service, accounts)
    clock = Clock()
    api.desk.clock = clock
    with served(app) as url:
        yield House(url, api, accounts, clock)
    service.close()
    accounts.close()
