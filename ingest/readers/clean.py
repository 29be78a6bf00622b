"""Text as every reader hands it over: no control characters, no line breaks, bounded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ingest.document import Block, RawDocument
from ingest.readers.base import ReadError, ReadLimits

# Characters that nobody sees and that break matching or display: C0/C1 controls, zero-width and
# bidirectional marks, soft hyphen, BOM, object replacement, private use, lone surrogates,
# non-characters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069"
    "\ue000-\uf8ff\ufeff\ufff9-\ufffc\ufffe\uffff\ud800-\udfff]"
)
# Left over where a page was copied as its source.
_BLANK_ENTITIES = re.compile("&(?:nbsp|ensp|emsp|thinsp|#160|#8194|#8195|#12288|#[xX][aA]0);?")
_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[ \t\xa0\u2000-\u200a\u202f\u205f]+")

EMPTY_TEXT = "文件里没有文字；请打开原文件确认有内容，再重新放入"


def visible(text: str) -> str:
    """``text`` without unseen characters and with ``\\n`` as its only line break."""
    if "&" in text:
        text = _BLANK_ENTITIES.sub("\xa0", text)
    return _UNSEEN.sub("", _BREAKS.sub("\n", text))


def one_line(text: str) -> str:
    """``text`` as a block's text: one line, runs of spaces made one, outer spaces dropped.

    Full-width spaces inside the text stay (第一章　总则), those around it go.
    """
    return _SPACES.sub(" ", visible(text).replace("\n", " ")).strip()


def make_document(
    format: str, blocks: Iterable[Block], limits: ReadLimits, **stated: Any
) -> RawDocument:
    """The document of these blocks, cleaned; blocks left without text are dropped.

    Blocks with spans are taken as they are, because their spans count characters.
    Raises :class:`ReadError` when nothing is left or the text is above the limit.
    """
    kept: list[Block] = []
    characters = 0
    for block in blocks:
        if not block.spans:
            text = one_line(block.text)
            if text != block.text:
                block = replace(block, text=text)
        if not block.text:
            continue
        characters += len(block.text)
        if characters > limits.max_characters:
            raise ReadError(
                f"文字超过 {limits.max_characters // 10_000} 万字的上限；请把文件拆成几份再放入"
            )
        kept.append(block)
    if not kept:
        raise ReadError(EMPTY_TEXT)
    title = stated.pop("title", None)
    title = one_line(title)[:300] if title else None
    return RawDocument(format=format, blocks=tuple(kept), title=title or None, **stated)
