"""Which documents a filter lets a search find, and why another is outside."""

from __future__ import annotations

from index.errors import shorten
from index.records import DocumentRecord, SearchFilter
from index.selection import Selection


def passes(document: DocumentRecord, selection: Selection) -> bool:
    """Whether a document's passages may be found."""
    return document.document_id in selection


def outside(document: DocumentRecord, flt: SearchFilter) -> str:
    """One Chinese sentence on why a document is not found."""
    title = shorten(document.title)
    if flt.collections and document.collection not in flt.collections:
        return f"《{title}》不在要评的文库里，它在“{shorten(document.collection)}”。"
    if document.validity in flt.exclude_validity:
        return f"《{title}》{document.validity}，默认不检索；要评它请加 --all-versions。"
    return f"《{title}》在所给的日期不施行，不检索。"
