"""The titles of a library: which documents a name in a question means, misspelt or shortened too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from index.address.names import (
    Rank,
    fold,
    fold_with_places,
    is_national,
    names_of,
    noun_of,
    numerals_of,
    stem,
)
from index.address.spelling import (
    abbreviates,
    is_other_word,
    is_subsequence,
    swaps,
    within_one,
    words_of,
)
from index.records import DocumentRecord

_MOST_NEAR = 12


@dataclass(frozen=True)
class Mention:
    """A known name at ``start:end`` of a text."""

    start: int
    end: int
    name: str  # folded


class TitleIndex:
    """Names of a fixed set of documents. Immutable, so it may be shared between threads.

    Building takes well under a second for 10,000 documents, a look-up well under a millisecond.
    """

    def __init__(self, records: Sequence[DocumentRecord]) -> None:
        self._records = tuple(records)
        self._names: dict[str, list[tuple[Rank, int]]] = defaultdict(list)
        self._chains: dict[str, list[int]] = defaultdict(list)
        self._stems: list[str] = []
        for number, record in enumerate(self._records):
            for name, rank in names_of(record.title).items():
                self._names[name].append((rank, number))
            self._stems.append(stem(record.family or record.title))
            self._chains[self._stems[-1]].append(number)

    # -- exact names -------------------------------------------------------------------------------

    def documents(self, name: str) -> list[tuple[Rank, DocumentRecord]]:
        """The documents of a folded name with how near it is to their titles, in catalog order."""
        return [(rank, self._records[number]) for rank, number in self._names.get(name, ())]

    def chain(self, record: DocumentRecord) -> list[DocumentRecord]:
        """All versions of a document: same title less 年份, （试行） and the like."""
        return [self._records[i] for i in self._chains[stem(record.family or record.title)]]

    def stem_of(self, record: DocumentRecord) -> str:
        """What the versions of a document share."""
        return stem(record.family or record.title)

    def ending_in(self, noun: str) -> list[DocumentRecord]:
        """The documents that may be called 办法 for short; all for ""."""
        known = zip(self._records, self._stems, strict=True)
        return [record for record, name in known if not noun or noun_of(name) == noun]

    def mentions(self, text: str) -> list[Mention]:
        """The names in a text, leftmost and longest, not overlapping.

        A name may be written with book marks, quotation marks or spaces in it.
        """
        folded, places = fold_with_places(text)
        found: list[Mention] = []
        at = 0
        while at < len(folded) - 1:
            length = self._longest_at(folded, at)
            if length:
                last = places[at + length - 1]
                found.append(Mention(places[at], last + 1, folded[at : at + length]))
            at += length or 1
        return found

    def _longest_at(self, folded: str, at: int) -> int:
        for length in self._lengths.get(folded[at : at + 2], ()):
            if at + length <= len(folded) and folded[at : at + length] in self._names:
                return length
        return 0

    @cached_property
    def _lengths(self) -> dict[str, tuple[int, ...]]:
        """Lengths of the names that begin with two characters, longest first."""
        lengths: dict[str, set[int]] = defaultdict(set)
        for name in self._names:
            lengths[name[:2]].add(len(name))
        return {head: tuple(sorted(some, reverse=True)) for head, some in lengths.items()}

    def begins_word(self, window: str, name: str) -> bool:
        """Whether ``name``, at the end of ``window``, begins with a word: 刑法 does in 酒驾刑法,
        教育法 doesn't in 高等教育法."""
        folded = fold(window)
        at = len(folded)
        for word in reversed(words_of(folded)):
            at -= len(word)
            if at <= len(folded) - len(name):
                return at == len(folded) - len(name)
        return False

    def last_word(self, text: str) -> str:
        """The word that a text ends with."""
        words = words_of(text)
        return words[-1] if words else ""

    # -- misspelt names ----------------------------------------------------------------------------

    def misspelt(self, name: str) -> list[str]:
        """The names that differ from a folded ``name`` in one character: another, one more, one
        less or two swapped. Empty where ``name`` differs from all by a real word: 党费管理办法 is
        no slip for 党员管理办法."""
        if noun_of(name) and len(words_of(name)) == 1:
            return []  # 渔业法 is known to the dictionary
        swapped = self._swapped(name)
        if swapped:
            return swapped
        near = self._one_off(name)
        return near if any(not is_other_word(name, one) for one in near) else []

    def nearest(self, name: str) -> str | None:
        """The only name that is one character off, real words or not; None for none or several."""
        near = self._swapped(name) or self._one_off(name)
        stems = {self.stem_of(r) for one in near for _, r in self.documents(one)}
        return near[0] if len(stems) == 1 else None

    def similar(self, name: str, admitted: Callable[[DocumentRecord], bool]) -> list[str]:
        """Titles to suggest for a name that is unknown, at most three, nearest first."""
        near = self._swapped(name) + self._one_off(name)
        if len(near) < 3 and len(name) >= 3:
            noun = noun_of(name)
            near += [
                one
                for one in self._names
                if one.endswith(noun or one)
                and (is_subsequence(name, one) or is_subsequence(one, name))
            ]
        order = sorted(dict.fromkeys(near), key=lambda one: (abs(len(one) - len(name)), one))
        shown: dict[str, str] = {}
        for one in order:
            known = [(rank, record.title, record) for rank, record in self.documents(one)]
            for _, title, record in sorted(known, key=lambda each: each[:2]):
                if admitted(record):
                    shown.setdefault(self.stem_of(record), title)
        return list(shown.values())[:3]

    def _swapped(self, name: str) -> list[str]:
        return [one for one in swaps(name) if one in self._halved]

    def _one_off(self, name: str) -> list[str]:
        found: dict[str, None] = {}
        for length in (len(name), len(name) + 1, len(name) - 1):
            if length < 3 and length >= len(name):
                continue  # of 刑法 one character is too little to go by
            half = length // 2
            for key in ((length, name[:half], ""), (length, "", name[len(name) - length + half :])):
                for one in self._halves.get(key, ()):
                    if within_one(name, one) and numerals_of(name) == numerals_of(one):
                        found[one] = None
        return list(found)[:_MOST_NEAR]

    @cached_property
    def _halved(self) -> frozenset[str]:
        """The names that may be misspelt: 道交法 is too short and far from its title for that."""
        return frozenset(
            name
            for name, known in self._names.items()
            if any(rank < Rank.COLLOQUIAL for rank, _ in known)
        )

    @cached_property
    def _halves(self) -> dict[tuple[int, str, str], list[str]]:
        """Names by either half: of two names one slip apart, one half is the same."""
        halves: dict[tuple[int, str, str], list[str]] = defaultdict(list)
        for name in self._halved:
            half = len(name) // 2
            halves[len(name), name[:half], ""].append(name)
            halves[len(name), "", name[half:]].append(name)
        return halves

    # -- abbreviated names -------------------------------------------------------------------------

    def abbreviated(self, name: str) -> list[str]:
        """The names that a folded ``name`` is short for: 民诉法, 治安处罚法, 差旅费办法.

        It must keep the order of the characters and at least one of every word that tells
        documents apart, so that 劳动法 never means 劳动合同法. The shortest ones only.
        """
        noun = noun_of(name)
        if len(name) < 3 or not noun:
            return []
        fits = [
            one
            for one in self._names
            if len(name) + 2 <= len(one) <= 5 * len(name)
            and not is_national(one)
            and one.endswith(noun)
            and is_subsequence(name, one)
            and abbreviates(name, one)
        ]
        shortest = min(map(len, fits), default=0)
        return [one for one in fits if len(one) == shortest]
