"""From chosen units of documents to numbered sentences and citations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answer import Citation, Sentence
from assistant.sentences import Unit, UnitKind
from index.records import DocumentRecord, PassageRecord


@dataclass(frozen=True)
class Chosen:
    """A unit that the answer shows, with where it comes from and what to show bold."""

    unit: Unit
    passage: PassageRecord
    document: DocumentRecord
    spans: tuple[tuple[int, int], ...] = ()
    label: str = ""  # the heading of the section that it stands for

    def labelled(self, label: str) -> Chosen:
        """The same under a heading."""
        return replace(self, label=label)

    @property
    def key(self) -> tuple[str, int]:
        """Where it stands."""
        return self.document.document_id, self.unit.start


def cite(
    n: int,
    passage: PassageRecord,
    document: DocumentRecord,
    start: int,
    end: int,
    quote: str,
) -> Citation:
    """A citation of ``quote``, which is the document's text from ``start`` to ``end``."""
    return Citation(
        n=n,
        document_id=document.document_id,
        passage_id=passage.passage_id,
        title=document.title,
        path=passage.path,
        article=passage.article,
        page=passage.page,
        quote=quote,
        start=start,
        end=end,
        collection=document.collection,
        validity=document.validity,
        missing=document.missing_since is not None,
    )


def cite_passage(n: int, passage: PassageRecord, document: DocumentRecord) -> Citation:
    """A citation of the whole passage."""
    return cite(n, passage, document, passage.start, passage.end, passage.text)


def compose(
    chosen: Sequence[Chosen], texts: dict[str, str]
) -> tuple[list[Sentence], list[Citation]]:
    """Sentences in the given order; units that follow one another in a passage share a citation.

    ``texts`` holds each document's text by id.
    """
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    for run in _runs(chosen, texts):
        first, last = run[0], run[-1]
        text = texts[first.document.document_id]
        start, end = first.unit.start, last.unit.end
        number = len(citations) + 1
        citations.append(cite(number, first.passage, first.document, start, end, text[start:end]))
        for part in run:
            sentences.append(_sentence(part, number))
    return sentences, citations


def _runs(chosen: Sequence[Chosen], texts: dict[str, str]) -> list[list[Chosen]]:
    runs: list[list[Chosen]] = []
    for part in chosen:
        previous = runs[-1][-1] if runs else None
        if previous is not None and _adjoin(previous, part, texts):
            runs[-1].append(part)
        else:
            runs.append([part])
    return runs


def _adjoin(left: Chosen, right: Chosen, texts: dict[str, str]) -> bool:
    if (
        right.label
        or left.passage.passage_id != right.passage.passage_id
        or right.unit.start < left.unit.end
    ):
        return False
    between = texts[left.document.document_id][left.unit.end : right.unit.start]
    return not between.strip()


def _sentence(part: Chosen, number: int) -> Sentence:
    """One line of text: line breaks inside a unit become nothing (Chinese needs no space)."""
    kind = {UnitKind.LEAD: "lead", UnitKind.ITEM: "item"}.get(part.unit.kind, "sentence")
    text = part.unit.text
    highlights = tuple(s for s in part.spans if 0 <= s[0] < s[1] <= len(text))
    return Sentence(
        text=text, citations=(number,), highlights=highlights, kind=kind, label=part.label
    )
