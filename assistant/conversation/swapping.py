"""烫伤呢: which part of the question before is another one now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.conversation.phrases import Parts, Word, parts_of, words_of
from assistant.conversation.words import (
    INTERROGATIVE,
    OUTCOME,
    PERSON,
    ROLE,
    attribute_tail,
    word_list,
)

_LONGEST = 8  # words of a part
_OCCURRENCES = 12  # of the new part in the texts that were cited
_NEAR = 8  # characters beside them
_MOMENT = re.compile(r"(?:以后|之后|过后|后|以前|之前|前|期间|的时候|(?<!小)时|当天|当日)$")
_FUNCTION = frozenset(
    word_list(
        """
    的 是 有 为 在 由 被 把 将 向 对 和 与 从 了 要 应 应当 能 可以 会
    需要 中 里
    """
    )
)
_INSIDE = frozenset(
    word_list(
        """
    的 中 里 中的 里的
    """
    )
)
_MARKS = '“”「」《》"'
_UNIT = re.compile(
    r"[0-9.]+|[一二两三四五六七八九十百千]+|以上|以下|以内|之内|第[0-9一二三四五六七八九十百]+"
)


@dataclass(frozen=True)
class New:
    """The new part with its words, what stands ``around`` it (left, right) in the texts that were
    cited, and what a swap just ``before`` put into the question."""

    text: str
    words: Sequence[Word]
    around: tuple[tuple[str, str], ...] = ()
    before: str = ""


@dataclass(frozen=True)
class Slot:
    """A part ``start:end`` of a question that the new part may stand for."""

    start: int
    end: int
    score: float
    form: float  # how far both are written alike: characters, unit, marks
    alike: bool  # so in form, or by what stands beside them in the texts


@dataclass(frozen=True)
class Swap:
    """The new question, and its topic where that stays what it was, else ""."""

    text: str
    topic: str = ""


def swapped(
    questions: Sequence[str], other: str, topic: str, texts: Sequence[str], before: str = ""
) -> Swap:
    """The last of ``questions`` with ``other`` (烫伤, 3次以上, 有效期, 逾期没完成) where it fits.

    An earlier one serves where only that has a part written alike: 副组长单位 after a question on
    组长单位 and one on its 任期. ``topic`` is what the last question is about; ``texts`` are what
    its answer was taken from: a part that stands there between the same words is what ``other``
    replaces. ``before`` is what a swap just before put in: its place is the likeliest.
    """
    words = words_of(other)
    if not words:
        return Swap(questions[-1])
    tail = attribute_tail(other)
    if tail and not _longer_part(questions[-1], other):
        return Swap(_with_attribute(topic, other, tail), topic)
    new = New(other, words, tuple(_surroundings(other.removesuffix("的"), texts)), before)
    slots = [_best(parts_of(one), new) for one in questions]
    if (
        len(slots) > 1
        and slots[-2]
        and slots[-2].form >= 2.5
        and not (slots[-1] and slots[-1].alike)
    ):
        return Swap(_put(parts_of(questions[-2]), slots[-2], other))
    return Swap(_in_last(parts_of(questions[-1]), slots[-1], other, words, topic))


def _in_last(parts: Parts, slot: Slot | None, other: str, words: Sequence[Word], topic: str) -> str:
    if _is_condition(words) and (slot is None or slot.form < 1.3):
        return f"{other.removesuffix('的')}的{parts.text}？"
    clause = _is_clause(words)
    if slot is not None and (slot.form >= 1.3 or not clause):
        if ROLE.search(other) and not slot.alike and not PERSON.search(_of(parts, slot)):
            return f"{_joined(topic, other)}由谁担任？"
        return _put(parts, slot, other)
    return _as_case(parts, other, words, topic)


def _with_attribute(topic: str, other: str, tail: str) -> str:
    if not topic or any(word.text in other for word in words_of(topic) if len(word.text) > 3):
        return f"{other}{tail}？"
    return f"{_joined(topic, other)}{tail}？"


def _joined(topic: str, noun: str) -> str:
    if not topic or noun in topic:
        return topic or noun
    return f"{topic}{'' if topic.endswith(('的', '中', '里')) else '的'}{noun}"


def _longer_part(text: str, other: str) -> bool:
    """急件办理时限 for 一般公文办理时限: more than the attribute ends alike."""
    return any(len(other) > size >= 4 and other[-size:] in text for size in (4, 5, 6))


def _is_clause(words: Sequence[Word]) -> bool:
    """Whether the new part says what happens (逾期没完成) and is no name of a thing."""
    if any(w.text in ("了", "没", "没有", "不", "未", "被") for w in words):
        return True
    if _MOMENT.search(words[-1].text):
        return True
    first, last = words[0], words[-1]
    does = first.tag in ("v", "d", "vd", "ad", "c") and len(words) > 1
    return does and last.text != "的" and not last.nominal


def _is_condition(words: Sequence[Word]) -> bool:
    """工作满十年: an amount and what it is of."""
    return len(words) > 1 and words[-1].tag == "quantity" and words[0].tag not in ("v", "d")


def _as_case(parts: Parts, other: str, words: Sequence[Word], topic: str) -> str:
    """办结以后呢, 逾期没完成呢: another case of what is talked about."""
    outcome = OUTCOME.search(parts.asked + parts.after)
    if outcome and words[0].nominal and len(words) > 1 and _MOMENT.search(other) is None:
        return (
            f"{other}{parts.asked}{parts.after}？"  # 价签内容不全: a case with a subject of its own
        )
    about = topic
    if outcome:
        about = _subject(topic) or topic
    if _MOMENT.search(other):
        has_verb = any(w.tag == "v" for w in words_of(parts.after))
        return f"{about}{other}{parts.asked + parts.after if has_verb else '要做什么'}？"
    return f"{about}{other}怎么办？"


def _subject(topic: str) -> str:
    """职工书屋 of 职工书屋逾期两个月不还书, "" where it is too general to stand alone."""
    taken = ""
    for word in words_of(topic):
        if not word.nominal:
            break
        taken += word.text
    return taken if len(taken) >= 4 else ""


# -- where it fits -------------------------------------------------------------------------------


def _best(parts: Parts, new: New) -> Slot | None:
    slots = [_scored(parts, words, first, last, new) for words, first, last in _spans(parts)]
    return max(slots, key=lambda slot: (slot.score, -slot.start), default=None)


def _spans(parts: Parts) -> Iterator[tuple[Sequence[Word], int, int]]:
    """Every run of words that may be a part: none that begins or ends with a function word."""
    asked = range(len(parts.before), len(parts.before) + len(parts.asked))
    words = words_of(parts.text)
    for first, word in enumerate(words):
        if not _may_bound(word):
            continue
        for last in range(first, min(len(words), first + _LONGEST)):
            if words[last].tag == "x" or words[last].start in asked or words[first].start in asked:
                break
            if _may_bound(words[last]):
                yield words, first, last + 1


def _may_bound(word: Word) -> bool:
    return word.tag != "x" and word.text not in _FUNCTION and word.tag[:1] not in "pucy"


def _scored(parts: Parts, words: Sequence[Word], first: int, last: int, new: New) -> Slot:
    """How well ``words[first:last]`` and the new part stand for one another."""
    start, end = words[first].start, words[last - 1].end
    text = parts.text[start:end]
    before = words[first - 1] if first else None
    after = words[last] if last < len(words) else None
    form = _form(words[first:last], new, text)
    if _MOMENT.search(text) and _MOMENT.search(new.text):
        form += 2.0
    if attribute_tail(text) and not attribute_tail(new.text):
        form -= 1.5  # 外观设计 is no other 期限
    if text == new.before:
        form += 3.0
    if new.text.endswith("的") and after is not None and after.text == "的":
        form += 1.5
    near = max((_near(before, after, *one) for one in new.around), default=0.0)
    score = form + near - 0.06 * abs(len(text) - len(new.text)) - 0.05 * (last - first)
    score += 0.7 * _opens(before) + 0.6 * (before is not None and before.text in _INSIDE)
    score += 0.7 * _closes(words, last)
    score += 0.4 * words[last - 1].nominal - 0.6 * (
        first > 0 and form < 1 and new.words[0].nominal and words[first].tag == "v"
    )
    score -= 0.4 * sum(w.text in _FUNCTION for w in words[first:last])
    counted = parts.asked[:1] in "多几哪" and parts.before.strip() != ""
    if start >= len(parts.before) and not (counted and words[first].nominal):
        score -= 0.8  # what is done is seldom another: what it is done to is
    return Slot(start, end, score, form, form + near >= 1.0)


def _form(old: Sequence[Word], new: New, text: str) -> float:
    """How far a part of the question and the new one are written alike."""
    other, others = new.text.removesuffix("的"), new.words
    marked = [word for word in old if word.tag == "quote"]
    if marked and len(old) > 1:
        return -1.0  # a term in marks is not replaced with what stands around it
    if marked:
        inner, bare = text.strip(_MARKS), other.strip(_MARKS)
        if bare in inner:
            return -2.0
        both = others[0].tag == "quote" and len(others) == 1
        return 2.0 if both else 0.4 + 0.5 * _common(inner[::-1], bare[::-1])
    if text == other:
        return 0.0
    form = 1.3 * min(4, _common(text[::-1], other[::-1])) + 0.9 * min(3, _common(text, other))
    if others[-1].tag == "quantity" == old[-1].tag and len(old) == 1:
        form += 3.0 if _unit(text) == _unit(others[-1].text) else 1.0
    if others[-1].tag == "ns" == old[-1].tag:
        form += 2.0
    return form


def _near(before: Word | None, after: Word | None, left: str, right: str) -> float:
    """Whether what stands beside a part of the question stands beside the new part in a text."""
    near = 0.0
    if before is not None and before.text not in _FUNCTION and before.text in left:
        near += 1.2
    if after is not None and len(after.text) > 1 and after.text[:2] in right:
        near += 1.2
    return near


def _opens(before: Word | None) -> bool:
    """Whether a part may begin after this word: no name, verb or 一般 belongs to it."""
    return before is None or not (before.nominal or before.tag[:1] in "vad")


def _closes(words: Sequence[Word], last: int) -> bool:
    """Whether a part may end before ``words[last]``: no name goes on, but for a last attribute."""
    if last >= len(words) or not words[last].nominal:
        return True
    ends = last + 1 >= len(words) or not words[last + 1].nominal
    return ends and bool(attribute_tail(words[last].text))


def _surroundings(other: str, texts: Sequence[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for text in texts:
        at = text.find(other)
        while at >= 0 and len(found) < _OCCURRENCES:
            end = at + len(other)
            found.append((text[max(0, at - _NEAR) : at], text[end : end + _NEAR]))
            at = text.find(other, end)
    return found


def _common(left: str, right: str) -> int:
    count = 0
    for one, two in zip(left, right, strict=False):
        if one != two:
            break
        count += 1
    return count


def _unit(text: str) -> str:
    return _UNIT.sub("", text)


def _of(parts: Parts, slot: Slot) -> str:
    return parts.text[slot.start : slot.end]


def _put(parts: Parts, slot: Slot, other: str) -> str:
    text = parts.text
    old = text[slot.start : slot.end]
    new = other.removesuffix("的")
    if other.endswith("的") and not slot.alike and not text[slot.end :].startswith("的"):
        new = f"{other}{old}"
    elif old[:1] in "“「" and new[:1] not in "“「":
        new = f"{old[0]}{new}{old[-1]}"
    made = text[: slot.start] + new + text[slot.end :]
    return made + ("？" if INTERROGATIVE.search(made) else "")
