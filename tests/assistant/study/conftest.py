"""The sample library, taken in once: rules in two versions, lessons, cases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.study.model import StudySession
from assistant.study.planning import plan_session
from assistant.study.request import StudyRequest
from index.library import Library
from index.settings import Settings

CORPUS = Path(__file__).resolve().parents[3] / "corpus"


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    from ingest.pipeline import ingest_paths

    opened = Library(Settings(home=tmp_path_factory.mktemp("home")))
    assert not ingest_paths(opened, [CORPUS], "示例").failed
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def session(samples: Library) -> StudySession:
    """Ninety minutes on a topic with a rule of its own and a case."""
    return plan_session(
        samples, StudyRequest("双报到", minutes=90, audience="党支部书记", people=20, seed=3)
    )
