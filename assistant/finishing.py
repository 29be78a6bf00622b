"""From chosen units to an answer: sentences, citations, table, references, notes; several joined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.answer import Answer, Cell, Citation, Conflict, Sentence, Table
from assistant.citing import Chosen, compose
from assistant.grounding import grounded
from assistant.library_view import LibraryView
from assistant.question import Question
from assistant.references import references
from assistant.shapes.base import DraftTable, Shaped
from assistant.text import squeeze
from index.records import SUPERSEDED, SearchFilter

_MOST_NOTES = 4
NOT_USED = "，没有采用。"


def finish(
    asked: Question, shaped: Shaped, probability: float, library: LibraryView, flt: SearchFilter
) -> Answer | None:
    """The answer, every sentence checked against the document; None where none is left."""
    chosen = shaped.chosen
    texts = {part.document.document_id: library.text(part.document) for part in chosen}
    drafted, cited = compose(chosen, texts)
    sentences, citations = grounded(drafted, cited, lambda document_id: texts[document_id])
    if not sentences:
        return None
    return Answer(
        question=asked.text,
        abstained=False,
        sentences=sentences,
        citations=citations,
        table=_table(shaped.table, sentences, citations) if shaped.table else None,
        references=references(
            chosen,
            library.document,
            lambda address: library.resolve_address(address, flt),
            len(citations) + 1,
        ),
        confidence=round(probability, 3),
        notes=(*shaped.notes, *_notes(asked, shaped, library)),
    )


def _table(
    draft: DraftTable, sentences: Sequence[Sentence], citations: Sequence[Citation]
) -> Table:
    """The draft with the numbers that its sentences got; a sentence that was dropped leaves none."""
    by_number = {citation.n: citation for citation in citations}

    def cell(parts: Sequence[Chosen]) -> Cell:
        said: list[str] = []
        numbers: dict[int, None] = {}
        for part in parts:
            told = _told(part, sentences, by_number)
            if told is not None:
                said.append(told.text)
                numbers.update(dict.fromkeys(told.citations))
        return Cell(text="".join(said), citations=tuple(numbers))

    rows = [
        (Cell(text=aspect), *(cell(parts) for parts in row))
        for aspect, row in zip(draft.aspects, draft.rows, strict=True)
    ]
    return Table(columns=("方面", *draft.columns), rows=tuple(rows))


def _told(
    part: Chosen, sentences: Sequence[Sentence], by_number: dict[int, Citation]
) -> Sentence | None:
    """The sentence that a unit became."""
    for sentence in sentences:
        if squeeze(sentence.text) == squeeze(part.unit.text) and any(
            by_number[n].document_id == part.document.document_id
            and by_number[n].start <= part.unit.start < by_number[n].end
            for n in sentence.citations
        ):
            return sentence
    return None


def without_told(notes: Sequence[str], conflicts: Sequence[Conflict]) -> tuple[str, ...]:
    """The notes less those on old versions that a conflict shows anyway."""
    told = {f"《{side.citation.title.strip('《》')}》（" for one in conflicts for side in one.sides}
    return tuple(
        note
        for note in notes
        if not (note.endswith(NOT_USED) and any(title in note for title in told))
    )


def _notes(asked: Question, shaped: Shaped, library: LibraryView) -> list[str]:
    notes: list[str] = []
    records = {part.document.document_id: part.document for part in shaped.chosen}.values()
    if shaped.table is not None and len(records) > 1:
        return []  # the table's heads say which version says what
    for record in records:
        name = f"《{record.title.strip('《》')}》"
        if record.validity in SUPERSEDED:
            notes.append(f"{name}{record.validity}，不是现在的规定。")
        elif asked.wants_old:
            notes.append(f"没有找到旧版本的依据，这里引用的是{name}（{record.validity}）。")
        else:
            for old in library.older_versions(record):
                notes.append(
                    f"{name}另有旧版本《{old.title.strip('《》')}》（{old.validity}）{NOT_USED}"
                )
    return notes[:_MOST_NOTES]


def joined(question: str, parts: Sequence[Answer], left_out: int) -> Answer:
    """The answers to several questions as one, their citations numbered through."""
    total = sum(len(part.citations) for part in parts)
    numbered: list[Answer] = []
    count, beside = 0, total
    for part in parts:
        numbered.append(_shifted(part, count, beside))
        count += len(part.citations)
        beside += _beside(part)
    notes = [note for part in parts for note in part.notes]
    if left_out:
        notes.append(
            f"一次最多回答 {len(parts)} 个问题，后面还有 {left_out} 个没有回答，请分开再问。"
        )
    answered = [part for part in numbered if not part.abstained]
    return Answer(
        question=question,
        abstained=not answered,
        sentences=tuple(s for part in numbered for s in part.sentences),
        citations=tuple(c for part in numbered for c in part.citations),
        references=tuple(r for part in numbered for r in part.references),
        conflicts=tuple(c for part in numbered for c in part.conflicts),
        related=() if answered else tuple(c for part in numbered for c in part.related),
        message="" if answered else "".join(dict.fromkeys(part.message for part in numbered)),
        confidence=min((part.confidence for part in answered), default=0.0),
        parts=tuple(numbered),
        notes=tuple(dict.fromkeys(notes)),
    )


def _beside(answer: Answer) -> int:
    """How many numbers its references and conflicts take beyond its citations."""
    numbers = [one.citation.n for one in answer.references]
    numbers += [side.citation.n for one in answer.conflicts for side in one.sides]
    return max(0, max(numbers, default=0) - len(answer.citations))


def _shifted(answer: Answer, by: int, beside: int) -> Answer:
    """The answer with its citations' numbers raised by ``by``; those of its references and
    conflicts that are not among them begin after ``beside``."""
    own = len(answer.citations)

    def moved(n: int) -> int:
        return n + by if n <= own else n - own + beside

    def cited(citation: Citation) -> Citation:
        return citation.model_copy(update={"n": moved(citation.n)})

    def said(one: Sentence | Cell) -> dict[str, Any]:
        return {"citations": tuple(map(moved, one.citations))}

    table = answer.table
    if table is not None:
        rows = tuple(tuple(c.model_copy(update=said(c)) for c in row) for row in table.rows)
        table = table.model_copy(update={"rows": rows})
    references = tuple(
        one.model_copy(update={"citation": cited(one.citation)}) for one in answer.references
    )
    conflicts = tuple(
        one.model_copy(
            update={
                "sides": tuple(
                    side.model_copy(update={"citation": cited(side.citation)}) for side in one.sides
                )
            }
        )
        for one in answer.conflicts
    )
    return answer.model_copy(
        update={
            "sentences": tuple(s.model_copy(update=said(s)) for s in answer.sentences),
            "citations": tuple(map(cited, answer.citations)),
            "table": table,
            "references": references,
            "conflicts": conflicts,
        }
    )
