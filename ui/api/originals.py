"""Whether the file that a document was read from may still be downloaded."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from index.originals import kept_original
from index.records import DocumentRecord, Place
from ui.api.downloads import file_name

if TYPE_CHECKING:
    from ui.api.service import Service

_ENDING = re.compile(r"\.[a-z0-9]{1,8}")
_ENDINGS = {"md": ".md", "html": ".html", "txt": ".txt", "docx": ".docx", "pdf": ".pdf"}


def may_have_original(service: Service, document: DocumentRecord) -> bool:
    """A cheap look: False means that there is certainly nothing to download."""
    return next(_candidates(service, document), None) is not None


def _candidates(service: Service, document: DocumentRecord) -> Iterator[tuple[Path, Place | None]]:
    """The kept copy, and the files of the document that are as large as they were."""
    kept = kept_original(service.settings.originals_dir, document.format, document.content_hash)
    if kept is not None:
        yield kept, None
    places = service.library.catalog.places.of_documents([document.document_id])
    for place in places.get(document.document_id, ()):
        with contextlib.suppress(OSError):
            path = Path(place.path)
            if place.path and path.is_file() and path.stat().st_size == place.size:
                yield path, place


def download_name(document: DocumentRecord) -> str:
    """The title with the file's ending, without what a file system does not take."""
    source = Path(document.source.replace("\\", "/")).suffix.lower()
    ending = source if _ENDING.fullmatch(source) else _ENDINGS.get(document.format, "")
    return file_name(document.title, ending)
