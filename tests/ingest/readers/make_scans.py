"""Makes the small scans in ``data/scans/`` with Pillow and the fonts of Debian's fonts-noto-cjk:

    python -m tests.ingest.readers.make_scans

They are kept as files, so that the tests need no Chinese fonts.
"""

from __future__ import annotations

import io
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

DATA = Path(__file__).parent / "data" / "scans"
FONT = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
BOLD = FONT.with_name("NotoSerifCJK-Bold.ttc")
_SIMPLIFIED = 2  # of the faces in these files
_WIDTH, _HEIGHT = 1000, 1414  # A4 at 121 dpi
_RED = (216, 36, 36)
_ACROSS = 25  # characters

RULES = (
    "档案查阅办法（示例）",
    "第一章　总则",
    "第一条　为了规范机关档案的查阅和利用，方便工作，根据有关规定，制定本办法。",
    "第二条　本办法所称档案，是指机关在工作中形成的具有保存价值的各种文字、图表和声像记录。",
    "第二章　查阅",
    "第三条　查阅档案应当填写登记表，由本部门负责人签字，每次不超过12卷。",
    "第四条　查阅人有下列情形之一的，档案室不予提供：",
    "（一）没有登记的；",
    "（二）涂改、损毁过档案的。",
)
MORE = (
    "第五条　借出的档案应当在十五日内归还；确需延长的，应当办理续借手续，续借以一次为限。",
    "第三章　附则",
    "第六条　本办法由机关办公室负责解释。",
    "第七条　本办法自2024年7月1日起施行。",
)


def font(size: int, path: Path = FONT) -> ImageFont.FreeTypeFont:
    """A face for simplified Chinese."""
    return ImageFont.truetype(str(path), size, index=_SIMPLIFIED)


def page(lines: Sequence[str], number: int, *, colour: str = "L") -> Image.Image:
    """A page of paragraphs with its number at the foot."""
    made = Image.new(colour, (_WIDTH, _HEIGHT), "white")
    draw = ImageDraw.Draw(made)
    y = 170
    for line in lines:
        if line == RULES[0]:
            draw.text((_WIDTH / 2, y), line, font=font(42, BOLD), fill="black", anchor="mt")
            y += 90
            continue
        rest = "　　" + line
        while rest:
            cut = _ACROSS + (rest[_ACROSS : _ACROSS + 1] in tuple("，。；：、）"))
            draw.text((135, y), rest[:cut], font=font(29), fill="black")
            rest, y = rest[cut:], y + 52
    draw.text((_WIDTH / 2, 1290), f"— {number} —", font=font(26), fill="black", anchor="mt")
    return made


def skewed(made: Image.Image, degrees: float) -> Image.Image:
    """Laid into the scanner at a slant."""
    return made.rotate(degrees, Image.Resampling.BICUBIC, fillcolor="white")


