"""The titles of a library: which documents a name in a question means, misspelt or shortened too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from index.address.names import (
    Rank,
    fold,
    fold_with_places,
    is_national,
    names_of,
    noun_of,
    stem,
)
from index.records import DocumentRecord

_SHORTEST_MISSPELT = 3
_MOST_NEAR = 12
#: Words that an abbreviation may leave out whole; of every other word it keeps a character.
_LEFT_OUT_WORDS = (
    "管理 工作 实施 若干 有关 问题 具体 应用 适用 法律 办理 处理 暂行 试行 国内 基本 相关 进一步 加强 和 与 及 的 "
    "机关 单位 人员 部门 党员 干部 党政 党政机关 市直 市直机关 直属 直属机关 中央 国家 全国 检查 纪检 监察 "
    "纪检监察 纪律检查 中国共产党 中华人民共和国 落实 开展 建设 关于 审理 案件 刑事 刑事案件 适用法律 有关事项 事项 规范"
)
_LEFT_OUT = frozenset(_LEFT_OUT_WORDS.split())


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
        for word in reversed(_words(folded)):
            at -= len(word)
            if at <= len(folded) - len(name):
                return at == len(folded) - len(name)
        return False

    # -- misspelt names ----------------------------------------------------------------------------

    def misspelt(self, name: str) -> list[str]:
        """The names that differ from a folded ``name`` in one character: another, one more, one
        less or two swapped. A name that is made of real words (党费管理办法) is no slip for another
        (党员管理办法)."""
        return [one for one in self._one_off(name) if not _other_words(name, one)]

    def similar(self, name: str) -> list[str]:
        """Names to suggest for one that is unknown, at most three, nearest first."""
        near = self._one_off(name)
        if len(near) < 3 and len(name) >= 3:
            noun = noun_of(name)
            near += [
                one
                for one in self._names
                if one.endswith(noun or one)
                and (_subsequence(name, one) or _subsequence(one, name))
            ]
        order = sorted(dict.fromkeys(near), key=lambda one: (abs(len(one) - len(name)), one))
        shown: dict[str, str] = {}
        for one in order:
            _, record = min(self.documents(one), key=lambda pair: pair[0])
            shown.setdefault(self.stem_of(record), record.title)
        return list(shown.values())[:3]

    def _one_off(self, name: str) -> list[str]:
        found: dict[str, None] = {}
        for length in (len(name), len(name) + 1, len(name) - 1):
            half = length // 2
            for key in ((length, name[:half], ""), (length, "", name[len(name) - length + half :])):
                for one in self._halves.get(key, ()):
                    if one != name and within_one(name, one):
                        found[one] = None
        return list(found)[:_MOST_NEAR]

    @cached_property
    def _halves(self) -> dict[tuple[int, str, str], list[str]]:
        """Names by either half: of two names one slip apart, one half is the same."""
        halves: dict[tuple[int, str, str], list[str]] = defaultdict(list)
        for name in self._names:
            if len(name) >= _SHORTEST_MISSPELT:
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
            if len(name) < len(one) <= 5 * len(name)
            and not is_national(one)
            and one.endswith(noun)
            and _subsequence(name, one)
            and _abbreviates(name, one)
        ]
        shortest = min(map(len, fits), default=0)
        return [one for one in fits if len(one) == shortest]


def within_one(left: str, right: str) -> bool:
    """Whether two strings differ by at most one substituted, missing, extra or swapped character."""
    if abs(len(left) - len(right)) > 1:
        return False
    short, long = sorted((left, right), key=len)
    same = 0
    while same < len(short) and short[same] == long[same]:
        same += 1
    if len(short) < len(long):
        return short[same:] == long[same + 1 :]
    swapped = short[same : same + 2] == long[same : same + 2][::-1]
    return short[same + 1 :] == long[same + 1 :] or (
        swapped and short[same + 2 :] == long[same + 2 :]
    )


def _subsequence(short: str, long: str) -> bool:
    rest: Iterator[str] = iter(long)
    return all(char in rest for char in short)


def _other_words(name: str, known: str) -> bool:
    """Whether ``name`` differs from ``known`` by a real word, so that it is another document."""
    if noun_of(known) and not noun_of(name):
        return False  # 问责条列: no document ends so
    ours, theirs = list(_words(name)), list(_words(known))
    while ours and theirs and ours[0] == theirs[0]:
        del ours[0], theirs[0]
    while ours and theirs and ours[-1] == theirs[-1]:
        del ours[-1], theirs[-1]
    if not ours or any(len(word) < 2 for word in ours):
        return False
    if len(ours) == len(theirs) == 1 and len(ours[0]) < len(theirs[0]):
        return not _subsequence(ours[0], theirs[0])  # 公务 for 公务员: a character is missing
    return True


def _abbreviates(name: str, known: str) -> bool:
    """Whether every word of ``known`` that may not be left out keeps a character in ``name``."""
    at = 0
    for word in _words(known):
        kept = 0
        for char in word:
            if at < len(name) and name[at] == char:
                at += 1
                kept += 1
        if not kept and word not in _LEFT_OUT:
            return False
    return at == len(name)


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    """Words of the dictionary; what is in none comes as single characters."""
    import rjieba  # its dictionary takes a quarter of a second: only where a name is unknown

    return tuple(rjieba.cut(text, False))
