"""A replay on a terminal and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.activity.records import Cited, Reply
from assistant.activity.replay import NOW_ANSWERED, OUTCOME_NAMES, Difference, Replayed
from index.errors import shorten

if TYPE_CHECKING:
    from rich.console import Console

_SHOWN = 200  # characters of an answer on a terminal


def replay_object(done: Replayed, accepted: int | None = None) -> dict[str, Any]:
    """A replay as JSON; ``accepted`` is how many answers became the baseline, None: not asked."""
    return {
        "asked": done.asked,
        "unchanged": done.unchanged,
        "changed": done.changed,
        "new": len(done.new),
        "accepted": accepted,
        "differences": [_difference(one) for one in done.differences],
    }


def _difference(one: Difference) -> dict[str, Any]:
    scope = one.before.scope
    return {
        "q": one.before.text,
        "collections": list(scope.collections),
        "as_of": scope.as_of.isoformat() if scope.as_of else None,
        "outcome": one.outcome,
        "causes": [{"code": cause.code, "text": cause.text} for cause in one.causes],
        "error": one.error or None,
        "before": {**_reply(one.before.reply), "at": one.before.at.isoformat()},
        "after": _reply(one.after) if one.after is not None else None,
    }


def _reply(reply: Reply) -> dict[str, Any]:
    return {
        "abstained": reply.abstained,
        "text": reply.text,
        "citations": [
            {
                "document_id": one.document_id,
                "passage_id": one.passage_id,
                "title": one.title,
                "path": one.path,
            }
            for one in reply.cited
        ],
    }


def headline(done: Replayed) -> str:
    """What came out, in one line."""
    if not done.asked:
        return "没有可重问的问题：提问记录还是空的，或没有符合条件的。"
    compared = done.asked - len(done.new)
    parts = [f"重问 {done.asked} 个问题"]
    if compared:
        parts.append(f"{done.changed} 个答案变了，{done.unchanged} 个没变")
    if done.new:
        parts.append(f"{len(done.new)} 个没有可比的旧答案")
    return "；".join(parts) + "。"


def answer_text(reply: Reply | None) -> str:
    """What was said, or that nothing was."""
    if reply is None:
        return "（没有问成）"
    return "（不作答）" if reply.abstained else reply.text


def sources(reply: Reply | None) -> list[str]:
    """The places that a reply stood on."""
    cited = reply.cited if reply is not None else ()
    return list(dict.fromkeys(_place(one) for one in cited))


def _place(one: Cited) -> str:
    return f"《{one.title.strip('《》')}》{one.article or one.path.rpartition('/')[2]}"


def print_replay(out: Console, done: Replayed, accepted: int | None) -> None:
    """The list for a person."""
    out.print(headline(done), style="bold", markup=False)
    outcome = ""
    for one in done.differences:
        if one.outcome != outcome:
            outcome = one.outcome
            count = sum(other.outcome == outcome for other in done.differences)
            style = "green" if outcome == NOW_ANSWERED else "yellow"
            out.print(f"\n{OUTCOME_NAMES[outcome]}（{count}）", style=style)
        _print_difference(out, one)
    if accepted is not None:
        out.print(f"\n已认可 {accepted} 个新答案，以后拿它们来比。")
    elif done.new:
        out.print("\n加 --accept 记下这些答案，下次就有得比。")


def _print_difference(out: Console, one: Difference) -> None:
    out.print(f"\n  {shorten(one.before.text, 200)}", style="bold", markup=False)
    for cause in one.causes:
        out.print(f"    原因：{cause.text}", markup=False)
    if one.error:
        out.print(f"    {one.error}", markup=False)
    for name, reply in (("原来", one.before.reply), ("现在", one.after)):
        if reply is not None:
            where = "；".join(sources(reply))
            text = shorten(answer_text(reply), _SHOWN)
            out.print(f"    {name}：{text}{f'〔{where}〕' if where else ''}", markup=False)
