"""The rules that a document refers to by title, as far as the library has them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from index.address.names import fold
from index.records import SUPERSEDED, DocumentRecord

_TITLE = re.compile(r"《([^《》\n]{2,80})》")
_MOST = 12
_LONGEST_TEXT = 2_000_000


def referred(
    text: str, document: DocumentRecord, documents: Sequence[DocumentRecord]
) -> list[tuple[DocumentRecord, int]]:
    """Documents whose title ``text`` names in 《》, the most often named first, with how often.

    Of several versions the one in force; ``document`` and its own versions are left out.
    """
    named = Counter(fold(name) for name in _TITLE.findall(text[:_LONGEST_TEXT]))
    if not named:
        return []
    by_name: dict[str, list[DocumentRecord]] = defaultdict(list)
    for one in documents:
        by_name[fold(one.title)].append(one)
        if one.family:
            by_name[fold(one.family)].append(one)
    counts: Counter[str] = Counter()
    chosen: dict[str, DocumentRecord] = {}
    for name, times in named.items():
        found = [one for one in by_name.get(name, ()) if not _same_rule(one, document)]
        if not found:
            continue
        best = min(found, key=lambda one: (one.validity in SUPERSEDED, -_day(one)))
        chosen[best.document_id] = best
        counts[best.document_id] += times
    return [(chosen[one], times) for one, times in counts.most_common(_MOST)]


def _same_rule(one: DocumentRecord, other: DocumentRecord) -> bool:
    return one.document_id == other.document_id or (bool(one.family) and one.family == other.family)


def _day(one: DocumentRecord) -> int:
    day = one.effective or one.issued
    return day.toordinal() if day else 0
