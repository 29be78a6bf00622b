"""The sample session's hand-outs, made once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.study.model import StudySession
from tests.ui.handouts import sample
from ui.handouts import FORMATS, write_handouts

#: What a document or a trainer could write to break a format that holds it.
HOSTILE = (
    "<script>window.x=1</script>&amp;{{ 7*7 }}{% for a in b %}{_{ =1+1 \x00\x08\x1b\ud800 "
    "\ue0000\ue001\ue002 ]]><w:br/>\u202e"
)


@pytest.fixture(scope="session")
def session() -> StudySession:
    return sample.session()


@pytest.fixture(scope="session")
def folder(session: StudySession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every format."""
    made = tmp_path_factory.mktemp("handouts")
    write_handouts(session, made, FORMATS)
    return made


@pytest.fixture(scope="session")
def find(folder: Path) -> Callable[[str], Path]:
    """The file whose name ends so."""

    def found(ending: str) -> Path:
        (one,) = folder.glob(f"*-{ending}")
        return one

    return found


@pytest.fixture(scope="session")
def hostile(session: StudySession) -> StudySession:
    """The same session with hostile words in every text."""
    return StudySession.model_validate(_poisoned(session.model_dump()))


def _poisoned(value: object, key: str = "") -> object:
    if isinstance(value, dict):
        return {name: _poisoned(one, name) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_poisoned(one, key) for one in value]
    fixed = {"kind", "id", "document_id", "passage_id", "materials", "label"}
    return f"{value}{HOSTILE}" if isinstance(value, str) and key not in fixed else value
