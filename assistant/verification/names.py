"""The names of rules in a draft: titles in book marks and without, short names that it defines."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.verification.draft import Draft
from assistant.verification.rule_names import RULE, is_law_name
from assistant.verification.shelf import Shelf
from index.address import wording
from index.address.names import fold, is_generic, is_pointing, noun_of
from index.address.parse import AddressGroup, Span, book_titles
from index.records import DocumentRecord

ALIAS = re.compile(
    r"\s?[（(](?:[^（）()《》\n]{0,50}[，,；;])?(?:以下|下文|下)?(?:简称|统称|称)(?:为|作)?\s?[:：]?\s?[《“\"‘]?"
    r"(?P<name>[^《》“”\"‘’（）()，。\n]{2,20})[》”\"’]?\s?[）)]"
)
NOT_ADDRESSED = re.compile(
    r"(?:合同|协议|协定|契约|章程|备忘录|图纸|附件|议程|标书|保单|规约|公约|报告|纪要|通知书|建议|问卷|试卷|方案)[的中]?$"
)
_POINTING = re.compile(
    r"(?:本|该|此|上述|前述|同)(?:条例|办法|规定|细则|规则|准则|解释|意见|通知|法)$"
)
_LOOK = 60
_MOST_CANDIDATES = 4


@dataclass(frozen=True)
class Name:
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


class Names:
    """What names mean in one draft. Remembers the rules named and what they are called for short."""

    def __init__(self, draft: Draft, shelf: Shelf) -> None:
        self.draft = draft
        self.shelf = shelf
        self.aliases: dict[str, Name] = {}
        self.named: list[Name] = []
        self._own = fold(draft.title[:_LOOK])

    def titles(self, text: str, skipped: list[Span]) -> list[Name]:
        """The titles of a paragraph; ``skipped`` gets ranges in which nothing is a reference."""
        found: list[Name] = []
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
            alias = ALIAS.match(text, high)
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
                        Name(
                            mention.start,
                            mention.end,
                            text[mention.start : mention.end],
                            title.documents,
                        )
                    )
        return found

    def _named(self, start: int, end: int, written: str) -> Name:
        """What a title in book marks means: an alias of the draft, a document, or the last 办法."""
        name = fold(written)
        alias = self.aliases.get(name)
        if alias is not None:
            return replace(alias, start=start, end=end, quoted=True)
        if is_generic(name):
            return Name(start, end, written, quoted=True, unclear=True)  # known when its turn comes
        title = self.shelf.title(written)
        if (title is None or title.note) and self._own.endswith(name):
            title = self.shelf.title(self.draft.title, guess=False)  # 《处分规定》 in one on it
            if title is None:
                return Name(start, end, self.draft.title, quoted=True)
        if title is None:
            return Name(start, end, written, quoted=True)
        right = title.documents[0].title if title.note else ""
        slip = right if right and self._is_slip(name) else ""
        return Name(start, end, written, title.documents, True, title.note, slip)

    def _is_slip(self, name: str) -> bool:
        """Whether a name that was taken for another is misspelt, and not merely short."""
        return bool(self.shelf.titles.misspelt(name))

    def any_of(self, noun: str, written: str) -> Name:
        """The rules named so far that are called 条例 for short: one, or several in doubt."""
        found: dict[object, Name] = {}
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
            return Name(0, 0, written, unclear=True)
        return Name(0, 0, written, tuple(dict.fromkeys(records)), doubtful=True)

    def _last(self, noun: str) -> Name | None:
        """The rule named last that may be called 条例 or 规定 for short."""
        if noun in ("规定", "文件", ""):
            return self.named[-1] if self.named else None
        return next(
            (one for one in reversed(self.named) if noun_of(fold(_bare(one.written))) == noun), None
        )

    def written_before(self, text: str, group: AddressGroup) -> Name | None:
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
        if not noun_of(name) or NOT_ADDRESSED.search(written):
            return None
        last_word = self.shelf.titles.last_word
        for begin in dict.fromkeys([*wording.phrase_starts(text, end, low, last_word), start]):
            title = self.shelf.title(text[begin:end], guess=begin == start)
            if title is not None:
                return Name(begin, end, text[begin:end], title.documents, note=title.note)
        if len(name) < 4 or not RULE.search(written) or not is_law_name(name):
            return None
        return Name(start, end, written)

    def _pointed(self, start: int, end: int, written: str) -> Name:
        name = fold(written)
        alias = self.aliases.get(name)
        unclear = Name(start, end, written, unclear=True)
        if alias is not None:
            return replace(alias, start=start, end=end)
        if name.startswith("本") and self.draft.is_rule:
            return unclear
        if not is_pointing(name):
            return replace(self.any_of(noun_of(name), written), start=start, end=end)
        last = self._last(noun_of(name))
        return replace(last, start=start, end=end) if last is not None else unclear


def _bare(written: str) -> str:
    return re.sub(r"[（(][^（）()]{0,20}[）)]$", "", written)
