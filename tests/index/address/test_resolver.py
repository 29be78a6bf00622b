"""An address in a question leads to exactly that text, or says what is there instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.address import Lack, Resolution
from index.library import Library
from index.records import SearchFilter

HEAD = "第三条 工作人员有下列情形之一的"


def texts(library: Library, resolution: Resolution | None) -> list[str]:
    """The addressed characters of every reference."""
    assert resolution is not None
    return [
        library.catalog.document_text(reference.document.document_id)[start:end]
        for reference in resolution.references
        if reference.document is not None
        for start, end in reference.ranges
    ]


def ask(library: Library, question: str, *context: str) -> tuple[Resolution, list[str]]:
    resolution = library.resolve_address(question, None, context)
    assert resolution is not None
    return resolution, texts(library, resolution)


def id_of(library: Library, title: str) -> str:
    return next(d.document_id for d in library.catalog.documents() if d.title == title)


@pytest.mark.parametrize(
    "question",
    [
        "《机关考勤休假管理办法》第五条",
        "《机关考勤休假管理办法》第五条的内容是什么？",
        "机关考勤休假管理办法5条",
        "考勤休假管理办法第５条规定了什么",
        "请问《考勤休假管理办法》中，第五条是怎么规定的？",
        "根据现行的机关考勤休假管理办法第五条",
        "第五条 机关考勤休假管理办法",
        "考勤休假办法第五条原文",
        "考勤修假管理办法第五条是什么",
        "机关考勤休假管理办法第二章第五条",
        "机关考勤休假管理办法第二章休假第五条",
    ],
)
def test_an_address_is_answered_by_that_article_alone(rules: Library, question: str) -> None:
    resolution, found = ask(rules, question)
    assert resolution.exact and not resolution.ambiguous
    assert found == ["第五条 病假应当提交证明。"]
    (reference,) = resolution.references
    assert [p.article for p in reference.passages] == ["第五条"]
    assert reference.document is not None and reference.document.validity == "现行"


def test_an_article_with_a_branch_is_not_its_neighbour(rules: Library) -> None:
    assert ask(rules, "考勤休假管理办法第三条之一")[1] == ["第三条之一 探亲假按照国家规定执行。"]
    assert ask(rules, "考勤休假管理办法第3条")[1][0].startswith(HEAD)


def test_paragraph_and_item_are_exactly_their_characters(rules: Library) -> None:
    assert ask(rules, "考勤休假管理办法第三条第二款")[1] == ["事假全年累计不得超过15日。"]
    assert ask(rules, "考勤休假管理办法第三条第一款第（二）项")[1] == [
        "（二）直系亲属患病需要照料的；"
    ]
    assert ask(rules, "考勤休假管理办法第3条第2项、第3项")[1] == [
        "（二）直系亲属患病需要照料的；",
        "（三）其他确有需要的。",
    ]


def test_lists_and_ranges_are_whole_and_in_order(rules: Library) -> None:
    found = ask(rules, "考勤休假管理办法第四条和第二条")[1]
    assert [text[:3] for text in found] == ["第四条", "第二条"]
    found = ask(rules, "考勤休假管理办法第三条至第五条")[1]
    assert [text.split()[0] for text in found] == ["第三条", "第三条之一", "第四条", "第五条"]


def test_a_chapter_is_its_articles(rules: Library) -> None:
    found = ask(rules, "考勤休假管理办法第二章规定了什么")[1]
    assert [text.split()[0] for text in found] == ["第三条", "第三条之一", "第四条", "第五条"]


def test_a_chapter_by_its_name(rules: Library) -> None:
    for question in (
        "考勤休假管理办法附则",
        "《考勤休假管理办法》的附则规定了什么",
        "考勤休假管理办法第三章附则",
    ):
        assert ask(rules, question)[1] == ["第六条 本办法自2023年1月1日起施行。"]


def test_a_long_chapter_is_cut_and_says_so(rules: Library) -> None:
    resolution, found = ask(rules, "办公用房管理规定第一章")
    assert len(found) == 20 and found[0].startswith("第1条")
    assert "共 30 条" in resolution.notes[0]


def test_a_range_beyond_the_end_says_where_it_ends(rules: Library) -> None:
    resolution, found = ask(rules, "考勤休假管理办法第五条到第二十条")
    assert len(found) == 2
    assert "第六条" in resolution.notes[0]


def test_points_of_a_document_without_articles(rules: Library) -> None:
    for question in ("首问负责与限时办结制度第二条", "《首问负责与限时办结制度》第二部分"):
        assert ask(rules, question)[1][0].startswith("二、限时办结")


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("《机关考勤休假管理办法》第九百条", "共 7 条，没有第九百条，它的最后一条是第六条"),
        ("机关考勤休假管理办法第九条的内容是什么", "共 7 条"),
        ("考勤休假管理办法第三条第五款", "共 2 款，没有第五款"),
        ("考勤休假管理办法第五条第二款", "只有一款"),
        ("考勤休假管理办法第三条第（九）项", "共 3 项，没有第（九）项"),
        ("考勤休假管理办法第八章", "共 3 章，没有第八章"),
        ("首问负责与限时办结制度第九条", "没有第九条"),
    ],
)
def test_what_does_not_exist_is_said(rules: Library, question: str, message: str) -> None:
    resolution, found = ask(rules, question)
    assert found == [] and resolution.exact
    assert message in resolution.messages[0]
    missing = resolution.references[0].missing
    assert missing is not None and missing.lack is Lack.PLACE


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("2015年的机关考勤休假管理办法第五条", "机关考勤休假管理办法（2015年）"),
        ("《机关考勤休假管理办法》（2015年）第五条", "机关考勤休假管理办法（2015年）"),
        ("《机关考勤休假管理办法（2015年）》第五条", "机关考勤休假管理办法（2015年）"),
        ("修订前的机关考勤休假管理办法第五条", "机关考勤休假管理办法（试行）"),
        ("机关考勤休假管理办法（试行）第五条", "机关考勤休假管理办法（试行）"),
        ("最新的考勤休假管理办法第五条", "机关考勤休假管理办法"),
        ("机关考勤休假管理办法第五条", "机关考勤休假管理办法"),
    ],
)
def test_the_version_in_force_unless_another_is_asked_for(
    rules: Library, question: str, title: str
) -> None:
    resolution, _ = ask(rules, question)
    assert [d.title for d in resolution.documents.values()] == [title]
    assert resolution.exact


def test_a_version_that_is_not_there_is_said(rules: Library) -> None:
    resolution, found = ask(rules, "2011年的机关作风建设条例第二条")
    assert found and "2011 年的版本" in resolution.notes[0]


def test_an_unknown_document_is_said_with_what_may_be_meant(rules: Library) -> None:
    for question in ("《机关保密工作条例》第三条", "机关保密工作条例第三条规定了什么"):
        resolution, found = ask(rules, question)
        assert found == [] and "没有《机关保密工作条例》" in resolution.messages[0]
    resolution, _ = ask(rules, "机关作风建设条例实施细则第三条")
    assert "没有《机关作风建设条例实施细则》" in resolution.messages[0]


def test_a_name_within_a_longer_unknown_one_is_not_taken(rules: Library) -> None:
    resolution, _ = ask(rules, "全省机关作风建设条例第二条的内容是什么")
    assert all(reference.missing for reference in resolution.references)
    assert "机关作风建设条例" in resolution.messages[0]


def test_a_title_that_holds_a_title(rules: Library) -> None:
    for question in (
        "贯彻《机关作风建设条例》实施办法第二条",
        "《贯彻〈机关作风建设条例〉实施办法》第二条",
        "贯彻机关作风建设条例实施办法第2条",
    ):
        assert ask(rules, question)[1] == ["第二条 各处室应当每季度自查一次。"]


def test_a_short_name_that_a_text_states(rules: Library) -> None:
    assert ask(rules, "《作风条例》第二条")[1] == ["第二条 机关工作人员应当密切联系群众。"]


def test_two_documents_that_fit_equally_are_both_there(rules: Library) -> None:
    resolution, found = ask(rules, "《出差费用管理办法》第二条")
    assert resolution.ambiguous
    assert {text[-4:] for text in found} == {"80元。", "00元。"}
    assert "甲水市" in resolution.notes[0] and "乙山市" in resolution.notes[0]


def test_several_titles_keep_their_own_articles(rules: Library) -> None:
    found = ask(rules, "考勤休假管理办法第五条和机关作风建设条例第二条")[1]
    assert found == ["第五条 病假应当提交证明。", "第二条 机关工作人员应当密切联系群众。"]


def test_a_chapter_of_one_and_an_article_of_another(rules: Library) -> None:
    found = ask(rules, "考勤休假管理办法第三章和机关作风建设条例第二条")[1]
    assert [text[:3] for text in found] == ["第六条", "第二条"]


def test_what_is_talked_about_is_meant(rules: Library) -> None:
    leave = id_of(rules, "机关考勤休假管理办法")
    style = id_of(rules, "机关作风建设条例")
    for question in ("办法第五条", "本办法第五条规定了什么", "该办法第五条"):
        assert ask(rules, question, style, leave)[1] == ["第五条 病假应当提交证明。"]
    assert ask(rules, "那第二条呢？", style, leave)[1] == ["第二条 机关工作人员应当密切联系群众。"]
    only = SearchFilter(document_ids=(style,))
    resolution = rules.resolve_address("条例第二条", only)
    assert texts(rules, resolution) == ["第二条 机关工作人员应当密切联系群众。"]


def test_it_is_asked_which_document_is_meant(rules: Library) -> None:
    resolution, _ = ask(rules, "办法第五条")
    missing = resolution.references[0].missing
    assert missing is not None and missing.lack is Lack.UNCLEAR
    assert "《机关考勤休假管理办法》" in missing.message
    resolution, _ = ask(rules, "第五条规定了什么？")
    assert "请写上文件名" in resolution.messages[0]


@pytest.mark.parametrize(
    "question",
    [
        "机关考勤休假管理办法第三条规定的事假最多几天？",
        "根据《机关考勤休假管理办法》第三条，照顾生病的父母能请几天假？",
        "机关考勤休假管理办法第三条和第四条有什么区别",
        "我母亲住院了，按照考勤休假管理办法第三条能不能请事假，工资怎么算？",
    ],
)
def test_an_address_beside_a_question_is_evidence(rules: Library, question: str) -> None:
    resolution, found = ask(rules, question)
    assert not resolution.exact
    assert found[0].startswith(HEAD)


@pytest.mark.parametrize(
    "question",
    ["事假最多几天？", "领导提出三条意见", "第一书记有什么职责", "按照本条例执行", "", "条" * 3000],
)
def test_questions_without_an_address(rules: Library, question: str) -> None:
    assert rules.resolve_address(question) is None


def test_an_address_of_an_unknown_document_beside_a_question_is_left_alone(rules: Library) -> None:
    assert rules.resolve_address("违反《保密法》第三条要受什么处分？") is None


def test_the_filter_holds_but_a_repealed_rule_is_found_by_its_name(rules: Library) -> None:
    elsewhere = rules.resolve_address("机关考勤休假管理办法第五条", SearchFilter(("别的文库",)))
    assert elsewhere is not None and elsewhere.references[0].missing is not None
    resolution = rules.resolve_address("《机关考勤休假管理办法（2015年）》第五条", SearchFilter())
    assert texts(rules, resolution) == ["第五条 病假应当提交证明。"]


def test_a_new_document_is_known_at_once(rules: Library) -> None:
    from tests.index.conftest import make_write

    before = rules.resolve_address("《新近办法》第1条")
    assert before is not None and before.references[0].missing is not None
    rules.write_documents([make_write("新近.txt", ["第1条 甲。"], title="新近办法")])
    after = rules.resolve_address("《新近办法》第1条")
    rules.catalog.remove_document("制度/新近.txt")
    assert after is not None and after.references[0].document is not None


@given(
    st.text(
        alphabet="机关考勤休假管理办法条例第一二三五章款项《》（）和至的，?2015年 ", max_size=60
    )
)
def test_any_question_is_borne(rules: Library, question: str) -> None:
    resolution = rules.resolve_address(question)
    if resolution is not None:
        for reference in resolution.references:
            assert reference.missing or reference.passages
            assert bool(reference.ranges) == bool(reference.passages)
