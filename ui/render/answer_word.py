"""One answer as a Word file: the answer with numbers, and the sources that they stand for."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from ui.conversation_export import add_words, clean
from ui.render.answer_text import all_citations, place_text

if TYPE_CHECKING:
    from docx.document import Document

    from assistant.answer import Answer, Conflict, Sentence, Table

_FONT, _HEAD_FONT = "宋体", "黑体"


def answer_docx(answer: Answer, today: date) -> bytes:
    """The file's bytes. Of a refusal: what was said, and what may be related."""
    from docx import Document as new_document

    document = new_document()
    _styled(document)
    document.core_properties.title = clean(answer.question)[:200]
    document.core_properties.author = ""
    document.add_heading(clean(answer.question), level=1)
    if answer.abstained:
        document.add_paragraph(clean(answer.message))
    elif answer.parts:
        for part in answer.parts:
            document.add_heading(clean(part.question), level=2)
            _add_body(document, part)
    else:
        _add_body(document, answer)
    for note in answer.notes:
        document.add_paragraph().add_run(f"注：{clean(note)}").italic = True
    for conflict in answer.conflicts:
        _add_conflict(document, conflict)
    listed = all_citations(answer) or answer.related
    if listed:
        document.add_heading("出处" if answer.citations else "可能相关", level=2)
    for cited in listed:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        paragraph.add_run(f"[{cited.n}] {clean(place_text(cited))}").bold = True
        document.add_paragraph(clean(cited.quote), style="Quote")
    note = f"{today:%Y-%m-%d} 由鹿鸣从文库原文摘编，编号对应出处；引用前请核对原文。"
    document.add_paragraph().add_run(note).italic = True
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _styled(document: Document) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, font, size in (
        ("Normal", _FONT, 12),
        ("Heading 1", _HEAD_FONT, 16),
        ("Heading 2", _HEAD_FONT, 13),
        ("Quote", _FONT, 11),
    ):
        style: Any = document.styles[name]
        style.font.name = font
        style.font.size = Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    quote: Any = document.styles["Quote"]
    quote.font.italic = False
    quote.paragraph_format.left_indent = Pt(24)


def _add_body(document: Document, answer: Answer) -> None:
    if answer.abstained:
        document.add_paragraph(clean(answer.message))
    elif answer.table is not None:
        _add_table(document, answer.table)
    else:
        _add_sentences(document, answer.sentences)


def _add_sentences(document: Document, sentences: Sequence[Sentence]) -> None:
    label = ""
    for one in sentences:
        if one.label and one.label != label:
            label = one.label
            document.add_paragraph().add_run(clean(label)).bold = True
        paragraph = document.add_paragraph(style="List Bullet" if one.kind == "item" else None)
        add_words(paragraph, one)
        _add_marks(paragraph, one.citations)


def _add_table(document: Document, table: Table) -> None:
    made = document.add_table(rows=1, cols=len(table.columns), style="Table Grid")
    for cell, name in zip(made.rows[0].cells, table.columns, strict=True):
        cell.paragraphs[0].add_run(clean(name)).bold = True
    for row in table.rows:
        for cell, said in zip(made.add_row().cells, row, strict=False):
            cell.paragraphs[0].add_run(clean(said.text))
            _add_marks(cell.paragraphs[0], said.citations)
    document.add_paragraph()


def _add_conflict(document: Document, conflict: Conflict) -> None:
    document.add_paragraph().add_run(f"说法不一致：{clean(conflict.point)}。").bold = True
    for place, side in enumerate(conflict.sides):
        paragraph = document.add_paragraph(clean(side.text), style="List Bullet")
        _add_marks(paragraph, (side.citation.n,))
        if place == conflict.governs:
            paragraph.add_run("（以此为准）").bold = True
    document.add_paragraph(clean(conflict.reason))


def _add_marks(paragraph: Any, numbers: Sequence[int]) -> None:
    if numbers:
        paragraph.add_run("".join(f"[{n}]" for n in numbers)).font.superscript = True
