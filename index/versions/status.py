"""The validity of a version on a day. Nothing is guessed: what isn't stated is 不明, with why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from index.records import (
    VALIDITY_AMENDED,
    VALIDITY_CURRENT,
    VALIDITY_PENDING,
    VALIDITY_REPEALED,
    VALIDITY_UNKNOWN,
)
from index.versions.dates import chinese_date
from index.versions.model import Absent, Chain, Status, Version


def status_in(chain: Chain, version: Version, as_of: date) -> Status:
    """The status of ``version``, one of ``chain``, on the day ``as_of``.

    What a person or the text states wins; then repeals by other documents, then the order of the
    versions, then the document's own day of coming into force.
    """
    place = _Place(chain, version, as_of)
    found = _stated(place) or _ended(place) or _doubtful(place) or _in_order(place)
    return replace(
        found,
        since=found.since or (version.start if not version.doubt else None),
        successor_id=place.following.document_id if place.following else None,
        predecessor_id=place.preceding.document_id if place.preceding else None,
        warning=found.warning
        or version.doubt
        or version.unconfirmed
        or version.note
        or place.rival
        or _namesakes(chain),
    )


@dataclass(frozen=True)
class _Place:
    """A version within its chain on a day."""

    chain: Chain
    version: Version
    as_of: date

    def _ranked(self) -> list[Version]:
        return [one for one in self.chain.versions if one.rank is not None]

    @property
    def following(self) -> Version | None:
        """The next version that the library holds."""
        rank = self.version.rank
        if rank is None:
            return None
        later = (one for one in self._ranked() if (one.rank or 0) > rank)
        return next((one for one in later if not one.unconfirmed), None)

    @property
    def rival(self) -> str:
        """That a later file can't be confirmed to be a later version, "" for none."""
        rank = self.version.rank
        for one in self._ranked():
            if rank is not None and (one.rank or 0) > rank and one.unconfirmed and one.named_day:
                day = chinese_date(one.named_day)
                return f"文库里另有一份文件名写着{day}的，无法确认是不是更新的版本"
        return ""

    @property
    def preceding(self) -> Version | None:
        rank = self.version.rank
        if rank is None:
            return None
        return next((one for one in reversed(self._ranked()) if (one.rank or 0) < rank), None)

    @property
    def superseding(self) -> Version | None:
        """The first later version that has begun by the day."""
        rank = self.version.rank
        for one in self._ranked():
            later = rank is not None and (one.rank or 0) > rank
            if not later or one.unconfirmed or _pending(one, self.as_of):
                continue
            if one.begin and one.begin <= self.as_of:
                return one
        return None

    @property
    def absent(self) -> Absent | None:
        """The first later version told of, and not held, that had been made by the day."""
        edition = self.version.edition
        if self.version.rank is None or edition is None:
            return None
        return next((one for one in self.chain.absent if edition < one.day <= self.as_of), None)

    @property
    def formal(self) -> Version | None:
        """For a trial version without a date: a version that isn't one and holds on the day."""
        if not self.version.trial or self.version.rank is not None:
            return None
        held = (one for one in self._ranked() if not one.trial and one.start)
        return next((one for one in held if one.start and one.start <= self.as_of), None)


def _pending(version: Version, as_of: date) -> bool:
    """Stated as not yet in force, without a day from which on it will be."""
    return version.stated == VALIDITY_PENDING and not (version.start and version.start <= as_of)


def _source(version: Version) -> str:
    return "清单写明" if version.stated_by_person else "文中注明"


def _stated(place: _Place) -> Status | None:
    """What a person or the text states, where it is about that day."""
    version, as_of, stated = place.version, place.as_of, place.version.stated
    if stated in (VALIDITY_REPEALED, VALIDITY_AMENDED):
        ended = version.repealed or (place.following.begin if place.following else None)
        if ended and as_of < ended:
            return None
        when = f"，自{chinese_date(version.repealed)}起" if version.repealed else ""
        return Status(stated, f"{_source(version)}{stated}{when}", until=ended)
    if stated == VALIDITY_PENDING and version.start is None:
        return Status(stated, f"{_source(version)}尚未施行")
    if stated != VALIDITY_CURRENT or (version.start and as_of < version.start):
        return None
    newer = place.superseding
    if version.repealed and version.repealed <= as_of:
        return None
    if not version.stated_by_person and (newer or version.repealed_by):
        return None  # true when the text was collected, not since
    warning = ""
    if newer:
        warning = f"清单写明现行，但文库里有更新的版本《{newer.title}》，请核对清单"
    elif version.repealed_by:
        by = version.repealed_by.by_title
        warning = f"清单写明现行，但《{by}》写明废止了它，请核对清单"
    return Status(stated, f"{_source(version)}现行", warning=warning)


