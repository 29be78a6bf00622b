"""Understanding a question: its kind, its words, what it demands, one or several.

``kinds`` holds the rules, ``constraints`` and ``asked`` read the rest, ``splitting`` parts several
questions, ``reading`` puts one together.
"""

from __future__ import annotations

from assistant.question.asked import content_words
from assistant.question.model import MAX_QUESTION, SPAN_KINDS, Kind, Question, QuestionError
from assistant.question.reading import understand
from assistant.question.splitting import Asked, Split, split

__all__ = [
    "MAX_QUESTION",
    "SPAN_KINDS",
    "Asked",
    "Kind",
    "Question",
    "QuestionError",
    "Split",
    "content_words",
    "split",
    "understand",
]
