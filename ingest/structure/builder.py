"""Lines with their roles to the tree of sections: 编章节条款项目 and 一、（一）1.（1）①."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.numerals import to_chinese
from ingest.document import RawDocument
from ingest.structure.lines import Line, document_lines
from ingest.structure.marks import Mark, Style
from ingest.structure.model import Outline, Section, SectionKind
from ingest.structure.role import Role
from ingest.structure.roles import line_roles
from ingest.structure.shape import bare, ends_sentence
from ingest.structure.titles import appendix_parts

_RANKS = {
    SectionKind.PART: 1,
    SectionKind.SUBPART: 2,
    SectionKind.CHAPTER: 3,
    SectionKind.DIVISION: 4,
    SectionKind.ARTICLE: 6,
}
_LONGEST_TITLE = 40
_LONGEST_ARTICLE_TITLE = 20
_PAUSE = re.compile("[，。；：、！？,;:]")
_BRACKETS = {
    "【": "】",
    "〔": "〕",
    "［": "］",
    "[": "]",
    "（": "）",
    "(": ")",
    "「": "」",
    "〖": "〗",
}
_CONTAINERS = frozenset({*_RANKS, SectionKind.HEADING, SectionKind.APPENDIX})

Key = tuple[str, int]


@dataclass
class _Node:
    """A section while it is being built."""

    kind: SectionKind
    label: str
    title: str
    start: int
    end: int
    heading_end: int
    key: Key
    number: tuple[int, ...] = ()
    children: list[_Node] = field(default_factory=list)


def outline(document: RawDocument) -> Outline:
    """The outline of a document of any kind; linear in its length.

    Every non-blank character is in a section. Sections are in reading order, a parent holds its
    children, siblings don't overlap.
    """
    lines = document_lines(document)
    roles = line_roles(lines)
    builder = _Builder(_articles_are_titled(lines, roles))
    for line, role in zip(lines, roles, strict=True):
        builder.add(line, role)
    return Outline(tuple(_flatten(builder.roots)))


class _Builder:
    def __init__(self, titled: bool) -> None:
        self.titled = titled  # 第一条 适用范围, whose text begins on the next line
        self.roots: list[_Node] = []
        self.open: list[_Node] = []

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
            self._heading_goes_on(line)
        elif role is Role.ARTICLE:
            self._article(line)
        elif role is Role.APPENDIX:
            self._close_to(0)
            label, title = appendix_parts(line.text)
            self._push(_whole(SectionKind.APPENDIX, label, title, line, ("appendix", 0)))
        elif role is Role.APPENDIX_TITLE:
            self._heading_goes_on(line)
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
        self._push(_whole(kind, "", title, line, ("single", 0)))
        if kind is SectionKind.PARAGRAPH:
            self.open[-1].heading_end = line.start

    def _chapter(self, line: Line) -> None:
        mark = line.mark
        kind = mark.kind if mark else SectionKind.CHAPTER
        rank = _RANKS[kind]
        if mark is None and bare(line.text) == "附则":
            rank = _RANKS[SectionKind.PART]  # without a number it closes the last 编 too
        depth = 0
        while depth < len(self.open) and self._above(self.open[depth], rank):
            depth += 1
        self._close_to(depth)
        label, title = (mark.label, bare(line.rest)) if mark else ("", bare(line.text))
        node = _whole(kind, label, title, line, ("rank", rank))
        node.number = mark.number if mark else ()
        self._push(node)

    def _above(self, node: _Node, rank: int) -> bool:
        """Whether a chapter of this rank may stand inside ``node``."""
        if node.key[0] == "rank":
            return node.key[1] < rank
        return node.kind is SectionKind.APPENDIX

    def _heading_goes_on(self, line: Line) -> None:
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
        title, heading_end = _article_title(line, mark, self.titled or line.level > 0)
        node = _Node(
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

    def _holds_article(self, node: _Node) -> bool:
        return node.kind in _CONTAINERS and node.kind is not SectionKind.ARTICLE

    def _format_heading(self, line: Line) -> None:
        """A heading that the format states: nests by its level; numbered ones keep their label."""
        key = ("level", line.level)
        depth = 0
        while depth < len(self.open) and self._above_level(self.open[depth], line):
            depth += 1
        self._close_to(depth)
        mark = line.mark
        if mark is not None and mark.style is not Style.LEGAL:
            node = _whole(SectionKind.HEADING, mark.label, line.rest.strip(), line, key)
        else:  # 第一讲 is a part of the title, as nothing refers to its number
            node = _whole(SectionKind.HEADING, "", line.text.strip(), line, key)
        node.number = mark.number if mark else ()
        self._push(node)

    def _above_level(self, node: _Node, line: Line) -> bool:
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
                _Node(SectionKind.PREAMBLE, "", "", line.start, line.end, line.start, ("single", 1))
            )

    def _leaves(self, article: _Node, line: Line) -> bool:
        """Whether a numbered line goes on with a list that began above the article."""
        if line.mark is None or line.inline or line.mark.style is Style.LEGAL:
            return False
        key = _style_key(line.mark)
        above = self.open[: self.open.index(article)]
        return any(node.key == key and node.number < line.mark.number for node in above)

    def _numbered(self, line: Line, mark: Mark) -> bool:
        """A numbered heading or list entry of prose; False when the number is no numbering."""
        key = _style_key(mark)
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
        title, heading_end = _prose_title(line)
        self._push(
            _Node(
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
        key = _style_key(mark)
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
            _Node(
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
            _Node(
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

    def _push(self, node: _Node) -> None:
        (self.open[-1].children if self.open else self.roots).append(node)
        self.open.append(node)


def _style_key(mark: Mark) -> Key:
    return ("style", list(Style).index(mark.style))


def _whole(kind: SectionKind, label: str, title: str, line: Line, key: Key) -> _Node:
    return _Node(kind, label, title, line.start, line.end, line.end, key)


def _is_bare_title(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_ARTICLE_TITLE and not _PAUSE.search(text)


def _articles_are_titled(lines: list[Line], roles: list[Role]) -> bool:
    """Whether most articles begin with a few words on a line of their own: 第一条 适用范围."""
    total = titled = 0
    for line, following, role, after in zip(lines, lines[1:], roles, roles[1:], strict=False):
        if role is Role.ARTICLE:
            total += 1
            goes_on = after is Role.TEXT and following.mark is None
            titled += goes_on and _is_bare_title(line.rest) and ends_sentence(following.text)
    return titled >= 3 and titled >= 0.6 * total


def _article_title(line: Line, mark: Mark, titled: bool) -> tuple[str, int]:
    """The title of an article (第十条 【立法目的】, 第十条 立法目的 as a line) and where its head ends."""
    head_end = line.start + mark.end
    rest = line.rest
    closing = _BRACKETS.get(rest[:1])
    stop = rest.find(closing, 1, 60) if closing else -1
    if closing and stop > 1 and rest[0] not in "（(":
        return bare(rest[1:stop]), line.rest_start + stop + 1
    if titled and _is_bare_title(rest):
        return bare(rest), line.end
    if rest.startswith(("：", ":", "、", "．", ".")):
        return "", line.rest_start + 1
    return "", head_end


def _prose_title(line: Line) -> tuple[str, int]:
    """The heading in a numbered line: the line when short, else its first sentence when short."""
    rest = line.rest
    title, end = "", line.rest_start
    if len(rest) <= _LONGEST_TITLE and "。" not in rest[:-1]:
        title, end = rest.rstrip("。：:；; "), line.end
    elif (stop := rest.find("。", 0, _LONGEST_TITLE)) > 0:
        title, end = rest[:stop], line.rest_start + stop + 1
    quote = rest.find("“")
    if quote > 0 and rest[quote - 1] in "：:":  # 将第三条修改为：“第三条 …
        return rest[:quote].rstrip("：: ")[:_LONGEST_TITLE], line.rest_start + quote
    return title, end


def _flatten(roots: list[_Node]) -> list[Section]:
    """Nodes to sections; the only 款 of an article without 项 is the article itself and left out."""
    sections: list[Section] = []
    stack: list[tuple[_Node, int | None, int]] = [(node, None, 0) for node in reversed(roots)]
    while stack:
        node, parent, level = stack.pop()
        index = len(sections)
        sections.append(
            Section(
                node.kind,
                node.label,
                node.title.strip(),
                node.start,
                node.end,
                min(node.heading_end, node.end),
                parent,
                node.number,
                level,
            )
        )
        children = node.children
        if (
            len(children) == 1
            and children[0].kind is SectionKind.PARAGRAPH
            and not children[0].children
        ):
            children = []
        stack.extend((child, index, level + 1) for child in reversed(children))
    return sections
