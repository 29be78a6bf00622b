"""Markdown inside a paragraph: marks removed, words kept. One pass, linear on any input.

Not CommonMark to the letter: its rule that emphasis can't close between a Chinese punctuation
mark and a Chinese character leaves ``**第一条：**内容`` with its asterisks; here they go.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from html import unescape

_SCAN = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<ticks>`+)"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)"
    r"|(?P<comment><!--)"
    r"|<(?P<auto>(?:https?|mailto|ftp):[^<>\s]*)>"
    r"|(?P<tag></?[A-Za-z][^<>]*>)"
    r"|(?P<delimiter>\*+|_+|~~)"
    r"|(?P<open>!?\[)"
    r"|(?P<close>\])"
)
_TARGET = re.compile(r"\((?:[^()\s]|\([^()\s]*\))*(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?\s*\)")
_REFERENCE = re.compile(r"\[([^\[\]\n]{0,200})\]")
_ATTRIBUTES = re.compile(r"\{[.#=]?[A-Za-z][\w-]{0,30}\}")  # `code`{html} of wikis and Pandoc
_WORD = re.compile(r"[A-Za-z0-9]")
_BREAK_TAG = re.compile(r"<(?:br|/?p|/?div|/?li)\b", re.IGNORECASE)


class _Pieces:
    """Output so far, with the marks that may yet turn out to be open emphasis or a link."""

    def __init__(self, references: Collection[str]) -> None:
        self.out: list[str] = []
        self.open_marks: dict[str, list[int]] = {}
        self.open_links: list[tuple[int, bool]] = []
        self.references = references

    def delimiter(self, run: str, before: str, after: str) -> None:
        """Pairs a run of ``*``, ``_`` or ``~~`` with an open one of the same length."""
        inside_word = bool(_WORD.match(before) and _WORD.match(after))
        can_open = bool(after) and not after.isspace() and not (inside_word and run[0] in "_*")
        can_close = bool(before) and not before.isspace() and not (inside_word and run[0] in "_*")
        waiting = self.open_marks.setdefault(run, [])
        if can_close and waiting:
            self.out[waiting.pop()] = ""
            self.out.append("")
            return
        if can_open:
            waiting.append(len(self.out))
        self.out.append(run)

    def close_link(self, source: str, end: int) -> int:
        """Handles ``]`` that ends at ``end``; returns where to go on."""
        if not self.open_links:
            self.out.append("]")
            return end
        at, image = self.open_links.pop()
        target = _TARGET.match(source, end)
        reference = None if target else _REFERENCE.match(source, end)
        label = "".join(self.out[at + 1 : at + 8]).strip().lower()
        if target is not None:
            end = target.end()
        elif reference is not None and (reference[1].strip().lower() or label) in self.references:
            end = reference.end()
        elif label not in self.references:
            self.out.append("]")
            return end
        if image:
            del self.out[at:]  # a picture's file has no words
            for waiting in self.open_marks.values():
                while waiting and waiting[-1] >= at:
                    waiting.pop()
        else:
            self.out[at] = ""
        return end


def plain(source: str, references: Collection[str] = ()) -> str:
    """The words of an inline run: emphasis, code and link marks, tags, comments and escapes gone.

    Line feeds stay (the caller decides whether they part paragraphs); ``<br>`` becomes one.
    ``references`` are the document's link labels in lower case.
    """
    pieces = _Pieces(references)
    unclosed: set[str] = set()
    at = 0
    for _ in range(len(source) + 1):
        match = _SCAN.search(source, at)
        if match is None:
            break
        pieces.out.append(source[at : match.start()])
        at = match.end()
        kind, token = match.lastgroup, match[0]
        if kind == "escaped":
            pieces.out.append(match["escaped"])
        elif kind in ("ticks", "comment"):
            closing = token if kind == "ticks" else "-->"
            end = -1 if closing in unclosed else source.find(closing, at)
            if end < 0:
                unclosed.add(closing)  # never search for it again
                pieces.out.append(token)
            else:
                pieces.out.append(source[at:end] if kind == "ticks" else "")
                at = end + len(closing)
                if kind == "ticks" and (attributes := _ATTRIBUTES.match(source, at)):
                    at = attributes.end()
        elif kind == "entity":
            pieces.out.append(unescape(token))
        elif kind == "auto":
            pieces.out.append(match["auto"])
        elif kind == "tag":
            pieces.out.append("\n" if _BREAK_TAG.match(token) else "")
        elif kind == "delimiter":
            pieces.delimiter(token, source[match.start() - 1 : match.start()], source[at : at + 1])
        elif kind == "open":
            pieces.open_links.append((len(pieces.out), token == "!["))
            pieces.out.append(token)
        else:
            at = pieces.close_link(source, at)
    pieces.out.append(source[at:])
    return "".join(pieces.out)
