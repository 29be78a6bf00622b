"""References against a real library: what they find, and what is said when they don't."""

from __future__ import annotations

import pytest

from index.evaluation.base import Gold, GoldText, Question
from index.evaluation.gold import GoldResolver, Resolved
from index.evaluation.staged import LibraryAddresses
from index.library import Library
from index.records import SearchFilter
from tests.index.conftest import make_write

PDF = "measures/机关纪委工作实施办法（修订）（示例）.pdf"
REVISED = "市直机关部门机关纪委工作实施办法（修订）（示例）"
TRIAL = "市直机关部门机关纪委工作实施办法（试行）（示例）"


def resolve(library: Library, *texts: str, exact: bool = False, **given) -> Resolved:
    resolver = GoldResolver(
        library.catalog, SearchFilter(**given), library.finder.select(SearchFilter(**given))
    )
    gold = tuple(GoldText(text, exact) for text in texts)
    return resolver.resolve(Question(2, "1", "问", gold))


def texts(library: Library, resolved: Resolved) -> list[str]:
    found = library.catalog.passages_by_id(p for one in resolved.gold for p in one.passages)
    return sorted(one.text for one in found.values())


@pytest.mark.parametrize(
    "written",
    [
        f"{PDF}#第七条",
        f"{PDF.removesuffix('.pdf')}#第7条",
        f"《{REVISED}》第七条",
        f"{REVISED} 第七条",
        "市直机关部门机关纪委工作实施办法（修订）第七条",
        "市直机关部门机关纪委工作实施办法第七条",
        f"corpus\\{PDF}#第七条".replace("/", "\\"),
        "机关纪委工作实施办法（修订）（示例）#第七条",
    ],
)
def test_an_article_by_every_name_of_its_document(sample: Library, written: str) -> None:
    resolved = resolve(sample, written)
    assert not resolved.missing and not resolved.notes
    assert [one.label for one in resolved.gold] == [f"《{REVISED}》第七条"]
    [text] = texts(sample, resolved)
    assert text.startswith("第七条") and "五年" in text


@pytest.mark.parametrize("written", ["《机关纪委办法》第七条", "《机关纪委工作实旋办法》第七条"])
def test_short_and_misspelt_titles_as_a_search_takes_them(sample: Library, written: str) -> None:
    flt = SearchFilter()
    resolver = GoldResolver(
        sample.catalog, flt, sample.finder.select(flt), LibraryAddresses(sample)
    )
    resolved = resolver.resolve(Question(2, "1", "问", (GoldText(written),)))
    assert not resolved.missing
    [text] = texts(sample, resolved)
    assert text.startswith("第七条") and "五年" in text


def test_by_document_id_and_passage_id(sample: Library) -> None:
    [document] = sample.catalog.find_documents(REVISED)
    by_id = resolve(sample, f"{document.document_id}#第七条")
    [passage] = by_id.gold[0].passages
    assert resolve(sample, passage).gold[0].passages == {passage}


def test_several_in_one_cell_and_places_that_overlap(sample: Library) -> None:
    cell = f"《{REVISED}》第七条、第八条；《党建品牌管理办法（示例）》第二条"
    assert [one.label[-3:] for one in resolve(sample, cell).gold] == ["第七条", "第八条", "第二条"]
    twice = resolve(sample, f"{PDF}#第七条", f"《{REVISED}》第7条", exact=True)
    assert len(twice.gold) == 1


