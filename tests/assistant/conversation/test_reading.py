"""Readings hold for whatever is typed: they end, stay short, and never fail."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.conversation.model import REMEMBERED, Past, Source
from assistant.conversation.phrases import topic_of, words_of
from assistant.conversation.reading import read
from assistant.conversation.words import word_list

_PIECES = st.sampled_from(
    word_list(
        "那 呢 它 其 该办法 第九条 第二款 修订前 2015年版的 由谁 多久 什么 还有 吗 前者 《 》 “ ” 会 "
        "党员 审批 ？ ， 的 没 了 上一条 3次以上 職工 🙂 a 谢谢"
    )
)
_TEXT = st.one_of(st.lists(_PIECES, max_size=14).map("".join), st.text(max_size=80))


class Nothing:
    """A library that knows nothing."""

    def around(self, sources: Sequence[Source]) -> Sequence[str]:
        return ["党员由支部审批，第二款另有规定。"]

    def in_titles(self, term: str) -> bool:
        return False

    def title_at(self, text: str) -> int | None:
        return text.find("《") if "《" in text else None


@settings(max_examples=300, deadline=None)
@given(st.lists(_TEXT, min_size=1, max_size=6))
def test_any_conversation_can_be_read(questions: list[str]) -> None:
    past: list[Past] = []
    source = Source("d", "某某管理办法", "第九条", "党员由支部审批。")
    for question in questions:
        reading = read(question, past, Nothing())
        longest = max([len(question), *(len(one.understood) for one in past)])
        assert len(reading.text) <= 3 * longest + 120
        past.append(Past(question, reading.text, reading.topic, (source,)))


@given(st.text(max_size=200))
def test_words_are_where_they_say(text: str) -> None:
    for word in words_of(text):
        assert text[word.start : word.end] == word.text
    topic_of(text)


def test_only_the_last_turns_count() -> None:
    """A question of long ago is no longer what 它 means, and 500 turns read like eight."""
    source = Source("d", "某某管理办法", "第九条", "")
    past = [
        Past(f"第{n}个问题由谁办？", f"第{n}个问题由谁办？", f"事项{n}", (source,))
        for n in range(500)
    ]
    whole = read("它什么时候开始？", past, Nothing())
    assert whole == read("它什么时候开始？", past[-REMEMBERED:], Nothing())
    assert whole.text == "事项499什么时候开始？"


def test_a_topic_is_what_a_question_is_about() -> None:
    for question, topic in {
        "党建品牌由谁来评审？": "党建品牌",
        "党员对处分决定不服怎么办？": "党员对处分决定不服",
        "申报党建品牌要符合什么条件？": "申报党建品牌",
        "哪些队员可以申请不参加集结？": "申请不参加集结的队员",
        "党小组会多久召开一次？": "党小组会",
        "给予党员警告处分由谁决定？": "给予党员警告处分",
    }.items():
        assert topic_of(question) == topic
