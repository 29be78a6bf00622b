"""Which files a folder holds: in a fixed order, links followed once, rubbish left out."""

from __future__ import annotations

import fnmatch
import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.readers.base import ReadError
from ingest.readers.files import check_regular, open_regular, reason

IGNORE_FILE = ".lumingignore"
_MANIFEST = "manifest.toml"
_TEMPORARY = ("~$*", ".~*", "*.tmp", "*.part", "*.crdownload", "thumbs.db", "desktop.ini")
_TEMPORARY_NAME = re.compile("|".join(fnmatch.translate(one) for one in _TEMPORARY))
_CHUNK = 1024 * 1024
_DEEPEST = 64
_MAX_IGNORE_BYTES = 1024 * 1024


@dataclass(frozen=True)
class SourceFile:
    """A file found. ``source`` is its path below the root, POSIX; for a lone file its name."""

    path: Path
    source: str
    size: int
    mtime_ns: int
    ctime_ns: int = 0
    device: int = 0

    @property
    def where(self) -> str:
        """Where a person finds it."""
        return str(self.path)


@dataclass(frozen=True)
class MemberFile(SourceFile):
    """A file out of a container. ``path`` is its unpacked copy, times and device are those of the
    container, ``place`` is where a person finds it (``/share/a.zip!/b.docx``)."""

    place: str = ""

    @property
    def where(self) -> str:
        return self.place


@dataclass(frozen=True)
class SourceProblem:
    """A place that can't be taken in; ``reason`` is one Chinese line.

    ``folder``: it is a folder that could not be listed, so nothing is known of what it holds.
    """

    source: str
    reason: str
    folder: bool = False


