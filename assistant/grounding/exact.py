"""The last check before an answer leaves: every sentence stands in what it cites."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.answer import Citation, Sentence
from assistant.text import squeeze


def grounded(
    sentences: Sequence[Sentence],
    citations: Sequence[Citation],
    document_text: Callable[[str], str],
) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Keep the sentences whose words stand in a cited quote that the document really holds.

    A citation whose quote is not ``document_text[start:end]`` is void; a sentence left with none
    is dropped, and so is a citation that no kept sentence uses. Numbers are given anew, from 1, in
    the order of use.
    """
    valid = {c.n: c for c in citations if document_text(c.document_id)[c.start : c.end] == c.quote}
    kept: list[tuple[Sentence, list[int]]] = []
    for sentence in sentences:
        said = squeeze(sentence.text)
        support = [
            n for n in sentence.citations if n in valid and said and said in squeeze(valid[n].quote)
        ]
        if support:
            kept.append((sentence, support))
    order: dict[int, int] = {}
    for _, support in kept:
        for n in support:
            order.setdefault(n, len(order) + 1)
    numbered = tuple(
        sentence.model_copy(update={"citations": tuple(order[n] for n in support)})
        for sentence, support in kept
    )
    used = tuple(valid[n].model_copy(update={"n": new}) for n, new in order.items())
    return numbered, used
