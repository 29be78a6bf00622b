"""Outlines of the ways in which office documents are really set."""

import itertools
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.document import Block, RawDocument
from ingest.structure import Outline, SectionKind, outline


def raw(text: str, format: str = "txt") -> RawDocument:
    return RawDocument(format, tuple(Block(line) for line in text.split("\n") if line))


def labels(tree: Outline, kind: SectionKind) -> list[str]:
    return [s.label for s in tree.sections if s.kind is kind]


def path(tree: Outline, label: str) -> list[str]:
    index = next(i for i, s in enumerate(tree.sections) if s.label == label)
    return [f"{tree.sections[i].label}{tree.sections[i].title}" for i in tree.ancestors(index)]


RULES = """机关纪委工作办法（示例）
（2024年5月1日通过）
目录
第一章 总则
第二章 职责
第一节 监督
附则
第一章 总则
第一条 为规范工作，制定本办法。
第二条 本办法所称机关纪委，是指下列机构：
（一）机关党委设立的；
（二）上级批准设立的：
1.单独设立的；
2.合并设立的。
前款所列机构统称机关纪委。
第二章 职责
第一节 监督
第三条 依照第二条规定开展监督。
第三条之一 监督可以派员列席会议。
附则
第四条 本办法自2024年6月1日起施行。
某某工委
2024年5月10日"""


def test_parts_chapters_articles_paragraphs_and_items() -> None:
    tree = outline(raw(RULES))
    assert labels(tree, SectionKind.ARTICLE) == [
        "第一条",
        "第二条",
        "第三条",
        "第三条之一",
        "第四条",
    ]
    assert path(tree, "第三条之一") == ["第二章职责", "第一节监督"]
    assert path(tree, "第四条") == ["附则"]
    assert labels(tree, SectionKind.PARAGRAPH)[:2] == ["第一款", "第二款"]
    assert path(tree, "2.") == ["第一章总则", "第二条", "第一款", "（二）"]
    text = raw(RULES).text
    last = tree.articles()[-1]
    assert text[last.start : last.end] == "第四条 本办法自2024年6月1日起施行。"


def test_contents_are_not_chapters() -> None:
    tree = outline(raw(RULES))
    assert labels(tree, SectionKind.CHAPTER) == ["第一章", "第二章", ""]
    assert len([s for s in tree.sections if s.kind is SectionKind.CONTENTS]) == 1


def test_a_mention_at_the_start_of_a_line_is_no_article() -> None:
    tree = outline(raw("第一条 甲。\n第二条 乙。\n第一条规定的情形除外。\n第三条 丙。"))
    assert labels(tree, SectionKind.ARTICLE) == ["第一条", "第二条", "第三条"]


def test_articles_quoted_inside_an_article_belong_to_it() -> None:
    text = "第一条 将原办法修改为：“第五条 机关应当公开。\n第六条 公开应当及时。”\n第二条 本决定自公布之日起施行。"
    assert labels(outline(raw(text)), SectionKind.ARTICLE) == ["第一条", "第二条"]


def test_numbers_without_a_space_and_in_other_digits() -> None:
    tree = outline(raw("第1条甲单位负责。\n第２条乙单位负责。\n第三条丙单位负责。"))
    assert labels(tree, SectionKind.ARTICLE) == ["第一条", "第二条", "第三条"]


def test_a_chapter_whose_title_stands_on_the_next_line() -> None:
    tree = outline(raw("第一章\n总 则\n第一条 甲。\n第二章\n附 则\n第二条 乙。"))
    assert path(tree, "第一条") == ["第一章总则"]


def test_appendices_close_the_last_article() -> None:
    tree = outline(raw("第一条 甲。\n第二条 乙。\n附件1\n某某表\n一、填表说明"))
    assert labels(tree, SectionKind.APPENDIX) == ["附件1"]
    assert raw("第一条 甲。\n第二条 乙。").text.endswith("乙。")
    assert tree.articles()[-1].end == len("第一条 甲。\n第二条 乙。")


def test_prose_headings_nest_by_their_style() -> None:
    text = "工作手册（示例）\n一、总体要求\n（一）原则\n1.坚持实际\n（1）调研\n①走访\n②座谈\n（二）目标\n二、任务\n（一）组织"
    tree = outline(raw(text))
    assert path(tree, "②") == ["一、总体要求", "（一）原则", "1.坚持实际", "（1）调研"]
    assert [len(tree.ancestors(i)) for i, s in enumerate(tree.sections) if s.label == "（一）"] == [
        1,
        1,
    ]


def test_headings_of_the_format_nest_by_level() -> None:
    blocks = (
        Block("案例（示例）", "heading", 1),
        Block("背景", "heading", 2),
        Block("村里缺水。"),
        Block("做法", "heading", 2),
        Block("一是", "heading", 3),
        Block("打井。"),
    )
    tree = outline(RawDocument("md", blocks))
    assert [s.title for s in tree.sections if s.kind is SectionKind.HEADING] == [
        "背景",
        "做法",
        "一是",
    ]
    assert path(tree, "")[:1] == []


_PIECES = st.sampled_from(
    [
        "第一章 总则",
        "第一条 甲。",
        "第二条",
        "第三条乙，",
        "（一）丙；",
        "（二）",
        "1.丁",
        "①",
        "一、戊",
        "二、己。庚",
        "目录",
        "附件",
        "附则",
        "“第五条 引",
        "”",
        "表",
        "2024年5月1日",
        "某某局",
        "第百条",
        "正文没有编号。",
        "（",
    ]
)


@settings(max_examples=300)
@given(st.lists(_PIECES | st.text(max_size=20).map(lambda t: " ".join(t.split())), max_size=40))
def test_any_lines_make_a_proper_tree(lines: list[str]) -> None:
    document = RawDocument("txt", tuple(Block(line) for line in lines if line))
    text = document.text
    tree = outline(document)
    covered = bytearray(len(text))
    for index, section in enumerate(tree.sections):
        assert 0 <= section.start <= section.heading_end <= section.end <= len(text)
        if section.parent is not None:
            parent = tree.sections[section.parent]
            assert section.parent < index
            assert parent.start <= section.start and section.end <= parent.end
            assert section.level == parent.level + 1
        else:
            covered[section.start : section.end] = b"\1" * (section.end - section.start)
    for parent in [None, *range(len(tree.sections))]:
        children = [tree.sections[i] for i in tree.children(parent)] if len(lines) < 15 else []
        assert all(a.end <= b.start for a, b in itertools.pairwise(children))
    assert all(covered[i] for i, char in enumerate(text) if not char.isspace())


def test_hostile_lines_cost_time_in_proportion() -> None:
    def seconds(count: int) -> float:
        lines = ["第" + "一" * 50, "（" * 60, "“" * 30, "第一条 " * 10, "目录", "附 件" * 9] * count
        started = time.perf_counter()
        outline(RawDocument("txt", tuple(Block(line) for line in lines)))
        return time.perf_counter() - started

    small, large = seconds(100), seconds(1600)
    assert large < 16 * max(small, 0.05) * 6  # quadratic would be 256 times, not 16
