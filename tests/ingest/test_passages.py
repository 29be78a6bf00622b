"""Passages: ranges that reproduce the text, ids that stay, lengths that fit."""

import itertools
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from index.records import PassageRecord
from ingest.document import Block, Box, RawDocument, Span
from ingest.metadata import read_metadata
from ingest.passages import LONGEST, build_passages
from ingest.structure import outline
from tests.ingest.structure.test_outline import RULES, raw


def passages(document: RawDocument) -> list[PassageRecord]:
    tree = outline(document)
    return build_passages(document, tree, read_metadata(document, tree, "甲.txt"), "d1")


def test_one_passage_an_article_with_its_path() -> None:
    found = {p.article: p for p in passages(raw(RULES)) if p.article}
    assert found["第三条之一"].path == "第二章 职责/第一节 监督/第三条之一"
    assert found["第三条之一"].passage_id == "d1#第二章 职责/第一节 监督/第三条之一"
    assert found["第二条"].text.endswith("前款所列机构统称机关纪委。")
    assert found["第二条"].text.startswith("第二条")


def test_contents_are_never_a_passage() -> None:
    assert not any("目录" in p.text for p in passages(raw(RULES)))


def test_a_long_article_is_cut_at_its_items_and_says_its_head_again() -> None:
    items = "\n".join(
        f"（{n}）{'应当认真履行职责，' * 9}做好工作；" for n in "一二三四五六七八九十"
    )
    found = passages(
        raw(f"办法（示例）\n第一条 甲。\n第二条 机关纪委履行下列职责：\n{items}\n第三条 丙。")
    )
    parts = [p for p in found if p.article == "第二条"]
    assert len(parts) > 2
    assert all(len(p.text) <= LONGEST for p in parts)
    assert parts[0].context == "" and parts[1].context == "第二条 机关纪委履行下列职责："
    assert all(p.text.startswith("（") for p in parts[1:])
    assert parts[1].path.startswith("第二条/第一款/（")
    assert "".join("".join(p.text.split()) for p in parts) == "".join(
        f"第二条 机关纪委履行下列职责：\n{items}".split()
    )


def test_newspaper_prose_is_cut_to_sensible_lengths() -> None:
    text = "雨后的书屋\n" + "\n".join(
        "书屋里坐满了人，大家谈起读书的事。" * n for n in (9, 30, 1, 2, 60)
    )
    found = passages(raw(text))
    assert all(len(p.text) <= LONGEST for p in found)
    assert sum(len(p.text) < 60 for p in found) <= 1
    assert "".join("".join(p.text.split()) for p in found) == "".join(text.split()).removeprefix(
        "雨后的书屋"
    )


def test_short_points_stand_together_under_their_heading() -> None:
    text = "要点（示例）\n一、“四型”机关\n（一）政治机关\n（二）学习机关\n（三）清廉机关\n（四）效能机关\n二、其他\n照旧。"
    first = passages(raw(text))[0]
    assert first.path == "一、“四型”机关"
    assert all(word in first.text for word in ("政治", "学习", "清廉", "效能"))


def test_an_edit_elsewhere_leaves_the_ids() -> None:
    before = {p.passage_id: p.text for p in passages(raw(RULES))}
    after = {p.passage_id: p.text for p in passages(raw(RULES.replace("派员列席", "派人参加")))}
    assert before.keys() == after.keys()
    assert sum(before[k] != after[k] for k in before) == 1


def test_pages_and_boxes_follow_the_characters() -> None:
    one = Block("第一条 甲。", page=1, spans=(Span(0, 6, Box(1, 10, 20, 70, 32)),))
    two = Block(
        "第二条 乙在前页丙在后页。", page=1,
        spans=(Span(0, 7, Box(1, 10, 40, 80, 52)), Span(7, 13, Box(2, 10, 20, 70, 32))),
    )  # fmt: skip
    found = passages(RawDocument("pdf", (one, two), page_count=2))
    assert [p.page for p in found] == [1, 1]
    assert found[1].boxes == ((1, 10.0, 40.0, 80.0, 52.0), (2, 10.0, 20.0, 70.0, 32.0))


_LINES = st.sampled_from(
    [
        "第一章 总则",
        "第一条 甲。",
        "第一条 甲。",
        "第二条 乙：",
        "（一）丙；",
        "（二）丁。",
        "一、戊",
        "（一）己",
        "1.庚",
        "附件",
        "附则",
        "正文。",
        "2024年5月1日",
        "目录",
    ]
)


@settings(max_examples=200)
@given(
    st.lists(
        _LINES
        | st.text(max_size=12).map(lambda t: " ".join(t.split()))
        | st.integers(1, 60).map(lambda n: "这句话说明一件事情，" * n + "完。"),
        max_size=25,
    )
)
def test_ranges_reproduce_the_text_and_never_overlap(lines: list[str]) -> None:
    document = RawDocument("txt", tuple(Block(line) for line in lines if line))
    text = document.text
    found = passages(document)
    assert len({p.passage_id for p in found}) == len(found)
    assert [p.ordinal for p in found] == list(range(len(found)))
    for one in found:
        assert one.text == text[one.start : one.end] and one.text.strip() == one.text
        assert len(one.text) <= 2 * LONGEST
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert passages(replace(document)) == found