def _ended(place: _Place) -> Status | None:
    """Repealed by its own words, by another document, or because its term is over."""
    version, as_of = place.version, place.as_of
    if version.repealed and version.repealed <= as_of:
        reason = f"文中写明自{chinese_date(version.repealed)}起废止"
        return Status(VALIDITY_REPEALED, reason, until=version.repealed)
    other = version.repealed_by
    if other and (other.day is None or other.day <= as_of):
        when = f"自{chinese_date(other.day)}起" if other.day else "（日期未写明）"
        reason = f"《{other.by_title}》写明本文件{when}废止"
        return Status(VALIDITY_REPEALED, reason, until=other.day)
    if version.expires and version.expires <= as_of and not version.doubt:
        reason = f"文中规定的有效期已于{chinese_date(version.expires)}届满"
        return Status(VALIDITY_REPEALED, reason, until=version.expires)
    return None


def _doubtful(place: _Place) -> Status | None:
    version = place.version
    if version.doubt:
        return Status(
            VALIDITY_UNKNOWN, f"{version.doubt}，无法判断是哪个版本", warning=version.doubt
        )
    if version.draft:
        return Status(VALIDITY_UNKNOWN, "标题写明是草案或征求意见稿，不是正式文件")
    return None


def _in_order(place: _Place) -> Status:
    """By the order of the versions and the day of coming into force."""
    version, as_of = place.version, place.as_of
    newer, absent = place.superseding, place.absent
    if absent and (newer is None or absent.day < (newer.begin or date.max)):
        reason = f"据《{absent.told_by}》的沿革，{chinese_date(absent.day)}有了新的版本，文库里没有那一版"
        return Status(VALIDITY_AMENDED, reason, until=absent.day)
    if newer:
        return Status(VALIDITY_AMENDED, _superseded(newer), until=newer.begin)
    if formal := place.formal:
        return Status(VALIDITY_AMENDED, f"这是试行版，已有正式版《{formal.title}》")
    if version.unconfirmed:
        return Status(VALIDITY_UNKNOWN, f"{version.unconfirmed}，无法确认是哪个版本")
    if version.start is None:
        return Status(VALIDITY_UNKNOWN, _undated(version))
    until = place.following.begin if place.following else None
    if version.start > as_of:
        if version.edition and version.edition <= as_of and version.start_stated:
            reason = f"{_made(version)}，自{chinese_date(version.start)}起施行"
        else:
            reason = f"自{chinese_date(version.start)}起施行"
        return Status(VALIDITY_PENDING, reason, until=until)
    return Status(VALIDITY_CURRENT, _current(version, place.following), until=until)


def _superseded(newer: Version) -> str:
    if newer.start is None and newer.edition:
        made = chinese_date(newer.edition)
        return f"《{newer.title}》{made}公布了新的版本，其施行日期文中没有写"
    day = chinese_date(newer.start) if newer.start else ""
    if newer.start_stated:
        return f"新的版本《{newer.title}》自{day}起施行"
    return f"《{newer.title}》{_made(newer)}，有了新的版本"


def _made(version: Version) -> str:
    if version.edition is None:
        return ""
    day = chinese_date(version.edition, version.edition_month_only)
    return f"{day}{'修订' if version.revised else '公布'}"


def _undated(version: Version) -> str:
    if version.edition is None:
        return "文中没有写公布日期和施行日期"
    if version.named_day == version.edition or version.named_year == version.edition.year:
        return "文中没有写施行日期"
    return f"{_made(version)}，文中没有写施行日期"


def _current(version: Version, following: Version | None) -> str:
    start = chinese_date(version.start) if version.start else ""
    rest = f"下一个版本《{following.title}》还没有施行" if following else "文库里没有更新的版本"
    if version.start_stated:
        return f"自{start}起施行，{rest}"
    return f"{_made(version)}，{rest}；这一版从哪天起施行文中没有写，按公布之日计"


def _namesakes(chain: Chain) -> str:
    if not chain.namesakes:
        return ""
    return f"文库里另有 {chain.namesakes} 种同名文件由其他单位制发，没有当作同一份文件"
