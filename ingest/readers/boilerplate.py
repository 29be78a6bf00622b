"""Whole web pages with a site's navigation around the text: what trafilatura finds to be the text.

Our own rules (:mod:`ingest.readers.html`) take away what a page itself marks as furniture. Pages
that mark nothing still carry menus and link lists; for those trafilatura is asked, where it is
installed, and its answer taken only when no sentence of the page's prose is lost by it.
"""

from __future__ import annotations

from ingest.document import Block

_MANY_LINKS = 15
_FURNITURE = 0.15  # share of short lines without a sentence that makes a page worth asking
_SHORT = 24
_KEPT = 0.98  # of the characters of prose, that must remain
_MAX_CHARACTERS = 3_000_000


def main_blocks(source: str, links: int, blocks: list[Block]) -> list[Block]:
    """``blocks`` of the page ``source``, or fewer of them without the site's furniture."""
    if links < _MANY_LINKS or len(source) > _MAX_CHARACTERS or not _worth_it(blocks):
        return blocks
    text = _extracted(source)
    if not text:
        return blocks
    kept = [block for block in blocks if _squeezed(block.text) in text or _is_rule(block)]
    before = sum(len(block.text) for block in blocks if _is_prose(block))
    after = sum(len(block.text) for block in kept if _is_prose(block))
    return kept if kept and after >= _KEPT * before else blocks


def _worth_it(blocks: list[Block]) -> bool:
    short = sum(1 for block in blocks if not _is_prose(block) and len(block.text) <= _SHORT)
    return short > max(3, _FURNITURE * len(blocks))


def _is_prose(block: Block) -> bool:
    return block.kind == "table_row" or len(block.text) > _SHORT or block.text[-1:] in "。；！？：”"


def _is_rule(block: Block) -> bool:
    """What a short line of a rule looks like: never lost to a guess about web pages."""
    from ingest.readers.lines import starts_new

    return block.level > 0 or starts_new(block.text)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _extracted(source: str) -> str:
    try:
        import trafilatura
    except ImportError:  # an extra
        return ""
    try:
        text = trafilatura.extract(
            source, favor_recall=True, include_tables=True, include_comments=False,
            include_links=False, deduplicate=False,
        )  # fmt: skip
    except Exception:  # a library on untrusted pages; the page as it is will do
        return ""
    return _squeezed(text or "")
