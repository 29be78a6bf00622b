"""What can go wrong with a library, each with one Chinese line that says what to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path


class LibraryError(Exception):
    """Base of the errors that are shown to the user as they are.

    ``command`` says what to run, and ends the line for whoever sits at the machine; ``elsewhere``
    stands in its place for readers of a page and callers of the API, who can run nothing there.
    """

    def __init__(self, line: str = "", command: str = "", elsewhere: str = "") -> None:
        told = line.removesuffix("。")
        super().__init__(f"{told}，{command}。" if command else line)
        self.without_command = f"{told}，{elsewhere}。" if command and elsewhere else line


class EmptyLibrary(LibraryError):
    """Nothing has been taken in yet."""

    def __init__(self) -> None:
        super().__init__(
            "资料库还是空的。",
            "请先运行 luming ingest 文件或文件夹 --collection 文库名",
            "请先上传文件，或请管理员收录",
        )


class UnknownCollection(LibraryError):
    """A named collection does not exist."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        listed = "、".join(f"“{shorten(one)}”" for one in known[:20]) or "（还没有文库）"
        super().__init__(f"没有名为“{shorten(name)}”的文库，现有文库：{listed}。")


class UnknownDocument(LibraryError):
    """A document id or title does not exist."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"资料库里没有“{shorten(name)}”这份文件。",
            "可运行 luming list 查看全部文件",
            "请检查编号，或重新查找",
        )


class CatalogError(LibraryError):
    """The catalog's database cannot be opened, read or written."""


class StoreDamaged(LibraryError):
    """The vectors or the lexical index cannot be read; both can be rebuilt from the catalog."""

    def __init__(self, what: str, reason: str = "") -> None:
        detail = f"（{shorten(reason, 120)}）" if reason else ""
        super().__init__(
            f"{what}已损坏或版本不符{detail}，请运行 luming rebuild 重建，原有文件不受影响。"
        )


class DiskUnusable(LibraryError):
    """The disk of the home is full or can't be written; nothing in it is damaged by that."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(
            f"{what}写不进去（{shorten(reason, 120)}），请检查数据目录所在磁盘的剩余空间和写入权限；"
            "腾出空间后再运行一次会接着做。"
        )


def store_error(what: str, reason: str, folder: Path | None = None) -> LibraryError:
    """The error of a store that failed for this reason: the disk's fault, or the store's.

    Chroma does not always say that the disk is full; that of ``folder`` is looked at.
    """
    lowered = reason.lower()
    if any(sign in lowered for sign in _OF_THE_DISK):
        return DiskUnusable(what, reason)
    with suppress(OSError):
        if folder is not None and shutil.disk_usage(folder).free < _FULL_BYTES:
            return DiskUnusable(what, "磁盘已满")
    return StoreDamaged(what, reason)


_FULL_BYTES = 1 << 20
#: What SQLite, Rust and the C library call it, in lower case.
_OF_THE_DISK = (
    "disk is full",
    "no space left",
    "file too large",
    "quota exceeded",
    "read-only file system",
    "readonly database",
    "permission denied",
)


class VectorServiceError(LibraryError):
    """The Chroma server that the settings name cannot be reached."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"连接不上向量服务 {shorten(url, 120)}，请确认服务已启动，"
            "或去掉 LUMING_CHROMA_URL 改用内嵌方式。"
        )


class LibraryBusy(LibraryError):
    """Another process is writing to this home."""

    def __init__(self, holder: str = "") -> None:
        who = f"（进程号 {holder}）" if holder else ""
        super().__init__(f"另一个 LuMing 任务{who}正在写入这个资料库，请等它结束后再试。")


class EncoderUnavailable(LibraryError):
    """The encoder cannot be built or loaded; the message is the encoder's."""


class EncoderMismatch(LibraryError):
    """The vectors in the store were made by another encoder than the one in the settings."""

    def __init__(self, stored: str, current: str) -> None:
        another = "的另一个版本" if stored == current else ""
        super().__init__(
            f"资料库的向量由“{shorten(stored)}”{another}生成，当前设置的向量模型是“{shorten(current)}”，"
            "两者不能混用。请运行 luming reembed 用当前模型重新生成，"
            "或把 LUMING_ENCODER 改回原来的模型。"
        )


def shorten(text: str, limit: int = 60) -> str:
    """``text`` on one line and at most ``limit`` characters, fit to be put into a message."""
    flat = " ".join("".join(_printable(text[: limit * 4])).split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def _printable(text: str) -> Iterable[str]:
    return (char if char.isprintable() else " " for char in text)
