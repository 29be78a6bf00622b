"""Archives and mails among the files found: their members take their place in the scan.

A container that is as it was when its members were last taken in isn't unpacked again; a changed
one is, and only those of its members whose bytes changed are read.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from index.places import KnownFiles
from index.records import Place
from ingest.containers import MARK, Member, container_kind, expand
from ingest.names import shown
from ingest.readers import ReadError, ReadLimits
from ingest.readers.files import reason
from ingest.scan import Scan
from ingest.sources import MemberFile, SourceFile, SourceProblem

_LEFT_FREE = 1024**3
_FULL = "磁盘剩余空间不足，压缩包没有解开；请腾出空间后重试"


@dataclass(frozen=True)
class Known:
    """What tells whether a container must be unpacked again: the catalog, and the program that
    reads; ``patient``: refusals of this program hold."""

    files: KnownFiles
    metadata_version: int
    patient: bool
    program: str


class Unfolder:
    """Unfolds the containers of one run into a scratch folder, which the caller removes."""

    def __init__(
        self, known: Known, scratch: Path, limits: ReadLimits, only: frozenset[str] | None = None
    ) -> None:
        self._known = known
        self._scratch = scratch
        self._limits = limits
        self._only = only
        self._members: dict[str, list[Place]] = {}
        self._places: dict[str, Place] = {}
        for place in known.files.places:
            container, mark, _ = place.path.partition(MARK)
            if mark:
                self._members.setdefault(container, []).append(place)
            self._places[place.path] = place
        self._refused: dict[str, list[str]] = {}
        for name in known.files.refusals:
            container, mark, _ = name.partition(MARK)
            if mark:
                self._refused.setdefault(container, []).append(name)
        self._count = 0

    def unfold(self, scan: Scan) -> Scan:
        """The scan with members in place of containers; a mail stays, with its attachments."""
        found: list[SourceFile | SourceProblem] = []
        whole: set[str] = set()
        for item in scan.found:
            if isinstance(item, SourceProblem):
                found.append(item)
                continue
            kind = self._kind(item)
            if kind in (None, "eml"):
                found.append(item)
            if kind is None or not self._wanted(scan.folder.prefix + item.source):
                continue
            before = self._as_before(item, scan)
            members = before if before is not None else list(self._unpacked(item))
            found += members
            broken = any(isinstance(m, SourceProblem) and m.source == item.source for m in members)
            if not broken:
                whole.add(shown(str(item.path)))
        return replace(scan, found=tuple(found), unfolded=frozenset(whole))

    def _wanted(self, name: str) -> bool:
        start = f"{shown(name)}{MARK}"
        return self._only is None or any(one.startswith(start) for one in self._only)

    def _kind(self, file: SourceFile) -> str | None:
        place = self._places.get(shown(str(file.path)))
        plain = place is not None and _alike(place, file) and file.path.suffix.lower() != ".eml"
        if plain or any(file.path.suffix.lower() == one for one, _ in self._limits.readers):
            return None
        try:
            return container_kind(file.path)
        except ReadError:
            return None  # the reader says what is wrong

    def _as_before(self, file: SourceFile, scan: Scan) -> list[SourceFile | SourceProblem] | None:
        """The members as they are known, None where the container must be opened."""
        path = shown(str(file.path))
        places = self._members.get(path, [])
        refused = self._refused.get(shown(scan.folder.prefix + file.source), [])
        if path in self._places:
            places = [self._places[path], *places]  # a mail is a document, too
        if not places and not refused:
            return None
        if not all(self._is_settled(place, file) for place in places):
            return None
        if not all(self._holds(name, file) for name in refused):
            return None
        out: list[SourceFile | SourceProblem] = []
        for place in places:
            inside = place.path.partition(MARK)[2]
            if not inside:
                continue
            source = f"{file.source}{MARK}{inside}"
            if scan.manifest.entry(scan.folder.manifest_prefix + source) is not None:
                return None
            out.append(_member(file, inside, Path(place.path), place.size))
        for name in refused:
            size = self._known.files.refusals[name].size
            inside = name.partition(MARK)[2]
            out.append(_member(file, inside, Path(f"{path}{MARK}{inside}"), size))
        return out

    def _is_settled(self, place: Place, file: SourceFile) -> bool:
        from ingest.planner import settled

        document = self._known.files.documents[place.document_id]
        current = document.metadata_version == self._known.metadata_version
        same = (place.mtime_ns, place.ctime_ns) == (file.mtime_ns, file.ctime_ns)
        return same and current and settled(file, place) and bool(place.file_hash)

    def _holds(self, name: str, file: SourceFile) -> bool:
        refusal = self._known.files.refusals[name]
        same = (refusal.mtime_ns, refusal.ctime_ns) == (file.mtime_ns, file.ctime_ns)
        return self._known.patient and same and refusal.program == self._known.program

    def _unpacked(self, file: SourceFile) -> Iterator[SourceFile | SourceProblem]:
        self._count += 1
        folder = self._scratch / f"{self._count:06d}"
        try:
            folder.mkdir(parents=True)
            for one in expand(file.path, file.source, folder, self._limits):
                if isinstance(one, Member):
                    # As old as its container: that is what tells whether it has changed.
                    os.utime(one.path, ns=(file.mtime_ns, file.mtime_ns))
                    yield _member(file, one.name, one.path, one.size)
                    if shutil.disk_usage(self._scratch).free < _LEFT_FREE:
                        yield SourceProblem(file.source, _FULL)
                        return
                else:
                    inside = f"{MARK}{one.name}" if one.name else ""
                    yield SourceProblem(f"{file.source}{inside}", one.reason)
        except OSError as error:
            full = error.errno is not None and error.errno in (28, 122)
            yield SourceProblem(file.source, _FULL if full else reason(error))


def _member(file: SourceFile, inside: str, path: Path, size: int) -> MemberFile:
    return MemberFile(
        path, f"{file.source}{MARK}{inside}", size, file.mtime_ns, file.ctime_ns, file.device,
        f"{file.path}{MARK}{inside}",
    )  # fmt: skip


def _alike(place: Place, file: SourceFile) -> bool:
    return (place.size, place.mtime_ns, place.ctime_ns) == (file.size, file.mtime_ns, file.ctime_ns)
