"""What a writer of hand-outs is given and what it gives back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assistant.study.model import QuizItem, StudySession
from index.errors import LibraryError


class HandoutError(LibraryError):
    """A hand-out cannot be made; the message is one Chinese line that says what to do."""


@dataclass(frozen=True)
class Paper:
    """The questions of one paper; ``name`` is empty where there is one paper only, else A, B …"""

    name: str
    items: tuple[QuizItem, ...]


@dataclass(frozen=True)
class Material:
    """All that hand-outs are made of."""

    session: StudySession
    papers: tuple[Paper, ...] = ()  # the session's quiz, unless others were asked for
    templates: Path | None = None  # the office's folder of templates

    @property
    def quiz(self) -> tuple[QuizItem, ...]:
        """What is asked in the room: the session's quiz, else the first paper."""
        if self.session.quiz or not self.papers:
            return self.session.quiz
        return self.papers[0].items


@dataclass(frozen=True)
class HandoutFile:
    """One file: what it is (学习方案), its ending (docx) and its bytes."""

    label: str
    ending: str
    data: bytes


class Writer(Protocol):
    """One format. Makes files in memory; writes nothing and reads nothing but its templates."""

    @property
    def title(self) -> str:
        """The format in words, for the line of progress: Word 文件."""

    def files(self, material: Material) -> Iterable[HandoutFile]:
        """The files, none where the session has nothing for this format; raises HandoutError."""