def test_paragraphs_and_items_of_an_article_cut_in_pieces(library: Library) -> None:
    from ingest.pipeline import ingest_paths

    folder = library.settings.home / "文件"
    folder.mkdir(parents=True)
    long = "，应当按照规定报销并附有关凭证，经办人和审批人签字后方可入账" * 8
    items = "\n".join(f"（{n}）第{n}类费用{long}；" for n in "一二三四")
    (folder / "办法.md").write_text(
        f"# 报销办法\n\n第一条 为了报销，制定本办法。\n\n第二条 单款{long}。\n另起一款{long}：\n{items}\n",
        encoding="utf-8",
    )
    ingest_paths(library, [folder], "制度")
    whole = resolve(library, "《报销办法》第二条")
    assert len(whole.gold[0].passages) > 2
    second = resolve(library, "《报销办法》第二条第二款第三项")
    assert 1 <= len(second.gold[0].passages) < len(whole.gold[0].passages)
    assert second.gold[0].label == "《报销办法》第二条第二款（三）"
    assert any("第三类费用" in text for text in texts(library, second))
    assert resolve(library, "《报销办法》第一条第一款").gold[0].label == "《报销办法》第一条"
    assert "没有第1条第2款" in resolve(library, "《报销办法》第一条第二款").missing[0]


def test_a_heading_and_a_whole_document(sample: Library) -> None:
    heading = resolve(sample, "“四型”机关建设工作要点（示例）#二、建设政治机关")
    assert heading.gold[0].label == "《“四型”机关建设工作要点（示例）》二、建设政治机关"
    assert any("第一议题" in text for text in texts(sample, heading))
    assert resolve(sample, "四型机关建设工作要点#建设政治机关").gold == heading.gold
    whole = resolve(sample, "policies/“四型”机关建设工作要点（示例）.txt")
    assert heading.gold[0].passages < whole.gold[0].passages
    assert "没有“没有这一节”" in resolve(sample, "四型机关建设工作要点#没有这一节").missing[0]


def test_what_is_not_there_is_told(sample: Library) -> None:
    def missing(text: str, **given) -> str:
        resolved = resolve(sample, text, **given)
        assert not resolved.gold
        [reason] = resolved.missing
        return reason

    assert "没有叫“没有这个办法”的文件" in missing("《没有这个办法》第三条")
    assert "没有第999条" in missing(f"{PDF}#第九百九十九条")
    assert "没有写是哪份文件" in missing("第三条")
    assert "标题里有它的是" in missing("《办法》第三条")
    assert "--all-versions" in missing(f"《{TRIAL}》第三条") and "已废止" in missing(
        f"《{TRIAL}》第三条"
    )
    assert "示例文库" in missing(f"《{REVISED}》第三条", collections=("别的",))
    partly = resolve(sample, f"{PDF}#第七条", "《没有》第一条", exact=True)
    assert len(partly.gold) == 1 and len(partly.missing) == 1
    assert resolve(sample, f"《{TRIAL}》第三条", exclude_validity=()).gold


def test_one_name_of_two_documents(library: Library) -> None:
    library.write_documents(
        [
            make_write("甲.txt", ["会议费甲"], title="会议费办法", content_hash="1"),
            make_write("乙.txt", ["会议费乙"], title="会议费办法", content_hash="2"),
            make_write("丙.txt", ["会议费甲"], title="差旅费办法", content_hash="3"),
            make_write("丙.txt", ["会议费甲"], "他处", "差旅费办法", content_hash="3"),
        ]
    )
    resolved = resolve(library, "《会议费办法》第一条")
    assert len(resolved.gold[0].passages) == 2 and "2 份文件" in resolved.notes[0]
    same = resolve(library, "《差旅费办法》第一条")
    assert len(same.gold[0].passages) == 2 and not same.notes


def test_another_resolver_of_addresses_is_asked_first(sample: Library) -> None:
    def address(text: str, flt: SearchFilter) -> list[str]:
        return ["x"] if text == "纪委办法7" else []

    resolver = GoldResolver(sample.catalog, SearchFilter(), sample.select(), address)
    found = resolver.resolve(
        Question(2, "1", "问", (GoldText("纪委办法7"), GoldText(f"{PDF}#第七条")))
    )
    assert found.gold[0] == Gold("纪委办法7", frozenset(["x"]))
    assert found.gold[1].label.endswith("第七条")
