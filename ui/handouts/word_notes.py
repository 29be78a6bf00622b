"""Marks in a filled Word document become real footnotes and a table of contents.

ECMA-376 Part 1, 17.11 (footnotes) and 17.16.5.68 (TOC).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from assistant.study.model import StudyCitation
from ui.handouts.word_fields import CONTENTS, KEPT_LOW_LINE, NOTE_BEGIN, NOTE_END, text
from ui.handouts.words import source

if TYPE_CHECKING:
    from docx.document import Document

_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W = f"{{{_NS}}}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_MARK = re.compile(f"{NOTE_BEGIN}([0-9]{{1,6}}){NOTE_END}")
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_MOST_ENTRIES = 20
_EMPTY = (
    f'<w:footnotes xmlns:w="{_NS}">'
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:pPr><w:spacing w:line="240" '
    'w:lineRule="auto"/></w:pPr><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:pPr><w:spacing w:line="240" '
    'w:lineRule="auto"/></w:pPr><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
    "</w:footnotes>"
)


def add_footnotes(document: Document, citations: Sequence[StudyCitation]) -> int:
    """Put a footnote in the place of each mark; the number of footnotes made."""
    notes = _Footnotes(document)
    made = 0
    for node in list(document.element.body.iter(f"{_W}t")):
        if not node.text:
            continue
        node.text = node.text.replace(KEPT_LOW_LINE, "_")
        if next(node.iterancestors(f"{_W}txbxContent"), None) is None:
            made += _note_marks(node, notes, citations)
        else:
            node.text = _MARK.sub("", node.text)
    _clear_heads(document)
    notes.close()
    return made


def _clear_heads(document: Document) -> None:
    """Heads, feet and text boxes hold no footnotes: marks there go."""
    for one in document.part.rels.values():
        if one.reltype.rsplit("/", 1)[-1] in ("header", "footer") and not one.is_external:
            for node in getattr(one.target_part, "element", document.element).iter(f"{_W}t"):
                if node.text:
                    bare = node.text.replace(KEPT_LOW_LINE, "_").replace(CONTENTS, "")
                    node.text = _MARK.sub("", bare)


def _note_marks(node: Any, notes: _Footnotes, citations: Sequence[StudyCitation]) -> int:
    """Part the run of a text at its marks; the number of marks."""
    first, *pieces = _MARK.split(node.text)
    if not pieces:
        return 0
    run = node.getparent()
    node.text = first
    node.set(_SPACE, "preserve")
    tail = list(node.itersiblings())
    made: list[Any] = []
    numbers, texts = pieces[::2], pieces[1::2]
    for number, rest in zip(numbers, texts, strict=True):
        if made and made[-1].find(f"{_W}footnoteReference") is not None:
            made.append(_run(_superscript(), ","))  # notes in a row: 12 would read as twelve
        made.append(_reference(notes.add(citations[int(number)])))
        if rest:
            made.append(_run(deepcopy(run.find(f"{_W}rPr")), rest))
    if tail:
        made.append(_run(deepcopy(run.find(f"{_W}rPr"))))
        made[-1].extend(tail)
    for one in reversed(made):
        run.addnext(one)
    return len(numbers)


def _reference(number: int) -> Any:
    from lxml import etree

    reference = _run(_superscript())
    etree.SubElement(reference, f"{_W}footnoteReference").set(f"{_W}id", str(number))
    return reference


def _run(properties: Any, words: str = "") -> Any:
    from lxml import etree

    run = etree.Element(f"{_W}r")
    if properties is not None:
        run.append(properties)
    if words:
        node = etree.SubElement(run, f"{_W}t")
        node.text = words
        node.set(_SPACE, "preserve")
    return run


def _superscript() -> Any:
    from lxml import etree

    properties = etree.Element(f"{_W}rPr")
    etree.SubElement(properties, f"{_W}vertAlign").set(f"{_W}val", "superscript")
    return properties


class _Footnotes:
    """The document's part of footnotes; a template's own are kept."""

    def __init__(self, document: Document) -> None:
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part
        from lxml import etree

        owner = document.part
        found = [one for one in owner.rels.values() if one.reltype == _RELATION]
        if found:
            self._part = found[0].target_part
        else:
            self._part = Part(PackURI("/word/footnotes.xml"), _TYPE, _EMPTY.encode(), owner.package)
            owner.relate_to(self._part, _RELATION)
            _name_separators(document)
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        self._root = etree.fromstring(self._part.blob, parser)
        ids = [int(one.get(f"{_W}id") or 0) for one in self._root]
        self._last = max([0, *ids])
        self._style = "FootnoteText" if "FootnoteText" in _style_ids(document) else ""

    def add(self, citation: StudyCitation) -> int:
        """A new footnote; its id."""
        from lxml import etree

        self._last += 1
        style = f'<w:pStyle w:val="{self._style}"/>' if self._style else ""
        words = escape(text(source(citation)).replace(KEPT_LOW_LINE, "_"))
        self._root.append(
            etree.fromstring(
                f'<w:footnote xmlns:w="{_NS}" w:id="{self._last}"><w:p><w:pPr>{style}</w:pPr>'
                '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
                f'<w:r><w:t xml:space="preserve"> {words}</w:t></w:r></w:p></w:footnote>'
            )
        )
        return self._last

    def close(self) -> None:
        """Write the part back."""
        from lxml import etree

        self._part._blob = etree.tostring(
            self._root, xml_declaration=True, encoding="UTF-8", standalone=True
        )


def _name_separators(document: Document) -> None:
    """Settings name the two special footnotes, ahead of what the schema puts behind them."""
    from lxml import etree

    settings = document.settings.element
    if settings.find(f"{_W}footnotePr") is not None:
        return
    made = etree.Element(f"{_W}footnotePr")
    for number in ("-1", "0"):
        etree.SubElement(made, f"{_W}footnote").set(f"{_W}id", number)
    behind = ("endnotePr", "compat", "docVars", "rsids", "attachedSchema", "themeFontLang")
    later = [one for one in settings if etree.QName(one).localname in (*behind, "mathPr")]
    if later:
        later[0].addprevious(made)
    else:
        settings.append(made)


def _style_ids(document: Document) -> set[str]:
    return {one.style_id for one in document.styles}


def add_contents(document: Document) -> int:
    """Put a table of contents in the place of its mark, filled in already; the entries made.

    The third level, articles, is left out where the entries would not fit on a page. The field is
    ``TOC \\o "1-3" \\h \\z \\u``. Its result lists the headings as links, without page numbers,
    because only the program that lays the pages out knows them: nothing wrong is ever shown, no
    question is asked on opening, and updating the field adds the numbers.
    """
    from lxml import etree

    marked = [one for one in document.paragraphs if CONTENTS in one.text]
    headings = [
        (int(one.style.name[-1]), one)
        for one in document.paragraphs
        if one.style is not None and one.style.name in ("Heading 1", "Heading 2", "Heading 3")
    ]
    deepest = 3 if len(headings) <= _MOST_ENTRIES else 2
    headings = [one for one in headings if one[0] <= deepest]
    known = _style_ids(document)
    for place in marked:
        at = place._p
        for number, (level, heading) in enumerate(headings, start=1):
            name = f"_Toc{number:08d}"
            _bookmark(heading._p, name, number)
            style = f'<w:pStyle w:val="TOC{level}"/>' if f"TOC{level}" in known else ""
            begin = _FIELD_BEGIN.format(deepest=deepest) if number == 1 else ""
            end = _FIELD_END if number == len(headings) else ""
            words = escape(_MARK.sub("", _heading_text(heading)))
            at.addprevious(
                etree.fromstring(
                    f'<w:p xmlns:w="{_NS}"><w:pPr>{style}</w:pPr>{begin}'
                    f'<w:hyperlink w:anchor="{name}" w:history="1"><w:r>'
                    f'<w:t xml:space="preserve">{words}</w:t></w:r></w:hyperlink>{end}</w:p>'
                )
            )
        at.getparent().remove(at)
    return len(headings) if marked else 0


_FIELD_BEGIN = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
    ' TOC \\o "1-{deepest}" \\h \\z \\u </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
)
_FIELD_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def _heading_text(paragraph: Any) -> str:
    return "".join(one.text or "" for one in paragraph._p.iter(f"{_W}t"))


def _bookmark(paragraph: Any, name: str, number: int) -> None:
    from lxml import etree

    start = etree.Element(f"{_W}bookmarkStart")
    start.set(f"{_W}id", str(10_000 + number))
    start.set(f"{_W}name", name)
    end = etree.Element(f"{_W}bookmarkEnd")
    end.set(f"{_W}id", str(10_000 + number))
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        paragraph.insert(0, start)
    else:
        properties.addnext(start)
    paragraph.append(end)
