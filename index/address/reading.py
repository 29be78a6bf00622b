"""A question's titles and addresses, and which address belongs to which title."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.address import messages, wording
from index.address.names import fold, is_generic, is_pointing, noun_of, without_version
from index.address.parse import AddressGroup, Span, addresses, book_titles, remaining
from index.address.titles import Mention, TitleIndex
from index.address.versions import VersionWish
from index.records import DocumentRecord

Admitted = Callable[[DocumentRecord], bool]
Aliases = Callable[[], dict[str, tuple[DocumentRecord, ...]]]
"""Short names that texts state (以下简称“…”); called only where a name is unknown."""


_ANY = VersionWish()
_AND = tuple("和与及跟或、")


@dataclass(frozen=True)
class Title:
    """A title as a question has it at ``start:end``, with all versions of what it may mean.

    No ``documents``: the library has none of that title, or, where it is ``general`` (办法, 本条例),
    it must be known from the conversation. ``sure`` is False where a known name may be the tail of
    a longer, unknown one. ``note`` says that the name was taken for another.
    """

    start: int
    end: int
    written: str
    documents: tuple[DocumentRecord, ...] = ()
    general: bool = False
    sure: bool = True
    note: str = ""
    wish: VersionWish = _ANY


@dataclass(frozen=True)
class Asked:
    """Addresses written together and the title that they belong to, None where there is none."""

    group: AddressGroup
    title: Title | None


@dataclass(frozen=True)
class Reading:
    """All that a question's addresses say, and what it asks ``beside`` being told the text, ""
    for nothing."""

    asked: tuple[Asked, ...]
    beside: str


def read(text: str, index: TitleIndex, admitted: Admitted, aliases: Aliases) -> Reading | None:
    """Read a question; None when it has no address after all."""
    names = _Names(text, index, admitted, aliases)
    titles = sorted(_quoted(names) + _unquoted(names), key=lambda title: title.start)
    known = [(title.start, title.end) for title in titles]
    asked: list[Asked] = []
    for group in _joined(text, addresses(text, known), known):
        title = _title_of(names, titles, asked, group)
        if group.bare and (title is None or title.general or not _directly(text, title, group)):
            continue
        asked.append(Asked(group, title))
    if not asked:
        return None
    beside = _beside(text, titles, asked)
    if beside:
        whole = [replace(one, title=_longer(text, one.title)) for one in asked]
        if not _beside(text, titles, whole):  # 全省某某条例第三条 and no more: another title
            return Reading(tuple(whole), "")
    return Reading(tuple(asked), beside)


def title_named(
    written: str, index: TitleIndex, admitted: Admitted, aliases: Aliases
) -> Title | None:
    """The title that ``written`` is as a whole: exact, an alias, misspelt or shortened; None for
    a name that the library doesn't know."""
    return _Names(written, index, admitted, aliases).whole(0, len(written), written)


def _joined(
    text: str, groups: Sequence[AddressGroup], titles: Sequence[Span]
) -> list[AddressGroup]:
    """第三章监督第十二条 is one address, though a heading stands within."""
    joined: list[AddressGroup] = []
    for group in groups:
        last = joined[-1] if joined else None
        first = group.addresses[0]
        if (
            last is not None
            and last.addresses[-1].holds(first)
            and not any(last.end <= start < group.start for start, _ in titles)
            and wording.is_heading(text[last.end : group.start])
        ):
            steps = (*last.addresses[-1].steps, *first.steps)
            inner = (replace(first, steps=steps), *group.addresses[1:])
            group = replace(last, addresses=(*last.addresses[:-1], *inner), end=group.end)
            joined.pop()
        joined.append(group)
    return joined


def _beside(text: str, titles: Sequence[Title], asked: Sequence[Asked]) -> str:
    """What a question says beside its titles, versions and addresses."""
    spans = [(one.group.start, one.group.end) for one in asked]
    for title in [*titles, *(one.title for one in asked if one.title is not None)]:
        spans.append((title.start, title.end))
        spans += wording.version_wish(text, (title.start, title.end))[1]
    for one in asked:
        if one.title is not None and _directly(text, one.title, one.group):
            spans.append((one.title.end, one.group.start))
    return wording.beyond_wording(remaining(text, spans))


def _longer(text: str, title: Title | None) -> Title | None:
    """For a known name that is not sure to begin a title, the unknown title that it ends."""
    if title is None or title.sure:
        return title
    start = wording.phrase_start(text, title.end, 0)
    if start >= title.start or wording.is_question(text[start : title.start]):
        return title
    return Title(start, title.end, text[start : title.end])


def _directly(text: str, title: Title, group: AddressGroup) -> bool:
    return wording.follows_directly(text, title.end, group.start)


