"""What the rules on quiz items read with: plain text, numbers on one scale, every sentence in force.

Apart from ``assistant.study.quiz`` on purpose: numbers are read by a pattern of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

_DIGIT = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"〇": 0, "两": 2}
_DROPPED = re.compile(r"[\s　“”\"‘’]+")
_GRAM = 4
_BUCKETS = 1 << 21
SAID = 0.8  # share of a statement's runs from which a sentence says it


def squeezed(text: str) -> str:
    """Without blanks and quotation marks, half-width signs widened where it matters."""
    return _DROPPED.sub("", text).replace(",", "，").replace("(", "（").replace(")", "）")


def value_of(numeral: str) -> float | None:
    """三十, 30, 一百二十, 半 as a number."""
    if numeral == "半":
        return 0.5
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", numeral):
        return float(numeral)
    total = section = digit = 0
    for char in numeral:
        if char in _DIGIT:
            digit = _DIGIT[char]
        elif char in "十百千":
            section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[char]
            digit = 0
        elif char == "万":
            total += (section + digit or 1) * 10_000
            section = digit = 0
        else:
            return None
    return float(total + section + digit)


def measure_of(text: str) -> tuple[str, float] | None:
    """A number with its unit on a common scale: days, yuan, shares; None for no number."""
    share = re.fullmatch("百分之(.+)", text) or re.fullmatch("([0-9.]+)[%％]", text)
    if share:
        value = value_of(share[1])
        return None if value is None else ("份", value / 100)
    part = re.fullmatch("(.{1,3})分之(.{1,3})", text)
    if part:
        under, over = value_of(part[1]), value_of(part[2])
        return ("份", over / under) if under and over is not None else None
    found = re.fullmatch(
        r"([0-9.零〇一二两三四五六七八九十百千万半]+)(个工作日|工作日|个月|周年|周岁|年|日|天|小时|周|岁|万元|亿元|元|倍|人|名|次|.{1,3})(半?)",
        text,
    )
    if not found:
        return None
    value = value_of(found[1])
    if value is None:
        return None
    value += 0.5 if found[3] else 0
    unit = found[2]
    days = {
        "日": 1,
        "天": 1,
        "周": 7,
        "个月": 30,
        "年": 360,
        "周年": 360,
        "工作日": 1,
        "个工作日": 1,
    }
    if unit in days:
        return "日", value * days[unit]
    if unit.endswith("元"):
        return "元", value * {"元": 1, "万元": 1e4, "亿元": 1e8}[unit]
    return {"名": "人"}.get(unit, unit), value


@dataclass
class Corpus:
    """Every sentence of the library's rules in force, found by shared runs of four characters."""

    sentences: list[str] = field(default_factory=list)
    _starts: np.ndarray = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    _ids: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int32))

    @staticmethod
    def of(texts: Iterable[str]) -> Corpus:
        """The corpus of some texts."""
        sentences = [
            squeezed(part)
            for text in texts
            for part in re.split("(?<=[。；])|\n", text)
            if len(part) >= 8
        ]
        runs: list[np.ndarray] = []
        owners: list[np.ndarray] = []
        for number, sentence in enumerate(sentences):
            found = grams(sentence)
            runs.append(found)
            owners.append(np.full(len(found), number, dtype=np.int32))
        keys = np.concatenate(runs)
        ids = np.concatenate(owners)
        order = np.argsort(keys, kind="stable")
        starts = np.searchsorted(keys[order], np.arange(_BUCKETS + 1))
        return Corpus(sentences, starts, ids[order])

    def like(self, statement: str, share: float = SAID) -> list[str]:
        """Sentences that have at least ``share`` of the statement's runs."""
        runs = grams(squeezed(statement))
        if not len(runs):
            return []
        found = np.concatenate([self._ids[self._starts[g] : self._starts[g + 1]] for g in runs])
        ids, counts = np.unique(found, return_counts=True)
        return [self.sentences[i] for i in ids[counts >= share * len(runs)]]


def grams(text: str) -> np.ndarray:
    """The different runs of four characters of a text, hashed, sorted."""
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < _GRAM:
        return np.zeros(0, dtype=np.int64)
    value = np.zeros(len(codes) - _GRAM + 1, dtype=np.uint64)
    for i in range(_GRAM):
        value = value * np.uint64(1_000_003) + codes[i : len(codes) - _GRAM + 1 + i]
    return np.unique((value >> np.uint64(7)) % np.uint64(_BUCKETS)).astype(np.int64)