@dataclass(frozen=True)
class Patterns:
    """Which files of a folder are wanted: all, or those that ``include`` names, less ``exclude``.

    Shell patterns as in ``.lumingignore``.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def rules(self) -> tuple[IgnoreRules, IgnoreRules]:
        """Both as rules."""
        return IgnoreRules.parse(self.include), IgnoreRules.parse(self.exclude)


def hash_file(path: Path) -> str:
    """SHA-256 of the bytes, as hexadecimal. Raises :class:`ReadError`."""
    digest = hashlib.sha256()
    with os.fdopen(open_regular(path), "rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        except OSError as error:
            raise ReadError(reason(error)) from error
    return digest.hexdigest()


def discover(
    roots: Iterable[Path], patterns: Patterns | None = None, skip: Path | None = None
) -> Iterator[SourceFile | SourceProblem]:
    """Every file below the roots, sorted by path; a problem in one place never stops the rest.

    Hidden and temporary files, ``manifest.toml``, what ``.lumingignore`` names and the folder
    ``skip`` (our own data) are left out without a word: nobody put them there to be read.
    """
    for root in roots:
        try:
            mode = os.stat(root).st_mode
        except (OSError, ValueError) as error:
            yield SourceProblem(str(root), reason(error), folder=True)
            continue
        if stat.S_ISDIR(mode):
            yield from _Walk(Path(root), patterns or Patterns(), skip).files()
        else:
            yield _file(Path(root), Path(root).name)


def look_at(path: Path, source: str) -> SourceFile:
    """A file as it is now. Raises :class:`ReadError` where it is none, or gone."""
    found = _file(path, source)
    if isinstance(found, SourceProblem):
        raise ReadError(found.reason)
    return found


def _file(path: Path, source: str) -> SourceFile | SourceProblem:
    try:
        status = os.stat(path)
        check_regular(status.st_mode)
    except ReadError as error:
        return SourceProblem(source, str(error))
    except (OSError, ValueError) as error:
        return SourceProblem(source, reason(error))
    return SourceFile(
        path, source, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_dev
    )


class _Walk:
    """One walk through a folder."""

    def __init__(self, root: Path, patterns: Patterns, skip: Path | None) -> None:
        self.root = root
        self.skip = os.path.abspath(skip) if skip is not None else None
        self.ignored = IgnoreRules.read(root / IGNORE_FILE)
        self.included, self.excluded = patterns.rules()
        self.seen: set[tuple[int, int]] = set()

    def files(self) -> Iterator[SourceFile | SourceProblem]:
        yield from self._folder(str(self.root), "", 0)

    def _folder(self, folder: str, below: str, depth: int) -> Iterator[SourceFile | SourceProblem]:
        name = below or os.path.basename(folder) or folder
        try:
            status = os.stat(folder)
            if (status.st_dev, status.st_ino) in self.seen:
                yield SourceProblem(
                    name, "快捷链接指回了已经读过的文件夹，已跳过；请删去这个链接。"
                )
                return
            self.seen.add((status.st_dev, status.st_ino))
            if depth > _DEEPEST:
                yield SourceProblem(
                    name, f"文件夹套了 {_DEEPEST} 层以上，已跳过；请整理后再放入。", folder=True
                )
                return
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except (OSError, ValueError) as error:
            yield SourceProblem(name, reason(error), folder=True)
            return
        for entry in entries:
            source = f"{below}/{entry.name}" if below else entry.name
            if is_rubbish(entry.name) or source == _MANIFEST:
                continue
            yield from self._entry(entry, source, depth)

    def _entry(
        self, entry: os.DirEntry[str], source: str, depth: int
    ) -> Iterator[SourceFile | SourceProblem]:
        try:
            is_folder = entry.is_dir()
        except OSError:
            is_folder = False  # what is wrong is said when it is looked at
        if self.ignored.matches(source, is_folder) or self.excluded.matches(source, is_folder):
            return
        if is_folder and self.skip == os.path.abspath(entry.path):
            return
        if entry.is_symlink() and not self._inside(Path(entry.path)):
            yield SourceProblem(source, "快捷链接指向这个文件夹之外，没有跟随；请放入原文件。")
        elif is_folder:
            yield from self._folder(entry.path, source, depth + 1)
        elif not self.included.rules or self.included.matches(source, False):
            yield _file(Path(entry.path), source)

    def _inside(self, link: Path) -> bool:
        """Whether a link stays below the root, or is broken (which is then said of the file)."""
        try:
            target = link.resolve()
        except (OSError, RuntimeError):
            return True
        return target.is_relative_to(self.root.resolve()) or not target.exists()


def is_rubbish(name: str) -> bool:
    """Whether a file of this name is hidden or temporary."""
    lowered = name.lower()
    return lowered.startswith(".") or _TEMPORARY_NAME.match(lowered) is not None


@dataclass(frozen=True)
class IgnoreRules:
    """Lines of a ``.lumingignore``: shell patterns, ``dir/`` for folders, ``!`` to take back."""

    rules: tuple[tuple[str, bool, bool], ...] = ()  # pattern, for folders only, taken back

    @classmethod
    def read(cls, path: Path) -> IgnoreRules:
        """The rules of a file; none where it can't be read."""
        try:
            data = path.read_bytes()[:_MAX_IGNORE_BYTES]
        except OSError:
            return cls()
        return cls.parse(data.decode("utf-8-sig", "replace").splitlines())

    @classmethod
    def parse(cls, lines: Iterable[str]) -> IgnoreRules:
        """The rules of lines as they stand in the file."""
        rules = []
        for line in lines:
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            back = line.startswith("!")
            pattern = line.lstrip("!").lstrip("/") if back else line
            rules.append((pattern.rstrip("/"), pattern.endswith("/"), back))
        return cls(tuple(rules))

    def matches(self, source: str, is_folder: bool) -> bool:
        """Whether the last rule that fits leaves this path out."""
        out = False
        name = source.rsplit("/", 1)[-1]
        for pattern, folders_only, back in self.rules:
            if folders_only and not is_folder:
                continue
            rooted = pattern.lstrip("/")
            where = source if "/" in pattern else name
            if fnmatch.fnmatchcase(where, rooted):
                out = not back
        return out