def small(made: Image.Image) -> Image.Image:
    """Of few greys, which PNG packs well."""
    return made.convert("L").point(lambda value: value // 51 * 51)


def letter() -> Image.Image:
    """A letter with a red head, a table and a seal over its date, a little skewed."""
    made = Image.new("RGB", (_WIDTH, _HEIGHT), "white")
    draw = ImageDraw.Draw(made)
    draw.text((500, 130), "鹿鸣县人民政府文件", font=font(66, BOLD), fill=_RED, anchor="mt")
    draw.text((500, 245), "鹿政发〔2024〕12号", font=font(28), fill="black", anchor="mt")
    draw.line((130, 310, 870, 310), fill=_RED, width=4)
    draw.text((500, 360), "关于做好节能工作的通知", font=font(38, BOLD), fill="black", anchor="mt")
    for place, line in enumerate(
        ("各乡镇人民政府，县政府各部门：", "　　现将节能指标分解如下，请认真贯彻执行。")
    ):
        draw.text((130, 460 + 50 * place), line, font=font(28), fill="black")
    rows = (("序号", "单位", "指标"), ("1", "县财政局", "下降3%"), ("2", "县教育局", "下降4.5%"))
    edges = (130, 270, 600, 870)
    for row, cells in enumerate(rows):
        for x, cell in zip(edges, cells, strict=False):
            draw.text((x + 14, 590 + 56 * row), cell, font=font(26), fill="black")
    for row in range(4):
        draw.line((130, 580 + 56 * row, 870, 580 + 56 * row), fill="black", width=2)
    for x in edges:
        draw.line((x, 580, x, 748), fill="black", width=2)
    draw.ellipse((600, 790, 800, 990), outline=_RED, width=6)
    draw.regular_polygon((700, 890, 28), 5, fill=_RED)
    for x, y, char in ((640, 830, "县"), (685, 812, "政"), (730, 830, "府")):
        draw.text((x, y), char, font=font(26, BOLD), fill=_RED)
    draw.text((620, 850), "鹿鸣县人民政府", font=font(28), fill="black")
    draw.text((635, 910), "2024年3月15日", font=font(28), fill="black")
    draw.text((500, 1290), "— 1 —", font=font(26), fill="black", anchor="mt")
    return skewed(made, 1.2).quantize(24)


def jpeg(made: Image.Image, quality: int) -> bytes:
    """As a JPEG file."""
    out = io.BytesIO()
    made.convert("L").save(out, "JPEG", quality=quality)
    return out.getvalue()


def pdf(pages: Sequence[tuple[bytes | None, bytes, bytes]]) -> bytes:
    """A PDF of pages: (JPEG of the whole page or None, text operators, ToUnicode map).

    The text is in a font that isn't embedded, two bytes a character.
    """
    objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>", b""]

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    def stream(head: bytes, data: bytes) -> int:
        return add(b"<<%s/Length %d>>stream\n%s\nendstream" % (head, len(data), data))

    kids = []
    for picture, text, unicode_map in pages:
        to_unicode = stream(b"/Filter/FlateDecode", zlib.compress(unicode_map))
        inner = add(
            b"<</Type/Font/Subtype/CIDFontType0/BaseFont/Song/DW 1000"
            b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>"
        )
        face = add(
            b"<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/Identity-H"
            b"/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>" % (inner, to_unicode)
        )
        resources, drawing = b"/Font<</F %d 0 R>>" % face, text
        if picture is not None:
            wide, high = Image.open(io.BytesIO(picture)).size
            shown = stream(
                b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray"
                b"/BitsPerComponent 8/Filter/DCTDecode" % (wide, high),
                picture,
            )
            resources += b"/XObject<</I %d 0 R>>" % shown
            drawing = b"q 595 0 0 842 0 0 cm /I Do Q\n" + text
        content = stream(b"/Filter/FlateDecode", zlib.compress(drawing))
        kids.append(
            add(
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<%s>>/Contents %d 0 R>>"
                % (resources, content)
            )
        )
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (
        len(kids),
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)


def text_layer(
    lines: Sequence[str], shift: int = 0, *, hidden: bool = False
) -> tuple[bytes, bytes]:
    """Text operators and ToUnicode map of lines; by ``shift`` the map is wrong."""
    chars = sorted({char for line in lines for char in line})
    codes = {char: place for place, char in enumerate(chars, 1)}
    wrapped = [line[at : at + 30] for line in lines for at in range(0, len(line), 30)]
    text = [b"BT /F 15 Tf %d Tr 60 760 Td" % (3 if hidden else 0)]
    for line in wrapped:
        code = "".join(f"{codes[char]:04x}" for char in line)
        text.append(f"<{code}> Tj 0 -26 Td".encode())
    text.append(b"ET")
    rows = "".join(f"<{code:04x}> <{ord(char) + shift:04x}>\n" for char, code in codes.items())
    unicode_map = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{rows}endbfchar endcmap end end"
    )
    return b"\n".join(text), unicode_map.encode()


def main() -> int:
    """Writes the files anew."""
    DATA.mkdir(parents=True, exist_ok=True)
    first, second = page(RULES, 1), page(MORE, 2)
    nothing = text_layer(())
    pictures = [jpeg(skewed(one, 1.0), 28) for one in (first, second)]
    (DATA / "scan.pdf").write_bytes(pdf([(one, *nothing) for one in pictures]))
    (DATA / "mixed.pdf").write_bytes(pdf([(None, *text_layer(RULES)), (pictures[1], *nothing)]))
    bad = text_layer(RULES, 0x1F3, hidden=True)
    (DATA / "bad_layer.pdf").write_bytes(pdf([(pictures[0], *bad)]))
    letter().save(DATA / "letter.png", optimize=True)
    two = [
        skewed(one, -0.7).point(lambda value: 255 * (value > 150)).convert("1")
        for one in (first, second)
    ]
    two[0].save(
        DATA / "fax.tiff",
        save_all=True,
        append_images=two[1:],
        compression="group4",
        dpi=(121, 121),
    )
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    skewed(second, 0.6).rotate(90, expand=True).save(DATA / "photo.jpg", quality=28, exif=exif)
    small(second.rotate(180)).save(DATA / "upside_down.png", optimize=True)
    blurred = page(MORE, 1).filter(ImageFilter.GaussianBlur(2.0)).resize((400, 566))
    blurred.filter(ImageFilter.GaussianBlur(0.8)).save(DATA / "blurred.jpg", quality=12)
    print(sum(path.stat().st_size for path in DATA.iterdir()), "bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
