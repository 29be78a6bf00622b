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
from assistant.verification.rule_names import RULE, is_law_name, is_rule
from assistant.verification.shelf import Shelf
from index.address import VersionWish, wording
from index.address.names import fold, is_generic, is_pointing, noun_of
from index.address.parse import Address, AddressGroup, Span, addresses, book_titles
from index.records import DocumentRecord

MOST = 5_000
"""References of one draft that are checked."""

_CUE_LAW = re.compile(
    r"(?:根据|依据|依照|按照|遵照|违反|触犯|符合|贯彻|落实|遵守|适用|执行)[了的]?$"
)
_ALIAS = re.compile(
    r"\s?[（(](?:[^（）()《》\n]{0,50}[，,；;])?(?:以下)?(?:简称|统称)(?:为|作)?\s?[:：]?\s?[《“\"‘]?"
    r"(?P<name>[^《》“”\"‘’（）()，。\n]{2,20})[》”\"’]?\s?[）)]"
)
_AFTER_TITLE = re.compile(
    r"\s?[（(\[〔](?P<inner>[^（）()\[\]〔〕\n]{0,24}(?:〔[^〕\n]{1,6}〕[^（）()\n]{0,10})?)[）)\]〕]"
)
_LINK_BEFORE = re.compile(
    r"(?:^|[，。；：、（(！？\n\s“”‘’]|和|与|及|以及|或|或者|并|又|而|同时|其中|依照|按照|根据|依据|违反|符合|其|将|对|在|"
    r"由|因|以|按|即|如|经|因此|结合|参照|适用|触犯|同法|同条例|同办法|规定|的|了|是|到|至|从|于)$"
)
_NOT_ADDRESSED = re.compile(r"(?:合同|协议|协定|契约|章程|通知书|建议|问卷|试卷|方案)[的中]?$")
_POINTING = re.compile(
    r"(?:本|该|此|上述|前述|同)(?:条例|办法|规定|细则|规则|准则|解释|意见|通知|法)$"
)
_GAP = 12
_ANY = VersionWish()
_LOOK = 60
_MOST_CANDIDATES = 4


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


@dataclass(frozen=True)
class _Name:
    """A title at a place of a paragraph; ``known`` False: outside the library."""

    start: int
    end: int
    written: str
    documents: tuple[DocumentRecord, ...] = ()
    quoted: bool = False
    note: str = ""
    misspelt: str = ""
    unclear: bool = False
    doubtful: bool = False


