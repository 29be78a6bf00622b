"""The contract of a container format, and the bounds that hold for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from ingest.readers.base import ReadError, ReadLimits

#: Between a container's path and the path inside it.
MARK = "!/"


@dataclass(frozen=True)
class ContainerLimits:
    """How much a container may unfold to, those inside it counted with it."""

    max_members: int = 10_000
    max_unpacked_bytes: int = 4 * 1024**3
    max_ratio: int = 200  # unpacked / packed, of what is above ``ratio_from`` bytes
    ratio_from: int = 8 * 1024 * 1024
    max_depth: int = 3  # containers inside one another


@dataclass(frozen=True)
class Member:
    """A file inside a container, unpacked. ``name`` is its path inside (``b.zip!/c.docx``).

    ``path`` is a file of its own in the scratch folder, which the caller may delete when done.
    """

    name: str
    path: Path
    size: int


@dataclass(frozen=True)
class MemberProblem:
    """A member that can't be taken in; ``reason`` is one Chinese line.

    An empty ``name`` means the container itself: what wasn't met before may still be in it, so
    nothing that is known of it may be taken to be gone.
    """

    name: str
    reason: str


@dataclass(frozen=True)
class Entry:
    """One entry as an archive gives it. ``open`` must be called before the next entry is asked
    for; ``refusal`` says why there is nothing to open (a link, say). Sizes are as stated."""

    name: str
    size: int
    open: Callable[[], BinaryIO]
    packed: int | None = None
    refusal: str = ""


class Container(Protocol):
    """One container format: yields its files in order. Raises :class:`ReadError` where it is
    damaged, at the entry where that shows."""

    def entries(self, path: Path, place: Workplace) -> Iterator[Entry]:
        """Files only; folders are not told."""
        ...


@dataclass
class Workplace:
    """What an archive's reader may use: a folder to write to, limits, passwords and the account."""

    folder: Path
    read: ReadLimits = field(default_factory=ReadLimits)
    bounds: ContainerLimits = field(default_factory=ContainerLimits)
    passwords: list[str] = field(default_factory=list)
    budget: Budget = field(default_factory=lambda: Budget(ContainerLimits()))
    name: str = ""  # of the container in the library


@dataclass
class Budget:
    """What all containers inside one another have used so far."""

    bounds: ContainerLimits
    members: int = 0
    unpacked: int = 0
    serial: int = 0

    def take_member(self) -> None:
        """One member more."""
        self.members += 1
        if self.members > self.bounds.max_members:
            raise TooMuch(
                f"压缩包里的文件超过 {self.bounds.max_members} 个，其余没有读取；请分成几个压缩包再放入"
            )

    def take_bytes(self, count: int) -> None:
        """So many bytes unpacked."""
        self.unpacked += count
        if self.unpacked > self.bounds.max_unpacked_bytes:
            gib = self.bounds.max_unpacked_bytes / 1024**3
            raise TooMuch(f"压缩包解压后超过 {gib:.0f} GB，其余没有读取；请分成几个压缩包再放入")

    def next_name(self, suffix: str) -> str:
        """A file name that nothing in the container has a say in."""
        self.serial += 1
        clean = "".join(c for c in suffix[:12] if c.isascii() and (c.isalnum() or c == "."))
        return f"{self.serial:06d}{clean}"


class TooMuch(ReadError):
    """A bound is reached; what came before stays."""


BOMB = "压缩比大得反常（疑似压缩炸弹），没有读取；请确认来源"
LOCKED_MEMBER = "压缩包有密码，打不开；请用 --password-file 给出密码，或解压后再放入"
DAMAGED = "压缩包不完整或已损坏；请重新获取，或解压后再放入"
LINK = "压缩包里的快捷链接，没有跟随；请放入原文件"
UNSAFE = "压缩包里的文件名不安全（指向压缩包之外，或含有特殊字符），没有读取"


def member_path(container: str, name: str) -> str:
    """How a member is named in the library."""
    return f"{container}{MARK}{name}"


def container_of(source: str) -> str | None:
    """The outermost container of a member's name, None for what is no member."""
    container, mark, _ = source.partition(MARK)
    return container if mark else None


def safe_name(name: str) -> str | None:
    """The name as a relative POSIX path, None for one that leads out of the container."""
    name = name.replace("\\", "/")
    if name.startswith("/") or (len(name) > 1 and name[1] == ":" and name[0].isalpha()):
        return None
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if not parts or ".." in parts or any(not char.isprintable() for char in name):
        return None
    whole = "/".join(parts)
    return whole if len(whole) <= 1_000 else None


def decoded_name(raw: bytes) -> str:
    """A name as the packing program meant it: UTF-8, else GB18030, which Chinese Windows writes."""
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")
