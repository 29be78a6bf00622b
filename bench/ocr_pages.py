"""Pages for ``bench.ocr``: real text typeset by LibreOffice, made into pictures, then spoilt."""

from __future__ import annotations

import io
import math
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.readers import soffice

if TYPE_CHECKING:
    from numpy.random import Generator
    from PIL.Image import Image

#: Typefaces of Debian packages that come near those of official documents.
TYPEFACES = (
    ("宋体", "Noto Serif CJK SC"),
    ("报宋", "AR PL SungtiL GB"),
    ("楷体", "AR PL KaitiM GB"),
    ("仿宋类", "LXGW WenKai"),
    ("黑体", "WenQuanYi Zen Hei"),
)
_RED = (218, 38, 38)


@dataclass(frozen=True)
class Spoiling:
    """One way in which pages come to an office: resolution, and what happens to the picture."""

    name: str
    dpi: int
    spoil: Callable[[Image, Generator], Image]
    columns: int = 1


def typeset(lines: Sequence[str], family: str, target: Path, columns: int = 1) -> None:
    """A Word file of paragraphs as official documents are set: A4, 16 points, page numbers."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    if columns > 1:
        split = section._sectPr.xpath("./w:cols")[0]
        split.set(qn("w:num"), str(columns))

    def run(paragraph: Any, text: str, size: float) -> None:
        made = paragraph.add_run(text)
        made.font.size, made.font.name = Pt(size), family
        made._element.rPr.rFonts.set(qn("w:eastAsia"), family)

    size = 16 if columns == 1 else 10.5
    for number, line in enumerate(lines):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.line_spacing = Pt(1.75 * size)
        paragraph.paragraph_format.space_after = Pt(0)
        if number == 0:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        else:
            paragraph.paragraph_format.first_line_indent = Pt(2 * size)
        run(paragraph, line, size if number else (22 if columns == 1 else 16))
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run(footer, "— ", 14)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    footer._p.append(field)
    run(footer, " —", 14)
    document.save(str(target))


def to_pdf(words: Sequence[Path], folder: Path) -> None:
    """The same as PDF files in ``folder``, by one start of LibreOffice; SystemExit without it."""
    program = soffice.available()
    if program is None:
        raise SystemExit("没有 LibreOffice，做不出页面。")
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf",
         "--outdir", str(folder), *map(str, words)],
        check=True, capture_output=True,
    )  # fmt: skip


def first_pages(pdf: Path, count: int, target: Path) -> int:
    """The first pages of a PDF as one of its own; how many there are."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as whole, pypdfium2.PdfDocument.new() as part:
        count = min(count, len(whole))
        part.import_pages(whole, list(range(count)))
        part.save(target)
    return count


def scan(pdf: Path, spoiling: Spoiling, rng: Generator, target: Path) -> None:
    """A PDF of nothing but pictures of the pages of another."""
    import pypdfium2

    pictures = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            picture = page.render(scale=spoiling.dpi / 72).to_pil().convert("RGB")
            pictures.append(spoiling.spoil(picture, rng))
    pictures[0].save(
        target, save_all=True, append_images=pictures[1:], resolution=spoiling.dpi, quality=75
    )


# -- what happens to a picture ---------------------------------------------------------------------


def _skewed(picture: Image, degrees: float) -> Image:
    from PIL.Image import Resampling

    return picture.rotate(degrees, Resampling.BICUBIC, fillcolor=(247, 247, 245))


def _noisy(picture: Image, rng: Generator, sigma: float, contrast: float = 0.85) -> Image:
    """Paler ink, grey paper and the noise of a sensor."""
    import numpy as np
    from PIL import Image as images

    values: Any = np.asarray(picture).astype(np.float32)
    values = 248 - (255 - values) * contrast + rng.normal(0, sigma, values.shape[:2])[..., None]
    return images.fromarray(values.clip(0, 255).astype(np.uint8))


def _speckled(picture: Image, rng: Generator, share: float) -> Image:
    """Dust: dark dots of one to three pixels."""
    from PIL import ImageDraw

    spoilt = picture.copy()
    draw = ImageDraw.Draw(spoilt)
    for _ in range(int(share * picture.width * picture.height)):
        x, y = rng.integers(0, picture.width), rng.integers(0, picture.height)
        side = int(rng.integers(0, 3))
        draw.rectangle((int(x), int(y), int(x) + side, int(y) + side), fill=(60, 60, 60))
    return spoilt


def _jpeg(picture: Image, quality: int) -> Image:
    from PIL import Image as images

    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    return images.open(io.BytesIO(stream.getvalue())).convert("RGB")


