"""Places, bodies and people of a question, with and without a dictionary."""

import pytest

from assistant.named import Named, NameKind, named_things, nearness, written


@pytest.mark.parametrize(
    ("question", "name", "kind"),
    [
        ("海桐市建了多少个书吧？", "海桐市", NameKind.PLACE),
        ("石盘镇的书记是谁？", "石盘镇", NameKind.PLACE),
        ("上坪村去年得了多少奖金？", "上坪村", NameKind.PLACE),
        ("市图书馆的阅览室几点开门？", "图书馆", NameKind.BODY),
        ("人社局领导每月几号接待群众？", "人社局", NameKind.BODY),
        ("市财政局的休假计划报给谁备案？", "财政局", NameKind.BODY),
        ("望川县行政审批局是哪年成立的？", "望川县行政审批局", NameKind.BODY),
        ("突击队队长石磊负责什么？", "石磊", NameKind.PERSON),
    ],
)
def test_names_that_no_dictionary_holds_are_told(question: str, name: str, kind: NameKind) -> None:
    assert Named(name, kind) in named_things(question)


@pytest.mark.parametrize(
    "question",
    [
        "市场监管要做什么？",
        "全市有多少党员？",
        "农村怎么整治环境？",
        "服务社区多少小时？",
        "村民怎么领补贴？",
        "大局意识是什么？",
        "区别在哪里？",
        "当局长要什么条件？",
        "超市的货从哪来？",
    ],
)
def test_common_words_are_no_names(question: str) -> None:
    assert named_things(question) == ()


def test_a_body_is_known_by_its_full_name_too() -> None:
    [body] = named_things("人社局怎么说？")
    assert written(body, "由市人力资源和社会保障局牵头")
    assert not written(body, "由市民政局牵头")


def test_another_city_is_far_and_the_document_s_own_is_near() -> None:
    document = "青禾市直机关推进书香机关建设。" * 4
    own, other = named_things("青禾市建了多少？"), named_things("海桐市建了多少？")
    assert nearness(own, "已建成32个", "已建成32个", "走笔", lambda: document) == 1.0
    assert nearness(other, "已建成32个", "已建成32个", "走笔", lambda: document) == 0.0
    assert nearness((), "", "", "", lambda: "") == 1.0
