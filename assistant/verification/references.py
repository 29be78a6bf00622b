"""Finding the references to rules in running text: titles, articles, 文号, and what 该办法 means.

A reference is a title with the addresses that follow it, a title alone, an address that goes on
with the rule named before it, or a 文号 alone. Books and newspapers in 《》 are none.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from assistant.verification.doc_numbers import NUMBER, beside, cue_length, number_beside
from assistant.verification.draft import Draft
from assistant.verification.names import ALIAS, NOT_ADDRESSED, Name, Names
from assistant.verification.rule_names import is_rule
from assistant.verification.shelf import Shelf
from index.address import VersionWish, wording
from index.address.names import fold, is_pointing, noun_of
from index.address.parse import Address, AddressGroup, Span, Unit, addresses
from index.records import DocumentRecord

MOST = 5_000
"""References of one draft that are checked."""

_CUE_LAW = re.compile(
    r"(?:根据|依据|依照|按照|遵照|违反|触犯|符合|贯彻|落实|遵守|适用|执行)[了的]?$"
)
_AFTER_TITLE = re.compile(
    r"\s?[（(\[〔](?P<inner>[^（）()\[\]〔〕\n]{0,24}(?:〔[^〕\n]{1,6}〕[^（）()\n]{0,10})?)[）)\]〕]"
)
_LINK_BEFORE = re.compile(
    r"(?:^|[，。；：、（(！？\n\s“”‘’]|和|与|及|以及|或|或者|并|又|而|同时|其中|依照|按照|根据|依据|违反|符合|其|将|对|在|"
    r"由|因|以|按|即|如|经|因此|结合|参照|适用|触犯|同法|同条例|同办法|规定|的|了|是|到|至|从|于)$"
)
_GAP = 12
_ANY = VersionWish()


@dataclass(frozen=True)
class Reference:
    """A rule named at ``start:end`` of the draft, with what of it.

    ``documents`` are all versions of what the title may mean; empty: the library has none, or,
    where ``unclear``, nothing says which rule is meant.
    """

    start: int
    end: int
    title: str
    documents: tuple[DocumentRecord, ...] = ()
    addresses: tuple[Address, ...] = ()
    wish: VersionWish = _ANY
    note: str = ""  # the title was taken for another
    misspelt: str = ""  # the right title, where the written one is a slip
    unclear: bool = False
    doubtful: bool = False  # 《解释》 after several of them: ``documents`` are those of all
    doc_number: str = ""
    numbered: tuple[DocumentRecord, ...] | None = None  # documents of that 文号; None: none given

    @property
    def label(self) -> str:
        """第五条、第八条; "" for the rule as a whole."""
        return "、".join(one.label for one in self.addresses)


def find_references(draft: Draft, shelf: Shelf) -> tuple[list[Reference], bool]:
    """All references in order, none overlapping, and whether there were more than ``MOST``."""
    finder = _Finder(draft, shelf)
    found: list[Reference] = []
    for start, end in draft.paragraphs:
        for one in finder.paragraph(start, end):
            if len(found) == MOST:
                return found, True
            found.append(one)
    return found, False


class _Finder:
    """One pass over a draft. Remembers which rules were named and what they are called for short."""

    def __init__(self, draft: Draft, shelf: Shelf) -> None:
        self.draft = draft
        self.shelf = shelf
        self.names = Names(draft, shelf)

    # -- a paragraph -----------------------------------------------------------------------------

    def paragraph(self, base: int, end: int) -> Iterator[Reference]:
        """The references of one paragraph."""
        text = self.draft.text[base:end]
        numbers = _numbers(text)
        skipped: list[Span] = []
        names = self.names.titles(text, skipped)
        groups = addresses(
            text, [*((n.start, n.end) for n in names), *skipped, *(m.span() for m in numbers)]
        )
        taken: set[int] = set()
        previous: Reference | None = None
        items: list[Name | AddressGroup | re.Match[str]] = [*names, *groups, *numbers]
        for item in sorted(items, key=_start):
            made: Reference | None = None
            if isinstance(item, Name):
                if item.unclear:
                    meant = self.names.any_of(noun_of(fold(item.written)), item.written)
                    item = replace(meant, start=item.start, end=item.end, quoted=True)
                following = _following(text, item, groups)
                taken |= {following.start} if following else set()
                made = self._of_name(text, item, following, numbers)
            elif isinstance(item, AddressGroup):
                if item.start not in taken:
                    made = self._of_group(text, base, item, previous)
            elif previous is None or item.start() >= previous.end:
                made = self._of_number(text, item, names)
            if made is None and isinstance(item, Name) and item.quoted:
                previous = None  # what follows may be of the book or film
            if made is None or (previous is not None and made.start < previous.end):
                continue
            previous = made
            yield replace(made, start=made.start + base, end=made.end + base)

    def _of_name(
        self, text: str, name: Name, group: AddressGroup | None, numbers: list[re.Match[str]]
    ) -> Reference | None:
        number = number_beside(text, name.start, name.end, numbers)
        counted = group is not None and _names_article(group)  # books have chapters, rules articles
        if not (name.documents or counted or number or _may_be_rule(text, name)):
            return None
        if group is None and not name.quoted and not self._meant(text, name):
            return None
        if (name.unclear or name.doubtful) and group is None:
            return None  # 《办法》 alone: nothing is said of it that could be checked
        if not name.doubtful and not name.unclear:
            self.names.named.append(name)
        start, end = name.start, name.end
        if group is not None:
            end = group.end
        elif number is not None and number.start() >= end:
            end = number.end() + (text[number.end() : number.end() + 1] in ("）", ")"))
        low = max(0, start - 24)
        window = text[low : min(len(text), name.end + 24)]
        wish, _ = wording.version_wish(window, (start - low, name.end - low))
        title = self.shelf.title(name.written, guess=False)
        if title is not None and title.wish.year and wish.year is None:
            wish = replace(wish, year=title.wish.year)
        return Reference(
            start, end, name.written, name.documents,
            group.addresses if group else (), replace(wish, question=""),
            name.note, name.misspelt, name.unclear, name.doubtful,
            number[0] if number else "",
            tuple(self.shelf.numbered(number)) if number else None,
        )  # fmt: skip

    def _meant(self, text: str, name: Name) -> bool:
        """Whether a known name without book marks and address is a reference: 违反公务员法的."""
        before = text[max(0, name.start - 8) : name.start]
        return bool(_CUE_LAW.search(before) or text.startswith(("规定", "的规定"), name.end))

    # -- addresses without a title right before them -----------------------------------------------

    def _of_group(
        self, text: str, base: int, group: AddressGroup, carried: Reference | None
    ) -> Reference | None:
        if self._is_heading(text, group):
            return None
        written = self.names.written_before(text, group)
        if written is not None:
            if written.unclear or (not written.documents and is_pointing(fold(written.written))):
                return None
            return self._of_name(text, replace(written, quoted=True), group, [])
        if group.bare or self.draft.in_quotation(base + group.start):
            return None
        if carried is None or not self._goes_on(text, base, carried, group):
            return None
        if not carried.documents and not carried.title:
            return None
        return Reference(
            group.start, group.end, carried.title, carried.documents, group.addresses,
            carried.wish, unclear=carried.unclear, doubtful=carried.doubtful,
        )  # fmt: skip

    def _goes_on(self, text: str, base: int, carried: Reference, group: AddressGroup) -> bool:
        """Whether an article without a title is of the rule before it: in the same sentence unless
        a contract or the like stands before it, in a later one where nothing else does."""
        before = text[max(0, group.start - 8) : group.start]
        if NOT_ADDRESSED.search(before):
            return False
        if not _names_article(group):
            return False  # 第二部分, 第三章 may be of anything
        same = self.draft.sentence_end(base + carried.end, hard=True) >= base + group.start
        return same or _LINK_BEFORE.search(before) is not None

    def _is_heading(self, text: str, group: AddressGroup) -> bool:
        """Whether this is an article's own number at the head of its line."""
        if text[: group.start].strip():
            return False
        return self.draft.is_rule or text[group.end : group.end + 1] in (" ", "\u3000", "\t", "")

    # -- 文号 ------------------------------------------------------------------------------------

    def _of_number(
        self, text: str, match: re.Match[str], names: Iterable[Name]
    ) -> Reference | None:
        """A 文号 that stands without a title; the draft's own, on a line of its own, is none."""
        if len(text.strip()) <= match.end() - match.start() + 2:
            return None
        if any(beside(text, name.start, name.end, match) for name in names):
            return None
        records = self.shelf.numbered(match)
        start = match.start() + cue_length(match["body"], [r.doc_number or "" for r in records])
        titles = tuple(
            other for record in records for other in (self.shelf.titles.chain(record) or [record])
        )
        return Reference(
            start, match.end(), records[0].title if records else "", titles or tuple(records),
            doc_number=text[start : match.end()], numbered=tuple(records),
        )  # fmt: skip


def _start(item: Name | AddressGroup | re.Match[str]) -> int:
    return item.start() if isinstance(item, re.Match) else item.start


def _following(text: str, name: Name, groups: list[AddressGroup]) -> AddressGroup | None:
    """The address group that belongs to a title: right behind it, or behind （…） after it."""
    end = name.end
    for _ in range(2):
        note = ALIAS.match(text, end) or _AFTER_TITLE.match(text, end)
        if note is None:
            break
        end = note.end()
    first = bisect_left(groups, name.end, key=lambda one: one.start)
    for group in groups[first : first + 2]:
        if group.start > end + _GAP:
            return None
        if wording.follows_directly(text, name.end, group.start) or wording.follows_directly(
            text, end, group.start
        ):
            return group
    return None


def _names_article(group: AddressGroup) -> bool:
    return any(step.unit is Unit.ARTICLE for step in group.addresses[0].steps)


def _numbers(text: str) -> list[re.Match[str]]:
    return list(NUMBER.finditer(text))


def _may_be_rule(text: str, name: Name) -> bool:
    """Whether an unknown title in book marks is worth a finding."""
    return name.quoted and not name.unclear and is_rule(text, name.start, name.end, name.written)
