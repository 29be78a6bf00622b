"""Questions as JSON lines."""

from __future__ import annotations

import json
from typing import Any

from index.evaluation.base import EvaluationError, Problem
from index.evaluation.files.base import MAX_ROWS, Row, Rows
from index.evaluation.headings import field_of

_MAX_LINE = 1_000_000


def read_jsonl(text: str) -> Rows:
    """One object a line; a line that is none is a problem of its own."""
    rows = Rows()
    headings: dict[str, None] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        if len(rows.rows) >= MAX_ROWS:
            raise EvaluationError(f"问题超过 {MAX_ROWS} 行，请分成几个文件。")
        value = _object(line)
        if isinstance(value, str):
            rows.problems.append(Problem(number, value))
            continue
        values: dict[str, Any] = {}
        for key, given in value.items():
            headings.setdefault(key)
            name = field_of(key)
            if name is not None:
                values.setdefault(name, given)
        rows.fields.update(values)
        rows.rows.append(Row(number, values))
    rows.headings = list(headings)
    return rows


def _object(line: str) -> dict[str, Any] | str:
    """The object of a line, or what is wrong with it."""
    if len(line) > _MAX_LINE:
        return "这一行超过 1 MB，每行应只有一个问题。"
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        return f'不是正确的 JSON（第 {error.colno} 个字附近），应为 {{"q": "问题", "gold": ["依据"]}}。'
    except (ValueError, RecursionError):
        return "不是正确的 JSON：数字太长或嵌套太深。"
    if not isinstance(value, dict):
        return '这一行不是 {"q": …} 这样的对象。'
    return value
