"""Which article of the new version each article of the old one became.

Articles are paired so that their likeness in all is greatest (the assignment problem, Kuhn 1955, as
scipy solves it). An article is expected beside those that stood beside it before, and where its
place lies between those that are surely paired: that helps a text that was written anew, and two
rounds are made so that the first one's pairs show the second where to look. What is left over is
looked for within longer articles: an article may have been merged into one, or split off from one.

The numbers below were chosen on five of the fifteen statutes of ``python -m bench.versions``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from index.versions.compare.articles import Article
from index.versions.compare.likeness import Likeness, likeness

#: Any two articles of one statute are as alike as this.
LEAST = 0.05
#: What a pair's score must exceed where everything was written anew, and what is added to that
#: where the versions are alike: there the same likeness means less.
ENOUGH, STRICTER = 0.19, 0.08
#: Score from which on a left-over article is a part of another.
PART = 0.28
_ROUNDS = 2
_ANCHOR = 0.10  # likeness of a pair that shows where others may be
_CLEARLY = 1.2  # how much more alike it must be than the next, at first
_MUTUAL = 0.08  # what a pair gains by being each other's most alike
_NEAR = 0.20  # what it gains at the expected place
_CHAPTER = 0.06  # what it gains under a heading of the same words
_SPREAD = 3.0  # articles around the place that the order as a whole suggests
_REACH, _STEP = 3, 2.0  # neighbours on either side that count, and how far they may have spread
_FADE = 0.15  # by how much less each further neighbour counts
_FAR_LESS = 0.6  # a pair is none when another article is so much more like the old one
_NEARLY = 0.8  # an article is only a part of what is about the most like it
_NO_TEXT = re.compile("[^\u4e00-\u9fffA-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Pairing:
    """Indices into the old and the new articles.

    ``pairs``: (old, new, likeness), by new place. ``merged``: old articles without a partner of
    their own whose text is now part of a new one. ``split``: new articles without a partner that
    were a part of an old one. Whatever is in none of these was removed, or is new.
    """

    pairs: tuple[tuple[int, int, float], ...]
    merged: dict[int, int] = field(default_factory=dict)  # old → new
    split: dict[int, int] = field(default_factory=dict)  # new → old


def pair_articles(old: Sequence[Article], new: Sequence[Article]) -> Pairing:
    """Pairs the articles of two versions."""
    if not old or not new:
        return Pairing(())
    found = likeness([one.text for one in old], [one.text for one in new])
    fixed = found.alike + _MUTUAL * found.mutual + _CHAPTER * _same_chapter(old, new)
    enough = ENOUGH + STRICTER * found.level
    anchors = _clear_pairs(found)
    for _ in range(_ROUNDS):
        nearby = _NEAR * _places(anchors, len(old), len(new))
        chosen = _assigned(fixed + nearby - enough, found.alike)
        anchors = sorted((i, j) for i, j in chosen.items() if found.alike[i, j] >= _ANCHOR)
    beside = nearby + _CHAPTER * _same_chapter(old, new)
    return Pairing(
        tuple(
            (i, j, min(float(found.alike[i, j]), 1.0))
            for i, j in sorted(chosen.items(), key=lambda pair: pair[1])
        ),
        merged=_parts(found.of_old + beside, found.alike, set(chosen)),
        split=_parts((found.of_new + beside).T, found.alike.T, set(chosen.values())),
    )


def _clear_pairs(found: Likeness) -> list[tuple[int, int]]:
    """Pairs that are each other's most alike by far, by old place."""
    alike = found.alike
    rows, columns = np.sort(alike, axis=1), np.sort(alike, axis=0)
    next_row = rows[:, -2] if alike.shape[1] > 1 else np.zeros(alike.shape[0])
    next_column = columns[-2] if alike.shape[0] > 1 else np.zeros(alike.shape[1])
    clear = alike >= _CLEARLY * np.maximum(next_row[:, None], next_column[None, :])
    return [(int(i), int(j)) for i, j in np.argwhere(found.mutual & clear & (alike >= _ANCHOR))]


def _same_chapter(old: Sequence[Article], new: Sequence[Article]) -> np.ndarray:
    """1 where both stand under a heading of about the same words, else 0."""
    ours, theirs = ([_words(one.path) for one in side] for side in (old, new))
    headings = {
        (left, right): float(bool(left and right) and len(left & right) >= 0.5 * len(left | right))
        for left in set(ours)
        for right in set(theirs)
    }
    return np.array([[headings[left, right] for right in theirs] for left in ours])


def _words(path: str) -> frozenset[str]:
    """The characters of the headings above an article, less the first number (第三章)."""
    return frozenset(_NO_TEXT.sub("", path.split(" ", 1)[-1]))


def _places(anchors: Sequence[tuple[int, int]], old: int, new: int) -> np.ndarray:
    """How much each pair stands where it is expected, 0 to 1."""
    at = np.arange(new)
    overall = _expected(anchors, old, new)
    out = np.exp(-(((overall[:, None] - at[None, :]) / _SPREAD) ** 2))
    for anchor, place in anchors:
        for i in range(max(0, anchor - _REACH), min(old, anchor + _REACH + 1)):
            if i != anchor:
                away = (at - place) - (i - anchor)
                weight = 1 - _FADE * (abs(i - anchor) - 1)
                out[i] = np.maximum(out[i], weight * np.exp(-((away / _STEP) ** 2)))
    return out


def _expected(anchors: Sequence[tuple[int, int]], old: int, new: int) -> np.ndarray:
    """Where each old article would stand if the order were kept and nothing else told."""
    out = np.zeros(old)
    for (i, j), (next_i, next_j) in pairwise([(-1, -1), *_longest_rising(anchors), (old, new)]):
        for at in range(max(i, 0), min(next_i, old)):
            out[at] = j + (at - i) / (next_i - i) * (next_j - j)
    return out


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most pairs whose order is the same in both versions (patience sorting, n log n)."""
    ends: list[int] = []  # smallest last column of a rising run of each length
    last: list[int] = []
    previous: list[int] = []
    for number, (_, column) in enumerate(pairs):
        length = bisect_left(ends, column)
        ends[length : length + 1] = [column]
        last[length : length + 1] = [number]
        previous.append(last[length - 1] if length else -1)
    out: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        out.append(pairs[number])
        number = previous[number]
    return out[::-1]


def _assigned(gain: np.ndarray, alike: np.ndarray) -> dict[int, int]:
    """The pairing with the greatest gain in all, less pairs that another article makes doubtful."""
    from scipy.optimize import linear_sum_assignment

    allowed = np.where(alike >= LEAST, np.maximum(gain, 0.0), 0.0)
    rows, columns = linear_sum_assignment(allowed, maximize=True)
    return {
        int(i): int(j)
        for i, j in zip(rows, columns, strict=True)
        if allowed[i, j] > 0 and alike[i, j] >= _FAR_LESS * alike[i].max()
    }


def _parts(share: np.ndarray, alike: np.ndarray, paired: set[int]) -> dict[int, int]:
    """For what has no partner: the article on the other side that holds most of it, if enough."""
    best = share.argmax(axis=1)
    return {
        i: int(j)
        for i, j in enumerate(best)
        if i not in paired and share[i, j] >= PART and alike[i, j] >= _NEARLY * alike[i].max()
    }
