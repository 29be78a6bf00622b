"""What a follow-up is understood from, and what it was understood as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.answer import Answer


class Manner(StrEnum):
    """How a question was understood."""

    PLAIN = "plain"  # stands by itself: nothing was taken over
    ADDRESS = "address"  # 那第九条呢
    VERSION = "version"  # 修订前呢, 2015年版的呢
    SWAP = "swap"  # 烫伤呢: one part of the question before is another
    PRONOUN = "pronoun"  # 它, 该办法, 上述人员, 后者
    CONTINUED = "continued"  # 由谁召集: what it is about is left out
    REPEATED = "repeated"  # 还有呢, 你确定吗
    COURTESY = "courtesy"  # 谢谢: nothing is asked


@dataclass(frozen=True)
class Source:
    """A place that an answer cited: what 该办法, 这一条 or 第三款 may point at."""

    document_id: str
    title: str
    article: str = ""
    quote: str = ""
    start: int = 0  # of the quote in the document's text


@dataclass(frozen=True)
class Past:
    """One turn of a conversation as later turns need it.

    ``understood`` is the self-standing question; ``topic`` what it is about; ``sources`` are the
    answer's citations, empty where it abstained.
    """

    asked: str
    understood: str
    topic: str = ""
    sources: tuple[Source, ...] = ()
    abstained: bool = False

    @classmethod
    def of(cls, reading: Reading, asked: str, answer: Answer) -> Past:
        """The turn of an answered question."""
        sources = tuple(
            Source(one.document_id, one.title, one.article or "", one.quote[:_QUOTE], one.start)
            for one in answer.citations[:_SOURCES]
        )
        return cls(asked, reading.text, reading.topic, sources, answer.abstained)


@dataclass(frozen=True)
class Reading:
    """A question understood. ``text`` stands by itself; ``context`` are the documents that the
    conversation is about, the latest first; ``topic`` is what a next follow-up may leave out."""

    text: str
    manner: Manner = Manner.PLAIN
    topic: str = ""
    context: tuple[str, ...] = ()

    @property
    def rewritten(self) -> bool:
        """Whether the asker should be told how the question was understood."""
        return self.manner not in (Manner.PLAIN, Manner.COURTESY)


REMEMBERED = 8
"""Turns that are looked back at, however long a conversation is."""
_SOURCES = 12
_QUOTE = 600


def documents_of(turns: Sequence[Past]) -> tuple[str, ...]:
    """The documents that the latest turns cited, the latest first, each once."""
    latest = reversed(turns[-REMEMBERED:])
    return tuple(dict.fromkeys(one.document_id for turn in latest for one in turn.sources))
