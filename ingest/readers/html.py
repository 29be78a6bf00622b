"""Web pages: what a visitor reads, without the site around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.document import Block, RawDocument
from ingest.readers.base import ReadError, ReadLimits
from ingest.readers.clean import make_document, one_line, visible
from ingest.readers.decode import Decoded, decode
from ingest.readers.files import load
from ingest.readers.html_walk import Walk

if TYPE_CHECKING:
    from lxml.etree import _Element

_META_CHARSET = re.compile(rb"charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([A-Za-z0-9_\-]{2,20})", re.I)
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs"}
_DEEPEST = 2000  # libxml2 silently drops what lies below 2048 levels
_WRAPPERS = re.compile(
    r"<(?P<end>/?)(?P<name>div|span|font|center|b|i|em|strong|u|section|article|blockquote|a|ul|ol)"
    r"\b[^<>]*>",
    re.IGNORECASE,
)
_SITE = re.compile(r"\s{0,9}(?:[_|｜]|\s[-–—]\s|--|——)\s{0,9}")
_NAMED = re.compile(
    r"(?:^|[\s_\-])(?:nav|navbar|navigation|menu|footer|foot|breadcrumbs?|crumbs?|sidebar|share"
    r"|bdshare|copyright|pagination|toolbar|topbar|toplink|related|recommend|advert|ads|banner"
    r"|qrcode|cookie|login|search|skip|weizhi|dqwz|position)(?:$|[\s_\-])",
    re.IGNORECASE,
)
_DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "applet",
        "svg",
        "canvas",
        "math",
        "audio",
        "video",
        "map",
        "button",
        "select",
        "input",
        "textarea",
        "datalist",
        "nav",
        "footer",
        "menu",
        "dialog",
        "head",
        "title",
        "del",
        "rt",
        "rp",
        "frameset",
        "link",
        "meta",
        "base",
    ]
)
_DROPPED_ROLES = frozenset(
    ["navigation", "banner", "contentinfo", "search", "menu", "menubar", "dialog"]
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CONTAINERS = frozenset(
    [
        "div",
        "ul",
        "ol",
        "dl",
        "section",
        "aside",
        "table",
        "td",
        "p",
        "header",
        "center",
        "span",
        "form",
    ]
)


class HtmlReader:
    """Reads a saved web page. The site's navigation, footer, scripts and hidden parts are left
    out; headings, lists with their numbers and tables stay. Never fetches anything."""

    format = "html"

    def read(self, path: Path, limits: ReadLimits) -> RawDocument:
        """The page's main content as blocks."""
        source = _decode(load(path, limits))
        return read_page(
            self.format,
            source.text,
            limits,
            warnings=source.warnings,
            properties={"encoding": source.encoding},
        )


def read_page(format: str, text: str, limits: ReadLimits, **stated: Any) -> RawDocument:
    """The main content of a whole page of HTML as a document of ``format``."""
    from ingest.readers.boilerplate import main_blocks

    text = visible(text)
    root = parse(text)
    if root is None:
        raise ReadError("网页里没有内容；请用浏览器打开确认后重新保存再放入")
    title = root.findtext(".//title")
    links = sum(1 for _ in root.iter("a"))
    _drop(root)
    _drop_link_lists(root)
    blocks = [*_title_above(root), *Walk(_main(root)).blocks()]
    blocks = main_blocks(text, links, blocks, title or "")
    return make_document(format, blocks, limits, title=_title(title, blocks), **stated)


def fragment_blocks(source: str) -> Iterator[Block]:
    """Blocks of a piece of HTML inside another format (Markdown)."""
    root = parse(source)
    if root is not None:
        _drop(root)
        yield from Walk(root).blocks()


def _decode(data: bytes) -> Decoded:
    """As the byte order mark or ``<meta charset>`` says when that works, else as detected."""
    named = _META_CHARSET.search(data[:4096])
    if named and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        name = named[1].decode("ascii").lower()
        try:
            return Decoded(data.decode(_ALIASES.get(name, name)), name)
        except (UnicodeDecodeError, LookupError, ValueError):
            pass  # the page says one thing and is another
    return decode(data)