class _Finder:
    """One pass over a draft. Remembers which rules were named and what they are called for short."""

    def __init__(self, draft: Draft, shelf: Shelf) -> None:
        self.draft = draft
        self.shelf = shelf
        self.aliases: dict[str, _Name] = {}
        self.named: list[_Name] = []
        self._own = fold(draft.title[:_LOOK])

    # -- a paragraph -----------------------------------------------------------------------------

    def paragraph(self, base: int, end: int) -> Iterator[Reference]:
        """The references of one paragraph."""
        text = self.draft.text[base:end]
        numbers = _numbers(text)
        skipped: list[Span] = []
        names = self._titles(text, skipped)
        groups = addresses(
            text, [*((n.start, n.end) for n in names), *skipped, *(m.span() for m in numbers)]
        )
        taken: set[int] = set()
        previous: Reference | None = None
        items: list[_Name | AddressGroup | re.Match[str]] = [*names, *groups, *numbers]
        for item in sorted(items, key=_start):
            made: Reference | None = None
            if isinstance(item, _Name):
                if item.unclear:
                    meant = self._any_of(noun_of(fold(item.written)), item.written)
                    item = replace(meant, start=item.start, end=item.end, quoted=True)
                following = _following(text, item, groups)
                taken |= {following.start} if following else set()
                made = self._of_name(text, item, following, numbers)
            elif isinstance(item, AddressGroup):
                if item.start not in taken:
                    made = self._of_group(text, base, item, previous)
            elif previous is None or item.start() >= previous.end:
                made = self._of_number(text, item, names)
            if made is None or (previous is not None and made.start < previous.end):
                continue
            previous = made
            yield replace(made, start=made.start + base, end=made.end + base)

    def _of_name(
        self, text: str, name: _Name, group: AddressGroup | None, numbers: list[re.Match[str]]
    ) -> Reference | None:
        number = number_beside(text, name.start, name.end, numbers)
        if not name.documents and group is None and number is None and not _may_be_rule(text, name):
            return None
        if group is None and not name.quoted and not self._meant(text, name):
            return None
        if (name.unclear or name.doubtful) and group is None:
            return None  # 《办法》 alone: nothing is said of it that could be checked
        if not name.doubtful and not name.unclear:
            self.named.append(name)
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

    def _meant(self, text: str, name: _Name) -> bool:
        """Whether a known name without book marks and address is a reference: 违反公务员法的."""
        before = text[max(0, name.start - 8) : name.start]
        return bool(_CUE_LAW.search(before) or text.startswith(("规定", "的规定"), name.end))

    # -- titles ----------------------------------------------------------------------------------

    def _titles(self, text: str, skipped: list[Span]) -> list[_Name]:
        """The titles of a paragraph; ``skipped`` gets ranges in which nothing is a reference."""
        found: list[_Name] = []
        books = book_titles(text)
        mentions = self.shelf.titles.mentions(text)
        for start, end in books:
            if any(low <= start < high for low, high in skipped):
                continue
            whole = next((m for m in mentions if m.start < start and end <= m.end), None)
            low, high = (whole.start, whole.end) if whole else (start, end)
            written = text[low:high] if whole else text[start + 1 : end - 1].replace("\\", "")
            if len(fold(written)) < 2:
                continue
            name = self._named(low, high, written)
            alias = _ALIAS.match(text, high)
            if alias:
                skipped.append(alias.span())
                self.aliases[fold(alias["name"])] = name
            found.append(name)
        marked = [(one.start, one.end) for one in found] + skipped + books
        for mention in mentions:
            if any(mention.start < high and low < mention.end for low, high in marked):
                continue
            window = text[max(0, mention.start - 8) : mention.end]
            if wording.title_may_begin(text, mention.start, self.shelf.titles.last_word) or (
                self.shelf.titles.begins_word(window, mention.name)
            ):
                title = self.shelf.title(mention.name, guess=False)
                if title is not None:
                    found.append(
                        _Name(
                            mention.start,
                            mention.end,
                            text[mention.start : mention.end],
                            title.documents,
                        )
                    )
        return found

    def _named(self, start: int, end: int, written: str) -> _Name:
        """What a title in book marks means: an alias of the draft, a document, or the last 办法."""
        name = fold(written)
        alias = self.aliases.get(name)
        if alias is not None:
            return replace(alias, start=start, end=end, quoted=True)
        if is_generic(name):
            return _Name(
                start, end, written, quoted=True, unclear=True
            )  # known when its turn comes
        title = self.shelf.title(written)
        if (title is None or title.note) and self._own.endswith(name):
            title = self.shelf.title(self.draft.title, guess=False)  # 《处分规定》 in one on it
            if title is None:
                return _Name(start, end, self.draft.title, quoted=True)
        if title is None:
            return _Name(start, end, written, quoted=True)
        right = title.documents[0].title if title.note else ""
        slip = right if right and self._is_slip(name) else ""
        return _Name(start, end, written, title.documents, True, title.note, slip)

    def _is_slip(self, name: str) -> bool:
        """Whether a name that was taken for another is misspelt, and not merely short."""
        return bool(self.shelf.titles.misspelt(name))

    def _any_of(self, noun: str, written: str) -> _Name:
        """The rules named so far that are called 条例 for short: one, or several in doubt."""
        found: dict[object, _Name] = {}
        headed = [one for one in self.named[:1] if fold(one.written) in self._own]
        for one in [*headed, *reversed(self.named)]:  # first what the draft is about
            if noun_of(fold(_bare(one.written))) == noun:
                found.setdefault(one.documents or fold(one.written), one)
        if len(found) == 1:
            return next(iter(found.values()))
        records = [
            record for one in [*found.values()][:_MOST_CANDIDATES] for record in one.documents
        ]
        if not records:
            return _Name(0, 0, written, unclear=True)
        return _Name(0, 0, written, tuple(dict.fromkeys(records)), doubtful=True)

    def _last(self, noun: str) -> _Name | None:
        """The rule named last that may be called 条例 or 规定 for short."""
        if noun in ("规定", "文件", ""):
            return self.named[-1] if self.named else None
        return next(
            (one for one in reversed(self.named) if noun_of(fold(_bare(one.written))) == noun), None
        )

    # -- addresses without a title right before them -----------------------------------------------

    def _of_group(
        self, text: str, base: int, group: AddressGroup, previous: Reference | None
    ) -> Reference | None:
        if self._is_heading(text, group):
            return None
        written = self._written_before(text, group)
        if written is not None:
            if written.unclear or (not written.documents and is_pointing(fold(written.written))):
                return None
            return self._of_name(text, replace(written, quoted=True), group, [])
        if group.bare or self.draft.in_quotation(base + group.start):
            return None
        before = text[max(0, group.start - 8) : group.start]
        if not _LINK_BEFORE.search(before) or _NOT_ADDRESSED.search(before):
            return None
        carried = previous
        if carried is None:
            return None
        if not carried.documents and not carried.title:
            return None
        return Reference(
            group.start, group.end, carried.title, carried.documents, group.addresses,
            carried.wish, unclear=carried.unclear, doubtful=carried.doubtful,
        )  # fmt: skip

    def _is_heading(self, text: str, group: AddressGroup) -> bool:
        """Whether this is an article's own number at the head of its line."""
        if text[: group.start].strip():
            return False
        return self.draft.is_rule or text[group.end : group.end + 1] in (" ", "\u3000", "\t", "")

    def _written_before(self, text: str, group: AddressGroup) -> _Name | None:
        """A title without book marks right before an address: known, shortened, unknown, 该办法."""
        end = wording.title_end(text, group.start, max(0, group.start - _LOOK))
        low = max(0, end - _LOOK)
        start = wording.phrase_start(text, end, low)
        written = text[start:end]
        name = fold(written)
        if written and (is_pointing(name) or (is_generic(name) and noun_of(name))):
            return self._pointed(start, end, written)
        pointing = _POINTING.search(written)
        if pointing:  # 这一规定与该法第四十九条
            return self._pointed(start + pointing.start(), end, pointing[0])
        if not noun_of(name) or _NOT_ADDRESSED.search(written):
            return None
        last_word = self.shelf.titles.last_word
        for begin in dict.fromkeys([*wording.phrase_starts(text, end, low, last_word), start]):
            title = self.shelf.title(text[begin:end], guess=begin == start)
            if title is not None:
                return _Name(begin, end, text[begin:end], title.documents, note=title.note)
        if len(name) < 4 or not RULE.search(written) or not is_law_name(name):
            return None
        return _Name(start, end, written)

    def _pointed(self, start: int, end: int, written: str) -> _Name:
        name = fold(written)
        alias = self.aliases.get(name)
        unclear = _Name(start, end, written, unclear=True)
        if alias is not None:
            return replace(alias, start=start, end=end)
        if name.startswith("本") and self.draft.is_rule:
            return unclear
        if not is_pointing(name):
            return replace(self._any_of(noun_of(name), written), start=start, end=end)
        last = self._last(noun_of(name))
        return replace(last, start=start, end=end) if last is not None else unclear

    # -- 文号 ------------------------------------------------------------------------------------

    def _of_number(
        self, text: str, match: re.Match[str], names: Iterable[_Name]
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


def _start(item: _Name | AddressGroup | re.Match[str]) -> int:
    return item.start() if isinstance(item, re.Match) else item.start


def _bare(written: str) -> str:
    return re.sub(r"[（(][^（）()]{0,20}[）)]$", "", written)


def _following(text: str, name: _Name, groups: list[AddressGroup]) -> AddressGroup | None:
    """The address group that belongs to a title: right behind it, or behind （…） after it."""
    end = name.end
    for _ in range(2):
        note = _ALIAS.match(text, end) or _AFTER_TITLE.match(text, end)
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


def _numbers(text: str) -> list[re.Match[str]]:
    return list(NUMBER.finditer(text))


def _may_be_rule(text: str, name: _Name) -> bool:
    """Whether an unknown title in book marks is worth a finding."""
    return name.quoted and not name.unclear and is_rule(text, name.start, name.end, name.written)
