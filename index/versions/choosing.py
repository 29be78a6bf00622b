"""The two versions of a regulation that a person wants to compare, from what they typed."""

from __future__ import annotations

import re
from datetime import date

from index.errors import LibraryError, shorten
from index.versions.asked import AskedVersion, choose
from index.versions.dates import chinese_date, parse_compact, parse_date, parse_year
from index.versions.model import Chain, Version
from index.versions.view import Versions

_LISTED = 12


class VersionError(LibraryError):
    """No version, or more than one, is what was asked for; the message says what there is."""


def one_chain(versions: Versions, name: str) -> Chain:
    """The chain of this title, part of a title or document id.

    Raises VersionError that names those that fit, or says that none does.
    """
    found = versions.find(name)
    if not found:
        raise VersionError(
            f"文库里没有题名含“{shorten(name)}”的文件。",
            "可运行 luming versions 查看全部文件",
            "请检查题名，或先检索",
        )
    if len(found) > 1:
        several = [one for one in found if len(one.versions) > 1]
        if len(several) == 1:
            return several[0]
        listed = "；".join(_named(one) for one in found[:_LISTED])
        more = f"等 {len(found)} 种" if len(found) > _LISTED else ""
        raise VersionError(
            f"“{shorten(name)}”对应 {len(found)} 种文件，请写全标题或用编号指明：{listed}{more}。"
        )
    return found[0]


def two_versions(
    versions: Versions, chain: Chain, old: str | None, new: str | None, today: date
) -> tuple[str, str]:
    """The document ids of the versions to compare; the two latest where nothing is given.

    ``old`` and ``new`` are a year, a date or a document id. Raises VersionError.
    """
    newer = version_meant(versions, chain, new, today) if new else None
    older = version_meant(versions, chain, old, today) if old else None
    ranked = _one_file_each(chain)
    if newer is None:
        later = [one for one in ranked if one.document_id != older]
        if not later:
            raise VersionError(_only_one(chain))
        newer = later[-1].document_id
    if older is None:
        place = next((n for n, one in enumerate(ranked) if one.document_id == newer), None)
        rank = versions.version(newer)
        before = [one for one in ranked if rank and (one.rank or 0) < (rank.rank or 0)]
        if rank is None or rank.rank is None or not (before or place):
            raise VersionError(_only_one(chain))
        older = before[-1].document_id
    if older == newer:
        raise VersionError("--from 和 --to 指的是同一份文件，请改其中一个。")
    return older, newer


def version_meant(versions: Versions, chain: Chain, text: str, today: date) -> str:
    """The document id of a version given by year, date or document id. Raises VersionError."""
    text = text.strip()
    if versions.version(text) is not None:
        return text
    day = read_day(text)
    if day:
        found = _made_on(chain, day) or choose(chain, AskedVersion(as_of=day), today)
    else:
        match = re.fullmatch("([0-9〇○零一二三四五六七八九]{4})年?版?", text)
        year = parse_year(match[1]) if match else None
        if year is None:
            raise VersionError(
                f"“{shorten(text)}”不是年份、日期或文件编号，例如 2018、2018-10-01。"
            )
        found = choose(chain, AskedVersion(year=year), today)
    if found is None:
        raise VersionError(
            f"文库里没有《{shorten(chain.title)}》对应“{shorten(text)}”的版本，现有：{_listed(chain)}。"
        )
    return found


def read_day(text: str) -> date | None:
    """A day as a person types it: 2024-07-01, 20240701, 2024年7月1日; None for anything else."""
    text = text.strip()
    match = re.fullmatch("[0-9]{8}", text)
    day = parse_compact(text) if match else None
    return day or (parse_date(text) if len(text) <= 24 else None)


def day_or_error(text: str | None, today: date) -> date:
    """The day of ``--as-of``, today for none. Raises VersionError for what is no day."""
    if text is None:
        return today
    day = read_day(text)
    if day is None:
        raise VersionError(f"“{shorten(text)}”不是日期，请写成 2024-07-01 这样。")
    return day


def _made_on(chain: Chain, day: date) -> str | None:
    for one in chain.versions:
        if day in (one.edition, one.start, one.named_day):
            return one.document_id
    return None


def _one_file_each(chain: Chain) -> list[Version]:
    """One document for every version in order."""
    found: dict[int, Version] = {}
    for one in chain.versions:
        if one.rank is not None:
            found.setdefault(one.rank, one)
    return [found[rank] for rank in sorted(found)]


def _only_one(chain: Chain) -> str:
    if len(_one_file_each(chain)) > 1:
        return f"请用 --from 和 --to 指明要比较的两个版本，现有：{_listed(chain)}。"
    return (
        f"《{shorten(chain.title)}》在文库里只有一个能排出先后的版本，没有可比较的；"
        "可用 --from、--to 指明两份文件的编号。"
    )


def _named(chain: Chain) -> str:
    office = f"（{shorten(chain.issuer, 20)}）" if chain.issuer and chain.namesakes else ""
    return f"《{shorten(chain.title)}》{office}{chain.versions[0].document_id}"


def _listed(chain: Chain) -> str:
    parts = []
    for one in chain.versions[:_LISTED]:
        day = chinese_date(one.edition, one.edition_month_only) if one.edition else "日期不明"
        parts.append(f"{'日期存疑' if one.doubt else day} {one.document_id}")
    return "；".join(parts)