def _stamped(picture: Image, rng: Generator) -> Image:
    """A round red seal over the text, with a star and words along its edge."""
    from PIL import Image as images
    from PIL import ImageChops, ImageDraw, ImageFont

    path = subprocess.run(
        ["fc-match", "-f", "%{file}", "Noto Serif CJK SC:bold"], capture_output=True, text=True
    ).stdout
    side = picture.width // 5
    seal = images.new("RGB", (side, side), "white")
    draw = ImageDraw.Draw(seal)
    draw.ellipse((4, 4, side - 4, side - 4), outline=_RED, width=max(4, side // 40))
    draw.regular_polygon((side / 2, side / 2, side / 8), 5, fill=_RED)
    font = ImageFont.truetype(path, side // 8)
    words = "鹿鸣市人民政府办公室"
    for place, char in enumerate(words):
        angle = math.radians(200 + 140 * place / (len(words) - 1))
        letter = images.new("RGB", (side // 6, side // 6), "white")
        ImageDraw.Draw(letter).text((side // 48, 0), char, font=font, fill=_RED)
        letter = letter.rotate(-(math.degrees(angle) + 90), fillcolor="white")
        x = side / 2 + side * 0.37 * math.cos(angle) - letter.width / 2
        y = side / 2 + side * 0.37 * math.sin(angle) - letter.height / 2
        seal.paste(letter, (int(x), int(y)))
    spoilt = picture.copy()
    at = (
        int(rng.uniform(0.5, 0.68) * picture.width),
        int(rng.uniform(0.3, 0.6) * picture.height),
    )
    box = (*at, at[0] + side, at[1] + side)
    spoilt.paste(ImageChops.multiply(spoilt.crop(box), seal), box)
    return spoilt


def _photo(picture: Image, rng: Generator) -> Image:
    """Held at a slant under a lamp: perspective, a shadow, a little out of focus."""
    import numpy as np
    from PIL import Image as images
    from PIL import ImageFilter

    wide, high = picture.size
    edge = 0.02
    shifts = rng.uniform(0, edge, 8)
    corners = (
        -shifts[0] * wide, -shifts[1] * high, -shifts[2] * wide, high * (1 + shifts[3]),
        wide * (1 + shifts[4]), high * (1 + shifts[5]), wide * (1 + shifts[6]), -shifts[7] * high,
    )  # fmt: skip
    spoilt = picture.transform(
        picture.size, images.Transform.QUAD, corners, images.Resampling.BICUBIC, fillcolor="gray"
    )
    light = np.linspace(1.0, 0.62, wide)[None, :] * np.linspace(0.9, 1.0, high)[:, None]
    values = np.asarray(spoilt).astype(np.float32) * light[..., None]
    spoilt = images.fromarray(values.astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.9))
    return _jpeg(_noisy(spoilt, rng, 5, 1.0), 70)


def _fax(picture: Image, rng: Generator) -> Image:
    grey = _skewed(picture, 0.6).convert("L")
    return _speckled(grey.point(lambda value: 255 if value > 150 else 0).convert("RGB"), rng, 3e-5)


SPOILINGS = (
    Spoiling("200 dpi，轻微噪声", 200, lambda p, r: _jpeg(_noisy(_skewed(p, 0.3), r, 4), 80)),
    Spoiling("150 dpi，斜 1°，JPEG 55", 150, lambda p, r: _jpeg(_noisy(_skewed(p, 1.0), r, 8), 55)),
    Spoiling(
        "150 dpi，斜 2°，污点",
        150,
        lambda p, r: _jpeg(_speckled(_noisy(_skewed(p, -2.0), r, 10), r, 2e-4), 60),
    ),
    Spoiling("200 dpi，黑白传真", 200, _fax),
    Spoiling(
        "150 dpi，红章压字", 150, lambda p, r: _jpeg(_noisy(_stamped(_skewed(p, 0.5), r), r, 5), 75)
    ),
    Spoiling("200 dpi，手机拍照", 200, _photo),
    Spoiling("100 dpi，模糊截图", 100, lambda p, r: _jpeg(_noisy(p, r, 4), 50)),
    Spoiling(
        "150 dpi，倒放", 150, lambda p, r: _jpeg(_noisy(_skewed(p, 0.8), r, 6), 60).rotate(180)
    ),
    Spoiling("200 dpi，两栏小字", 200, lambda p, r: _jpeg(_noisy(_skewed(p, 0.7), r, 6), 65), 2),
)
