"""Which documents are versions of one regulation: one name, and one office or place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.versions.bodies import place_of, same_body
from index.versions.editions import editions_told
from index.versions.model import Facts, near
from index.versions.sketch import likeness
from index.versions.titles import read_title

#: Words of a title that tell whose regulation it is.
_WHOSE = re.compile(
    "中华人民共和国|中国共产党|中国人民解放军|中央|国家|全国|最高人民|国务院|[省市县州旗]"
)
_RELATED = 0.1  # of texts as far as sketches tell


@dataclass(frozen=True)
class Group:
    """Documents of one regulation. ``namesakes``: groups of the same name by other offices."""

    family: str
    members: tuple[Facts, ...]
    issuer: str = ""
    namesakes: int = 0


def groups(documents: Iterable[Facts]) -> list[Group]:
    """The documents by regulation, each in exactly one group, in a stable order.

    Notices, plans and reports of the same name are no versions one of another: each is its own.
    """
    by_family: dict[str, list[Facts]] = defaultdict(list)
    for one in documents:
        by_family[family_name(one)].append(one)
    found: list[Group] = []
    for family, members in sorted(by_family.items()):
        stated = [one for one in members if "family" in one.statements.by_person]
        if len(stated) > 1:  # a person says so: whoever issued them
            found.append(Group(family, tuple(stated), stated[0].issuer or ""))
            members = [one for one in members if one not in stated]
        if len(members) == 1 or not any(read_title(one.title).chained for one in members):
            found.extend(Group(family, (one,), one.issuer or "") for one in members)
        else:
            found.extend(_by_office(family, members))
    return found


def family_name(facts: Facts) -> str:
    """What the versions of a document's regulation share: as a person states it, or its title's."""
    if facts.family and "family" in facts.statements.by_person:
        return facts.family
    return read_title(facts.title).family


@dataclass(frozen=True)
class _Office:
    """Who issued a document, as far as it tells: a place, an office, both or neither."""

    place: str
    name: str

    def is_one_with(self, other: _Office) -> bool:
        if self.place and other.place:
            if self.place != other.place:
                return False
            return not (self.name and other.name) or same_body(self.name, other.name)
        if self.place or other.place:
            return not (self.name and other.name)
        return same_body(self.name, other.name)


def _by_office(family: str, members: Sequence[Facts]) -> list[Group]:
    """Members split by place and office; who names none goes with the only group there is."""
    by_office: dict[_Office, list[Facts]] = defaultdict(list)
    for one in members:
        by_office[_office(one)].append(one)
    untold = by_office.pop(_Office("", ""), [])
    told: list[tuple[list[_Office], list[Facts]]] = []
    for office, its in by_office.items():
        home = next((t for t in told if any(office.is_one_with(one) for one in t[0])), None)
        if home is None:
            told.append(([office], list(its)))
        else:
            home[0].append(office)
            home[1].extend(its)
    if len(told) > 1:
        told = _joined_by_history(told)
    for one in untold:
        groups_of_none = [group for group in told if not group[0]]
        homes = told if len(told) == 1 else groups_of_none
        home = next((group for group in homes if _may_join(one, group[1])), None)
        if home is None:
            told.append(([], [one]))
        else:
            home[1].append(one)
    place = {one.document_id: number for number, one in enumerate(members)}
    return [
        Group(
            family,
            tuple(sorted(its, key=lambda one: place[one.document_id])),
            next((one.name for one in offices if one.name), ""),
            namesakes=len(told) - 1,
        )
        for offices, its in told
    ]


def _may_join(one: Facts, group: Sequence[Facts]) -> bool:
    """Whether a document that names no office belongs to these.

    In one collection it does. From another one, 值班管理办法 may be another department's: then the
    title must tell whose it is, or a history or the text itself that they belong together.
    """
    if _WHOSE.search(one.title) or any(one.collection == it.collection for it in group):
        return True
    sketch = one.statements.sketch
    alike = any(likeness(sketch, it.statements.sketch) >= _RELATED for it in group)
    return alike or _tells([one], group) or _tells(group, [one])


def _office(facts: Facts) -> _Office:
    name = facts.issuer or read_title(facts.title).issuer
    return _Office(facts.statements.place or place_of(name), name)


def _joined_by_history(
    told: Sequence[tuple[list[_Office], list[Facts]]],
) -> list[tuple[list[_Office], list[Facts]]]:
    """Groups joined where one's history tells of another's making: the office was renamed."""
    joined: list[tuple[list[_Office], list[Facts]]] = []
    for offices, its in told:
        home = next(
            (
                (others, theirs)
                for others, theirs in joined
                if len({one.place for one in (*offices, *others)} - {""}) <= 1
                and (_tells(its, theirs) or _tells(theirs, its))
            ),
            None,
        )
        if home is None:
            joined.append((list(offices), list(its)))
        else:
            home[0].extend(offices)
            home[1].extend(its)
    return joined


def _tells(tellers: Sequence[Facts], others: Sequence[Facts]) -> bool:
    """Whether a history has the day on which another document was made, or repeals its number."""
    days = [day for one in tellers for day in editions_told(one.statements.history)[:-1]]
    numbers = {
        repeal.number for one in tellers for repeal in one.statements.repeals if repeal.number
    }
    return any(
        (one.issued and any(near(one.issued, day) for day in days))
        or (one.doc_number and one.doc_number in numbers)
        for one in others
    )
