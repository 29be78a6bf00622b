"""An answer while it is being made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answer import Answer

if TYPE_CHECKING:
    from assistant.factory import Answerer
    from index.records import SearchFilter


@dataclass(frozen=True)
class AnswerStep:
    """What there is to show now.

    ``answer`` holds the sentences checked so far (None: none yet), ``progress`` a Chinese line of
    what is going on; the last step is ``done`` and its answer the whole one, which may differ from
    what was shown before.
    """

    progress: str
    answer: Answer | None = None
    done: bool = False


Listener = Callable[[AnswerStep], None]
"""Is told of every step but the last."""


def answer_stream(
    answerer: Answerer,
    question: str,
    flt: SearchFilter | None = None,
    context: Sequence[str] = (),
) -> Iterator[AnswerStep]:
    """The steps of any answerer; of one that does not stream only the last."""
    stream = getattr(answerer, "answer_stream", None)
    if stream is None:
        yield AnswerStep("", answerer.answer(question, flt, context=context), done=True)
    else:
        yield from stream(question, flt, context=context)


def answered(
    answerer: Answerer,
    question: str,
    flt: SearchFilter | None = None,
    context: Sequence[str] = (),
    listen: Listener | None = None,
) -> Answer:
    """The whole answer; ``listen`` hears of the steps to it."""
    if listen is None:
        return answerer.answer(question, flt, context=context)
    for step in answer_stream(answerer, question, flt, context):
        if step.done and step.answer is not None:
            return step.answer
        listen(step)
    raise AssertionError("the stream ends with an answer")
