"""Documents cut into what is compared."""

from index.records import SectionRecord
from index.versions.compare.articles import Article, read_articles
from ingest.structure import outline
from tests.ingest.structure.test_outline import RULES, raw


def units(text: str) -> list[Article]:
    document = raw(text)
    sections = [
        SectionRecord(s.kind.value, s.label, s.title, s.start, s.end, s.level)
        for s in outline(document).sections
    ]
    return read_articles(document.text, sections)


def test_articles_come_without_their_number_and_with_their_place() -> None:
    found = units(RULES)
    assert [one.label for one in found][:4] == ["第一条", "第二条", "第三条", "第三条之一"]
    assert found[0].text == "为规范工作，制定本办法。"
    assert found[3].path == "第二章 职责/第一节 监督"
    assert found[1].text.split("\n")[1] == "（一）机关党委设立的；"


def test_prose_is_cut_at_its_headings() -> None:
    text = "关于加强学习的意见\n一、总体要求\n坚持学用结合。\n二、主要任务\n（一）读书\n每月读一本书。\n三、保障\n抓好落实。"
    found = units(text)
    assert [one.label for one in found] == ["一、", "二、", "（一）", "三、"]
    assert "坚持学用结合" in found[0].text and "每月" in found[2].text


def test_a_text_without_parts_is_one_unit() -> None:
    assert next(one.text for one in units("这是一段没有编号也没有标题的话，只有一句。")).startswith(
        "这是"
    )
