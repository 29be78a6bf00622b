"""Batches of questions: JSON lines in, JSON lines out, one line each, streamed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_LINE_BYTES = 1_000_000


class BatchError(ValueError):
    """The input can't be used; the message is Chinese and names the line."""


@dataclass(frozen=True)
class Query:
    """One line of the input; ``id`` is the line's number from 0 where none is given."""

    id: Any
    text: str


def read_queries(path: Path) -> Iterator[Query]:
    """The questions of a JSON-lines file with ``q`` and optionally ``id``; raises BatchError."""
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines):
                if line.strip():
                    yield _query(line, number)
    except OSError as error:
        raise BatchError(f"读不了 {path}：{error.strerror}，请检查路径和权限。") from error


def _query(line: bytes, number: int) -> Query:
    where = f"第 {number + 1} 行"
    if len(line) > MAX_LINE_BYTES:
        raise BatchError(f"{where}太长，每行一个问题，最多 1 MB。")
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BatchError(f'{where}不是 UTF-8 的 JSON，每行应为 {{"q": "问题"}}。') from error
    if not isinstance(value, dict) or not isinstance(value.get("q"), str):
        raise BatchError(f'{where}缺少文字字段 q，每行应为 {{"q": "问题"}}。')
    return Query(value.get("id", number), value["q"])


def write_line(stream: Any, value: dict[str, Any]) -> None:
    """One JSON object and a line feed."""
    text = json.dumps(value, ensure_ascii=False)
    stream.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")
