"""Which of two documents governs."""

from datetime import date

import pytest

from assistant.standing import Basis, rank_of, ruling
from index.records import DocumentRecord


def record(title: str, issuer: str | None = None, **more: object) -> DocumentRecord:
    return DocumentRecord(title, "库", f"{title}.md", title, kind="measure", issuer=issuer, **more)  # type: ignore[arg-type]


ORDERED = {
    "state": [
        record("中华人民共和国宪法"),
        record("中华人民共和国公务员法"),
        record("政府信息公开条例", "国务院"),
        record("中央和国家机关差旅费管理办法", "财政部"),
        record("浙江省机关差旅费管理办法", "浙江省财政厅"),
        record("杭州市机关差旅费管理办法", "杭州市财政局"),
        record("西湖区机关差旅费管理办法", "西湖区财政局"),
    ],
    "party": [
        record("中国共产党章程"),
        record("中国共产党廉洁自律准则"),
        record("中国共产党纪律处分条例"),
        record("中国共产党组织处理规定（试行）"),
        record("浙江省纪委监督办法", "中共浙江省纪委"),
        record("市直机关工委党员教育办法", "市直机关工委"),
    ],
}


@pytest.mark.parametrize("order", ORDERED)
def test_ranks_fall_in_order(order: str) -> None:
    ranks = [rank_of(one) for one in ORDERED[order]]
    assert {rank.order for rank in ranks} == {order}
    levels = [rank.level for rank in ranks]
    assert levels == sorted(levels) and len(set(levels)) == len(levels)


def told(
    left: DocumentRecord,
    right: DocumentRecord,
    same_rule: bool = False,
    texts: tuple[str, str] = ("", ""),
) -> tuple[int | None, Basis, str]:
    found = ruling((left, right), texts, same_rule, lambda one: one.issued)
    return found.governs, found.basis, found.reason


def test_the_higher_rule_governs() -> None:
    low, high = ORDERED["state"][5], ORDERED["state"][3]
    governs, basis, reason = told(low, high)
    assert (governs, basis) == (1, Basis.HIGHER)
    assert "中央和国家机关差旅费管理办法" in reason and "效力高于" in reason


def test_the_version_in_force_governs_and_equal_titles_are_told_apart() -> None:
    old = record("仲裁法", validity="已被修订", issued=date(1994, 8, 31))
    new = record("仲裁法", validity="现行", issued=date(2025, 9, 12))
    governs, basis, reason = told(old, new, same_rule=True)
    assert (governs, basis) == (1, Basis.VERSION)
    assert "《仲裁法》（2025年文本）是现在的版本" in reason


def test_the_later_of_one_body_governs() -> None:
    early = record("会议费管理办法", "市财政局", issued=date(2018, 1, 1))
    late = record("机关经费使用办法", "市财政局", issued=date(2023, 5, 1))
    assert told(early, late)[:2] == (1, Basis.LATER)


def test_the_special_rule_governs_before_the_later_one() -> None:
    general = record("接待管理办法", "市财政局", issued=date(2024, 1, 1))
    special = record("招商引资接待管理办法", "市财政局", issued=date(2020, 1, 1))
    assert told(general, special)[:2] == (1, Basis.SPECIAL)


def test_a_rule_that_yields_to_others_yields() -> None:
    general = record("档案管理办法", "市档案局", issued=date(2024, 1, 1))
    other = record("会计资料保管规定", "市财政局", issued=date(2020, 1, 1))
    yields = "档案保管期限不少于10年，法律、行政法规另有规定的，从其规定。"
    assert told(general, other, texts=(yields, "保管期限不少于30年。"))[:2] == (1, Basis.SPECIAL)


def test_nothing_is_decided_between_party_and_state_rules() -> None:
    governs, basis, reason = told(ORDERED["state"][3], ORDERED["party"][3])
    assert governs is None and basis is Basis.UNDECIDED
    assert "核实" in reason
