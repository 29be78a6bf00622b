"""An office whose files change: real files, the program's own ingest, the real encoder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.activity.journal import Journal
from assistant.asking import Asking
from assistant.factory import make_answerer
from index.library import Library
from index.settings import Settings

DUTY = """值班管理办法（示例）
（2019年5月10日印发）
第一条 为规范值班工作，制定本办法。
第二条 值班人员应当提前15分钟到岗，办理交接手续。
第三条 节假日值班每人每天补助100元。
第四条 本办法自2019年6月1日起施行。
"""
DUTY_REVISED = """值班管理办法（示例）
（2019年5月10日印发 2024年3月1日修订）
第一条 为规范值班工作，制定本办法。
第二条 值班人员应当提前30分钟到岗，办理交接手续。
第三条 节假日值班每人每天补助200元。
第四条 本办法自2024年4月1日起施行。
"""
MEETING = """会议费管理办法（示例）
第一条 为加强会议费管理，制定本办法。
第二条 二类会议每人每天住宿费不超过300元。
第三条 会议应当在定点饭店召开，会期不得超过2天。
第四条 会议费由财务处负责审核。
"""
LIBRARY = """图书室借阅须知（示例）
第一条 每人每次可以借阅图书3册，借期30天。
第二条 遗失图书的，按原价赔偿。
"""
OPENING = """图书室开放须知（示例）
第一条 图书室每周开放5天，周末不开放。
第二条 图书室的管理员由办公室指定专人担任。
"""
KEEPER = "图书室的管理员由谁担任？"
KEEPER_AGAIN = "请问图书室管理员由谁来担任"
"""Refused until OPENING is there."""


class Office:
    """Files, a library of them, and what asks it."""

    def __init__(self, folder: Path, encoder: object, **settings: object) -> None:
        self.files = folder / "文件"
        self.files.mkdir(exist_ok=True)
        self.settings = Settings(home=folder / "home", **settings)  # type: ignore[arg-type]
        self.library = Library(self.settings, encoder=encoder)  # type: ignore[arg-type]
        self.journal = Journal(self.library)
        self.answerer = make_answerer(self.library)
        self.asking = Asking(self.library, self.answerer, self.journal)

    def write(self, name: str, text: str) -> None:
        """Put a file into the folder; ``ingest`` takes it in."""
        (self.files / name).write_text(text, encoding="utf-8")

    def remove(self, name: str) -> None:
        """Take a file out of the folder and of the library, as ``luming remove`` does."""
        (self.files / name).unlink()
        [found] = self.library.catalog.find_documents(name)
        self.library.remove_documents([found.document_id])

    def ingest(self) -> None:
        """Bring the library up to the folder."""
        from ingest.pipeline import ingest_paths

        report = ingest_paths(self.library, [self.files], "制度")
        assert not report.failed

    def ask(self, question: str, **more: object) -> object:
        """Ask as the command line does."""
        return self.asking.ask(question, **more)  # type: ignore[arg-type]


@pytest.fixture
def make_office(library: Library, tmp_path: Path) -> Iterator[Callable[..., Office]]:
    """Makes offices with the session's encoder."""
    made: list[Office] = []

    def make(**settings: object) -> Office:
        one = Office(tmp_path, library.encoder, **settings)
        for name, text in (("值班.txt", DUTY), ("会议.txt", MEETING), ("图书.txt", LIBRARY)):
            one.write(name, text)
        one.ingest()
        made.append(one)
        return one

    yield make
    for one in made:
        one.asking.close()
        one.library.close()


@pytest.fixture
def office(make_office: Callable[..., Office]) -> Office:
    return make_office()
