"""Chains of versions, from the facts of all documents. Pure: the same facts, the same chains."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from index.versions.editions import editions_told, judged, version_of
from index.versions.families import Group, groups
from index.versions.model import Absent, Chain, Facts, Version, near
from index.versions.repealing import repealed

_TO_FORCE = timedelta(days=400)


def chains(documents: Iterable[Facts]) -> tuple[Chain, ...]:
    """Every document in exactly one chain; see ``index.versions.families`` for which ones."""
    found = groups(documents)
    judgements = [_judged(group) for group in found]
    members = [
        (version, facts)
        for group, versions in zip(found, judgements, strict=True)
        for version, facts in zip(versions, group.members, strict=True)
    ]
    gone = repealed(members)
    return tuple(
        _chain(
            group,
            [
                replace(one, repealed_by=gone[one.document_id]) if one.document_id in gone else one
                for one in versions
            ],
        )
        for group, versions in zip(found, judgements, strict=True)
    )


def _judged(group: Group) -> list[Version]:
    """The versions of a group, each weighed against the others."""
    alone = [version_of(facts) for facts in group.members]
    pairs = list(zip(alone, group.members, strict=True))
    return [
        judged(version, facts, [pair for pair in pairs if pair[0] is not version])
        for version, facts in pairs
    ]


def _chain(group: Group, versions: Sequence[Version]) -> Chain:
    placed = sorted(
        (one for one in versions if one.edition and not one.doubt and not one.draft),
        key=lambda one: (one.edition or date.max, one.start or date.max, one.document_id),
    )
    ranked: list[Version] = []
    for one in placed:
        rank = 0
        if ranked:
            last = ranked[-1]
            rank = (last.rank or 0) + (0 if _one_version(last, one) else 1)
        ranked.append(one if one.rank == rank else replace(one, rank=rank))
    others = [one for one in versions if not one.edition or one.doubt or one.draft]
    others.sort(key=lambda one: (one.edition or date.max, one.document_id))
    return Chain(
        family=group.family,
        versions=(*ranked, *others),
        absent=_absent(group, ranked),
        issuer=group.issuer,
        namesakes=group.namesakes,
    )


def _one_version(left: Version, right: Version) -> bool:
    """Whether two files hold the same version; a trial and its successor never do."""
    if left.trial != right.trial or left.edition is None or right.edition is None:
        return False
    if near(left.edition, right.edition):
        return True
    return bool(left.start and left.start == right.start and left.start_stated)


def _is_of(day: date, version: Version) -> bool:
    """Whether a version was made on that day; one that states only its start, shortly before."""
    if version.edition is None:
        return False
    soon = timedelta(0) <= version.edition - day <= _TO_FORCE
    return near(day, version.edition) or (soon and version.edition == version.start)


def _absent(group: Group, ranked: Sequence[Version]) -> tuple[Absent, ...]:
    """The versions that histories tell of and no document of the chain is."""
    trusted = {one.document_id for one in ranked}
    found: list[Absent] = []
    for facts in group.members:
        if facts.document_id not in trusted or len(facts.statements.history) < 2:
            continue
        for day in editions_told(facts.statements.history):
            told = any(near(day, one.day) for one in found)
            if not told and not any(_is_of(day, one) for one in ranked):
                found.append(Absent(day, facts.title))
    return tuple(sorted(found, key=lambda one: one.day))
