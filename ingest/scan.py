"""Going through folders: which files are there, and which of those known are gone for sure.

A share that is not there looks like an empty folder, or fails in the middle. Nothing is taken
to be gone unless the folder that held it can be listed and is the one that it was.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.bulk import bulk
from index.records import Place
from ingest.containers import container_of
from ingest.manifest import Manifest, read_manifest
from ingest.sources import Patterns, SourceFile, SourceProblem, discover


@dataclass(frozen=True)
class Folder:
    """A folder or a lone file to be taken in.

    ``prefix`` stands in front of its files' names in the catalog. The manifest is that of
    ``manifest_root``, where given, which knows the files with ``manifest_prefix`` in front.
    """

    path: Path  # absolute
    prefix: str = ""
    patterns: Patterns = field(default_factory=Patterns)
    source_id: int | None = None  # of a remembered folder
    manifest_root: Path | None = None
    manifest_prefix: str = ""


@dataclass(frozen=True)
class Scan:
    """What one folder held when it was gone through."""

    folder: Folder
    found: tuple[SourceFile | SourceProblem, ...]
    manifest: Manifest
    is_folder: bool
    identity: tuple[int, int] | None  # device and number of the folder
    blocked: tuple[str, ...]  # folders that could not be listed, absolute
    holding: frozenset[str]  # folders that hold a file found, absolute
    unfolded: frozenset[str] = frozenset()  # containers all of whose members were met, absolute

    @property
    def root(self) -> Path:
        """The folder that names are counted from."""
        return self.folder.path if self.is_folder else self.folder.path.parent

    def covers(self, path: str) -> bool:
        """Whether a file at this path would have been found, were it there."""
        if not self.is_folder or not _below(path, str(self.folder.path)):
            return False
        return not any(path == one or _below(path, one) for one in self.blocked)


@bulk()
def scan(folder: Folder, skip: Path | None = None) -> Scan:
    """Go through a folder now, past the folder ``skip``."""
    path = folder.path
    identity = _identity(path)
    is_folder = path.is_dir()
    manifest = read_manifest(folder.manifest_root or (path if is_folder else path.parent))
    found = tuple(discover([path], folder.patterns, skip))
    blocked = [
        str(path if one.source in (str(path), path.name) else path / one.source)
        for one in found
        if isinstance(one, SourceProblem) and one.folder
    ]
    holding: set[str] = set()
    for one in found:
        if isinstance(one, SourceFile):
            above = os.path.dirname(str(one.path))
            while above not in holding and len(above) >= len(str(path)):
                holding.add(above)
                above = os.path.dirname(above)
    return Scan(folder, found, manifest, is_folder, identity, tuple(blocked), frozenset(holding))


def gone_for_sure(
    places: Iterable[Place], scans: Sequence[Scan]
) -> tuple[list[Place], list[Place]]:
    """Of files that a scan did not find: those that are gone, and those that nobody can tell.

    Looks again, so that a share that went away meanwhile is noticed. What is there again is in
    neither list.
    """
    whole = {id(one): _still_whole(one) for one in scans}
    covering = [(one, whole[id(one)]) for one in scans]
    unfolded = frozenset[str]().union(*(one.unfolded for one in scans))
    gone: list[Place] = []
    unsure: list[Place] = []
    for place in places:
        there = is_there(place.path, unfolded)
        if there:
            continue
        sure = there is False and any(
            fine and one.covers(place.path) and _gone(place, one) for one, fine in covering
        )
        (gone if sure else unsure).append(place)
    return gone, unsure


def is_there(path: str, unfolded: frozenset[str] = frozenset()) -> bool | None:
    """Whether there is a file at a path; None where the system won't tell.

    Of a member of a container nobody can tell before the container was gone through; what was not
    met in one of ``unfolded`` is not there.
    """
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        container = container_of(path)
        if container is None or container in unfolded:
            return False
        return None if os.path.isfile(container) else False
    except (OSError, ValueError):
        return None
    return True


def _still_whole(one: Scan) -> bool:
    """Whether the root is still the folder that was gone through, and can be listed."""
    if one.identity is None or _identity(one.folder.path) != one.identity:
        return False
    try:
        with os.scandir(one.folder.path):
            return True
    except OSError:
        return False


def _gone(place: Place, one: Scan) -> bool:
    """Whether the nearest folder that is left is on the file's disk, or holds files found.

    An empty folder on another disk is a mount point whose share is away.
    """
    above = os.path.dirname(place.path)
    root = str(one.folder.path)
    while above == root or _below(above, root):
        try:
            status = os.stat(above)
        except FileNotFoundError:
            above = os.path.dirname(above)
            continue
        except OSError:
            return False
        return status.st_dev == place.device or above in one.holding
    return False


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _below(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip("/") + "/")
