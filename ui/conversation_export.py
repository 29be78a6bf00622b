"""A conversation as a file: Markdown, Word or JSON, every sentence with its citations."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.render.text import path_text
from ui.shapes import answer_object

if TYPE_CHECKING:
    from docx.document import Document

    from assistant.answer import Answer, Citation, Sentence
    from assistant.conversation.store import Conversation, Kept

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")
_NUMBERED = re.compile(r"^([^\S\n]*)([0-9]{1,9})([.)])|^([^\S\n]*)([-+=])", re.MULTILINE)


def exported(conversation: Conversation, turns: Sequence[Kept], ending: str) -> bytes:
    """The file's bytes for an ending: .md, .docx or .json. KeyError for another."""
    return WRITERS[ending](conversation, turns)


def conversation_object(conversation: Conversation) -> dict[str, Any]:
    """A conversation as JSON lists it."""
    return {
        "conversation_id": conversation.conversation_id,
        "name": conversation.name,
        "user": conversation.user,
        "began": conversation.began.isoformat(),
        "changed": conversation.changed.isoformat(),
        "turns": conversation.turns,
    }


def turn_object(kept: Kept) -> dict[str, Any]:
    """One turn: the answer as ``luming ask --json`` prints it, and how the question was read."""
    turn = kept.turn
    return {
        "turn": kept.number,
        "at": kept.at.isoformat(),
        "understood": turn.reading.text,
        "manner": turn.reading.manner.value,
        **answer_object(turn.answer, kept.number),
    }


def _json(conversation: Conversation, turns: Sequence[Kept]) -> bytes:
    whole = {**conversation_object(conversation), "conversation": [turn_object(t) for t in turns]}
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


# -- Markdown ------------------------------------------------------------------------------------


def _markdown(conversation: Conversation, turns: Sequence[Kept]) -> bytes:
    lines = [f"# {escaped(conversation.name)}", "", _when(conversation), ""]
    for kept in turns:
        answer = kept.turn.answer
        lines += [f"## {kept.number}. {escaped(kept.turn.asked)}", ""]
        if answer.abstained:
            lines += [escaped(answer.message), ""]
        for one in answer.sentences:
            marks = "".join(f"\\[{n}\\]" for n in one.citations)
            lines += [f"{'- ' if one.kind == 'item' else ''}{escaped(one.text)}{marks}", ""]
        lines += [f"> 注：{escaped(note)}\n" for note in answer.notes]
        if answer.citations or answer.related:
            lines += ["**出处**" if answer.citations else "**可能相关**", ""]
        for cited in answer.citations or answer.related:
            lines += [f"\\[{cited.n}\\] {escaped(_place(cited))}", "", _quoted(cited.quote), ""]
    return ("\n".join(lines).rstrip() + "\n").encode("utf-8", "replace")


def escaped(text: str) -> str:
    """``text`` on one line that Markdown shows as it is: no heading, link, list or tag of its own."""
    flat = " ".join(text.split())
    return _NUMBERED.sub(_numbered, _MARKDOWN.sub(r"\\\1", flat))


def _numbered(match: re.Match[str]) -> str:
    if match[2] is not None:
        return f"{match[1]}{match[2]}\\{match[3]}"
    return f"{match[4]}\\{match[5]}"


def _quoted(text: str) -> str:
    return "\n>\n".join(f"> {escaped(line)}" for line in text.splitlines() if line.strip())


# -- Word ----------------------------------------------------------------------------------------


def _docx(conversation: Conversation, turns: Sequence[Kept]) -> bytes:
    from docx import Document as new_document
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document = new_document()
    style: Any = document.styles["Normal"]
    style.font.name = "宋体"
    style.font.size = Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    document.core_properties.title = clean(conversation.name)[:200]
    document.core_properties.author = ""
    document.add_heading(clean(conversation.name), level=0)
    document.add_paragraph(_when(conversation))
    for kept in turns:
        document.add_heading(f"{kept.number}. {clean(kept.turn.asked)}", level=1)
        _add_answer(document, kept.turn.answer)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add_answer(document: Document, answer: Answer) -> None:
    if answer.abstained:
        document.add_paragraph(clean(answer.message))
    for one in answer.sentences:
        style = "List Bullet" if one.kind == "item" else None
        paragraph = document.add_paragraph(style=style)
        add_words(paragraph, one)
        paragraph.add_run("".join(f"[{n}]" for n in one.citations)).font.superscript = True
    for note in answer.notes:
        document.add_paragraph().add_run(f"注：{clean(note)}").italic = True
    listed = answer.citations or answer.related
    if listed:
        name = "出处" if answer.citations else "可能相关"
        document.add_paragraph().add_run(name).bold = True
    for cited in listed:
        document.add_paragraph(f"[{cited.n}] {clean(_place(cited))}")
        document.add_paragraph(clean(cited.quote), style="Intense Quote")


def add_words(paragraph: Any, sentence: Sentence) -> None:
    """The words of a sentence, the very answer in them bold."""
    at = 0
    for start, end in sorted(sentence.highlights):
        if start >= at:
            paragraph.add_run(clean(sentence.text[at:start]))
            paragraph.add_run(clean(sentence.text[start:end])).bold = True
            at = end
    paragraph.add_run(clean(sentence.text[at:]))


def clean(text: str) -> str:
    """Without the characters that XML does not take."""
    kept = "".join(one for one in text if one in "\n\t\u3000" or one.isprintable())
    return kept.encode("utf-8", "ignore").decode()


# -- both ----------------------------------------------------------------------------------------


def _place(cited: Citation) -> str:
    page = f"，第 {cited.page} 页" if cited.page else ""
    where = f" {path_text(cited.path)}" if cited.path else ""
    return f"《{cited.title.strip('《》')}》{where}{page}（{cited.validity}）"


def _when(conversation: Conversation) -> str:
    began, changed = local(conversation.began), local(conversation.changed)
    return f"{began} 至 {changed}，共 {conversation.turns} 问。答句均摘自文库原文，编号对应出处。"


def local(moment: datetime) -> str:
    """A moment in this machine's time zone."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


WRITERS: dict[str, Callable[[Conversation, Sequence[Kept]], bytes]] = {
    ".md": _markdown,
    ".docx": _docx,
    ".json": _json,
}


def ending_of(path: Path) -> str | None:
    """The ending of a file that can be written, None for another."""
    ending = path.suffix.lower()
    return ending if ending in WRITERS else None
