"""All checks in their order, and their repairs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from index.doctor.activity import ActivityCheck
from index.doctor.base import Check, Examined, Finding
from index.doctor.contents import ContentsCheck
from index.doctor.database import DatabaseCheck
from index.doctor.disk import DiskCheck
from index.doctor.encoder import EncoderCheck
from index.doctor.folder import FolderCheck
from index.doctor.lexical import LexicalCheck
from index.doctor.originals import OriginalsCheck
from index.doctor.outbox import OutboxCheck
from index.doctor.running import RunningCheck
from index.doctor.schema import SchemaCheck
from index.doctor.vectors import VectorsCheck
from index.errors import LibraryError


def checks() -> tuple[Check, ...]:
    """All of them. What the later ones stand on is examined, and repaired, first."""
    return (
        FolderCheck(),
        DiskCheck(),
        DatabaseCheck(),
        SchemaCheck(),
        ActivityCheck(),
        RunningCheck(),
        ContentsCheck(),
        OriginalsCheck(),
        EncoderCheck(),
        OutboxCheck(),
        VectorsCheck(),
        LexicalCheck(),
    )


@dataclass(frozen=True)
class Diagnosis:
    """What was found; ``skipped`` are the titles of checks that could not be made, with why;
    ``done`` are Chinese lines of what was repaired."""

    findings: tuple[Finding, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    done: tuple[str, ...] = ()
    checked: tuple[str, ...] = ()

    @property
    def healthy(self) -> bool:
        """Whether everything was checked and nothing found."""
        return not self.findings and not self.skipped


Said = Callable[[str], None]
"""Called with the title of the check that begins."""


def examine(home: Examined, say: Said | None = None) -> Diagnosis:
    """Make every check; nothing is changed."""
    findings: list[Finding] = []
    skipped: list[tuple[str, str]] = []
    checked: list[str] = []
    for check in checks():
        if say is not None:
            say(check.title)
        try:
            if not _possible(check, home):
                if not _empty(home):
                    skipped.append((check.title, "目录库打不开"))
                continue
            findings += check.find(home)
            checked.append(check.title)
        except (LibraryError, OSError) as error:
            skipped.append((check.title, str(error)))
    return Diagnosis(tuple(findings), tuple(skipped), (), tuple(checked))


def repair(home: Examined, say: Said | None = None) -> Diagnosis:
    """Repair what can be, each check's findings before the next check; then examine again.

    Raises LibraryBusy where another process writes. What could not be repaired is a finding of
    the result, or skipped.
    """
    done: list[str] = []
    for check in checks():
        if say is not None:
            say(check.title)
        try:
            if not _possible(check, home):
                continue
            found = [one for one in check.find(home) if one.repairable]
        except (LibraryError, OSError):
            continue  # told by the examination below
        if not found:
            continue
        with home.library.writing():
            try:
                done += check.repair(home, found)
            except (LibraryError, OSError) as error:
                done.append(f"{check.title}没有修好：{error}")
    after = examine(home, say)
    return Diagnosis(after.findings, after.skipped, tuple(done), after.checked)


def _possible(check: Check, home: Examined) -> bool:
    return not check.needs_catalog or home.has_catalog()


def _empty(home: Examined) -> bool:
    path = home.catalog_file
    return path is not None and not path.exists()
