"""The same rule, table and slides in every office format give the same blocks."""

from __future__ import annotations

import lzma
import shutil
from pathlib import Path

import pytest

from ingest.document import RawDocument
from ingest.readers import ReadError, ReadLimits, read_document
from ingest.structure import outline
from tests.ingest.readers.samples import (
    NOTES,
    RULES,
    SLIDES,
    TABLE,
    rules_docx,
    slides_pptx,
    table_xlsx,
)

DATA = Path(__file__).parent / "data"


def sample(name: str, folder: Path) -> Path:
    """One of the samples by file name, made or copied into ``folder``."""
    path = folder / name
    makers = {"rules.docx": rules_docx, "table.xlsx": table_xlsx, "slides.pptx": slides_pptx}
    if name in makers:
        return makers[name](path)
    if (packed := DATA / f"{name}.xz").exists():
        path.write_bytes(lzma.decompress(packed.read_bytes()))
        return path
    shutil.copyfile(DATA / name, path)
    return path


def texts(document: RawDocument) -> list[str]:
    return [block.text for block in document.blocks]


WRITER = ["rules.docx", "rules.doc", "rules.rtf", "rules.odt"]
CALC = ["table.xlsx", "table.xls", "table.ods"]
IMPRESS = ["slides.pptx", "slides.ppt", "slides.odp"]


@pytest.mark.parametrize("name", WRITER)
def test_a_rule_reads_the_same_in_every_format(tmp_path: Path, name: str) -> None:
    document = read_document(sample(name, tmp_path))
    assert document.format == name.rpartition(".")[2]
    assert texts(document) == RULES
    assert document.blocks[0].level == 1


@pytest.mark.parametrize("name", WRITER)
def test_articles_and_chapters_are_the_same_in_every_format(tmp_path: Path, name: str) -> None:
    sections = outline(read_document(sample(name, tmp_path))).sections
    labels = [one.label for one in sections]
    for label in ("第一章", "第二章", "第一条", "第二条", "第三条", "第四条", "第五条"):
        assert labels.count(label) == 1, label


@pytest.mark.parametrize("name", ["notes.doc", "notes.rtf", "notes.odt"])
def test_a_footnote_follows_its_paragraph(tmp_path: Path, name: str) -> None:
    assert texts(read_document(sample(name, tmp_path))) == NOTES


@pytest.mark.parametrize("name", CALC)
def test_a_table_reads_as_the_program_shows_it(tmp_path: Path, name: str) -> None:
    document = read_document(sample(name, tmp_path))
    assert texts(document) == TABLE
    assert "不公开" not in document.text
    assert document.warnings == ("隐藏的工作表 “测算” 没有读取",)


@pytest.mark.parametrize("name", IMPRESS)
def test_slides_read_in_order_with_titles_tables_and_notes(tmp_path: Path, name: str) -> None:
    document = read_document(sample(name, tmp_path))
    assert texts(document) == SLIDES
    assert [(b.text, b.level) for b in document.blocks if b.level] == [
        ("党建工作汇报（示例）", 1),
        ("下一步安排", 2),
    ]
    assert document.blocks[-1].page == 2
    assert document.warnings == ("隐藏的第 3 页没有读取",)


@pytest.mark.parametrize("name", [*WRITER, *CALC, *IMPRESS])
def test_the_name_does_not_matter(tmp_path: Path, name: str) -> None:
    path = sample(name, tmp_path)
    expected = read_document(path).text
    lying = path.rename(tmp_path / "通知.pdf")
    assert read_document(lying).text == expected


@pytest.mark.parametrize("name", [*WRITER, *CALC, *IMPRESS])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_a_file_cut_off_is_refused_in_one_line_or_read_with_a_note(
    tmp_path: Path, name: str, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.readers.soffice.available", lambda: None)
    path = sample(name, tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    try:
        document = read_document(path)
    except ReadError as error:
        said = str(error)
        assert "\n" not in said and "；" in said
    else:
        assert name.endswith((".rtf", ".xls")) or document.text == read_document(path).text
        if name.endswith(".rtf"):
            assert document.warnings


@pytest.mark.parametrize("suffix", ["doc", "wps", "rtf", "xls", "et", "ppt", "xlsx", "pptx", "odt"])
def test_an_empty_file_is_said(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    path.touch()
    with pytest.raises(ReadError, match="空的"):
        read_document(path)


def test_wps_and_et_are_read_by_their_content(tmp_path: Path) -> None:
    rule = sample("rules.doc", tmp_path).rename(tmp_path / "值班.wps")
    table = sample("table.xls", tmp_path).rename(tmp_path / "标准.et")
    assert read_document(rule).format == "doc" and texts(read_document(rule)) == RULES
    assert read_document(table).format == "xls" and texts(read_document(table)) == TABLE


def test_a_long_table_is_read_up_to_its_bound_and_that_is_said(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    sheet.append(["序号", "事项", "责任单位"])
    for number in range(5000):
        sheet.append([number, f"事项{number}", "办公室"])
    path = tmp_path / "a.xlsx"
    book.save(path)
    document = read_document(path, ReadLimits(max_rows=2500))
    rows = [block for block in document.blocks if block.kind == "table_row"]
    assert len(rows) == 2499 and rows[-1].text == "序号：2498；事项：事项2498；责任单位：办公室"
    assert document.warnings == ("表格超过 2500 行，只读了前 2500 行；其余请拆成几个文件再放入",)


def test_a_sheet_that_unpacks_to_far_too_much_is_refused(tmp_path: Path) -> None:
    import zipfile

    path = table_xlsx(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/sharedStrings.xml", b" " * (160 * 1024 * 1024))
    with pytest.raises(ReadError, match="拆成"):
        read_document(path)
