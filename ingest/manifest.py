"""``manifest.toml`` at the root of a folder: what a person states about its files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path, PurePosixPath

from index.records import KINDS, VALIDITIES
from index.versions.dates import parse_date

NAME = "manifest.toml"
_MAX_BYTES = 5 * 1024 * 1024
_MAX_TEXT = 300
_TEXTS = ("title", "issuer", "doc_number", "family")
_DATES = ("issued", "effective", "repealed")
_OTHERS = ("path", "kind", "validity", "collection", "format", "example_of")


@dataclass(frozen=True)
class Manifest:
    """Stated facts by path. ``warnings`` are Chinese lines for the report."""

    entries: Mapping[str, dict[str, object]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def entry(self, source: str) -> dict[str, object] | None:
        """What is stated about the file at this path below the root, None for nothing."""
        return self.entries.get(source)


def read_manifest(root: Path) -> Manifest:
    """The manifest of a folder; an empty one where there is none or it can't be read.

    Wrong values are left out and named in the warnings: a slip in one line never stops a batch.
    """
    path = root / NAME
    try:
        if not path.is_file():
            return Manifest()
        if path.stat().st_size > _MAX_BYTES:
            return Manifest(warnings=(f"{NAME} 超过 5 MB，没有采用；请删去多余内容。",))
        stated = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError:
        return Manifest(warnings=(f"{NAME} 读不出来，没有采用；请检查读取权限。",))
    except UnicodeDecodeError:
        return Manifest(warnings=(f"{NAME} 不是 UTF-8 编码，没有采用；请另存为 UTF-8。",))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Manifest(warnings=(f"{NAME} 的写法有误，没有采用：{str(error)[:120]}",))
    rows = stated.get("document", [])
    if not isinstance(rows, list):
        return Manifest(warnings=(f"{NAME} 里每个文件要写成一段 [[document]]，没有采用。",))
    entries: dict[str, dict[str, object]] = {}
    warnings: list[str] = []
    for number, row in enumerate(rows, start=1):
        _take(row, f"{NAME} 第 {number} 段", entries, warnings)
    return Manifest(entries, tuple(warnings))


def _take(
    row: object, where: str, entries: dict[str, dict[str, object]], warnings: list[str]
) -> None:
    if not isinstance(row, dict) or not isinstance(row.get("path"), str):
        warnings.append(f"{where}没有写 path，没有采用。")
        return
    path = PurePosixPath(row["path"]).as_posix()
    if path in entries:
        warnings.append(f"{where}的 {path[:80]} 前面已经写过，没有采用。")
        return
    entry: dict[str, object] = {}
    for key, value in row.items():
        problem = _check(key, value, entry)
        if problem:
            warnings.append(f"{where}（{path[:80]}）的 {str(key)[:40]} {problem}")
    entries[path] = entry


def _check(key: str, value: object, entry: dict[str, object]) -> str:
    """Takes a good value into ``entry``; returns what is wrong with a bad one."""
    if key in _DATES:
        found = value if isinstance(value, date) else parse_date(str(value))
        if found is None:
            return "不是日期，请写成 2024-05-01。"
        entry[key] = found.date() if isinstance(found, datetime) else found
    elif key in _TEXTS:
        if not isinstance(value, str) or not value.strip() or len(value) > _MAX_TEXT:
            return f"要是 1 至 {_MAX_TEXT} 个字。"
        entry[key] = " ".join(value.split())
    elif key == "kind" or key == "validity":
        allowed = KINDS if key == "kind" else VALIDITIES
        if value not in allowed:
            return f"只能是：{'、'.join(allowed)}。"
        entry[key] = value
    elif key not in _OTHERS:
        return "不认识，没有采用。"
    return ""
