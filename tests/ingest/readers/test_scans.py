"""Scans and pictures, read by recognition: text, structure, boxes and warnings."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from ingest.document import RawDocument
from ingest.readers import ReadError, ReadLimits, read_document
from ingest.readers.pdf_page import render_page
from ingest.structure import SectionKind, outline
from tests.ingest.readers.make_scans import MORE, RULES

SCANS = Path(__file__).parent / "data" / "scans"
ROOT = Path(__file__).parents[3]


def read(name: str) -> RawDocument:
    return read_document(SCANS / name)


def bare(texts: object) -> list[str]:
    return ["".join(str(text).split()) for text in texts]  # type: ignore[attr-defined]


def of(lines: object) -> list[str]:
    """Printed lines as they should be read."""
    return bare(lines)


def blocks(document: RawDocument) -> list[str]:
    return bare(block.text for block in document.blocks)


def assert_boxes_on_ink(document: RawDocument, path: Path) -> None:
    """Every box lies on its page, and around something dark."""
    import io

    for block in document.blocks:
        assert block.spans[0].start == 0 and block.spans[-1].end == len(block.text)
        for span in block.spans:
            box = span.box
            width, height = document.page_sizes[box.page - 1]
            assert 0 <= box.x0 < box.x1 <= width and 0 <= box.y0 < box.y1 <= height
            with Image.open(io.BytesIO(render_page(path, box.page))) as page:
                across, down = page.width / width, page.height / height
                sides = (box.x0 * across, box.y0 * down, box.x1 * across, box.y1 * down)
                assert page.convert("L").crop(tuple(map(int, sides))).getextrema()[0] < 140


@pytest.mark.parametrize("name", ["scan.pdf", "fax.tiff"])
def test_a_scan_reads_as_it_was_printed(name: str) -> None:
    document = read(name)
    assert blocks(document) == of((*RULES, *MORE))  # page numbers are gone
    assert document.page_count == 2 and len(document.page_sizes) == 2
    assert {block.page for block in document.blocks} == {1, 2}
    labels = [one.label for one in outline(document).sections if one.kind is SectionKind.ARTICLE]
    assert labels == [f"第{number}条" for number in "一二三四五六七"]
    assert "识别文字" in "".join(document.warnings)
    assert "把握" not in "".join(document.warnings)
    assert_boxes_on_ink(document, SCANS / name)


def test_a_slanting_line_has_boxes_that_follow_it() -> None:
    """The scan lies at one degree: a line of 400 points falls by 7."""
    block = next(one for one in read("scan.pdf").blocks if one.text.startswith("第五条"))
    first = [span.box for span in block.spans if span.end <= 30]
    assert len(first) > 1 and len({box.y0 for box in first}) > 1
    assert all(box.y1 - box.y0 < 26 for box in first)


def test_a_mixed_pdf_reads_both_kinds_of_pages() -> None:
    document = read("mixed.pdf")
    assert blocks(document) == of((*RULES, *MORE))
    assert [one for one in document.warnings if "第 2 页是识别文字" in one]
    assert [block.page for block in document.blocks if block.text.startswith("第五条")] == [2]


def test_a_page_whose_text_layer_is_garbage_is_recognised() -> None:
    document = read("bad_layer.pdf")
    assert blocks(document) == of(RULES)
    assert "识别文字" in "".join(document.warnings)


def test_a_letter_keeps_its_red_head_and_table_and_loses_its_seal() -> None:
    assert blocks(read("letter.png")) == [
        "鹿鸣县人民政府文件",
        "鹿政发〔2024〕12号",
        "关于做好节能工作的通知",
        "各乡镇人民政府，县政府各部门：",
        "现将节能指标分解如下，请认真贯彻执行。",
        "序号：1；单位：县财政局；指标：下降3%",
        "序号：2；单位：县教育局；指标：下降4.5%",
        "鹿鸣县人民政府",
        "2024年3月15日",
    ]


@pytest.mark.parametrize("name", ["photo.jpg", "upside_down.png"])
def test_pictures_are_read_whichever_way_they_are_up(name: str) -> None:
    document = read(name)
    assert blocks(document) == of(MORE)
    assert_boxes_on_ink(document, SCANS / name)
    first = document.blocks[0].spans[0].box
    below = first.y0 > document.page_sizes[0][1] / 2
    assert below == (name == "upside_down.png")  # boxes are on the page as it is shown


@pytest.mark.parametrize("turn", [90, 270])
def test_a_page_on_its_side_is_turned(tmp_path: Path, turn: int) -> None:
    path = tmp_path / "横.png"
    with Image.open(SCANS / "upside_down.png") as upside_down:
        upside_down.rotate(180).rotate(turn, expand=True).save(path)
    document = read_document(path)
    assert blocks(document) == of(MORE)
    width, height = document.page_sizes[0]
    assert width > height
    assert_boxes_on_ink(document, path)


@pytest.mark.parametrize("suffix", [".bmp", ".webp", ".gif", ".txt"])
def test_every_kind_of_picture_whatever_its_name(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"通知{suffix}"
    with Image.open(SCANS / "upside_down.png") as upside_down:
        upright = upside_down.convert("L").rotate(180)
        upright.save(path, format="PNG" if suffix == ".txt" else None)
    assert blocks(read_document(path)) == of(MORE)


def test_a_long_screenshot_is_read_in_order(tmp_path: Path) -> None:
    path = tmp_path / "长截图.png"
    with Image.open(SCANS / "upside_down.png") as upside_down:
        part = upside_down.convert("L").rotate(180).crop((0, 140, 1000, 640))
    tall = Image.new("L", (1000, 5_000), "white")
    for place in range(10):
        tall.paste(part, (0, 500 * place))
    tall.save(path)
    assert blocks(read_document(path)) == of(MORE) * 10


def test_a_doubtful_page_is_said() -> None:
    assert any("第 1 页识别把握不大，请核对原件" in one for one in read("blurred.jpg").warnings)


def _save(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)
    return path


def test_pictures_that_can_not_be_read_are_said_in_one_line(tmp_path: Path) -> None:
    whole = (SCANS / "photo.jpg").read_bytes()
    white = Image.new("L", (800, 600), "white")
    other = Image.new("L", (800, 600), "black")
    bad: dict[str, tuple[Path, str]] = {
        "cut": (tmp_path / "断.jpg", "不完整"),
        "blank": (_save(tmp_path / "白.png", white), "没有认出文字"),
        "tiny": (_save(tmp_path / "小.png", white.resize((8, 8))), "太小"),
        "moving": (
            _save(tmp_path / "动.gif", white, save_all=True, append_images=[other]),
            "动图",
        ),
        "bomb": (_save(tmp_path / "弹.png", Image.new("1", (40_000, 10_000))), "像素"),
        "vector": (tmp_path / "图.svg", "SVG"),
        "heic": (tmp_path / "照片.heic", "HEIC"),
    }
    bad["cut"][0].write_bytes(whole[: len(whole) // 2])
    bad["vector"][0].write_text('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')
    bad["heic"][0].write_bytes(b"\x00\x00\x00\x18ftypheic" + b"\0" * 100)
    for path, told in bad.values():
        with pytest.raises(ReadError, match=told) as caught:
            read_document(path)
        assert "\n" not in str(caught.value) and "；请" in str(caught.value)


def test_pages_beyond_the_bound_are_said() -> None:
    for name in ("scan.pdf", "fax.tiff"):
        document = read_document(SCANS / name, ReadLimits(ocr_pages=1))
        assert blocks(document) == of(RULES)
        assert any("第 2 页起" in one and "LUMING_OCR_PAGES" in one for one in document.warnings)
    with pytest.raises(ReadError, match="关闭"):
        read_document(SCANS / "scan.pdf", ReadLimits(ocr_pages=0))


def test_a_picture_is_shown_as_it_was_read() -> None:
    assert render_page(SCANS / "fax.tiff", 2).startswith(b"\x89PNG")
    with pytest.raises(ValueError):
        render_page(SCANS / "fax.tiff", 3)


def test_without_the_parts_it_says_how_to_get_them() -> None:
    """What rapidocr's absence does, in a process in which it can't be imported."""
    code = (
        "import sys; sys.modules['rapidocr'] = None\n"
        "from pathlib import Path\n"
        "from ingest.readers import ReadError, read_document\n"
        "for name in ('scan.pdf', 'photo.jpg', 'mixed.pdf', 'bad_layer.pdf'):\n"
        "    try:\n"
        "        found = read_document(Path(sys.argv[1]) / name)\n"
        "        print(name, *found.warnings)\n"
        "    except ReadError as error:\n"
        "        print(name, error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(SCANS)],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert len(lines) == 4
    assert all("扫描件要安装识别组件：pip install 'luming[ocr]'" in line for line in lines)
    assert "第 2 页没有文字层" in lines[2]
