"""Synonyms: an office edits the file, and a mistake in it is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import LibraryError
from index.synonyms import FILE_NAME, parse_synonyms, read_synonyms


def test_groups_work_both_ways_and_arrows_one_way() -> None:
    table = parse_synonyms("工资 薪酬 # 钱\n\n送礼 => 礼品 礼金\n")
    assert set(table.expansions(["工资"])) == {"薪酬"}
    assert set(table.expansions(["薪酬"])) == {"工资"}
    assert set(table.expansions(["送礼"])) == {"礼品", "礼金"}
    assert table.expansions(["礼品"]) == {}
    assert table.expansions(["工资", "薪酬"]) == {}


@pytest.mark.parametrize(
    ("text", "line"), [("工资", "第 1 行"), ("甲 乙\n送礼 =>", "第 2 行"), ("=> 礼品", "第 1 行")]
)
def test_a_line_that_is_no_group_is_named(text: str, line: str) -> None:
    with pytest.raises(LibraryError, match=line):
        parse_synonyms(text)


def test_a_circle_is_named_with_the_way_out() -> None:
    with pytest.raises(LibraryError, match=r"第 2 行.*循环.*送礼") as caught:
        parse_synonyms("送礼 => 礼品\n礼品 => 送礼\n")
    assert "第 1 行" in str(caught.value)


def test_the_file_of_the_home_replaces_the_shipped_groups(tmp_path: Path) -> None:
    assert "礼金" in read_synonyms(tmp_path).expansions(["送礼"])
    (tmp_path / FILE_NAME).write_text("\ufeff年假 年休假\n", encoding="utf-8")
    table = read_synonyms(tmp_path)
    assert "年休假" in table.expansions(["年假"])
    assert table.expansions(["送礼"]) == {}
    (tmp_path / FILE_NAME).write_bytes("年假 年休假".encode("gb18030"))
    with pytest.raises(LibraryError, match="UTF-8"):
        read_synonyms(tmp_path)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_chinese(text: str) -> None:
    try:
        parse_synonyms(text)
    except LibraryError as error:
        assert "同义词文件" in str(error)
