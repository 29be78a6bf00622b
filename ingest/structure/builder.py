"""Lines with their roles to the tree of sections: 编章节条款项目 and 一、（一）1.（1）①."""

from __future__ import annotations

from index.numerals import to_chinese
from ingest.document import RawDocument
from ingest.structure.lines import Line, document_lines
from ingest.structure.marks import Mark, Style
from ingest.structure.model import Outline, SectionKind
from ingest.structure.node import Node, flatten, style_key, whole
from ingest.structure.roles import Role, line_roles
from ingest.structure.shape import bare
from ingest.structure.titles import article_title, prose_title

_RANKS = {
    SectionKind.PART: 1,
    SectionKind.SUBPART: 2,
    SectionKind.CHAPTER: 3,
    SectionKind.DIVISION: 4,
    SectionKind.ARTICLE: 6,
}
_CONTAINERS = frozenset({*_RANKS, SectionKind.HEADING, SectionKind.APPENDIX})


def outline(document: RawDocument) -> Outline:
    """The outline of a document of any kind; linear in its length.

    Every non-blank character is in a section. Sections are in reading order, a parent holds its
    children, siblings don't overlap.
    """
    lines = document_lines(document)
    builder = _Builder()
    for line, role in zip(lines, line_roles(lines), strict=True):
        builder.add(line, role)
    return Outline(tuple(flatten(builder.roots)))


