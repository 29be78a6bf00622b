"""Files to blocks: one reader per format, chosen by what a file contains, not by its name."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path

from ingest.document import RawDocument
from ingest.readers.base import Reader, ReadError, ReadLimits

__all__ = ["SUPPORTED", "ReadError", "ReadLimits", "Reader", "read_document", "reader_for"]

# Modules are named, not imported: PDF and Word libraries are slow to load and often not needed.
_READERS = {
    "md": ("ingest.readers.markdown", "MarkdownReader"),
    "txt": ("ingest.readers.text", "TextReader"),
    "html": ("ingest.readers.html", "HtmlReader"),
    "docx": ("ingest.readers.docx", "DocxReader"),
    "pdf": ("ingest.readers.pdf", "PdfReader"),
    "doc": ("ingest.readers.doc", "DocReader"),
    "rtf": ("ingest.readers.rtf", "RtfReader"),
    "odt": ("ingest.readers.odf", "OdtReader"),
    "odp": ("ingest.readers.odf", "OdpReader"),
    "xlsx": ("ingest.readers.xlsx", "XlsxReader"),
    "xls": ("ingest.readers.xls", "XlsReader"),
    "ods": ("ingest.readers.ods", "OdsReader"),
    "csv": ("ingest.readers.csv_table", "CsvReader"),
    "pptx": ("ingest.readers.pptx", "PptxReader"),
    "ppt": ("ingest.readers.ppt", "PptReader"),
    "ofd": ("ingest.readers.ofd", "OfdReader"),
    "epub": ("ingest.readers.epub", "EpubReader"),
    "mht": ("ingest.readers.mht", "MhtReader"),
    "image": ("ingest.readers.image", "ImageReader"),
    "eml": ("ingest.readers.eml", "EmlReader"),
}
SUPPORTED: tuple[str, ...] = tuple(_READERS)


def reader_for(format: str) -> Reader:
    """The reader of one of :data:`SUPPORTED`; raises :class:`ValueError` for another name."""
    try:
        module, name = _READERS[format]
    except KeyError:
        raise ValueError(f"no reader for {format!r}; known: {', '.join(SUPPORTED)}") from None
    reader: Reader = getattr(import_module(module), name)()
    return reader


def read_document(path: Path, limits: ReadLimits | None = None, name: str = "") -> RawDocument:
    """Reads a file of any supported format, which is told from its content; a reader of the user's
    own (``limits.readers``) goes before it. A locked file is opened with ``limits.passwords``,
    which may be for files of a certain ``name`` (the path's own where it isn't given).

    Raises :class:`ReadError`, whose text is one Chinese line for the person who put the file in,
    and nothing else, whatever the file holds.
    """
    from ingest.readers.passwords import unlocked
    from ingest.readers.sniff import sniff

    limits = limits or ReadLimits()
    limits = replace(limits, passwords=limits.passwords.for_file(name or str(path)))
    own = dict(limits.readers).get(path.suffix.lower())
    if own:
        from ingest.readers.llama_index import LlamaIndexReader

        return LlamaIndexReader(own).read(path, limits)
    with unlocked(path, limits) as plain:
        return reader_for(sniff(plain)).read(plain, limits)
