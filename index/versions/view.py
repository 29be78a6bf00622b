"""The versions of a whole library, for searching, answering and showing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from functools import lru_cache

from index.records import (
    VALIDITY_AMENDED,
    VALIDITY_CURRENT,
    VALIDITY_PENDING,
    VALIDITY_REPEALED,
    VALIDITY_UNKNOWN,
)
from index.versions.chains import chains
from index.versions.model import Chain, Facts, Status, Version
from index.versions.status import status_in
from index.versions.titles import family_of, plain

#: What isn't today's rule, and is left out of searches unless asked for.
NOT_IN_FORCE = (VALIDITY_AMENDED, VALIDITY_REPEALED, VALIDITY_PENDING)
_DAYS = 64


class Versions:
    """Chains and statuses of one state of the catalog. Safe to share between threads."""

    def __init__(self, documents: Iterable[Facts]) -> None:
        self.chains = chains(documents)
        self._places: dict[str, tuple[Chain, Version]] = {
            version.document_id: (chain, version)
            for chain in self.chains
            for version in chain.versions
        }
        self._statuses = lru_cache(maxsize=_DAYS)(self._on)

    def chain_of(self, document_id: str) -> Chain | None:
        """The chain that a document is in; None for an unknown id."""
        place = self._places.get(document_id)
        return place[0] if place else None

    def version(self, document_id: str) -> Version | None:
        """A document as a version; None for an unknown id."""
        place = self._places.get(document_id)
        return place[1] if place else None

    def status(self, document_id: str, as_of: date) -> Status:
        """What a document is on a day; 不明 for an id that the library doesn't know."""
        place = self._places.get(document_id)
        if place is None:
            return Status(VALIDITY_UNKNOWN, "文库里没有这份文件")
        return status_in(*place, as_of)

    def current(self, document_id: str, as_of: date) -> str | None:
        """The document that is in force on the day in the chain of this one; None for none."""
        chain = self.chain_of(document_id)
        if chain is None:
            return None
        for version in reversed(chain.versions):
            if status_in(chain, version, as_of).validity == VALIDITY_CURRENT:
                return version.document_id
        return None

    def excluded(self, as_of: date, wants: Collection[str] = ()) -> frozenset[str]:
        """The documents that aren't in force on the day: 已被修订, 已废止 and 尚未施行.

        ``wants`` are validities that shall be found nevertheless.
        """
        left_out = {one for one in NOT_IN_FORCE if one not in wants}
        return frozenset(
            document_id
            for document_id, status in self._statuses(as_of).items()
            if status.validity in left_out
        )

    def statuses(self, as_of: date) -> dict[str, Status]:
        """The status of every document on a day."""
        return dict(self._statuses(as_of))

    def _on(self, as_of: date) -> dict[str, Status]:
        return {
            document_id: status_in(chain, version, as_of)
            for document_id, (chain, version) in self._places.items()
        }

    def find(self, name: str) -> list[Chain]:
        """The chains that a person means by a title, a part of one, or a document id.

        Those of exactly that name come alone; else all whose name, or whose document's title,
        contains it.
        """
        name = name.strip()
        if not name:
            return []
        if name in self._places:
            return [self._places[name][0]]
        wanted, words = family_of(name), plain(name)
        exact = [one for one in self.chains if one.family == wanted]
        if exact:
            return exact
        return [
            chain
            for chain in self.chains
            if wanted in chain.family or any(words in plain(one.title) for one in chain.versions)
        ]