def parse(text: str) -> _Element | None:
    """The element tree of HTML; entities of a DTD are not expanded and nothing is loaded."""
    root = _parse(text)
    if root is None or not _too_deep(root):
        return root
    flat = _WRAPPERS.sub(
        lambda m: (
            "<br>" if m["name"].lower() in ("div", "section", "article", "blockquote") else ""
        ),
        text,
    )
    root = _parse(flat)
    if root is not None and _too_deep(root):
        raise ReadError("网页的嵌套层数过深，无法读完整；请用浏览器打开后另存为 PDF 再放入")
    return root


def _parse(text: str) -> _Element | None:
    from lxml import etree

    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, no_network=True, huge_tree=True, remove_comments=True,
        remove_pis=True, default_doctype=False,
    )  # fmt: skip
    try:
        return etree.fromstring(text.encode("utf-8", "ignore"), parser)
    except etree.XMLSyntaxError:  # nothing but comments or blanks
        return None
    except etree.LxmlError as error:
        raise ReadError("网页内容损坏，无法解析；请用浏览器打开后重新保存再放入") from error


def _too_deep(root: _Element) -> bool:
    from lxml import etree

    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            return True
    return False


def _remove(element: _Element) -> None:
    """Takes an element out and leaves the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _drop(root: _Element) -> None:
    """Removes what a visitor does not see and what is named as the site's own furniture."""
    doomed = []
    for element in root.iter():
        if not isinstance(element.tag, str):
            doomed.append(element)
            continue
        get = element.get
        if (
            element.tag in _DROPPED
            or get("hidden") is not None
            or get("aria-hidden") == "true"
            or (get("role") or "") in _DROPPED_ROLES
            or _HIDDEN.search((get("style") or "")[:2000])
            or (element.tag in _CONTAINERS and _named_furniture(element))
        ):
            doomed.append(element)
    for element in doomed:
        _remove(element)


def _named_furniture(element: _Element) -> bool:
    """Whether class or id say nav, footer, share …, and the element holds no long prose."""
    name = f"{element.get('class') or ''} {element.get('id') or ''}"[:500]
    if not _NAMED.search(name):
        return False
    prose = 0
    for text in element.itertext():
        prose += text.count("。") + text.count("；")
        if prose > 3:
            return False
    return True


def _drop_link_lists(root: _Element) -> None:
    """Removes boxes that are little but links (menus, “相关链接”) when the page has other text."""
    from lxml import etree

    # One walk computes text and link text below each element; a page is linear in its size.
    stack: list[list[int]] = []
    boxes: list[tuple[_Element, int, int, int]] = []
    linked = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            linked += element.tag == "a"
            stack.append([0, 0, 0])
            counts = stack[-1]
            length = len((element.text or "").strip())
        else:
            linked -= element.tag == "a"
            done = stack.pop()
            if element.tag == "a":
                done[2] += 1
            if element.tag in _CONTAINERS:
                boxes.append((element, *done))
            if not stack:
                total = done
                break
            for i in range(3):
                stack[-1][i] += done[i]
            counts = stack[-1]
            length = len((element.tail or "").strip())
        counts[0] += length
        if linked:
            counts[1] += length
    prose = total[0] - total[1]
    for element, length, link_length, links in boxes:
        if links >= 3 and link_length > 0.7 * length and length < prose:
            _remove(element)


def _main(root: _Element) -> _Element:
    """The element that the page marks as its content, when it holds most of the text."""
    candidates = root.xpath("//main | //*[@role='main'] | //article")
    whole = sum(len(text.strip()) for text in root.itertext())
    for element in candidates[:20]:
        if sum(len(text.strip()) for text in element.itertext()) * 2 > whole:
            return element
    return root


def _title_above(root: _Element) -> list[Block]:
    """The page's ``h1`` when it stands outside the content (in a ``<header>``)."""
    main = _main(root)
    if main is root:
        return []
    inside = set(main.iter("h1"))
    found = [h1 for h1 in root.iter("h1") if h1 not in inside]
    texts = [one_line("".join(h1.itertext())) for h1 in found[:1]]
    return [Block(text, "heading", 1) for text in texts if text]


def _title(stated: str | None, blocks: list[Block]) -> str | None:
    """``<title>`` without the site's name (通知_某某网 → 通知), else nothing."""
    if not stated:
        return None
    stated = one_line(stated)
    for block in blocks:
        if block.level == 1 and block.text and block.text in stated:
            return block.text
    return _SITE.split(stated, maxsplit=1)[0] or stated
