"""Markdown: its blocks by markdown-it-py, the marks inside them by :mod:`ingest.readers.inline`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.document import Block, RawDocument
from ingest.readers.base import ReadLimits
from ingest.readers.clean import make_document, visible
from ingest.readers.decode import decode
from ingest.readers.files import load
from ingest.readers.inline import plain
from ingest.readers.lines import paragraphs
from ingest.readers.tables import Cell, table_rows

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT = re.compile(r"\A---[ \t]*\n(?P<body>(?:[^\n]*\n){0,200}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_FIELD = re.compile(r"(?P<key>[\w\-\u4e00-\u9fff]{1,40})[ \t]*[:：][ \t]*(?P<value>\S.*)")
_LONGEST_UNDERLINED = 60  # a longer “heading” above --- is a paragraph above a rule


class MarkdownReader:
    """Reads Markdown. In regulations each source line is often a paragraph of its own, so a soft
    line break parts paragraphs where :func:`ingest.readers.lines.breaks_between` says so."""

    format = "md"

    def read(self, path: Path, limits: ReadLimits) -> RawDocument:
        """Headings with their level, list items with their number, tables as rows."""
        source = decode(load(path, limits))
        text = visible(source.text)
        front = _FRONT.match(text)
        properties = {"encoding": source.encoding}
        if front:
            text = text[front.end() :]
            for line in front["body"].split("\n"):
                if field := _FIELD.fullmatch(line.strip()):
                    properties[field["key"].lower()] = field["value"].strip().strip("\"'")
        return make_document(
            self.format,
            _blocks(text),
            limits,
            title=properties.get("title") or properties.get("标题"),
            warnings=source.warnings,
            properties=properties,
        )


def _blocks(text: str) -> Iterator[Block]:
    from markdown_it import MarkdownIt

    # Four spaces are a paragraph's indent in a Chinese text, not code. Only the block parser runs.
    parser = MarkdownIt("commonmark").enable("table").disable(["code", "lheading"])
    parser.core.ruler.enableOnly(["normalize", "block"])
    env: dict[str, dict[str, object]] = {}
    tokens = parser.parse(text, env)
    references = {label.lower() for label in env.get("references", {})}
    return _Walk(tokens, references).blocks()


class _Walk:
    """One pass over markdown-it's flat tokens."""

    def __init__(self, tokens: list[Token], references: set[str]) -> None:
        self.tokens = tokens
        self.references = references
        self.numbers: list[tuple[int, bool] | None] = []  # open lists: next number, count ourselves
        self.pending = ""  # number of the item whose first paragraph has not come yet
        self.in_item = 0

    def blocks(self) -> Iterator[Block]:
        """Blocks in order."""
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            if token.type == "heading_open":
                yield from self._heading(token, self.tokens[at + 1].content)
                at += 2
            elif token.type == "inline":
                yield from self._paragraph(token.content)
            elif token.type == "table_open":
                end = next(
                    i for i in range(at, len(self.tokens)) if self.tokens[i].type == "table_close"
                )
                for row in table_rows(self._rows(at, end)):
                    yield Block(row, "table_row")
                at = end
            elif token.type in ("fence", "code_block"):
                for line in token.content.split("\n"):
                    yield Block(line)
            elif token.type == "html_block":
                yield from _html(token.content)
            else:
                self._list(token, at)
            at += 1

    def _heading(self, token: Token, content: str) -> Iterator[Block]:
        lines = [line for line in plain(content, self.references).split("\n") if line.strip()]
        underlined = token.markup in ("-", "=")
        if underlined and (len(lines) > 1 or len(content) > _LONGEST_UNDERLINED):
            yield from self._paragraph(content)
            return
        yield Block(" ".join(lines), "heading", int(token.tag[1:]))

    def _paragraph(self, content: str) -> Iterator[Block]:
        kind = "list_item" if self.in_item else "paragraph"
        for index, text in enumerate(paragraphs(plain(content, self.references).split("\n"))):
            if index == 0 and self.pending:
                text = f"{self.pending} {text}"
            yield Block(text, kind)
        self.pending = ""

    def _list(self, token: Token, at: int) -> None:
        if token.type == "ordered_list_open":
            self.numbers.append((int(token.attrGet("start") or 1), self._all_same(at)))
        elif token.type == "bullet_list_open":
            self.numbers.append(None)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            self.numbers.pop()
        elif token.type == "list_item_open":
            self.in_item += 1
            state = self.numbers[-1]
            self.pending = ""
            if state is not None:
                number, counted = state
                shown = str(number) if counted else token.info
                self.pending = f"{shown}{token.markup}"
                self.numbers[-1] = (number + 1, counted)
        elif token.type == "list_item_close":
            self.in_item -= 1
            self.pending = ""

    def _all_same(self, at: int) -> bool:
        """Whether a list writes 1. before each item, leaving the counting to us.

        Any other numbers stay as written: a regulation's 3. must not turn into 2.
        """
        level = self.tokens[at].level
        found: set[str] = set()
        for token in self.tokens[at + 1 :]:
            if token.level <= level:
                break
            if token.type == "list_item_open" and token.level == level + 1:
                found.add(token.info)
                if len(found) > 1:
                    return False
        return True

    def _rows(self, start: int, end: int) -> list[list[Cell]]:
        rows: list[list[Cell]] = []
        for at in range(start, end):
            token = self.tokens[at]
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                text = plain(self.tokens[at + 1].content, self.references)
                rows[-1].append(Cell(tuple(text.split("\n")), header=token.type == "th_open"))
        return rows


def _html(source: str) -> Iterator[Block]:
    from ingest.readers.html import fragment_blocks

    return fragment_blocks(source)
