"""OFD files (GB/T 33190) made from PDF pages: one text object per line, one path per ruling line.

For tests and benches: what a print driver makes of a document, without its fonts and pictures.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

from ingest.readers.pdf_chars import Char
from ingest.readers.pdf_rules import Rule, Rules

_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MM = 25.4 / 72
_ASCENT = 0.88

Page = tuple[float, float, Sequence[Char], Rules]
"""Width and height in points, characters with boxes in points, ruling lines."""


def pdf_to_ofd(pdf: Path, target: Path) -> None:
    """The text and ruling lines of a PDF as an OFD file."""
    write_ofd(target, list(_pdf_pages(pdf)), title=pdf.stem)


def _pdf_pages(pdf: Path) -> Iterator[Page]:
    from collections import Counter

    from ingest.readers.pdf_chars import page_chars
    from ingest.readers.pdf_rules import page_rules
    from ingest.readers.pdf_view import char_turns, page_view
    from ingest.readers.pdfium import opened

    with opened(pdf.read_bytes()) as document:
        for page in document:
            textpage = page.get_textpage()
            turns = char_turns(page, textpage)
            view = page_view(page, Counter(turns))
            chars = page_chars(textpage, view, turns, fonts=True)
            yield view.width, view.height, chars, page_rules(page, view)
            textpage.close()
            page.close()


def write_ofd(target: Path, pages: Sequence[Page], title: str = "") -> None:
    """Writes an OFD file of these pages."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(
            "OFD.xml",
            f'{_HEAD}<ofd:OFD {_NS} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
            f"<ofd:Title>{escape(title)}</ofd:Title></ofd:DocInfo>"
            "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        )
        listed = "".join(
            f'<ofd:Page ID="{n + 10}" BaseLoc="Pages/Page_{n}/Content.xml"/>'
            for n in range(len(pages))
        )
        out.writestr(
            "Doc_0/Document.xml",
            f"{_HEAD}<ofd:Document {_NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>"
            "0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData>"
            f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        )
        for number, page in enumerate(pages):
            out.writestr(f"Doc_0/Pages/Page_{number}/Content.xml", _page(page))


def _page(page: Page) -> str:
    width, height, chars, rules = page
    objects = "".join([*_texts(chars), *_paths(rules)])
    return (
        f"{_HEAD}<ofd:Page {_NS}><ofd:Area><ofd:PhysicalBox>0 0 {width * _MM:.3f} "
        f"{height * _MM:.3f}</ofd:PhysicalBox></ofd:Area><ofd:Content>"
        f'<ofd:Layer ID="1">{objects}</ofd:Layer></ofd:Content></ofd:Page>'
    )


def _texts(chars: Sequence[Char]) -> Iterator[str]:
    run: list[Char] = []
    for char in chars:
        if run and not _follows(run[-1], char):
            yield _text(run)
            run = []
        if char.text != " " or run:
            run.append(char)
    if run:
        yield _text(run)


def _follows(last: Char, char: Char) -> bool:
    level = abs(char.y0 - last.y0) < 0.5 and abs(char.height - last.height) < 0.5
    return level and char.font == last.font and -1 < char.x0 - last.x1 < 2 * last.height


def _text(run: list[Char]) -> str:
    # A box is as high as its font's lines; the size of the type is the width of a Chinese character.
    wide = [char.x1 - char.x0 for char in run if char.text > "\u2e80"]
    size = (max(wide) if wide else run[0].height * 0.75) * _MM
    x0, y0 = run[0].x0 * _MM, (run[0].y0 + run[0].y1) / 2 * _MM - size / 2
    text = escape("".join(char.text for char in run))
    steps = " ".join(f"{(b.x0 - a.x0) * _MM:.3f}" for a, b in pairwise(run))
    deltas = f' DeltaX="{steps}"' if steps else ""
    length = (run[-1].x1 - run[0].x0) * _MM
    return (
        f'<ofd:TextObject Boundary="{x0:.3f} {y0:.3f} {length:.3f} {size:.3f}" Font="1" '
        f'Size="{size:.3f}"><ofd:TextCode X="0" Y="{_ASCENT * size:.3f}"{deltas}>{text}'
        "</ofd:TextCode></ofd:TextObject>"
    )


def _paths(rules: Rules) -> Iterator[str]:
    yield from (_path(r.start, r.at, r.end, r.at) for r in rules.across)
    yield from (_path(r.at, r.start, r.at, r.end) for r in rules.down)


def _path(x0: float, y0: float, x1: float, y1: float) -> str:
    x0, y0, x1, y1 = (round(one * _MM, 3) for one in (x0, y0, x1, y1))
    return (
        f'<ofd:PathObject Boundary="{x0} {y0} {x1 - x0} {y1 - y0}" LineWidth="0.2">'
        f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0:.3f} {y1 - y0:.3f}</ofd:AbbreviatedData>"
        "</ofd:PathObject>"
    )


__all__ = ["Page", "Rule", "pdf_to_ofd", "write_ofd"]