class _Builder:
    def __init__(self) -> None:
        self.roots: list[Node] = []
        self.open: list[Node] = []

    def add(self, line: Line, role: Role) -> None:
        """The next line of the document."""
        if role is Role.CONTENTS:
            self._single(line, SectionKind.CONTENTS)
        elif role is Role.TITLE:
            self._single(line, SectionKind.TITLE)
        elif role is Role.TAIL:
            self._single(line, SectionKind.PARAGRAPH)
        elif role is Role.CHAPTER:
            self._chapter(line)
        elif role is Role.CHAPTER_TITLE:
            self._chapter_title(line)
        elif role is Role.ARTICLE:
            self._article(line)
        elif role is Role.APPENDIX:
            self._close_to(0)
            label, title = (
                ("", line.text) if len(line.text) > 12 else (bare(line.text).rstrip("：:"), "")
            )
            self._push(whole(SectionKind.APPENDIX, label, title, line, ("appendix", 0)))
        elif role is Role.HEADING:
            self._format_heading(line)
        else:
            self._text(line)
        for node in self.open:
            node.end = line.end

    # -- headings ------------------------------------------------------------------------------

    def _single(self, line: Line, kind: SectionKind) -> None:
        """Title, contents and tails stand at the root; lines of one kind in a row are one section."""
        last = self.open[-1] if self.open else None
        if last is not None and last.kind is kind and last.key == ("single", 0):
            last.title += line.text if kind is SectionKind.TITLE else ""
            last.heading_end = line.end if kind is SectionKind.TITLE else last.heading_end
            return
        self._close_to(0)
        title = line.text if kind is SectionKind.TITLE else ""
        self._push(whole(kind, "", title, line, ("single", 0)))
        if kind is SectionKind.PARAGRAPH:
            self.open[-1].heading_end = line.start

    def _chapter(self, line: Line) -> None:
        mark = line.mark
        kind = mark.kind if mark else SectionKind.CHAPTER
        rank = _RANKS[kind]
        depth = 0
        while depth < len(self.open) and self._above(self.open[depth], rank):
            depth += 1
        self._close_to(depth)
        label, title = (mark.label, bare(line.rest)) if mark else ("", bare(line.text))
        node = whole(kind, label, title, line, ("rank", rank))
        node.number = mark.number if mark else ()
        self._push(node)

    def _above(self, node: Node, rank: int) -> bool:
        """Whether a chapter of this rank may stand inside ``node``."""
        if node.key[0] == "rank":
            return node.key[1] < rank
        return node.kind is SectionKind.APPENDIX

    def _chapter_title(self, line: Line) -> None:
        node = self.open[-1]
        node.title += bare(line.text)
        node.heading_end = line.end

    def _article(self, line: Line) -> None:
        mark = line.mark
        assert mark is not None
        depth = len(self.open)
        while depth and not self._holds_article(self.open[depth - 1]):
            depth -= 1
        self._close_to(depth)
        title, heading_end = article_title(line, mark)
        node = Node(
            SectionKind.ARTICLE,
            mark.label,
            title,
            line.start,
            line.end,
            heading_end,
            ("rank", _RANKS[SectionKind.ARTICLE]),
            mark.number,
        )
        self._push(node)
        if heading_end < line.end:
            self._paragraph(line, max(line.start + mark.end, heading_end))

    def _holds_article(self, node: Node) -> bool:
        return node.kind in _CONTAINERS and node.kind is not SectionKind.ARTICLE

    def _format_heading(self, line: Line) -> None:
        """A heading that the format states: nests by its level; numbered ones keep their label."""
        key = ("level", line.level)
        depth = 0
        while depth < len(self.open) and self._above_level(self.open[depth], line):
            depth += 1
        self._close_to(depth)
        mark = line.mark
        node = whole(SectionKind.HEADING, mark.label if mark else "", line.rest.strip(), line, key)
        node.number = mark.number if mark else ()
        self._push(node)

    def _above_level(self, node: Node, line: Line) -> bool:
        if node.key[0] == "level":
            return node.key[1] < line.level
        if node.key[0] == "style" and line.mark is not None:
            return node.key[1] < list(Style).index(line.mark.style)
        if node.kind is SectionKind.APPENDIX:
            return True
        # An unnumbered heading below a chapter that is itself a heading of a higher level.
        return node.key[0] == "rank" and node.kind is not SectionKind.ARTICLE and line.level > 2

    # -- text ----------------------------------------------------------------------------------

    def _text(self, line: Line) -> None:
        article = next((n for n in reversed(self.open) if n.kind is SectionKind.ARTICLE), None)
        if article is not None and not self._leaves(article, line):
            self._in_article(line)
            return
        mark = line.mark
        if mark is not None and mark.style is not Style.LEGAL and line.kind != "table_row":
            taken = self._numbered(line, mark)
            if taken:
                return
        holder = self.open[-1] if self.open else None
        if holder is None or holder.kind in (SectionKind.TITLE, SectionKind.CONTENTS):
            self._close_to(0)
            self._push(
                Node(SectionKind.PREAMBLE, "", "", line.start, line.end, line.start, ("single", 1))
            )

    def _leaves(self, article: Node, line: Line) -> bool:
        """Whether a numbered line goes on with a list that began above the article."""
        if line.mark is None or line.inline or line.mark.style is Style.LEGAL:
            return False
        key = style_key(line.mark)
        above = self.open[: self.open.index(article)]
        return any(node.key == key and node.number < line.mark.number for node in above)

    def _numbered(self, line: Line, mark: Mark) -> bool:
        """A numbered heading or list entry of prose; False when the number is no numbering."""
        key = style_key(mark)
        depth = next((i for i, node in enumerate(self.open) if node.key == key), None)
        if depth is None:
            if mark.style in (
                Style.ARABIC_DOT,
                Style.ARABIC_PAREN,
                Style.CIRCLED,
            ) and mark.number != (1,):
                return False
            depth = len(self.open)
            while depth and self.open[depth - 1].kind not in _CONTAINERS:
                depth -= 1
            # 一、 never stands below （一） or 1.
            while (
                depth and self.open[depth - 1].key[0] == "style" and self.open[depth - 1].key > key
            ):
                depth -= 1
        elif mark.style is Style.ARABIC_DOT and mark.number not in (
            (1,),
            (self.open[depth].number[0] + 1,),
        ):
            return False
        self._close_to(depth)
        title, heading_end = prose_title(line)
        self._push(
            Node(
                SectionKind.HEADING,
                mark.label,
                title,
                line.start,
                line.end,
                heading_end,
                key,
                mark.number,
            )
        )
        return True

    def _in_article(self, line: Line) -> None:
        """A further line of an article: a new 款, or a 项 or 目 of the last."""
        mark = line.mark
        if line.kind in ("table_row", "note") and self.open[-1].kind is not SectionKind.ARTICLE:
            return
        if mark is not None and mark.style is not Style.LEGAL and self._item(line, mark):
            return
        depth = next(i for i, n in enumerate(self.open) if n.kind is SectionKind.ARTICLE)
        self._close_to(depth + 1)
        self._paragraph(line, line.start)

    def _item(self, line: Line, mark: Mark) -> bool:
        depth = next(i for i, n in enumerate(self.open) if n.kind is SectionKind.ARTICLE) + 1
        if len(self.open) == depth:  # an article whose first line is a 项
            self._paragraph(line, line.start)
        key = style_key(mark)
        at = next((i for i, node in enumerate(self.open) if i > depth and node.key == key), None)
        if at is None:
            if mark.number != (1,) and mark.style not in (Style.CN_PAREN, Style.CN_COMMA):
                return False
            at = len(self.open)
            while at > depth + 1 and self.open[at - 1].key > key:
                at -= 1
        self._close_to(at)
        first = mark.style in (Style.CN_PAREN, Style.CN_COMMA) or at == depth + 1
        kind = SectionKind.ITEM if first else SectionKind.SUBITEM
        self._push(
            Node(
                kind, mark.label, "", line.start, line.end, line.start + mark.end, key, mark.number
            )
        )
        return True

    def _paragraph(self, line: Line, start: int) -> None:
        article = self.open[-1]
        count = sum(1 for child in article.children if child.kind is SectionKind.PARAGRAPH) + 1
        text = line.text[start - line.start :]
        start += len(text) - len(text.lstrip())
        self._push(
            Node(
                SectionKind.PARAGRAPH,
                f"第{to_chinese(count)}款",
                "",
                start,
                line.end,
                start,
                ("paragraph", 0),
                (count,),
            )
        )

    # -- the stack -----------------------------------------------------------------------------

    def _close_to(self, depth: int) -> None:
        del self.open[depth:]

    def _push(self, node: Node) -> None:
        (self.open[-1].children if self.open else self.roots).append(node)
        self.open.append(node)
