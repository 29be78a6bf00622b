"""How alike the articles of two versions are, from their words alone.

Runs of two and three characters, rare ones weighing more (TF-IDF), compared by cosine. Phrases that
stand in every statute weigh little. A text that has been taken over whole into a longer one counts
as more alike than the cosine, which falls with the length of what was added, would have it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

_NO_TEXT = re.compile("[^\u4e00-\u9fffA-Za-z0-9]+")
#: Phrases of statutes at large: they say little of what an article is about.
_PHRASES = re.compile(
    "构成犯罪的?，?依法追究刑事责任|(?:直接)?负(?:有)?责(?:任)?的?主管人员和其他直接责任人员"
    "|负有责任的(?:领导人员|主管人员)和直接责任人员|依法给予(?:行政)?处分|给予处分|责令(?:限期)?改正"
    "|违反本[法条例办规定解释]{1,3}(?:第[^条]{1,8}条[^，。]{0,12})?(?:的)?规定|有下列(?:情形|行为)之一的?"
    "|情节严重的|处以?[^，。；]{1,24}(?:以下|以上)[^，。；]{0,12}罚款|没收违法所得|给予警告|逾期不改正的"
    "|由县级以上(?:地方)?(?:各级)?人民政府|法律、(?:行政)?法规(?:另有)?规定的?|依照[^，。；]{1,30}的规定"
    "|应当依法|具体办法由[^，。；]{1,30}(?:制定|规定)|尚不构成犯罪的"
)
_LIGHT = 0.3  # weight of what stands in such a phrase
_TAKEN_OVER = 0.5  # what is added for the share of the old text, above this share, in the new one
_HALF = 0.5


@dataclass(frozen=True)
class Likeness:
    """Matrices, old articles by new ones. ``alike`` is 0 to about 1.25, the shares 0 to 1."""

    alike: np.ndarray
    of_old: np.ndarray  # share of the old text that stands in the new one
    of_new: np.ndarray  # share of the new text that stands in the old one

    @property
    def mutual(self) -> np.ndarray:
        """True where old and new article are each other's most alike."""
        rows, columns = self.alike.max(axis=1), self.alike.max(axis=0)
        return (self.alike == rows[:, None]) & (self.alike == columns[None, :])

    @property
    def level(self) -> float:
        """How alike the versions are as a whole: near 1 where little was amended."""
        return float(self.alike.max(axis=1).mean())


def likeness(old: Sequence[str], new: Sequence[str]) -> Likeness:
    """Compares every old text with every new one; both must not be empty."""
    weighted, light, present = _vectors([_runs(text) for text in (*old, *new)])
    ours, theirs = slice(0, len(old)), slice(len(old), None)
    norms = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    cosine = (weighted[ours] @ weighted[theirs].T).toarray()
    cosine /= np.maximum(np.outer(norms[ours], norms[theirs]), 1e-9)
    total = np.maximum(np.asarray(light.sum(axis=1)).ravel(), 1e-9)
    shared = (light[ours] @ present[theirs].T).toarray()
    of_old = shared / total[ours, None]
    return Likeness(
        alike=cosine + _TAKEN_OVER * np.maximum(of_old - _HALF, 0.0),
        of_old=of_old,
        of_new=shared / total[None, theirs],
    )


def _vectors(counted: Sequence[dict[str, float]]) -> tuple[Any, Any, Any]:
    """Sparse matrices, texts by runs: counts by rarity, rarity alone, presence."""
    from scipy.sparse import csr_matrix

    frequency: Counter[str] = Counter()
    for runs in counted:
        frequency.update(runs.keys())
    column = {run: number for number, run in enumerate(frequency)}
    rows, columns, counts, rarities = [], [], [], []
    for number, runs in enumerate(counted):
        for run, count in runs.items():
            rarity = math.log(1 + len(counted) / frequency[run])
            rows.append(number)
            columns.append(column[run])
            rarities.append(rarity)
            counts.append(rarity * (1 + math.log(count) if count > 1 else count))
    shape = (len(counted), max(len(column), 1))
    return (
        csr_matrix((counts, (rows, columns)), shape=shape),
        csr_matrix((rarities, (rows, columns)), shape=shape),
        csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape),
    )


def _runs(text: str) -> dict[str, float]:
    """How often each run of two and three characters stands in a text, phrases weighing less."""
    runs: dict[str, float] = {}
    at = 0
    for match in _PHRASES.finditer(text):
        _count(runs, text[at : match.start()], 1.0)
        _count(runs, match[0], _LIGHT)
        at = match.end()
    _count(runs, text[at:], 1.0)
    return runs


def _count(runs: dict[str, float], text: str, weight: float) -> None:
    bare = _NO_TEXT.sub("", text)
    for size in (2, 3):
        for at in range(len(bare) - size + 1):
            run = bare[at : at + size]
            runs[run] = runs.get(run, 0.0) + weight
