"""`luming feedback`: what people said of answers, and questions for `luming eval` out of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui import console
from ui.commands.common import Collections, Json, Since, UsageError, moment, open_library

if TYPE_CHECKING:
    from assistant.activity.feedback import FeedbackStore
    from assistant.activity.journal import Journal
    from index.library import Library

Verdict = Annotated[
    str | None, typer.Option("--verdict", help="只看这一种：有用 或 有误", metavar="评价")
]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(help="对回答的评价：查看、添加，导出成评测用的问题。", no_args_is_help=True)
    group.command("list")(listed)
    group.command()(add)
    group.command()(remove)
    group.command()(export)
    app.add_typer(group, name="feedback")


def listed(
    since: Since = None,
    collection: Collections = None,
    verdict: Verdict = None,
    limit: Annotated[int, typer.Option(min=1, help="最多列出几条")] = 50,
    as_json: Json = False,
) -> None:
    """列出收到的评价，最近的在前。"""
    from ui.render.feedback import feedback_object, print_feedback

    with open_library() as library:
        store, _ = _parts(library)
        found = store.listed(moment("--since", since), _verdict(verdict), collection or (), limit)
    if as_json:
        console.print_json({"feedback": [feedback_object(one) for one in found]})
    else:
        print_feedback(console.output(), found)


def add(
    verdict: Annotated[str, typer.Argument(help="有用 或 有误", metavar="评价")],
    question_id: Annotated[
        str | None, typer.Option("--id", help="提问编号（luming ask --json 里的 question_id）")
    ] = None,
    reason: Annotated[str, typer.Option(help="原因")] = "",
    gold: Annotated[str, typer.Option("--gold", help="正确的出处，例如《会议费办法》第八条")] = "",
) -> None:
    """评价一次回答；不写编号就是最近一次提问。"""
    from assistant.activity.feedback import FeedbackError

    with open_library() as library:
        store, journal = _parts(library)
        if question_id is None:
            last = journal.questions(limit=1)
            if not last:
                raise FeedbackError("还没有提问记录，请先用 luming ask 提问。")
            question_id = last[0].question_id
        number = store.add(journal, question_id, verdict, reason, gold)
        asked = journal.find(question_id)
    text = asked.text if asked is not None else ""
    console.output().print(f"已记下第 {number} 条评价：{text}", markup=False)


def remove(
    number: Annotated[int, typer.Argument(help="评价编号", metavar="编号")],
) -> None:
    """删除一条评价。"""
    from assistant.activity.feedback import FeedbackError

    with open_library() as library:
        if not _parts(library)[0].remove(number):
            raise FeedbackError(f"没有编号为 {number} 的评价，可运行 luming feedback list 查看。")
    console.output().print(f"已删除第 {number} 条评价。")


def export(
    target: Annotated[Path, typer.Argument(help="问题文件：.jsonl、.csv 或 .xlsx", metavar="文件")],
    since: Since = None,
    collection: Collections = None,
    as_json: Json = False,
) -> None:
    """把评价导出成 luming eval 用的问题文件；有误而没写出处的另存一份，等人补写。"""
    from assistant.activity.feedback import exported
    from ui.render.feedback import open_path, write_confirmed, write_open

    with open_library() as library:
        store, _ = _parts(library)
        done = exported(store.listed(moment("--since", since), None, collection or ()))
    write_confirmed(target, done.confirmed)
    waiting = open_path(target) if done.open else None
    if waiting is not None:
        write_open(waiting, done.open)
    if as_json:
        console.print_json(
            {
                "file": str(target),
                "questions": len(done.confirmed),
                "open_file": str(waiting) if waiting else None,
                "open": len(done.open),
            }
        )
        return
    out = console.output()
    out.print(f"已写入 {target}：{len(done.confirmed)} 道题，可用 luming eval 评测。", markup=False)
    if waiting is not None:
        out.print(
            f"另有 {len(done.open)} 道有误、还没有写正确出处，在 {waiting}，"
            "请在“依据”一栏补写后再评。",
            markup=False,
        )


def _parts(library: Library) -> tuple[FeedbackStore, Journal]:
    from assistant.activity.feedback import FeedbackStore
    from assistant.activity.journal import Journal

    journal = Journal(library)
    return FeedbackStore(journal.database), journal


def _verdict(written: str | None) -> str | None:
    from assistant.activity.feedback import verdict_of

    if written is None:
        return None
    found = verdict_of(written)
    if found is None:
        raise UsageError(f"--verdict 的“{written[:20]}”不是一种评价，请写 有用 或 有误。")
    return found
