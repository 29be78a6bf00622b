"""Conversations on the page: the turns before the answer, and the list to reopen one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from ui.render.text import esc, path_text

if TYPE_CHECKING:
    from assistant.answer import Answer, Citation
    from assistant.conversation.store import Conversation, Kept

LISTED = 50
"""Conversations that the page offers to reopen."""
SHOWN = 20
"""Turns before the last one that the page shows; a longer conversation says that it has more."""


def earlier_html(turns: Sequence[Kept], total: int) -> str:
    """The turns before the last one, the latest first, each to be opened; "" for none."""
    if not turns:
        return ""
    rows = "".join(_turn(kept) for kept in reversed(turns))
    more = total - len(turns)
    rest = (
        f'<p class="lm-earlier-more">更早的 {more} 问没有列出，可导出查看。</p>' if more > 0 else ""
    )
    return (
        f'<section class="lm-earlier" aria-label="这段对话的上文">'
        f"<h3>这段对话的上文<span>{total}</span></h3>{rows}{rest}</section>"
    )


def list_html(
    conversations: Sequence[Conversation],
    total: int,
    current: str,
    today: date,
    unfolded: bool = False,
) -> str:
    """Conversations to reopen, folded until wanted; "" for none. ``current`` is the open one."""
    if not conversations:
        return ""
    rows = "".join(_row(one, current, today) for one in conversations)
    more = total - len(conversations)
    rest = f'<p class="lm-earlier-more">更早的 {more} 段没有列出。</p>' if more > 0 else ""
    return (
        f'<details class="lm-talks"{" open" if unfolded else ""}><summary>以往的对话<span>{total}</span></summary>'
        f'<ul class="lm-talk-list">{rows}</ul>{rest}</details>'
    )


def file_html(address: str) -> str:
    """A link that the page's script follows at once."""
    return f'<a href="{esc(address)}" download data-follow hidden>下载</a>'


def _row(one: Conversation, current: str, today: date) -> str:
    """Name and time; behind a button: rename, save, delete."""
    here = ' aria-current="true"' if one.conversation_id == current else ""
    identity, name = esc(one.conversation_id), esc(one.name)

    def deed(kind: str, label: str) -> str:
        return (
            f'<button type="button" data-talk="{identity}" data-deed="{kind}" '
            f'aria-label="{label}：{name}">{label}</button>'
        )

    return (
        f'<li><button type="button" class="lm-talk" data-talk="{identity}" data-deed="open"'
        f"{here}><span>{name}</span>"
        f"<small>{one.turns} 问 · {_when(one.changed, today)}</small></button>"
        f'<details class="lm-deeds"><summary aria-label="更多：{name}">···</summary><div>'
        f"{deed('rename', '改名')}{deed('save-docx', '存为 Word')}"
        f"{deed('save-md', '存为 Markdown')}{deed('forget', '删除')}</div></details></li>"
    )


def _when(moment: datetime, today: date) -> str:
    local = moment.astimezone()
    if local.date() == today:
        return f"今天 {local:%H:%M}"
    return f"{local:%m-%d}" if local.year == today.year else f"{local:%Y-%m-%d}"


def _turn(kept: Kept) -> str:
    answer = kept.turn.answer
    return (
        f'<details class="lm-earlier-turn"><summary>{esc(kept.turn.asked)}</summary>'
        f'<div class="lm-earlier-answer">{_said(answer)}</div></details>'
    )


def _said(answer: Answer) -> str:
    notes = "".join(f'<p class="lm-note">{esc(note)}</p>' for note in answer.notes)
    if answer.abstained:
        return f"<p>{esc(answer.message)}</p>{notes}"
    by_number = {one.n: one for one in answer.citations}
    lines = "".join(
        f"<p>{esc(one.text)}{''.join(_chip(by_number[n]) for n in one.citations if n in by_number)}</p>"
        for one in answer.sentences
    )
    return lines + notes


def _chip(citation: Citation) -> str:
    """A number that opens the source. It has no ``data-n``: that marks those of the last answer."""
    label = f"出处 {citation.n}：《{citation.title}》{path_text(citation.path)}"
    return (
        f'<button type="button" class="lm-chip" data-source="{esc(citation.document_id)}" '
        f'data-start="{citation.start}" data-end="{citation.end}" title="{esc(label)}" '
        f'aria-label="{esc(label)}">{citation.n}</button>'
    )
