"""The types of this package: a document's facts, its place in a chain, its status on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from index.records import VALIDITY_UNKNOWN
from index.versions.statements import NO_STATEMENTS, Statements

#: Two dates this near belong to one making of a text: adopted, signed and published.
ONE_MAKING = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Facts:
    """What of a document its versions are worked out from: columns of the catalog."""

    document_id: str
    title: str
    family: str = ""
    collection: str = ""
    issuer: str | None = None
    doc_number: str | None = None
    issued: date | None = None
    effective: date | None = None
    repealed: date | None = None
    validity: str = VALIDITY_UNKNOWN
    statements: Statements = NO_STATEMENTS


@dataclass(frozen=True, slots=True)
class Repealed:
    """That another document repeals this one. ``day`` None: it doesn't say from when on."""

    day: date | None
    by_id: str
    by_title: str


@dataclass(frozen=True, slots=True)
class Version:
    """One document as a version of its regulation.

    ``edition``: when this text was made or last revised; versions are ordered by it. ``start``:
    from when on it holds; ``start_stated`` tells whether a text or person states that day, or
    the day of publication is put for it. ``doubt``: why the document can't be trusted to be the
    version that it says; such a one has no place in the order. ``unconfirmed``: why only a file
    name tells which version it is; such a one has a place, but replaces no other. ``rank``: place
    in the chain from 0, the same for several files of one version; None: no place.
    """

    document_id: str
    title: str
    collection: str = ""
    edition: date | None = None
    edition_month_only: bool = False
    start: date | None = None
    start_stated: bool = False
    revised: bool = False  # the edition is a revision of an earlier text
    repealed: date | None = None  # by its own words or a person's
    expires: date | None = None
    stated: str = VALIDITY_UNKNOWN
    stated_by_person: bool = False
    trial: bool = False
    draft: bool = False
    doubt: str = ""
    unconfirmed: str = ""
    note: str = ""
    repealed_by: Repealed | None = None
    rank: int | None = None
    named_year: int | None = None
    named_day: date | None = None

    @property
    def begin(self) -> date | None:
        """From when on later readers must reckon with it: its start, else its making."""
        return self.start or self.edition


@dataclass(frozen=True, slots=True)
class Absent:
    """A version that another one's history tells of and the library does not hold."""

    day: date
    told_by: str  # title


@dataclass(frozen=True, slots=True)
class Chain:
    """The versions of one regulation, oldest first; those without a place come last."""

    family: str
    versions: tuple[Version, ...]
    absent: tuple[Absent, ...] = ()
    issuer: str = ""
    namesakes: int = 0  # chains of the same name by other offices

    @property
    def title(self) -> str:
        """The title of the newest version."""
        placed = [one for one in self.versions if one.rank is not None]
        return (placed or list(self.versions))[-1].title


@dataclass(frozen=True, slots=True)
class Status:
    """The validity of a document on a day, why in one Chinese sentence, and for how long.

    ``since``: first day on which it held, ``until``: first day on which it no longer did; None
    where unknown or not reached. ``warning`` tells a person what doesn't fit together.
    """

    validity: str
    reason: str
    since: date | None = None
    until: date | None = None
    successor_id: str | None = None
    predecessor_id: str | None = None
    warning: str = ""


def near(left: date, right: date, within: timedelta = ONE_MAKING) -> bool:
    """Whether two days can be of one making of a text."""
    return abs(left - right) <= within
