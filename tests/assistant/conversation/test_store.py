"""Conversations on disk: a user's own, named, reopened by another process, deleted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.activity.database import ActivityDatabase
from assistant.activity.tables import now
from assistant.answer import Answer, Citation, Sentence
from assistant.asking import Asking
from assistant.conversation.keeping import Conversations
from assistant.conversation.model import REMEMBERED, Manner, Reading
from assistant.conversation.store import ConversationStore, UnknownConversation
from assistant.conversation.talk import Turn
from assistant.extractive import ExtractiveAnswerer
from index.errors import LibraryError
from index.library import Library

CITED = Citation(
    n=1, document_id="d", passage_id="d#第九条", title="某某办法", path="第二章/第九条",
    article="第九条", quote="由支部审批。", start=4, end=10,
)  # fmt: skip


def turn(question: str) -> Turn:
    answer = Answer(
        question=question,
        abstained=False,
        sentences=(Sentence(text="由支部审批。", citations=(1,), highlights=((1, 3),)),),
        citations=(CITED,),
        notes=("按“某事由谁审批”理解。",),
    )
    return Turn(question, Reading("某事由谁审批？", Manner.CONTINUED, "某事"), answer)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    database = ActivityDatabase(tmp_path / "资料 库")
    yield ConversationStore(database)
    database.close()


def test_a_turn_comes_back_whole_in_another_process(store: ConversationStore) -> None:
    begun = store.add(turn("谁审批？"))
    store.add(turn("多久？"), begun)
    other = ConversationStore(ActivityDatabase(store.database.path.parent))
    first, second = other.turns(begun)
    assert (first.turn, second.number) == (turn("谁审批？"), 2)
    past = other.past(begun, REMEMBERED)
    assert past[-1].understood == "某事由谁审批？" and past[-1].topic == "某事"
    assert past[-1].sources[0].article == "第九条"
    other.database.close()


def test_lists_the_last_used_first_and_only_ones_own(store: ConversationStore) -> None:
    first = store.add(turn("第一段？"))
    second = store.add(turn("第二段？"))
    store.add(turn("再问"), first)
    theirs = store.add(turn("别人的"), user="web:1")
    assert [one.conversation_id for one in store.conversations()] == [first, second]
    assert store.conversations()[0].turns == 2
    for refused in (lambda: store.find(theirs), lambda: store.delete(theirs)):
        with pytest.raises(UnknownConversation):
            refused()
    with pytest.raises(UnknownConversation):
        store.add(turn("混进去"), theirs)
    assert store.turns(theirs) == []
    assert store.count("web:1") == 1


def test_is_found_by_the_beginning_of_its_number_or_its_name(store: ConversationStore) -> None:
    begun = store.add(turn("谁审批？"))
    assert store.find(begun[:5]).conversation_id == begun
    assert store.rename(begun[:5], "  采购\n审批 ").name == "采购 审批"
    assert store.find("采购 审批").conversation_id == begun
    assert len(store.rename(begun, "长" * 500).name) <= 60
    for written in ("", " ", "没有的", "%", "_"):
        with pytest.raises(UnknownConversation):
            store.find(written)
    with pytest.raises(LibraryError):
        store.rename(begun, " \n ")


def test_two_of_one_name_are_told_by_their_numbers(store: ConversationStore) -> None:
    numbers = [store.rename(store.add(turn("谁？")), "同名").conversation_id for _ in range(2)]
    with pytest.raises(UnknownConversation) as error:
        store.find("同名")
    assert all(number in str(error.value) for number in numbers)


def test_deleting_and_pruning_leave_no_turn(store: ConversationStore) -> None:
    kept, gone = store.add(turn("留")), store.add(turn("删"))
    store.delete(gone)
    assert store.turns(gone) == []
    store.prune(now() - timedelta(days=1))
    assert [one.conversation_id for one in store.conversations()] == [kept]
    store.prune(now() + timedelta(seconds=1))
    assert store.conversations() == [] and store.turns(kept) == []


def test_500_turns_are_held_and_only_the_last_are_read(office: Library, tmp_path: Path) -> None:
    asking = Asking(office, ExtractiveAnswerer(office))
    conversations = Conversations(office, asking)
    conversation_id, _ = conversations.ask("《机关会议室管理办法》第二条怎么规定的？")
    for _ in range(498):
        conversations.store.add(turn("谁审批？"), conversation_id)
    fresh = Conversations(office, asking)  # as after a restart: the past comes from the file
    fresh.ask("《机关会议室管理办法》第四条怎么规定的？", conversation_id)
    _, last = fresh.ask("那第五条呢？", conversation_id)
    assert "损坏设备" in last.answer.sentences[0].text
    assert conversations.store.find(conversation_id).turns == 501
    conversations.delete(conversation_id)
    asking.close()


def test_where_nothing_is_to_be_kept_a_conversation_goes_on_from_memory(
    office: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office.settings, "log_questions", False)
    asking = Asking(office, ExtractiveAnswerer(office))
    conversations = Conversations(office, asking)
    before = conversations.store.count()
    begun, _ = conversations.ask("《机关会议室管理办法》第二条怎么规定的？")
    same, second = conversations.ask("那第五条呢？", begun)
    assert same == begun and "损坏设备" in second.answer.sentences[0].text
    assert conversations.store.count() == before
    asking.close()


def test_a_deleted_conversation_begins_anew(office: Library) -> None:
    asking = Asking(office, ExtractiveAnswerer(office))
    conversations = Conversations(office, asking)
    begun, _ = conversations.ask("《机关会议室管理办法》第二条怎么规定的？")
    conversations.delete(begun)
    anew, turn_after = conversations.ask("那第五条呢？", begun)
    assert anew != begun and turn_after.reading.manner is Manner.PLAIN
    conversations.delete(anew)
    asking.close()


def test_the_log_holds_the_question_as_it_was_understood(office: Library) -> None:
    asking = Asking(office, ExtractiveAnswerer(office))
    conversations = Conversations(office, asking)
    begun, _ = conversations.ask("《机关会议室管理办法》第二条怎么规定的？")
    conversations.ask("那第五条呢？", begun)
    logged = asking.journal.questions(limit=1)[0]
    assert logged.text == "《机关会议室管理办法》第五条怎么规定的？"
    conversations.delete(begun)
    asking.close()
