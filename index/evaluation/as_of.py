"""Which documents were in force on a day, by their stated dates, as a filter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from index.catalog import Catalog
from index.evaluation.base import EvaluationError
from index.records import SUPERSEDED, DocumentRecord, SearchFilter


def filter_as_of(catalog: Catalog, flt: SearchFilter, day: date) -> SearchFilter:
    """``flt`` narrowed to what was in force on ``day``; EvaluationError when nothing was.

    A rule is in force from 施行 until 废止 or until a later version of its family is. A document
    without dates is, unless it is stated to be superseded.
    """
    families: dict[str, list[DocumentRecord]] = defaultdict(list)
    for one in catalog.documents():
        families[one.family or one.document_id].append(one)
    kept = [one.document_id for family in families.values() for one in _in_force(family, day)]
    if not kept:
        raise EvaluationError(f"{day:%Y-%m-%d} 这一天文库里没有在施行的文件。")
    return replace(flt, exclude_validity=(), document_ids=tuple(sorted(kept)))


def _in_force(family: Sequence[DocumentRecord], day: date) -> list[DocumentRecord]:
    begun = [
        one
        for one in family
        if one.effective is not None
        and one.effective <= day
        and (one.repealed is None or day < one.repealed)
    ]
    latest = max((one.effective for one in begun if one.effective), default=None)
    undated = [one for one in family if one.effective is None and one.validity not in SUPERSEDED]
    return [one for one in begun if one.effective == latest] + undated
