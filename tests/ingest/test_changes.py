"""What a second run does: in proportion to what changed, and nothing is ever lost."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.places import KnownFiles
from ingest import scan as scanning
from ingest.metadata import METADATA_VERSION
from ingest.planner import Planner
from ingest.scan import Folder, gone_for_sure, scan
from tests.ingest.conftest import COLLECTION, LEAVE, TRAVEL, Office, outcome, reason, rules


def test_renamed_and_moved_files_keep_their_passages(office: Office) -> None:
    office.write("请假.txt", LEAVE)
    office.write("差旅.txt", TRAVEL)
    office.ingest()
    before = office.ids()
    (office.files / "人事").mkdir()
    (office.files / "请假.txt").rename(office.files / "人事" / "请假办法.txt")
    report = office.ingest()
    assert outcome(report) == {"人事/请假办法.txt": "unchanged", "差旅.txt": "unchanged"}
    assert "请假.txt" in reason(report, "人事/请假办法.txt")
    assert (report.passages, report.copied, report.missing) == (0, 0, [])
    assert office.ids() == before
    assert office.sources() == {"人事/请假办法.txt", "差旅.txt"}
    record = office.library.catalog.document(before["职工请假办法"])
    assert record is not None and Path(record.source_path).is_file()
    assert "提前十日" in office.found("年休假提前几天申请")


def test_a_file_put_where_a_moved_one_was_is_another_document(office: Office) -> None:
    office.write("办法.txt", LEAVE)
    office.ingest()
    (office.files / "办法.txt").rename(office.files / "旧办法.txt")
    office.write("办法.txt", TRAVEL)
    report = office.ingest()
    assert len(office.ids()) == 2 and office.sources() == {"办法.txt", "旧办法.txt"}
    records = {one.title: one.source for one in office.library.catalog.documents()}
    assert records == {"职工请假办法": "旧办法.txt", "差旅费管理办法": "办法.txt"}
    assert report.failed == 0 and report.missing == []


def test_two_files_that_exchange_their_names(office: Office) -> None:
    office.write("甲.txt", LEAVE)
    office.write("乙.txt", TRAVEL)
    office.ingest()
    before = office.ids()
    (office.files / "甲.txt").rename(office.files / "丙.tmp")
    (office.files / "乙.txt").rename(office.files / "甲.txt")
    (office.files / "丙.tmp").rename(office.files / "乙.txt")
    report = office.ingest()
    assert office.ids() == before and report.passages == 0
    records = {one.title: one.source for one in office.library.catalog.documents()}
    assert records == {"职工请假办法": "乙.txt", "差旅费管理办法": "甲.txt"}


def test_a_title_that_came_from_the_file_name_follows_it(office: Office) -> None:
    office.write("新建文档.txt", "值班电话由办公室登记，节日期间每天两人。\n")
    office.ingest()
    if "新建文档" not in office.ids():
        pytest.skip("标题取自正文")
    (office.files / "新建文档.txt").rename(office.files / "值班安排.txt")
    office.ingest()
    assert set(office.ids()) == {"值班安排"}


def test_an_edit_embeds_only_the_words_that_changed(office: Office) -> None:
    office.write("请假.txt", LEAVE)
    office.ingest()
    inserted = rules(
        "职工请假办法",
        "职工年休假应当提前十日申请。",
        "病假应当提交医院证明。",
        "事假每年累计不超过五日。",
        "本办法由人事处负责解释。",
    )
    office.write("请假.txt", inserted)
    report = office.ingest()
    assert outcome(report) == {"请假.txt": "updated"}
    # The article that was put in, and those after it, whose words hold their new number.
    assert report.passages <= 3
    assert "医院证明" in office.found("病假要交什么证明")


def test_words_that_the_store_has_are_copied_not_encoded(office: Office) -> None:
    office.write("请假.txt", LEAVE)
    first = office.ingest()
    office.write("又一份.txt", LEAVE + "\n附：表格另发。\n")
    second = office.ingest()
    assert first.passages == 3
    assert (second.passages, second.copied) == (1, 2)  # the last article has the new line
    vectors = office.library.vectors
    ids = [one.passage_id for one in office.library.catalog.all_passages()]
    found = vectors.vectors_of(COLLECTION, ids)
    assert set(found) == set(ids)
    texts = {one.passage_id: one.text for one in office.library.catalog.all_passages()}
    encoded = office.library.encoder
    records = {one.document_id: one for one in office.library.catalog.documents()}
    for passage in office.library.catalog.all_passages():
        title = records[passage.document_id].title
        [expected] = encoded.encode_passages([passage.embedding_text(title)])
        assert abs(found[passage.passage_id] - expected).max() < 1e-5, texts[passage.passage_id]


def test_a_collection_of_its_own_copies_too(office: Office) -> None:
    from ingest.pipeline import ingest_paths

    office.write("请假.txt", LEAVE)
    office.ingest()
    other = ingest_paths(office.library, [office.files], "另一个库")
    assert (other.count("added"), other.passages, other.copied) == (1, 0, 3)
    assert len(office.library.search("年休假提前几天申请", 5)) >= 1


def test_the_same_bytes_in_three_folders_are_one_document(office: Office) -> None:
    for folder in ("一处", "二处", "三处"):
        office.write(f"{folder}/请假.txt", LEAVE)
    report = office.ingest()
    assert report.count("added") == 3 and report.passages == 3
    [record] = office.library.catalog.documents()
    assert record.place_count == 3
    places = office.library.catalog.places.of_documents([record.document_id])[record.document_id]
    assert {one.source for one in places} == {"一处/请假.txt", "二处/请假.txt", "三处/请假.txt"}
    hits = office.library.search("年休假提前几天申请", 10)
    assert len({one.passage.passage_id for one in hits}) == len(hits) == 3
    assert outcome(office.ingest()) == dict.fromkeys(outcome(report), "unchanged")


def test_one_of_several_places_is_edited_removed_and_comes_back(office: Office) -> None:
    for folder in ("一处", "二处"):
        office.write(f"{folder}/请假.txt", LEAVE)
    office.ingest()
    [shared] = office.library.catalog.documents()
    edited = office.write(f"{shared.source}", LEAVE.replace("五日", "三日"))
    report = office.ingest()
    assert report.count("updated") == 1
    records = office.library.catalog.documents()
    assert len(records) == 2 and all(one.place_count == 1 for one in records)
    assert "三日" in office.found("事假每年累计不超过几日")
    edited.write_text(LEAVE, encoding="utf-8")  # as it was: they are one again
    office.ingest()
    [again] = office.library.catalog.documents()
    assert again.place_count == 2 and office.library.catalog.passage_count() == 3
    (office.files / again.source).unlink()
    office.ingest()
    [left] = office.library.catalog.documents()
    assert left.missing_since is None and left.place_count == 2
    assert (office.files / left.source).exists()


def test_an_identity_survives_editing_of_all_places(office: Office) -> None:
    for folder in ("一处", "二处"):
        office.write(f"{folder}/请假.txt", LEAVE)
    office.ingest()
    before = office.ids()
    for folder in ("一处", "二处"):
        office.write(f"{folder}/请假.txt", LEAVE.replace("五日", "三日"))
    office.ingest()
    assert office.ids() == before
    [record] = office.library.catalog.documents()
    assert record.place_count == 2


def test_a_file_that_is_gone_is_marked_and_still_answers(office: Office) -> None:
    office.write("请假.txt", LEAVE)
    office.write("差旅.txt", TRAVEL)
    office.ingest()
    (office.files / "请假.txt").unlink()
    report = office.ingest()
    assert report.missing == ["请假.txt"] and report.count("removed") == 0
    assert any("已缺失" in one and "--prune" in one for one in report.notices)
    assert office.missing() == {"请假.txt"}
    hit = office.library.search("年休假提前几天申请", 1)[0]
    assert "提前十日" in hit.passage.text and hit.document.missing_since is not None
    office.write("请假.txt", LEAVE)
    back = office.ingest()
    assert outcome(back)["请假.txt"] == "unchanged" and office.missing() == set()
    assert back.passages == 0


def test_with_prune_it_leaves(office: Office) -> None:
    office.write("请假.txt", LEAVE)
    office.write("差旅.txt", TRAVEL)
    office.ingest()
    (office.files / "请假.txt").unlink()
    office.ingest()
    report = office.ingest(prune=True)
    assert outcome(report) == {"差旅.txt": "unchanged", "请假.txt": "removed"}
    assert office.sources() == {"差旅.txt"}
    assert office.library.search("年休假提前几天申请", 1)[0].document.title == "差旅费管理办法"
    assert office.library.vectors.count() == office.library.lexical.count() == 3


def test_the_last_file_of_a_folder_may_go(office: Office) -> None:
    office.write("请假.txt", LEAVE)
    office.ingest()
    (office.files / "请假.txt").unlink()
    assert office.ingest().missing == ["请假.txt"]


def test_a_single_file_says_nothing_of_the_others(office: Office) -> None:
    office.write("请假.txt", LEAVE)
    kept = office.write("人事/差旅.txt", TRAVEL)
    office.ingest()
    (office.files / "请假.txt").unlink()
    report = office.ingest(kept)
    assert outcome(report) == {"人事/差旅.txt": "unchanged"}  # by the name it had
    assert report.missing == [] and office.missing() == set()


def test_a_root_that_is_away_or_unreadable_marks_nothing(office: Office) -> None:
    office.write("请假.txt", LEAVE)
    office.ingest()
    away = office.files.with_name("拔掉了")
    office.files.rename(away)
    report = office.ingest(prune=True)
    assert report.failed == 1 and office.missing() == set() and len(office.ids()) == 1
    away.rename(office.files)
    assert outcome(office.ingest()) == {"请假.txt": "unchanged"}


@contextmanager
def _without_rights() -> Iterator[None]:
    """Root reads everything, so it becomes somebody else for a moment."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_whose_permission_is_taken_away_marks_nothing(office: Office) -> None:
    """In the middle: when the folder was listed it could be read, when its files are looked for
    it can't."""
    office.write("内部/请假.txt", LEAVE)
    office.write("差旅.txt", TRAVEL)
    office.ingest()
    for folder in (office.files, *office.files.parents[:3]):
        folder.chmod(0o755)
    (office.files / "差旅.txt").unlink()
    before = scan(Folder(office.files))
    (office.files / "内部").chmod(0)
    try:
        with _without_rights():
            now = scan(Folder(office.files))
            gone, unsure = gone_for_sure(_known(office).places, [now])
            midway, _ = gone_for_sure(_known(office).places, [before])
    finally:
        (office.files / "内部").chmod(0o755)
    assert any("权限" in getattr(one, "reason", "") for one in now.found)
    assert {one.source for one in gone} == {one.source for one in midway} == {"差旅.txt"}
    assert {one.source for one in unsure} == {"内部/请假.txt"}


