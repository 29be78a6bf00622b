"""Searching a library: filters, days, versions, copies, synonyms and what is said of them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from index.explanation import explain
from index.library import Library
from index.records import SearchFilter
from tests.index.conftest import make_write

RULE = "公务接待不得提供高档菜肴和香烟，工作餐陪餐人数不得超过来访人数的三分之一。"


def titles(library: Library, query: str, flt: SearchFilter | None = None) -> list[str]:
    return [hit.document.title for hit in library.search(query, 10, flt)]


@pytest.fixture
def versions(library: Library) -> Library:
    """A rule in two versions, and one that has not begun."""
    library.write_documents(
        [
            make_write(
                "old.txt",
                [RULE + "违反的给予通报。"],
                title="接待办法（2015年修订）",
                family="接待办法",
                issued=date(2015, 1, 1),
                effective=date(2015, 2, 1),
                validity="不明",
            ),
            make_write(
                "new.txt",
                [RULE + "违反的给予处分并退赔。"],
                title="接待办法（2021年修订）",
                family="接待办法",
                issued=date(2021, 1, 1),
                effective=date(2021, 2, 1),
                validity="不明",
            ),
            make_write(
                "coming.txt",
                ["公务接待的餐费按照新的标准执行。"],
                title="接待标准",
                family="接待标准",
                issued=date(2090, 1, 1),
                effective=date(2090, 2, 1),
                validity="不明",
            ),
        ]
    )
    library.index_pending()
    return library


def test_today_only_what_is_in_force(versions: Library) -> None:
    assert titles(versions, "公务接待陪餐人数") == ["接待办法（2021年修订）"]


def test_on_an_earlier_day_the_rule_of_that_day(versions: Library) -> None:
    hits = versions.search("公务接待陪餐人数", 10, SearchFilter(as_of=date(2018, 5, 1)))
    assert [hit.document.title for hit in hits] == ["接待办法（2015年修订）"]
    assert hits[0].document.validity == "现行"


def test_a_day_to_come_says_that_it_is_guessing(versions: Library) -> None:
    result = versions.find("公务接待餐费标准", 10, SearchFilter(as_of=date(2099, 1, 1)))
    assert "接待标准" in [hit.document.title for hit in result.hits]
    assert any("还没有到" in note for note in result.notes)


def test_a_question_that_asks_for_the_old_version_gets_it_marked(versions: Library) -> None:
    hits = versions.search("2015年修订的接待办法里陪餐人数", 10)
    assert hits[0].document.title == "接待办法（2015年修订）"
    assert hits[0].document.validity == "已被修订"


def test_filters_on_issuer_and_date(library: Library) -> None:
    library.write_documents(
        [
            make_write(
                "a", ["会议费报销标准为每人每天。"], issuer="市财政局", issued=date(2020, 1, 1)
            ),
            make_write(
                "b", ["会议费报销标准另行规定。"], issuer="市委办公室", issued=date(2023, 1, 1)
            ),
            make_write("c", ["会议费报销标准从严。"]),
        ]
    )
    library.index_pending()
    assert titles(library, "会议费", SearchFilter(issuers=("财政",))) == ["a"]
    assert titles(library, "会议费", SearchFilter(issued_from=date(2022, 1, 1))) == ["b"]
    assert titles(library, "会议费", SearchFilter(issued_to=date(2021, 1, 1))) == ["a"]


def test_a_rare_collection_still_fills_the_list(library: Library) -> None:
    many = [make_write(f"m{i}", [f"年休假第{i}种情形的说明。"], "大库") for i in range(120)]
    few = [
        make_write(f"f{i}", [f"年休假的办理事项之{i}。"], "小库", kind="measure") for i in range(6)
    ]
    library.write_documents([*many, *few])
    library.index_pending()
    assert len(titles(library, "年休假", SearchFilter(collections=("小库",)))) == 6
    assert len(titles(library, "年休假", SearchFilter(kinds=("measure",)))) == 6


def test_few_selected_documents_are_searched_exactly(library: Library) -> None:
    library.write_documents([make_write(f"d{i}", [f"第{i}号事项的办理办法。"]) for i in range(300)])
    library.index_pending()
    kept = tuple(f"制度/d{i}" for i in range(0, 300, 60))
    selection = library.select(SearchFilter(document_ids=kept))
    vector = library.encoder.encode_queries(["第60号事项"])[0]
    found = library.finder.dense.search(vector, 5, selection, library.stores_seen)
    ids, vectors = library.vectors.vectors_of_documents("制度", sorted(kept))
    order = np.argsort(-(vectors @ vector), kind="stable")
    assert [one for one, _ in found] == [ids[i] for i in order]


def test_copies_take_one_place(library: Library) -> None:
    library.write_documents(
        [make_write(f"copy{i}", [RULE], title=f"第{i}份") for i in range(4)]
        + [make_write("other", ["公务接待应当填写清单，陪餐另有规定的从其规定。"], title="另一份")]
    )
    library.index_pending()
    hits = library.search("公务接待陪餐人数不得超过多少", 5)
    assert len(hits) == 2
    assert len(hits[0].folded) == 3
    assert hits[1].document.title == "另一份"


def test_an_article_by_its_address_and_one_that_is_not_there(library: Library) -> None:
    library.write_documents(
        [
            make_write(
                "m", ["第一章讲目的。", "报销应当附清单。", "餐费按标准。"], title="差旅费管理办法"
            )
        ]
    )
    library.index_pending()
    outline = library.catalog.outline("制度/m")
    assert outline
    result = library.find("《差旅费管理办法》第九百条", 3)
    assert any("3 条" in note or "三条" in note for note in result.notes)


def test_a_synonym_of_the_office_finds_the_rule(library: Library) -> None:
    library.write_documents(
        [
            make_write("gift", ["不得收受可能影响公正的礼金。"]),
            make_write("leave", ["年休假由本人申请。"]),
        ]
    )
    library.index_pending()
    (library.settings.home / "synonyms.txt").write_text("红包 => 礼金\n", encoding="utf-8")
    hits = library.search("红包", 2)
    assert hits[0].document.title == "gift"
    reason = explain("红包", hits, library.finder.synonyms())[0]
    assert reason.synonyms == ("礼金",)
    assert reason.lexical_rank == 1


def test_an_explanation_adds_up_to_the_score(versions: Library) -> None:
    hits = versions.search("公务接待陪餐人数", 3)
    for hit, reason in zip(
        hits, explain("公务接待陪餐人数", hits, versions.finder.synonyms()), strict=True
    ):
        assert sum(value for _, value in reason.parts) == pytest.approx(hit.score, abs=1e-2)
        assert {"接待", "人数"} <= set(reason.matched)


@pytest.mark.parametrize("query", ["", "   ", "？！……", "\ud83d", "的" * 5000])
def test_queries_without_content_do_no_harm(versions: Library, query: str) -> None:
    assert isinstance(versions.search(query, 3), list)


def test_a_version_that_nobody_can_date_stands_behind_the_one_in_force(versions: Library) -> None:
    versions.write_documents(
        [
            make_write(
                "lost.txt", [RULE + "违反的给予警告并检讨。"], family="接待办法", validity="不明"
            )
        ]
    )
    versions.index_pending()
    known = versions.documents()[1]
    [lost] = [one.document_id for one in known.values() if one.title == "lost.txt"]
    assert known[lost].validity == "不明"
    assert versions.finder.doubtful() == {lost}
    assert titles(versions, "陪餐人数不得超过来访人数的多少")[0] == "接待办法（2021年修订）"
