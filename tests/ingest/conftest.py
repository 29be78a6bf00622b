"""An office's folder and a library that encodes at once."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.library import Library
from index.settings import Settings
from ingest.pipeline import ingest_paths
from ingest.report import IngestReport
from tests.index.conftest import HashingEncoder

COLLECTION = "制度"


def rules(title: str, *articles: str) -> str:
    """A regulation as a text file."""
    numbers = "一二三四五六七八九十"
    lines = [f"第{numbers[place]}条 {text}" for place, text in enumerate(articles)]
    return "\n\n".join([title, *lines]) + "\n"


LEAVE = rules(
    "职工请假办法",
    "职工年休假应当提前十日申请。",
    "事假每年累计不超过五日。",
    "本办法由人事处负责解释。",
)
TRAVEL = rules(
    "差旅费管理办法",
    "差旅住宿费每日不超过三百元。",
    "因公出差应当事先审批。",
    "本办法由财务处负责解释。",
)


class Office:
    """A folder of files and the library that takes them in."""

    def __init__(self, base: Path, encoder: Any = None, **settings: object) -> None:
        """``encoder``: the quick one, where meaning is no matter, unless another is given."""
        self.files = base / "共享 文件"
        self.files.mkdir()
        self.settings = Settings(home=base / "home", **settings)  # type: ignore[arg-type]
        self.library = Library(self.settings, encoder=encoder or HashingEncoder())

    def write(self, name: str, text: str | bytes, *, age: float = 60.0) -> Path:
        """A file that was last changed ``age`` seconds ago."""
        path = self.files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        when = time.time() - age
        os.utime(path, (when, when))
        return path

    def ingest(self, *paths: Path, **options: object) -> IngestReport:
        return ingest_paths(
            self.library,
            paths or (self.files,),
            COLLECTION,
            **options,  # type: ignore[arg-type]
        )

    def ids(self) -> dict[str, str]:
        """Document ids by title."""
        return {one.title: one.document_id for one in self.library.catalog.documents()}

    def sources(self) -> set[str]:
        return {one.source for one in self.library.catalog.documents()}

    def missing(self) -> set[str]:
        records = self.library.catalog.documents()
        return {one.source for one in records if one.missing_since is not None}

    def found(self, question: str) -> str:
        hits = self.library.search(question, 1)
        return hits[0].passage.text if hits else ""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.library.close()


def outcome(report: IngestReport) -> dict[str, str]:
    return {one.path: one.status for one in report.files}


def reason(report: IngestReport, name: str) -> str:
    return next(one.reason for one in report.files if one.path == name)