@dataclass(frozen=True)
class _Names:
    """Names to documents, for one question."""

    text: str
    index: TitleIndex
    admitted: Admitted
    aliases: Aliases

    def documents(self, name: str) -> tuple[DocumentRecord, ...]:
        """The admitted documents of a folded name: those nearest to it, with all their versions
        unless the name says which version."""
        ranked = [(rank, r) for rank, r in self.index.documents(name) if self.admitted(r)]
        best = min((rank for rank, _ in ranked), default=None)
        found = {r.document_id: r for rank, r in ranked if rank == best}
        if without_version(name) == name:
            for record in list(found.values()):
                for other in self.index.chain(record):
                    if self.admitted(other):
                        found.setdefault(other.document_id, other)
        return tuple(found.values())

    def title(self, start: int, end: int, written: str, name: str, note: str = "") -> Title | None:
        """A title of this range that means the documents of ``name``, None where there are none."""
        documents = self.documents(name)
        if not documents:
            return None
        wish, _ = wording.version_wish(self.text, (start, end))
        return Title(start, end, written, documents, note=note, wish=wish)

    def whole(self, start: int, end: int, written: str) -> Title | None:
        """The title that this whole range is: exact, stated as an alias, misspelt or shortened."""
        name = fold(written)
        if len(name) < 2 or is_generic(name):
            return None
        forms = dict.fromkeys((name, without_version(name)))
        for form in forms:
            if title := self.title(start, end, written, form):
                year = wording.year_in(name) if form != name else None
                wish = replace(title.wish, year=title.wish.year or year)
                return replace(title, wish=wish)
        for form in forms:
            documents = tuple(r for r in self.aliases().get(form, ()) if self.admitted(r))
            if documents:
                return Title(start, end, written, documents)
        return self._guessed(start, end, written, list(forms))

    def _guessed(self, start: int, end: int, written: str, forms: list[str]) -> Title | None:
        for guess in (self.index.misspelt, self.index.abbreviated):
            for form in forms:
                known = guess(form)
                found = {r.document_id: r for one in known for r in self.documents(one)}
                stems = {self.index.stem_of(record) for record in found.values()}
                if not stems or (len(stems) > 1 and len(known) > 1):
                    continue  # nothing, or one name as near as another
                title = self.title(start, end, written, known[0])
                if title is not None:
                    first = title.documents[0].title
                    return replace(title, note=messages.taken_for(written, first))
        return None


def _quoted(names: _Names) -> list[Title]:
    """《…》, but for those within a longer known name: 贯彻《条例》实施办法."""
    mentions = names.index.mentions(names.text)
    found = []
    for start, end in book_titles(names.text):
        if any(m.start < start and end <= m.end for m in mentions):
            continue
        written = names.text[start + 1 : end - 1]
        title = names.whole(start, end, written)
        if title is None:
            general = is_generic(fold(written))
            title = Title(start, end, written, general=general)
        found.append(title)
    return found


def _unquoted(names: _Names) -> list[Title]:
    """Known names outside book marks, none that is but the tail of a longer word."""
    quoted = book_titles(names.text)
    found = []
    for mention in names.index.mentions(names.text):
        if _touches_quoted(mention, quoted):
            continue
        title = names.title(mention.start, mention.end, mention.name, mention.name)
        if title is None:
            continue
        sure = wording.title_may_begin(names.text, mention.start, names.index.last_word)
        window = names.text[max(0, mention.start - 8) : mention.end]
        if sure or names.index.begins_word(window, mention.name):  # not 教育法 in 高等教育法
            found.append(replace(title, sure=sure))
    return found


def _touches_quoted(mention: Mention, quoted: Sequence[Span]) -> bool:
    """Whether a name lies in book marks, or across one of them; a name may hold them whole."""
    return any(
        start < mention.end
        and mention.start < end
        and not (mention.start < start and end <= mention.end)
        for start, end in quoted
    )


def _title_of(
    names: _Names, titles: Sequence[Title], before: Sequence[Asked], group: AddressGroup
) -> Title | None:
    """The title that an address belongs to: the one right before it, else the nearest before it,
    else the one of the address before, else the only one after it."""
    text = names.text
    direct = next((t for t in titles if _directly(text, t, group)), None)
    if direct is not None and direct.sure:
        return direct
    floor = max((one.group.end for one in before), default=0)
    joined = [t.end + 1 for t in titles if t.sure and text[t.end : t.end + 1] in _AND]
    written = _written_before(
        names, group, max((at for at in joined if floor < at < group.start), default=floor)
    )
    if written is not None and (written.documents or direct is None):
        return written
    if direct is not None:
        return direct
    earlier = [t for t in titles if t.end <= group.start]
    if earlier:
        return earlier[-1]
    if before and before[-1].title is not None:
        return before[-1].title
    later = [t for t in titles if t.start >= group.end]
    return later[0] if len(later) == 1 else None


def _written_before(names: _Names, group: AddressGroup, floor: int) -> Title | None:
    """What stands right before an address and is no exact title: misspelt, shortened, unknown,
    or 本办法. None where no title stands there."""
    text = names.text
    end = wording.title_end(text, group.start, floor)
    for start in wording.phrase_starts(text, end, floor, names.index.last_word):
        if title := names.whole(start, end, text[start:end]):
            return title
    start = wording.phrase_start(text, end, floor)
    name = fold(text[start:end])
    if not noun_of(name) and not is_pointing(name):
        return None
    return Title(start, end, text[start:end], general=is_pointing(name) or is_generic(name))
