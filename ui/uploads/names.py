"""Names of uploaded files: what a file system, a terminal and a person can take."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container

from ingest.names import check_collection
from ingest.sources import is_rubbish

LONGEST = 180
"""Bytes of UTF-8; file systems take 255, and a mark for a second file of the name needs room."""
_RESERVED = re.compile(r'[<>:"|?*\\/]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
#: Files that steer how a folder is read; nobody uploads them to be read.
_STEERING = frozenset(("manifest.toml", ".lumingignore"))


def safe_name(given: str) -> str:
    """The last part of a name without what could lead elsewhere or hide; "" where nothing is left.

    Folders are cut off, whatever slash they are written with. Invisible characters (also those
    that turn the direction of writing, by which ``exe.docx`` poses) are dropped.
    """
    last = re.split(r"[\\/]", given)[-1]
    plain = unicodedata.normalize("NFC", last)
    kept = "".join(one for one in plain if unicodedata.category(one)[0] != "C")
    kept = _RESERVED.sub("_", " ".join(kept.split())).strip(" .")
    if _DEVICES.fullmatch(kept):
        kept = f"_{kept}"
    return _shortened(kept)


def unwanted(name: str) -> str:
    """Why a file of this (safe) name is not taken, "" where it is."""
    if not name:
        return "没有文件名；请改名后再传"
    if name.lower() in _STEERING:
        return "这是说明怎样收文件的设置，不是文件；请由管理员放在来源文件夹里"
    if is_rubbish(name):
        return "这是临时文件或隐藏文件；请传正式的文件"
    return ""


def distinct(name: str, taken: Container[str]) -> str:
    """``name``, with a number where another file of the same upload has it."""
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    found, count = name, 1
    while found.casefold() in taken:
        count += 1
        found = f"{stem}（{count}）{dot}{ending}"
    return found


def folder_name(collection: str) -> str:
    """The folder of a collection's uploads: readable, and different for different collections.

    Raises IngestError for a name that no collection can have.
    """
    name = check_collection(collection)
    readable = _shortened(safe_name(name), 60) or "_"
    return f"{readable}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _shortened(name: str, longest: int = LONGEST) -> str:
    """``name`` with at most so many bytes; the ending stays where it is short."""
    if len(name.encode("utf-8", "ignore")) <= longest:
        return name
    stem, dot, ending = name.rpartition(".")
    tail = f".{ending}" if dot and len(ending.encode()) <= 12 else ""
    stem = stem if tail else name
    room = longest - len(tail.encode())
    return stem.encode("utf-8", "ignore")[:room].decode("utf-8", "ignore").strip(" .") + tail
