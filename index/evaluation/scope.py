"""Which documents a filter lets a search find, and why another is outside."""

from __future__ import annotations

from index.errors import shorten
from index.records import DocumentRecord, SearchFilter


def passes(document: DocumentRecord, flt: SearchFilter) -> bool:
    """Whether the filter lets a document's passages be found."""
    return (
        document.validity not in flt.exclude_validity
        and (not flt.collections or document.collection in flt.collections)
        and (not flt.kinds or document.kind in flt.kinds)
        and (not flt.document_ids or document.document_id in flt.document_ids)
    )


def outside(document: DocumentRecord, flt: SearchFilter) -> str:
    """One Chinese sentence on why a document is not found."""
    title = shorten(document.title)
    if flt.collections and document.collection not in flt.collections:
        return f"《{title}》不在要评的文库里，它在“{shorten(document.collection)}”。"
    if document.validity in flt.exclude_validity:
        return f"《{title}》{document.validity}，默认不检索；要评它请加 --all-versions。"
    return f"《{title}》在所给的日期不施行，不检索。"
