"""What is known of a question once it has been read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MAX_QUESTION = 2000
"""Characters of one question, or of several asked together."""


class QuestionError(ValueError):
    """The question cannot be answered as it stands; the message is Chinese and for the asker."""


class Kind(StrEnum):
    """What shape of answer a question wants."""

    NUMBER = "number"
    DATE = "date"
    FREQUENCY = "frequency"
    DURATION = "duration"
    PERSON = "person"
    NAME = "name"
    CODE = "code"
    PLACE = "place"
    DOCUMENT = "document"  # which rule says so: 依据哪个文件
    ADDRESS = "address"  # the wording of an article: 第八条规定了什么
    LIST = "list"
    YES_NO = "yes_no"
    HOW_TO = "how_to"
    COMPARE = "compare"
    DEFINITION = "definition"
    SUMMARY = "summary"
    REASON = "reason"
    OTHER = "other"


#: Kinds whose answer is a span of one sentence.
SPAN_KINDS = (
    Kind.NUMBER,
    Kind.DATE,
    Kind.FREQUENCY,
    Kind.DURATION,
    Kind.PERSON,
    Kind.NAME,
    Kind.CODE,
    Kind.PLACE,
    Kind.DOCUMENT,
)


@dataclass(frozen=True)
class Question:
    """A question understood.

    ``words`` are its content words, folded, in order, without repeats; ``focus`` those that name
    the asked attribute (补贴 in “补贴多少钱”); ``entities`` are quoted terms and titles;
    ``attribute`` is the noun that 什么 or 哪家 stands before (学历 in 要什么学历);
    ``places`` (with the ``bodies`` among them: 乡镇, 高校) and ``years`` constrain the answer, as do
    ``demands`` (第三讲, 最高的是哪家) and ``collection`` (the 文库 that it names);
    ``count`` is the stated size of a list (4 in 哪四型); ``unit`` the asked unit of a number (名),
    as documents write it; ``amounts`` what the question itself states (5 and 册 in 能借5本吗);
    ``noun`` what a list is of (职责 in 有哪些职责) or who is asked for (首问责任人 in 首问责任人是谁);
    ``sides`` are the two things that a comparison is between, as written;
    ``wants_old`` and ``wants_new`` say which version it speaks of.
    """

    text: str
    kind: Kind
    words: tuple[str, ...]
    focus: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    count: int | None = None
    unit: str = ""
    amounts: tuple[tuple[int, str], ...] = ()
    demands: tuple[str, ...] = ()
    attribute: str = ""
    wants_old: bool = False
    wants_money: bool = False
    noun: str = ""
    bodies: tuple[str, ...] = ()
    collection: str = ""
    wants_new: bool = False
    sides: tuple[str, str] | None = None
