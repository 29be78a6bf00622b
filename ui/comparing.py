"""Two versions of a rule side by side, for the command line and the page."""

from __future__ import annotations

from datetime import date

from index.errors import LibraryError
from index.library import Library
from index.versions.compare.articles import read_articles
from index.versions.compare.comparison import Comparison, compare
from ui.render.diff import Side


def side_of(library: Library, document_id: str, today: date) -> Side:
    """A document as one side of a comparison, with its status of the day."""
    status = library.versions.status(document_id, today)
    version = library.versions.version(document_id)
    record = library.catalog.document(document_id)
    made = version.edition if version and not version.doubt else None
    title = record.title if record else document_id
    return Side(document_id, title, made, status.validity, status.reason, status.warning)


def compare_documents(library: Library, old: str, new: str) -> Comparison:
    """Two documents article by article; LibraryError where there is nothing to compare."""
    catalog = library.catalog
    units = [read_articles(catalog.document_text(one), catalog.outline(one)) for one in (old, new)]
    if not any(one.text for side in units for one in side):
        raise LibraryError("这两份文件里没有可以比较的文字。")
    return compare(*units)
