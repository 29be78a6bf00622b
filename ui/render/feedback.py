"""Feedback on a terminal, as JSON, and as files of questions for `luming eval`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.activity.feedback import VERDICT_NAMES, EvalQuestion, Feedback
from ui.render.gaps import local

if TYPE_CHECKING:
    from rich.console import Console

_CONFIRMED = ("编号", "问题", "依据", "无依据")
_OPEN = ("编号", "问题", "依据", "无依据", "当时的回答", "当时的出处", "原因")


def feedback_object(one: Feedback) -> dict[str, Any]:
    """One piece of feedback as JSON."""
    return {
        "id": one.feedback_id,
        "at": one.at.isoformat(),
        "q": one.text,
        "collections": list(one.scope.collections),
        "verdict": one.verdict,
        "reason": one.reason,
        "gold": one.gold or None,
        "abstained": one.reply.abstained,
        "answer": one.reply.text,
        "citations": [
            {
                "document_id": cited.document_id,
                "passage_id": cited.passage_id,
                "title": cited.title,
                "path": cited.path,
            }
            for cited in one.reply.cited
        ],
        "question_id": one.question_id,
    }


def print_feedback(out: Console, found: Sequence[Feedback]) -> None:
    """The list for a person."""
    if not found:
        out.print("还没有收到评价。")
    for one in found:
        style = "green" if one.verdict == "useful" else "red"
        head = f"[{one.feedback_id}] {VERDICT_NAMES[one.verdict]}  {one.text}"
        out.print(head, style=style, markup=False)
        kind = "不作答" if one.reply.abstained else "回答"
        answer = " ".join(one.reply.text.split())
        out.print(f"    {local(one.at)} · {kind}：{answer[:100]}", markup=False)
        if one.reason:
            out.print(f"    原因：{one.reason}", markup=False)
        if one.gold:
            out.print(f"    正确出处：{one.gold}", markup=False)


def write_confirmed(path: Path, found: Sequence[EvalQuestion]) -> None:
    """Questions with their sources, by the file's ending; BatchError."""
    from ui.spreadsheet import write_file, write_table

    if path.suffix.lower() == ".jsonl":
        lines = "".join(json.dumps(_line(one), ensure_ascii=False) + "\n" for one in found)
        write_file(path, lines.encode("utf-8", "replace"))
        return
    rows = [(one.id, one.q, "；".join(one.gold), "是" if one.unanswerable else "") for one in found]
    write_table(path, _CONFIRMED, rows)


def open_path(path: Path) -> Path:
    """Where the questions go that an editor must complete: a table beside the file."""
    ending = ".xlsx" if path.suffix.lower() == ".xlsx" else ".csv"
    return path.with_name(f"{path.stem}-待订正{ending}")


def write_open(path: Path, found: Sequence[Feedback]) -> None:
    """Answers found wrong, with an empty column for the right source; BatchError."""
    from ui.spreadsheet import write_table

    rows = [
        (
            f"feedback-{one.feedback_id}",
            one.text,
            "",
            "",
            "（没有作答）" if one.reply.abstained else one.reply.text,
            "；".join(f"《{c.title.strip('《》')}》{c.article or c.path}" for c in one.reply.cited),
            one.reason,
        )
        for one in found
    ]
    write_table(path, _OPEN, rows)


def _line(one: EvalQuestion) -> dict[str, Any]:
    """A text where one place is named: a person may have written several into it."""
    gold: Any = one.gold[0] if len(one.gold) == 1 else list(one.gold)
    if one.unanswerable:
        return {"id": one.id, "q": one.q, "unanswerable": True}
    return {"id": one.id, "q": one.q, "gold": gold}
