"""Which files are written where, and that none is lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from assistant.study.model import StudySession
from tests.ui.handouts import sample
from ui.handouts import FORMATS, HandoutError, write_handouts
from ui.handouts.words import facts, file_name, runs, side_by_side


def test_every_quote_of_the_sample_is_exact(session: StudySession) -> None:
    texts = {source: sample.text_of(source) for source in (sample.NEW, sample.OLD, sample.CASE)}
    for one in session.sources:
        assert texts[one.document_id.split(":")[1]][one.start : one.end] == one.quote
    assert sum(one.minutes for one in session.timetable) == session.minutes


def test_all_formats_into_one_folder(folder: Path) -> None:
    names = sorted(one.name.split("-", 1)[1] for one in folder.iterdir())
    assert {
        "学习方案.docx",
        "学习材料.docx",
        "主持人手册.docx",
        "试卷.docx",
        "答案与解析.docx",
    } < set(names)
    assert {"学习数据.json", "手机学习页.html"} < set(names)
    assert all(one.name.startswith("机关纪委怎样处置问题线索-") for one in folder.iterdir())
    assert not list(folder.glob(".*"))


def test_json_is_the_session(find, session: StudySession) -> None:  # type: ignore[no-untyped-def]
    read = json.loads(find("学习数据.json").read_text(encoding="utf-8"))
    assert read == session.model_dump(mode="json")
    assert StudySession.model_validate(read) == session


def test_files_are_never_overwritten_unasked(session: StudySession, tmp_path: Path) -> None:
    (first,) = write_handouts(session, tmp_path, ["json"])
    first.write_text("改过的", encoding="utf-8")
    with pytest.raises(
        HandoutError, match=r"已有“机关纪委怎样处置问题线索-学习数据\.json”.*没有覆盖"
    ):
        write_handouts(session, tmp_path, ["html", "json"])
    assert first.read_text(encoding="utf-8") == "改过的"
    assert [one.name for one in tmp_path.iterdir()] == [first.name]  # nor the others
    write_handouts(session, tmp_path, ["json"], force=True)
    assert json.loads(first.read_text(encoding="utf-8"))["minutes"] == 90


def test_a_folder_with_other_files_is_fine(session: StudySession, tmp_path: Path) -> None:
    (tmp_path / "别的.txt").write_text("x")
    write_handouts(session, tmp_path, ["json"])
    assert (tmp_path / "别的.txt").read_text() == "x"


@pytest.mark.parametrize("name", ["word", "", "docx.exe", "../docx"])
def test_an_unknown_format_names_the_known(
    session: StudySession, tmp_path: Path, name: str
) -> None:
    with pytest.raises(HandoutError, match=r"可用的格式有：.*docx.*json"):
        write_handouts(session, tmp_path / "out", ["json", name])
    assert not (tmp_path / "out").exists()


def test_formats_may_be_written_with_dots_and_twice(session: StudySession, tmp_path: Path) -> None:
    assert len(write_handouts(session, tmp_path, [".JSON", " json", "json"])) == 1


def test_a_place_that_cannot_be_written(session: StudySession, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(HandoutError, match="是一个文件"):
        write_handouts(session, tmp_path / "file", ["json"])
    with pytest.raises(HandoutError, match="写不了文件夹"):
        write_handouts(session, tmp_path / "file" / "in", ["json"])
    name = file_name(session.topic, "学习数据", "json")
    (tmp_path / "taken" / name).mkdir(parents=True)
    with pytest.raises(HandoutError, match="是一个文件夹"):
        write_handouts(session, tmp_path / "taken", ["json"], force=True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root 可以写任何文件夹")
def test_a_folder_without_the_right_to_write(session: StudySession, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(HandoutError, match="写不了文件夹"):
        write_handouts(session, tmp_path, ["json"])


@pytest.mark.parametrize(
    ("topic", "begins"),
    [
        ("党费 收缴/使用", "党费_收缴_使用-"),
        ("../../etc/passwd", "etc_passwd-"),
        ("", "学习-"),
        ("...", "学习-"),
        ("CON", "CON-"),
        ("题" * 2000, "题" * 40 + "-"),
        ("a\x00b\n\u202ec", "ab_c-"),
    ],
)
def test_names_of_files_are_bounded_and_safe(
    session: StudySession, tmp_path: Path, topic: str, begins: str
) -> None:
    named = session.model_copy(update={"topic": topic, "title": ""})
    (path,) = write_handouts(named, tmp_path, ["json"])
    assert path.parent == tmp_path and path.is_file()
    assert path.name == f"{begins}学习数据.json" and len(path.name.encode()) < 255


def test_several_papers(session: StudySession, tmp_path: Path) -> None:
    papers = [session.quiz[:3], session.quiz[3:5], session.quiz[5:]]
    written = write_handouts(session, tmp_path, ["docx", "json"], papers=papers)
    labels = {one.name.split("-", 1)[1] for one in written}
    assert {f"试卷{at}.docx" for at in "ABC"} | {f"答案与解析{at}.docx" for at in "ABC"} < labels
    read = json.loads((tmp_path / file_name(session.topic, "试卷数据", "json")).read_text("utf-8"))
    assert [[item["id"] for item in one["quiz"]] for one in read["papers"]] == [
        [item.id for item in one] for one in papers
    ]


def test_progress_says_each_format(session: StudySession, tmp_path: Path) -> None:
    said: list[str] = []
    write_handouts(session, tmp_path, ["json", "html"], progress=said.append)
    assert said == ["正在生成JSON 数据（1/2）…", "正在生成手机网页（2/2）…"]


def test_a_session_with_almost_nothing(tmp_path: Path) -> None:
    bare = StudySession(topic="没有资料的题目", minutes=5, audience="", missing=("资料库里没有。",))
    written = write_handouts(bare, tmp_path, FORMATS)
    assert written and not [one for one in written if "试卷" in one.name or "题库" in one.name]


def test_hostile_words_break_no_format(hostile: StudySession, tmp_path: Path) -> None:
    written = write_handouts(hostile, tmp_path, FORMATS)
    assert all(one.parent == tmp_path and one.stat().st_size > 100 for one in written)


@pytest.mark.parametrize(
    ("articles", "shown"),
    [
        ("", ""),
        ("第一条", "第一条"),
        ("第一条、第二条", "第一条、第二条"),
        ("第一条、第二条、第三条、第五条", "第一条至第三条、第五条"),
        (
            "第九条、第十条、第十一条、第十一条之一、第十二条",
            "第九条至第十一条、第十一条之一、第十二条",
        ),
        ("前言、第三条、第二条、第一条", "前言、第三条、第二条、第一条"),
        ("第十六条（第3页）、第十七条", "第十六条（第3页）、第十七条"),
    ],
)
def test_articles_in_a_row_are_named_by_their_ends(articles: str, shown: str) -> None:
    assert "、".join(runs(articles.split("、") if articles else [])) == shown


def test_the_state_of_the_library_in_words(session: StudySession, tmp_path: Path) -> None:
    dated = session.model_copy(update={"library_state": "3@2026-11-25"})
    assert ("资料状态", "2026年11月25日的资料库（第3次更新）") in facts(dated)


def test_only_questions_of_a_session_without_any(session: StudySession, tmp_path: Path) -> None:
    bare = session.model_copy(update={"quiz": ()})
    with pytest.raises(HandoutError, match="没有试题"):
        write_handouts(bare, tmp_path, ["xlsx", "anki"])
    assert not list(tmp_path.iterdir())


def test_items_of_one_number_stand_in_one_row() -> None:
    old = ["第四条 下列原则：", "（一）甲；", "（二）乙；", "本款另有规定。"]
    new = [
        "第四条 下列各项：",
        "（一）甲甲；",
        "（一之一）新；",
        "（二）乙；",
        "本款另有规定的除外。",
    ]
    assert side_by_side(old, new) == [
        (old[0], new[0]), (old[1], new[1]), ("", new[2]), (old[2], new[3]), (old[3], new[4]),
    ]  # fmt: skip
    assert side_by_side([], new) == [("", one) for one in new]
