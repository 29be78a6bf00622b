"""Lists inside one sentence: a、b、c和d after a colon or 包括, and how many parts they have."""

from __future__ import annotations

import re

from assistant.quantities import Span
from assistant.question import Question
from assistant.text import fold, read_number
from assistant.vocabulary import MEASURES

_CN = "零〇一二两三四五六七八九十百千"
_LISTS = re.compile(
    r"包括|包含|分为|下列|以下|如下|主要有|分别|组成|涵盖|即|面向|是：|所称|备有|要"
)
_PARTS_OF = re.compile(
    r"([\u4e00-\u9fff“”]{2,10}?)(?:主要|一般|都|都是|具体)?(?:包括|包含|分为|分|有|是|由)了?(?:哪|什么|几)"
)
_COUNT_BEFORE = re.compile(rf"([0-9]{{1,3}}|[{_CN}]{{1,3}})(?:{'|'.join(MEASURES)}|不准|不|有)")


def listing(question: Question, text: str) -> tuple[float, list[Span]]:
    """How far ``text`` lists what the question asks for, 0–1, and where."""
    count = question.count
    size, span = enumeration(text, count)
    if count and size == count:
        return 1.0, [span]
    if size >= 2 and not count and _opens_with(question, text):
        return 1.0, [span]
    noun = question.noun
    if text.endswith(("：", ":")):
        named = noun and fold(text).rstrip("：:").endswith(noun)
        told = count is not None and says_count(text, count)
        return (1.0 if named or told or not noun else 0.7), []
    if count and says_count(text, count):
        return 0.8, []
    if noun and re.search(rf"[0-9{_CN}](?:项|个|种|类|条|大|方面)?{re.escape(noun)}", fold(text)):
        return 1.0, ([span] if size >= 2 else [])
    lists = list(_LISTS.finditer(text))
    if size >= 2 and not count and lists:
        named = any(word in fold(text[: lists[-1].start()]) for word in question.focus)
        return (1.0 if named else 0.8), [span]
    if size >= 3:
        return 0.5, ([] if count else [span])
    return (0.3 if size == 2 else 0.1), []


def _opens_with(question: Question, text: str) -> bool:
    """Whether ``text`` says of the very thing that the question asks the parts of: 差旅费是指…"""
    asked = _PARTS_OF.search(fold(question.text))
    if asked is None:
        return False
    named = re.escape(asked[1])
    return (
        re.search(rf"{named}[,，]?(?:主要|一般)?(?:包括|是指|包含|分为|有|：|为)", fold(text))
        is not None
    )


def says_count(text: str, count: int) -> bool:
    """Whether ``text`` speaks of ``count`` things (两门, 三个“一”, 六不准)."""
    return any(read_number(m[1]) == count for m in _COUNT_BEFORE.finditer(text))


def enumeration(text: str, count: int | None = None) -> tuple[int, Span]:
    """Size and range of the longest run a、b、c和d in ``text`` (the run of ``count`` if any).

    With ``count`` also clauses after a colon (四个问题：谁要求的，依据是什么，…), parts between
    semicolons, and the two of A和B两门.
    """
    best: tuple[int, Span] = (0, (0, 0))
    start = 0
    for clause in re.split(r"([，。；：:;！？（）()])", text):
        end = start + len(clause)
        commas = clause.count("、")
        if commas:
            size = commas + 1
            last = clause[clause.rfind("、") + 1 :]
            joined = re.search(r"[\u4e00-\u9fff”》](?:以及|和|与|及)[\u4e00-\u9fff“《]", last)
            sizes = {size, size + 1} if joined else {size}
            size = count if count is not None and count in sizes else max(sizes)
            if (count and size == count and best[0] != count) or (
                best[0] != count and size > best[0]
            ):
                best = (size, (start, end))
        start = end
    if count and best[0] != count:
        return _clauses(text, count) or best
    return best


def _clauses(text: str, count: int) -> tuple[int, Span] | None:
    """``count`` clauses that stand for a list."""
    parts = [part for part in re.split("[；;]", text) if part.strip()]
    if len(parts) == count:
        return count, (0, len(text))
    for colon in re.finditer("[：:]", text):
        end = _sentence_end(text, colon.end())
        clauses = [c for c in re.split("[，；,;]", text[colon.end() : end]) if c.strip()]
        if len(clauses) == count and says_count(text[: colon.start()], count):
            return count, (colon.end(), end)
    pair = re.search(r"([\u4e00-\u9fff]{2,10}[和与及][\u4e00-\u9fff]{2,10}?)[两二]", text)
    if count == 2 and pair:
        return 2, pair.span(1)
    return None


def _sentence_end(text: str, start: int) -> int:
    found = re.search("[。！？]", text[start:])
    return start + found.start() if found else len(text)
