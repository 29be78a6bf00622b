"""A small home of real files, and what a user would notice of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bench.home_state import HomeState, home_state
from index.doctor import Diagnosis, Examined, examine, repair
from index.library import Library
from index.settings import Settings
from ingest.pipeline import ingest_paths
from tests.index.conftest import HashingEncoder

QUESTIONS = ("值班人员应当做什么", "公务用车每次登记什么", "印章由谁保管")
CORPUS = Path(__file__).parents[3] / "corpus"
RULES = {
    "值班.txt": "值班办法\n第一条 值班人员应当坚守岗位，每两小时巡查一次。\n第二条 值班记录保存三年。\n",
    "用车.txt": "用车规定\n第一条 公务用车每次登记里程和事由。\n第二条 节假日封存停驶。\n",
    "印章.txt": "印章规定\n第一条 印章由办公室专人保管。\n第二条 用印须经负责人批准。\n",
}


@dataclass
class Home:
    """A home and the files that it was made from."""

    settings: Settings
    files: Path

    def library(self, encoder: Any = None) -> Library:
        return Library(self.settings, encoder=encoder or HashingEncoder())

    def ingest(self) -> None:
        with self.library() as library:
            ingest_paths(library, [self.files], "制度")

    def state(self) -> HomeState:
        with self.library() as library:
            return home_state(library, QUESTIONS)

    def examined(self, how: Callable[..., Diagnosis] = examine, encoder: Any = None) -> Diagnosis:
        home = Examined(self.settings, encoder or HashingEncoder())
        try:
            return how(home)
        finally:
            home.library.close()

    def repaired(self, encoder: Any = None) -> Diagnosis:
        return self.examined(repair, encoder)

    @property
    def folder(self) -> Path:
        return self.settings.home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Three rules and a PDF, indexed."""
    files = tmp_path / "文件"
    files.mkdir()
    for name, text in RULES.items():
        (files / name).write_text(text, encoding="utf-8")
    pdf = min(CORPUS.rglob("*.pdf"), key=lambda one: one.stat().st_size)
    (files / "规程.pdf").write_bytes(pdf.read_bytes())
    made = Home(Settings(home=tmp_path / "数据 目录", workers=0), files)
    made.ingest()
    return made
