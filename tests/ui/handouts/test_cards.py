"""The Anki deck, read back with sqlite."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.study.model import QuizItem, StudySession
from ui.handouts import write_handouts
from ui.handouts.cards import FIELDS, guid


def notes(path: Path) -> tuple[dict[str, dict[str, str]], sqlite3.Connection]:
    with zipfile.ZipFile(path) as package:
        assert set(package.namelist()) == {"collection.anki2", "media"}
        assert json.loads(package.read("media")) == {}
        data = package.read("collection.anki2")
    database = sqlite3.connect(":memory:")
    database.deserialize(data)
    found = {
        key: dict(zip(FIELDS, fields.split("\x1f"), strict=True))
        for key, fields in database.execute("select guid, flds from notes order by id")
    }
    return found, database


def test_one_card_a_question(find: Callable[[str], Path], session: StudySession) -> None:
    found, database = notes(find("卡片.apkg"))
    assert len(found) == len(session.quiz)
    first = found[guid(session.quiz[0])]
    assert first["题目"] == session.quiz[0].stem and first["答案"] == "B"
    assert "<div>B. 3个工作日</div>" in first["选项"] and "第二十八条，第4页，现行" in first["出处"]
    assert first["原文"] == session.quiz[0].citations[0].quote and first["题型"] == "单选题"
    (version, models, decks) = database.execute("select ver, models, decks from col").fetchone()
    assert version == 11
    (model,) = json.loads(models).values()
    assert [one["name"] for one in model["flds"]] == list(FIELDS)
    named = {int(key): one["name"] for key, one in json.loads(decks).items()}
    cards = database.execute("select nid, did, ord from cards").fetchall()
    known = {one for (one,) in database.execute("select id from notes")}
    assert {nid for nid, _, _ in cards} == known and {order for _, _, order in cards} == {0}
    assert {named[did] for _, did, _ in cards} == {"鹿鸣::机关纪委怎样处置问题线索"}
    assert database.execute("pragma integrity_check").fetchone() == ("ok",)


def made(session: StudySession, items: tuple[QuizItem, ...], folder: Path) -> dict[str, Any]:
    (path,) = write_handouts(session.model_copy(update={"quiz": items}), folder, ["anki"])
    return notes(path)[0]


def test_a_mended_question_keeps_its_identity(session: StudySession, tmp_path: Path) -> None:
    item = session.quiz[0]
    first = made(session, (item,), tmp_path / "1")
    mended = item.model_copy(update={"explanation": "改过的解析", "id": "另一个编号", "score": 1})
    second = made(session, (mended,), tmp_path / "2")
    assert list(first) == list(second) and first != second
    other = item.model_copy(update={"stem": item.stem + "（改）"})
    assert list(made(session, (other,), tmp_path / "3")) != list(first)


def test_two_questions_of_one_stem_are_two_cards(session: StudySession, tmp_path: Path) -> None:
    first = session.quiz[0]
    turned = tuple(one.model_copy(update={"right": one.label == "C"}) for one in first.choices)
    second = first.model_copy(update={"id": "q9", "choices": turned, "answer": "C"})
    assert len(made(session, (first, second), tmp_path)) == 2


def test_hostile_words_stay_words(hostile: StudySession, tmp_path: Path) -> None:
    (path,) = write_handouts(hostile, tmp_path, ["anki"])
    for fields in notes(path)[0].values():
        whole = "".join(fields.values())
        assert "<script" not in whole and "{{" not in whole and "&lt;script&gt;" in whole
