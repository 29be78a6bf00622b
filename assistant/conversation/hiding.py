"""Answers that were given while a person could see more than now."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from assistant.answer import Answer, Citation

HIDDEN = "这次回答引用的文件现在不在您可以查看的文库里，内容不再显示；需要时请联系管理员。"


def for_viewer(answer: Answer, visible: Collection[str] | None) -> Answer:
    """The answer, or a line in its place where it quotes a collection that is not ``visible``
    (None: all are)."""
    if visible is None or all(one.collection in visible for one in quoted(answer)):
        return answer
    return Answer(question=answer.question, abstained=True, message=HIDDEN)


def quoted(answer: Answer) -> Iterator[Citation]:
    """Every passage that an answer quotes, wherever it stands in it."""
    yield from answer.citations
    yield from answer.related
    yield from (one.citation for one in answer.references)
    for conflict in answer.conflicts:
        yield from (side.citation for side in conflict.sides)
    for part in answer.parts:
        yield from quoted(part)
