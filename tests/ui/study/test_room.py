"""Forty phones, one that comes back, double answers, wrong codes, the end of a code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.ui.study.conftest import House
from ui.room_guard import MOST_WRONG


class Quiz:
    """A live quiz, seen by its trainer."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.trainer = house.person("tan")
        self.session = house.drafted(self.trainer)
        begun = self.trainer.post(f"/study/s/{self.session}/room")
        assert begun.status_code == 200, begun.text
        self.room = _found(r'data-room="([\w-]+)"', begun.text)
        self.code = _found(r"data-code>(\d{6})<", begun.text)
        self.place = 0

    def press(self, do: str) -> str:
        """The trainer presses; what the screen then shows."""
        reply = self.trainer.post(f"/study/room/{self.room}/act", data={"do": f"{do}:{self.place}"})
        assert reply.status_code == 200, reply.text
        if do == "next":
            self.place += 1
        return reply.text

    def phone(self, nickname: str = "") -> Phone:
        """Somebody who has joined."""
        made = Phone(self.house, self.code)
        assert made.post("join", {"nickname": nickname}).status_code == 200
        return made


class Phone:
    """A browser without an account."""

    def __init__(self, house: House, code: str) -> None:
        self.client = house.person("")
        self.base = f"/room/{code}"

    def post(self, what: str, body: object) -> httpx.Response:
        return self.client.post(f"{self.base}/{what}", json=body)

    def state(self) -> Any:
        reply = self.client.get(f"{self.base}/state")
        assert reply.status_code == 200, reply.text
        return reply.json()

    def answer(self, *choice: str, place: int = 0) -> httpx.Response:
        return self.post("answer", {"place": place, "choice": choice})


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, text
    return found[1]


@pytest.fixture
def quiz(house: House) -> Iterator[Quiz]:
    made = Quiz(house)
    yield made
    made.press("end")


def test_forty_phones_answer_at_once_and_are_counted(quiz: Quiz) -> None:
    def join(number: int) -> Phone:
        return quiz.phone(f"第{number}号" if number % 2 else "")

    with ThreadPoolExecutor(40) as pool:
        phones = list(pool.map(join, range(40)))
        quiz.press("start")
        state = phones[0].state()
        labels = [one["label"] for one in state["choices"]]
        given = [labels[at % len(labels)] for at in range(40)]
        replies = list(pool.map(Phone.answer, phones, given))
    assert {one.status_code for one in replies} == {200}
    count = quiz.trainer.get(f"/study/room/{quiz.room}/count").text
    assert "<b>40</b> / 40" in count
    screen = quiz.press("close")
    shown = [int(n) for n in re.findall(r"<b>(\d+) 人</b>", screen)]
    assert shown == [Counter(given)[label] for label in labels]


def test_the_right_answer_is_told_only_once_it_is_shown(quiz: Quiz) -> None:
    phone = quiz.phone()
    assert phone.state() == {
        "phase": "lobby",
        "place": 0,
        "total": phone.state()["total"],
        "mine": [],
    }
    quiz.press("start")
    allowed = {"phase", "place", "total", "kind", "stem", "choices", "many", "bare", "mine"}
    state = phone.state()
    assert set(state) == allowed
    assert all(set(one) == {"label", "text"} for one in state["choices"])
    quiz.press("close")
    assert set(phone.state()) == allowed
    assert "✓" not in quiz.trainer.get(f"/study/room/{quiz.room}").text
    assert "✓" in quiz.press("reveal")
    told = phone.state()
    assert set(told) == allowed | {"right"}
    assert set(told["right"]) <= {one["label"] for one in state["choices"]} and told["right"]


def test_the_last_answer_counts_until_the_question_is_closed(quiz: Quiz) -> None:
    phone = quiz.phone()
    early = phone.answer("A")
    assert early.status_code == 422 and "停止作答" in early.json()["detail"]
    quiz.press("start")
    first, second = [one["label"] for one in phone.state()["choices"]][:2]
    for choice in (first, first, second):
        assert phone.answer(choice).status_code == 200
    assert phone.state()["mine"] == [second]
    assert phone.answer("Z").status_code == 422
    screen = quiz.press("close")
    assert sum(int(n) for n in re.findall(r"<b>(\d+) 人", screen)) == 1
    late = phone.answer(first)
    assert late.status_code == 422 and phone.state()["mine"] == [second]


def test_a_phone_that_comes_back_is_the_same_one(quiz: Quiz) -> None:
    phone = quiz.phone("小王")
    quiz.press("start")
    chosen = phone.state()["choices"][0]["label"]
    phone.answer(chosen)
    # the page is opened anew, and 加入 pressed again
    assert 'data-joined="1"' in phone.client.get(phone.base).text
    assert phone.post("join", {"nickname": "小李"}).status_code == 200
    assert phone.state()["mine"] == [chosen]
    assert "<b>1</b> / 1" in quiz.trainer.get(f"/study/room/{quiz.room}/count").text