def _known(office: Office) -> KnownFiles:
    return office.library.catalog.places.known(COLLECTION)


def test_an_empty_mount_point_is_not_a_folder_that_was_emptied(office: Office) -> None:
    """The disk of the folder that is left is not the one that the files were on."""
    office.write("请假.txt", LEAVE)
    office.ingest()
    places = [vars(one) | {"device": one.device + 1} for one in _known(office).places]
    (office.files / "请假.txt").unlink()
    from index.records import Place

    gone, unsure = gone_for_sure([Place(**one) for one in places], [scan(Folder(office.files))])
    assert gone == [] and len(unsure) == 1


def test_a_share_that_goes_away_in_the_middle(office: Office) -> None:
    """What was listed can't be read, what was not there any more is not taken for removed."""
    office.write("请假.txt", LEAVE)
    office.write("差旅.txt", TRAVEL)
    office.ingest()
    (office.files / "差旅.txt").unlink()
    before = scan(Folder(office.files))
    shutil.move(office.files, office.files.with_name("卸载"))
    office.files.mkdir()  # the mount point is left
    gone, unsure = gone_for_sure(_known(office).places, [before])
    assert gone == [] and {one.source for one in unsure} == {"请假.txt", "差旅.txt"}


def test_files_that_vanish_after_they_were_listed_fail_and_stay(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The share goes away between the listing and the reading, in one run."""
    office.write("请假.txt", LEAVE)
    office.write("差旅.txt", TRAVEL)
    office.ingest()
    office.write("请假.txt", LEAVE.replace("五日", "三日"))
    (office.files / "差旅.txt").unlink()
    listing = scanning.discover

    def then_away(*arguments: object) -> object:
        yield from listing(*arguments)  # type: ignore[arg-type]
        shutil.move(office.files, office.files.with_name("卸载"))

    monkeypatch.setattr(scanning, "discover", then_away)
    report = office.ingest(prune=True)
    assert outcome(report) == {"请假.txt": "failed"}
    assert "保留" in reason(report, "请假.txt")
    assert any("共享" in one for one in report.notices)
    assert office.missing() == set() and len(office.ids()) == 2
    assert "五日" in office.found("事假每年累计不超过几日")


def test_a_change_within_the_same_moment_and_size_is_noticed(office: Office) -> None:
    path = office.write("请假.txt", LEAVE, age=0)
    office.ingest()
    status = path.stat()
    path.write_text(LEAVE.replace("五日", "三日"), encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert outcome(office.ingest()) == {"请假.txt": "updated"}
    assert "三日" in office.found("事假每年累计不超过几日")


@pytest.mark.parametrize("when", [0, 2_000_000_000, 4_102_444_800])
def test_clocks_that_jump(office: Office, when: int) -> None:
    """Times of 1970 and of the future: files are taken in, changes seen, the rest left alone."""
    path = office.write("请假.txt", LEAVE)
    os.utime(path, (when, when))
    office.ingest()
    assert outcome(office.ingest()) == {"请假.txt": "unchanged"}
    path.write_text(LEAVE.replace("五日", "三日"), encoding="utf-8")
    os.utime(path, (when - 1000 if when else 5, when - 1000 if when else 5))
    assert outcome(office.ingest()) == {"请假.txt": "updated"}


def test_what_was_only_touched_is_not_read_again(office: Office) -> None:
    path = office.write("请假.txt", LEAVE)
    office.ingest()
    generation = office.library.catalog.generation
    os.utime(path, (time.time() - 5, time.time() - 5))
    assert outcome(office.ingest()) == {"请假.txt": "unchanged"}
    assert office.library.catalog.generation == generation  # no search has to look again


def test_a_manifest_that_changed_makes_its_file_new(office: Office) -> None:
    office.write("请假.txt", LEAVE)
    office.ingest()
    office.write("manifest.toml", '[[document]]\npath = "请假.txt"\nvalidity = "已废止"\n')
    report = office.ingest()
    assert (report.count("updated"), report.passages) == (1, 0)
    [record] = office.library.catalog.documents()
    assert record.validity == "已废止"
    again = office.ingest(office.files / "请假.txt")  # by itself: the manifest still holds
    assert outcome(again) == {"请假.txt": "unchanged"}


def test_two_files_of_one_name_in_one_run_both_go_in(office: Office, tmp_path: Path) -> None:
    office.write("办法.txt", LEAVE)
    other = tmp_path / "另一处"
    other.mkdir()
    (other / "办法.txt").write_text(TRAVEL, encoding="utf-8")
    report = office.ingest(office.files, other)
    assert outcome(report) == {"办法.txt": "added", "另一处/办法.txt": "added"}
    assert len(office.ids()) == 2
    assert set(outcome(office.ingest(office.files, other)).values()) == {"unchanged"}


def test_two_files_of_one_family_and_date(office: Office) -> None:
    text = "值班办法\n（2024年5月1日印发）\n第一条 值班人员{}。\n第二条 自印发之日起施行。\n"
    office.write("值班办法.txt", text.format("应当坚守岗位"))
    office.write("值班办法（印发稿）.txt", text.format("不得擅离职守"))
    report = office.ingest()
    assert report.count("added") == 2 and len(office.library.catalog.documents()) == 2
    assert office.library.search("值班人员", 5)
    assert set(outcome(office.ingest()).values()) == {"unchanged"}


def test_names_of_255_bytes(office: Office) -> None:
    name = "长" * 83 + "ab.txt"  # 255 bytes in UTF-8
    assert len(name.encode()) == 255
    office.write(name, LEAVE)
    assert outcome(office.ingest()) == {name: "added"}
    renamed = "短.txt"
    (office.files / name).rename(office.files / renamed)
    assert outcome(office.ingest()) == {renamed: "unchanged"}


def test_a_folder_of_a_hundred_thousand_entries(tmp_path: Path) -> None:
    many = tmp_path / "很多"
    many.mkdir()
    for number in range(100_000):
        os.close(os.open(many / f"{number:06d}.txt", os.O_CREAT))
    made = scan(Folder(many))
    assert [one.source for one in made.found] == [f"{number:06d}.txt" for number in range(100_000)]
    known = KnownFiles((), {}, {})
    planner = Planner(
        COLLECTION, known, max_bytes=1000, metadata_version=METADATA_VERSION, program=""
    )
    plan = planner.plan([made])
    assert len(plan.steps) == 100_000 and plan.steps[-1].name == "099999.txt"
