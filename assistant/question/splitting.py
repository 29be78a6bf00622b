"""One question or several: each is answered by itself, in order."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant import terms
from assistant.question.asked import content_words, interrogative
from assistant.question.kinds import kind_by_rules
from assistant.question.model import MAX_QUESTION, Kind, QuestionError
from assistant.question.reading import cleaned

MOST = 5
"""Questions of one asking that are answered."""
MOST_PASTED = 20
"""More than these are no asking but a list, for which there is another command."""

_BREAK = re.compile(r"(?<=[？?])|[；;\n]|(?<=。)(?=.)")
_NUMBERED = re.compile(
    r"^\s*(?:[（(]?[0-9０-９]{1,3}[）).、．](?![0-9])|[（(]?[一二三四五六七八九十]{1,3}[）)、]|[①-⑳])\s*"
)
_INLINE_NUMBER = re.compile(r"(?<=[？?；;。\s])(?=[0-9]{1,3}[.、．)）](?![0-9]))")
_CLAUSE = re.compile(r"[，,](?:以及|还有|另外|并且?|同时)?|以及|还有(?=[^，。？]{2,})")
_ASKS = re.compile(
    r"多少|几[\u4e00-\u9fff]|哪|谁|何时|何处|多久|多长|多大|什么|啥|怎么|怎样|如何|咋|吗|是否|能否|可否|为何|([\u4e00-\u9fff])不\1|区别|不同"
)
_LEANING = re.compile(
    r"^(?:[一每]次|一共|多少|由|交|找|向|报|在|到|从|要|需|谁|哪|什么|怎|如何|为什么|多久|几|有|分别|都|可以|能|会|是|又|其)"
)
_AUXILIARY = frozenset(["可以", "应当", "应该", "需要", "必须", "提前", "开始", "负责"])
_TRAILING = re.compile(r"(?:是|有|要|需要|应当?|可以|能|须|得|为|分|由|到|在|的|都){1,20}$")


@dataclass(frozen=True)
class Asked:
    """One of the questions: ``shown`` as it was written, ``text`` with the topic that it leaves
    to the one before; ``other`` with that of the first, where they differ ("" for none)."""

    shown: str
    text: str
    other: str = ""


@dataclass(frozen=True)
class Split:
    """The questions to answer, and how many more there were."""

    questions: tuple[Asked, ...]
    left_out: int = 0


def split(text: str) -> Split:
    """The questions of one asking.

    Several are told by question marks, lines, numbers and semicolons, and by a comma between two
    clauses that both ask. Raises :class:`QuestionError` for a paste of more than ``MOST_PASTED``,
    and as ``understand`` does.
    """
    parts = _parts(text[: MAX_QUESTION * 12])
    if len(parts) > MOST_PASTED:
        raise QuestionError(
            f"一次贴进了约 {len(parts)} 个问题。一次最多回答 {MOST} 个；"
            "成批的问题请分几次问，或请管理员用 luming ask --batch 逐题回答。"
        )
    whole = cleaned(text)
    if len(parts) < 2:
        return Split((Asked(whole, whole),))
    found: list[Asked] = []
    topic = first = ""
    for part in parts:
        text = _with_topic(part, topic)
        other = _with_topic(part, first) if first != topic else text
        found.append(Asked(part, text, other if other != text else ""))
        topic = _topic(text) or topic
        first = first or topic
    return Split(tuple(found[:MOST]), max(0, len(found) - MOST))


def _parts(text: str) -> list[str]:
    """The questions as written; what states something goes with the question after it."""
    parts: list[str] = []
    before = ""
    for piece in _pieces(text):
        clean = " ".join(_NUMBERED.sub("", piece).split())
        if not any(char.isalnum() for char in clean):
            continue
        if not _asks(clean):
            numbered = _NUMBERED.match(piece) is not None
            if not numbered:
                before += clean
                continue
        clauses = _clauses(before + clean)
        before = ""
        parts += clauses
    if before:
        if parts:
            parts[-1] += before
        else:
            parts.append(before)
    return parts


def _pieces(text: str) -> list[str]:
    return [
        piece
        for line in _BREAK.split(text)
        for piece in _INLINE_NUMBER.split(line or "")
        if piece and piece.strip()
    ]


def _asks(text: str) -> bool:
    return text.endswith(("？", "?")) or _ASKS.search(text) is not None


def _clauses(sentence: str) -> list[str]:
    """The clauses of a sentence that each ask; a clause that doesn't belongs to the next."""
    if kind_by_rules(sentence) is Kind.COMPARE:
        return [sentence]
    found: list[str] = []
    start = 0
    for mark in _CLAUSE.finditer(sentence):
        left, right = sentence[start : mark.start()], sentence[mark.end() :]
        if _ASKS.search(left) and _ASKS.search(right) and not _is_condition(left):
            found.append(left)
            start = mark.end()
    return [*found, sentence[start:]]


def _is_condition(clause: str) -> bool:
    """不管什么人, 无论哪一级: asks nothing."""
    return re.match(r"不管|无论|不论|任何|如果|若", clause) is not None


def _with_topic(part: str, topic: str) -> str:
    """The question with the topic of the one before, where it names none itself."""
    if not topic or topic in part:
        return part
    words = [word for word in content_words(part) if len(word) > 1]
    return topic + part if _LEANING.match(part) and len(words) < 3 else part


def _topic(text: str) -> str:
    """What a question is about: its words before the one that asks, up to the verb."""
    if kind_by_rules(text) is Kind.YES_NO:  # 有补贴吗，一次多少钱: all of it is what is asked about
        told = re.sub(r"(?:是否|有没有|能否)|[吗嘛么呢？?。]+$", "", text)
        return told if len(told) <= 40 else ""
    asks = interrogative(text)
    head = text[: asks.start()] if asks else text
    head = re.split(r"[，,。；;]", head)[-1]
    words = list(terms.tagged(_TRAILING.sub("", head)))
    while words and _says_nothing(*words[-1]):
        words.pop()
    topic = "".join(word for word, _ in words).strip()
    return topic if 2 <= len(topic) <= 30 else ""


def _says_nothing(word: str, tag: str) -> bool:
    """A verb of one character, an adverb or particle at the end of a topic: 党费每月交(多少)."""
    return tag.startswith(("d", "u", "p", "c", "r", "m", "q")) or (
        tag.startswith("v") and (len(word) == 1 or word in _AUXILIARY)
    )