def test_a_button_pressed_twice_moves_one_step(quiz: Quiz) -> None:
    quiz.press("start")
    quiz.press("close")
    quiz.press("next")
    screen = quiz.trainer.post(f"/study/room/{quiz.room}/act", data={"do": "next:0"}).text
    assert "第 2 题" in screen


def test_nothing_but_the_question_without_joining(quiz: Quiz) -> None:
    quiz.press("start")
    stranger = Phone(quiz.house, quiz.code)
    assert stranger.client.get(f"{stranger.base}/state").status_code == 409
    assert stranger.answer("A").status_code == 409
    page = stranger.client.get(stranger.base).text
    assert quiz.phone().state()["stem"] not in page


def test_nicknames_are_bounded_and_escaped(quiz: Quiz) -> None:
    phone = Phone(quiz.house, quiz.code)
    long = phone.post("join", {"nickname": "长" * 13})
    assert long.status_code == 422 and "12 个字" in long.json()["detail"]
    assert phone.post("join", {"nickname": "长" * 5000}).status_code in (413, 422)
    named = quiz.phone("<i>甲")
    quiz.press("start")
    named.answer(named.state()["choices"][0]["label"])
    results = quiz.press("end")
    assert "&lt;i&gt;甲" in results and "<i>甲" not in results


def test_results_name_the_articles_and_offer_a_session_on_them(quiz: Quiz) -> None:
    phones = [quiz.phone() for _ in range(3)]
    quiz.press("start")
    room = quiz.house.api.desk.rooms.get(quiz.room, "tan")
    from assistant.study.marking import choices_of, right_of

    key = right_of(room.items[0])
    wrong = next(label for label, _ in choices_of(room.items[0]) if label != key)
    for phone, choice in zip(phones, (wrong, wrong, key), strict=True):
        assert phone.answer(choice).status_code == 200
    results = quiz.press("end")
    article = room.items[0].citations[0].article
    assert article and article in results and "67%" in results
    assert phones[0].state()["phase"] == "ended"
    shares = quiz.trainer.get(f"/study/room/{quiz.room}/wrong.json").json()
    document = room.items[0].citations[0].document_id
    assert shares == {f"{document}#{article}": pytest.approx(0.6667)}
    reply = quiz.trainer.post(f"/study/room/{quiz.room}/follow", data={"minutes": "30"})
    again = quiz.house.made(quiz.trainer, reply)
    made = quiz.house.api.desk.sessions.get(again, "tan").session
    assert {one.citation.article for one in made.passages} == {article}
    assert not {one.id for one in made.quiz} & {one.id for one in room.items}


def test_another_trainer_sees_nothing_of_it(quiz: Quiz) -> None:
    other = quiz.house.person("qin")
    for path in ("", "/count", "/wrong.json"):
        assert other.get(f"/study/room/{quiz.room}{path}").status_code == 404
    reply = other.post(f"/study/room/{quiz.room}/act", data={"do": "start:0"})
    assert reply.status_code == 404
    assert quiz.phone().state()["phase"] == "lobby"


def test_a_code_is_open_for_four_hours(house: House) -> None:
    quiz = Quiz(house)
    phone = quiz.phone()
    quiz.press("start")
    house.clock.ahead += timedelta(hours=4, minutes=1)
    assert phone.client.get(f"{phone.base}/state").status_code == 404
    assert phone.answer("A").status_code == 404
    page = Phone(house, quiz.code).client.get(f"/room/{quiz.code}")
    assert page.status_code == 404 and "没有这场测验" in page.text
    assert "现场测验结果" in quiz.trainer.get(f"/study/room/{quiz.room}").text


def test_wrong_codes_are_few_by_address_and_those_inside_stay(quiz: Quiz) -> None:
    phone = quiz.phone()
    guesser = quiz.house.person("")
    wrong = f"{(int(quiz.code) + 1) % 1_000_000:06d}"
    quiz.house.clock.ahead += timedelta(minutes=11)  # what other tests tried is past
    told = [guesser.get(f"/room/{wrong}").status_code for _ in range(MOST_WRONG)]
    assert set(told) == {404}
    for path in (f"/room/{wrong}", f"/room/{quiz.code}"):
        page = guesser.get(path)
        assert page.status_code == 429 and "10 分钟" in page.text
    assert guesser.post(f"/room/{quiz.code}/join", json={}).status_code == 429
    assert phone.state()["phase"] == "lobby"
    quiz.house.clock.ahead += timedelta(minutes=11)
    assert guesser.get(f"/room/{quiz.code}").status_code == 200


@pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", "１２３４５６", "%00", "'--"])
def test_what_is_no_code_is_told_so(house: House, code: str) -> None:
    page = house.person("").get(f"/room/{code}")
    assert page.status_code == 404 and "6 位数字" in page.text


def test_a_session_without_questions_for_phones(house: House) -> None:
    trainer = house.person("tan")
    session = house.drafted(trainer, parts=["intro", "case", "summary"])
    reply = trainer.post(f"/study/s/{session}/room")
    assert reply.status_code == 422 and "单选" in reply.json()["detail"]
