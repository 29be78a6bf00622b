"""What recognition mistakes is put right, and nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.ocr.fixes import corrected


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("第—条 为了规范", "第一条 为了规范"),
        ("第二十—条 本办法", "第二十一条 本办法"),
        ("笫三章 附则", "第三章 附则"),
        ("第+条 下列", "第十条 下列"),
        ("第入条 下列", "第八条 下列"),
        ("(—)没有登记的;", "（一）没有登记的；"),
        ("—、明确目标", "一、明确目标"),
        ("国发[2014]5号", "国发〔2014〕5号"),
        ("二OO八年十一月", "二〇〇八年十一月"),
        ("2O14年1O月", "2014年10月"),
        ("依照本条例,给予处分.", "依照本条例，给予处分。"),
        ("条例(试行)规定", "条例（试行）规定"),
        ("（2018年3月20日会议通过)", "（2018年3月20日会议通过）"),
        ("一3一", "—3—"),
    ],
)
def test_what_can_mean_nothing_else_is_put_right(read: str, printed: str) -> None:
    assert corrected(read) == printed


@pytest.mark.parametrize(
    "printed",
    [
        "第三人条款",  # no article
        "按照3.5%的比例",
        "1.明确目标",
        "1) 第一步",
        "a(b), c;",
        "10:30至11:00",
        "GB/T 33190-2016",
        "第一、二、三条",
        "2024年3月15日—4月1日",
    ],
)
def test_what_is_right_stays(printed: str) -> None:
    assert corrected(printed) == printed


@given(
    st.text(st.sampled_from("第笫一二十—-条章（(）)[]〔2014〕号.,;:OoIl0年、甲乙 A"), max_size=60)
)
def test_no_character_loses_its_place(text: str) -> None:
    assert len(corrected(text)) == len(text)
