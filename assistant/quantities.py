"""Numbers in sentences: whether one has the asked unit and stands beside what is counted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.question import Question
from assistant.text import fold, read_number
from assistant.vocabulary import MEASURES

Span = tuple[int, int]
_CN = "零〇一二两三四五六七八九十百千"
_UNIT_WORDS = "|".join((*MEASURES, "大", "亩", "%", "％"))
_NUMBER = re.compile(
    rf"(?:约|近|超过|超|不少于|不超过|不低于|不高于|至少|最多|达|共)?(?:第)?"
    rf"(?:(?:[0-9０-９.]{{1,8}}|[{_CN}]{{1,5}})\s?(?:至|到|~|～|—|-)\s?)?"
    rf"(?:百分之[{_CN}0-9.]{{1,8}}|[{_CN}]{{1,3}}分之[{_CN}]{{1,3}}|[0-9０-９][0-9０-９,，.]{{0,12}}\s?[%％]|"
    rf"[0-9０-９][0-9０-９,.]{{0,12}}\s?(?:余|多)?\s?(?:亿|万|千|百)?\s?(?:余|多)?|[{_CN}]{{1,8}}(?:亿|万|余|多)?)"
    rf"\s?(?:{_UNIT_WORDS})?"
)
_MONEY = re.compile(
    rf"(?:[0-9０-９][0-9０-９,.]{{0,12}}|[{_CN}]{{1,8}})\s?(?:余|多)?\s?(?:万|亿|千|百)?\s?(?:余|多)?元"
)
_STATED = re.compile(
    rf"([0-9]{{1,7}}|[{_CN}]{{1,6}})"
    r"(个|名|人|位|家|支|项|条|类|种|次|场|件|份|处|组|批|天|年|月|元|户|大|型|域)(?![以之内])"
)
_RATIO = re.compile("比例|百分|占|几成|率")
_SHARE = re.compile(f"[%％]|分之|[{_CN}0-9]成")
_CLAUSE_END = re.compile(r"[，。；：！？,;:!?]")
_COMPATIBLE: dict[str, tuple[str, ...]] = {
    "名": ("名", "人", "位"),
    "人": ("名", "人", "位"),
    "位": ("位", "名", "人"),
    "场": ("场", "场次", "次"),
    "次": ("次", "场", "场次", "期", "倍"),
    "天": ("天", "日", "个工作日", "小时", "周", "个月"),
    "日": ("天", "日", "个工作日"),
    "个工作日": ("个工作日", "工作日", "日", "天"),
    "小时": ("小时", "分钟"),
    "周": ("周", "日", "天", "个月"),
    "家": ("家", "户", "个"),
    "户": ("户", "家"),
    "本": ("本", "册", "部"),
    "册": ("册", "本"),
    "种": ("种", "类", "个", "项"),
    "类": ("类", "种", "个"),
    "项": ("项", "个", "条", "种"),
    "条": ("条", "项", "个"),
    "支": ("支", "个"),
    "级": ("级", "个"),
    "学时": ("学时", "课时", "小时"),
}


def compatible(unit: str) -> tuple[str, ...]:
    """Units that answer a question for ``unit``; for 个 nearly every unit of things does."""
    if unit == "个":
        return ("个", "家", "项", "支", "种", "类", "大", "条", "名", "人", "件", "分")
    return _COMPATIBLE.get(unit, (unit,))


def number_fit(question: Question, text: str) -> tuple[float, list[Span]]:
    """How far ``text`` holds the number asked for, 0–1, and where."""
    if question.wants_money:
        spans = [trimmed(text, m.span()) for m in _MONEY.finditer(text)]
        fresh = [span for span in spans if not _said(question, text[slice(*span)])]
        return (1.0, fresh[:3]) if fresh else (0.0, [])
    best: list[Span] = []
    level = 0.0
    for match in _NUMBER.finditer(text):
        score = _one(question, text, match)
        if score > level:
            level, best = score, [match.span()]
        elif score == level > 0:
            best.append(match.span())
    return level, [trimmed(text, span) for span in best[:3]]


def same_unit(question: Question, text: str) -> list[Span]:
    """Numbers in ``text`` of a unit that the question itself states (5本: 3册)."""
    wanted = {other for _, unit in question.amounts for other in compatible(unit)}
    return [
        trimmed(text, match.span())
        for match in _NUMBER.finditer(text)
        if wanted and match.group().endswith(tuple(wanted)) and not match.group().startswith("第")
    ][:3]


def _one(question: Question, text: str, match: re.Match[str]) -> float:
    """1 where the unit fits and the asked-about noun stands beside the number, less otherwise."""
    found = match.group()
    if not any(char.isdecimal() or char in _CN for char in found) or found.startswith("第"):
        return 0.0
    if any(fold(found) in entity for entity in question.entities) or _said(question, found):
        return 0.0  # the five of “五融合” is a name; what the question says is no answer
    if _RATIO.search(question.text) and question.unit not in ("分", "个"):
        return 1.0 if _SHARE.search(found) else 0.0
    if "分之" in found and "百分之" not in found and question.unit:
        return 0.2  # a share where a number of something is asked for
    unit = question.unit
    has_unit = not (found[-1].isdecimal() or found[-1] in _CN + "余多")
    bare_cn = len(fold(found)) == 1 and not has_unit
    if unit and has_unit and not found.endswith(compatible(unit)):
        return 0.05 if not bare_cn else 0.0
    if bare_cn or (found.endswith("年") and unit != "年"):
        return 0.0
    after = fold(_CLAUSE_END.split(text[match.end() : match.end() + 16])[0])
    earlier = fold(text[: match.start()])
    before = fold(_CLAUSE_END.split(text[max(0, match.start() - 20) : match.start()])[-1])
    if not question.focus:
        return 0.9 if unit and has_unit else 0.8 if has_unit else 0.4
    beside = any(word in after or word[-2:] in after for word in question.focus)
    near = any(word in before for word in question.focus)
    above = any(word in earlier for word in question.focus)
    loose = 0.7 if unit and has_unit else 0.3 if has_unit else 0.1
    return 1.0 if beside else 0.9 if near else max(0.6, loose) if above else loose


def _said(question: Question, found: str) -> bool:
    """Whether the question itself states this very amount."""
    bare = fold(found).lstrip("约近超共达")
    if len(bare) < 2:
        return False
    at = fold(question.text).find(bare)
    return at >= 0 and not fold(question.text)[max(0, at - 1) : at].isdecimal()


def premises(question: Question, texts: Sequence[str]) -> list[tuple[str, str | None]]:
    """Each amount that the question takes for granted (41个片区), with what the texts say instead.

    Amounts that the texts state as well are left out; None where they state no such amount.
    """
    found: list[tuple[str, str | None]] = []
    stated = [(text, match) for text in texts for match in _STATED.finditer(text)]
    for asked in _STATED.finditer(question.text):
        noun = fold(question.text[asked.end() : asked.end() + 2])
        same = [
            match.group()
            for text, match in stated
            if match.group(2) == asked.group(2)
            and len(noun) == 2
            and noun in fold(text[match.end() : match.end() + 12])
        ]
        value = read_number(asked.group(1))
        year = asked.group(2) == "年" and value is not None and value > 1000
        if asked.group(1) == "一" or year:
            continue
        if not any(read_number(amount[: -len(asked.group(2))]) == value for amount in same):
            found.append((asked.group(), same[0] if same else None))
    return found


def trimmed(text: str, span: Span) -> Span:
    """``span`` without blanks and commas at its ends."""
    start, end = span
    while end > start and text[end - 1] in " ,，.":
        end -= 1
    while start < end and text[start] == " ":
        start += 1
    return start, end
