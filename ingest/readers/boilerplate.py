"""Whole web pages with a site's navigation around the text: what trafilatura finds to be the text.

Our own rules (:mod:`ingest.readers.html`) take away what a page itself marks as furniture. Pages
that mark nothing still carry menus above the text and notices below it. For those trafilatura is
asked, where it is installed. It takes headings and list items for furniture too, so its answer
only says where the text begins and where it ends: everything between stays as it is.
"""

from __future__ import annotations

from ingest.document import Block

_MANY_LINKS = 15
_SHORT = 24  # characters of a line that may be furniture
_MAX_CHARACTERS = 3_000_000


def main_blocks(source: str, links: int, blocks: list[Block], title: str = "") -> list[Block]:
    """``blocks`` of the page ``source``, without the short lines before and after its text."""
    if links < _MANY_LINKS or len(source) > _MAX_CHARACTERS:
        return blocks
    text = _extracted(source)
    if not text:
        return blocks
    kept = [i for i, block in enumerate(blocks) if _belongs(block, text, title)]
    return blocks[kept[0] : kept[-1] + 1] if kept else blocks


def _belongs(block: Block, text: str, title: str) -> bool:
    """Whether a block is of the page's text for sure: prose, a heading, a numbered line, a date,
    what stands in the page's title, or what trafilatura took."""
    from ingest.readers.lines import starts_new

    if block.kind == "table_row":
        return _squeezed(block.text).split("；")[0] in text and len(block.text) > _SHORT
    if block.level or starts_new(block.text) or (len(block.text) > 3 and block.text in title):
        return True
    if len(block.text) > _SHORT and block.text[-1:] in "。；！？：”）":
        return True
    return _squeezed(block.text) in text


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _extracted(source: str) -> str:
    try:
        import trafilatura
    except ImportError:  # an extra
        return ""
    try:
        text = trafilatura.extract(source, include_tables=False, include_comments=False)
    except Exception:  # a library on untrusted pages; the page as it is will do
        return ""
    return _squeezed(text or "")
