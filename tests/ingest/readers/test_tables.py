"""Tables to rows of text, whatever format they come from."""

from __future__ import annotations

from pathlib import Path

import docx

from ingest.readers import read_document
from ingest.readers.tables import Cell, placed_rows, table_rows


def rows(*lines: str) -> list[list[Cell]]:
    return [[Cell((cell,)) for cell in line.split("|")] for line in lines]


def test_a_form_has_no_header() -> None:
    form = rows("姓名|张三|照片", "单位|某某局|（略）", "主要事迹|长期从事基层工作|（略）")
    assert table_rows(form) == [
        "姓名；张三；照片",
        "单位；某某局；（略）",
        "主要事迹；长期从事基层工作；（略）",
    ]


def test_short_words_over_long_cells_are_a_header() -> None:
    table = rows(
        "伤情|先做|别做",
        "外伤出血|用干净敷料直接压迫伤口|不要反复揭开查看",
        "烫伤|用流动清水冲洗十五分钟|不要涂抹牙膏酱油",
    )
    assert (
        table_rows(table)[0]
        == "伤情：外伤出血；先做：用干净敷料直接压迫伤口；别做：不要反复揭开查看"
    )


def test_cells_know_where_they_stand_in_their_row() -> None:
    for row in placed_rows(rows("序号|工作内容|责任单位", "1|核查线索；|机关纪委。", "2||办公室")):
        assert [cell.text[: end - start] for start, end, cell in row.cells] == [
            row.text[start:end] for start, end, _ in row.cells
        ]


def test_rows_without_cells_of_their_own_count_in_word(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(5, 2)
    for row, texts in zip(
        table.rows, ["类别|内容", "一类|甲", "合并|", "|", "二类|乙"], strict=True
    ):
        for cell, text in zip(row.cells, texts.split("|"), strict=True):
            cell.text = text
    table.cell(2, 0).merge(table.cell(3, 1))
    document.save(str(tmp_path / "合并.docx"))
    kept = [block.text for block in read_document(tmp_path / "合并.docx").blocks]
    assert kept == ["类别：一类；内容：甲", "合并", "类别：二类；内容：乙"]
