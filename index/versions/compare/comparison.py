"""Two versions compared, article by article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index.versions.compare.articles import Article
from index.versions.compare.pairing import Pairing, pair_articles
from index.versions.compare.words import Segment, changed_words, only_signs_differ

UNCHANGED = "unchanged"
CHANGED = "changed"
MOVED = "moved"  # another number, the same words
MOVED_CHANGED = "moved_changed"
ADDED = "added"
REMOVED = "removed"
KINDS = (UNCHANGED, CHANGED, MOVED, MOVED_CHANGED, ADDED, REMOVED)


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one article.

    ``old`` is None for an added one, ``new`` for a removed one. ``merged_into``: number of the new
    article that a removed one's text went into; ``split_from``: of the old one that an added one's
    text came from. ``segments`` are the changed words of a pair whose words changed.
    """

    kind: str
    old: Article | None
    new: Article | None
    segments: tuple[Segment, ...] = ()
    merged_into: str = ""
    split_from: str = ""
    likeness: float = 0.0


@dataclass(frozen=True)
class Comparison:
    """All changes, in the order of the new version; a removed article stands where it stood."""

    changes: tuple[Change, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many articles of each kind, every kind named."""
        found = Counter(one.kind for one in self.changes)
        return {kind: found[kind] for kind in KINDS}


def compare(old: Sequence[Article], new: Sequence[Article]) -> Comparison:
    """Compares two versions of one text."""
    pairing = pair_articles(old, new)
    partner = {j: (i, alike) for i, j, alike in pairing.pairs}
    gone = _removed_after(pairing, len(old))
    changes: list[Change] = [_removed(old, new, pairing, i) for i in gone.get(-1, ())]
    for j, article in enumerate(new):
        if j in partner:
            i, alike = partner[j]
            changes.append(_pair(old[i], article, alike))
            changes.extend(_removed(old, new, pairing, k) for k in gone.get(i, ()))
        else:
            source = pairing.split.get(j)
            label = _name(old[source]) if source is not None else ""
            changes.append(Change(ADDED, None, article, split_from=label))
    return Comparison(tuple(changes))


def _pair(old: Article, new: Article, alike: float) -> Change:
    same_number = old.label == new.label
    if only_signs_differ(old.text, new.text):
        return Change(UNCHANGED if same_number else MOVED, old, new, likeness=alike)
    words = changed_words(old.text, new.text)
    return Change(CHANGED if same_number else MOVED_CHANGED, old, new, words, likeness=alike)


def _removed(old: Sequence[Article], new: Sequence[Article], pairing: Pairing, i: int) -> Change:
    into = pairing.merged.get(i)
    return Change(REMOVED, old[i], None, merged_into=_name(new[into]) if into is not None else "")


def _removed_after(pairing: Pairing, count: int) -> dict[int, list[int]]:
    """The old articles without a partner, by the last one before them that has one (-1: none)."""
    paired = {i for i, _, _ in pairing.pairs}
    found: dict[int, list[int]] = {}
    last = -1
    for i in range(count):
        if i in paired:
            last = i
        else:
            found.setdefault(last, []).append(i)
    return found


def _name(article: Article) -> str:
    return article.label or article.path or "开头"
