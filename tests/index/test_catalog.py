from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.catalog import Catalog, CollectionSummary
from index.errors import CatalogError, UnknownDocument
from index.records import PassageRecord, Place
from tests.index.conftest import make_write

TEXTS = ["机关纪委履行监督职责。", "受理检举、控告和申诉。", "本办法自发布之日起施行。"]


@pytest.fixture
def catalog(tmp_path: Path):
    opened = Catalog(f"sqlite:///{tmp_path / 'c.db'}")
    yield opened
    opened.close()


def drain(catalog: Catalog) -> dict[str, str]:
    found = catalog.pending()
    catalog.clear_pending([one.seq for one in found])
    return {one.passage_id: one.op for one in found}


def test_everything_of_a_document_comes_back(catalog):
    write = make_write(
        "办法.pdf",
        TEXTS,
        title="机关纪委工作办法",
        kind="measure",
        issued=date(2024, 5, 1),
        page_count=2,
        page_sizes=((595.0, 842.0), (842.0, 595.0)),
        warnings=("第 2 页没有文字",),
    )
    boxed = replace(
        write.passages[0], page=1, boxes=((1, 10.5, 20.0, 30.0, 40.0),), article="第1条"
    )
    write = replace(write, passages=(boxed, *write.passages[1:]))
    catalog.replace_documents([write])
    record = catalog.document("制度/办法.pdf")
    assert record is not None and record.indexed_at is not None
    assert record.indexed_at.utcoffset() is not None
    assert replace(record, indexed_at=None) == replace(
        write.record, passage_count=3, article_count=1
    )
    assert catalog.passages(record.document_id) == list(write.passages)
    assert catalog.outline(record.document_id) == list(write.outline)
    text = catalog.document_text(record.document_id)
    assert [text[p.start : p.end] for p in catalog.passages(record.document_id)] == TEXTS
    assert catalog.collections() == [CollectionSummary("制度", 1, 3)]
    assert list(catalog.all_passages("制度")) == list(write.passages)
    [place] = catalog.places.known("制度").places
    assert (place.source, place.document_id) == ("办法.pdf", record.document_id)


def test_only_what_changed_is_embedded_again(catalog):
    first = make_write("a.md", TEXTS)
    changes = catalog.replace_document(first.record, first.text, first.outline, first.passages)
    assert len(changes.added) == 3
    drain(catalog)
    second = make_write("a.md", [TEXTS[0], "受理信访举报。"])
    changes = catalog.replace_documents([second])[0]
    assert changes.added == ()
    assert changes.changed == ("制度/a.md#第2条",)
    assert changes.removed == ("制度/a.md#第3条",)
    assert drain(catalog) == {"制度/a.md#第2条": "upsert", "制度/a.md#第3条": "delete"}
    assert not catalog.replace_documents([second])[0]
    assert catalog.pending_count() == 0


def test_a_new_title_changes_what_is_embedded(catalog):
    catalog.replace_documents([make_write("a.md", TEXTS, title="试行办法")])
    drain(catalog)
    changes = catalog.replace_documents([make_write("a.md", TEXTS, title="办法")])[0]
    assert len(changes.changed) == 3


def test_a_change_of_validity_or_kind_is_no_work_for_the_stores(catalog):
    catalog.replace_documents([make_write("a.md", TEXTS)])
    drain(catalog)
    catalog.set_validity("制度/a.md", "已废止", repealed=date(2025, 1, 1))
    catalog.replace_documents([make_write("a.md", TEXTS, kind="case", validity="现行")])
    assert catalog.pending_count() == 0
    record = catalog.document("制度/a.md")
    assert record is not None and (record.validity, record.kind) == ("现行", "case")


def test_touching_a_file_is_no_work(catalog):
    catalog.replace_documents([make_write("a.md", TEXTS)])
    drain(catalog)
    before = catalog.generation
    [place] = catalog.places.known("制度").places
    catalog.places.touch([replace(place, size=9, mtime_ns=10**18)])
    [now] = catalog.places.known("制度").places
    assert (now.size, now.mtime_ns) == (9, 10**18)
    assert catalog.pending_count() == 0 and catalog.generation == before


def test_a_document_leaves_with_its_last_file(catalog):
    write = make_write("a.md", TEXTS)
    own = Place("制度", "a.md", "制度/a.md", path="/一/a.md")
    other = Place("制度", "b.md", "制度/a.md", path="/二/b.md")
    catalog.replace_documents([replace(write, places=[own, other])])
    drain(catalog)
    record = catalog.document("制度/a.md")
    assert record is not None and (record.source, record.place_count) == ("a.md", 2)
    catalog.places.mark_missing("制度", ["a.md"])
    record = catalog.document("制度/a.md")  # the other file stands for it now
    assert record is not None and (record.source, record.missing_since) == ("b.md", None)
    catalog.places.mark_missing("制度", ["b.md"])
    record = catalog.document("制度/a.md")
    assert record is not None and record.missing_since is not None
    assert record.missing_since.utcoffset() is not None
    catalog.places.remove("制度", ["a.md"])
    assert catalog.document("制度/a.md") is not None
    catalog.places.remove("制度", ["b.md"])
    assert catalog.document("制度/a.md") is None and catalog.passage_count() == 0
    assert set(drain(catalog).values()) == {"delete"}


def test_a_new_content_keeps_the_other_files(catalog):
    other = Place("制度", "b.md", "制度/a.md", path="/二/b.md")
    write = make_write("a.md", TEXTS)
    own = Place("制度", "a.md", "制度/a.md", path="/一/a.md")
    catalog.replace_documents([replace(write, places=[own, other])])
    catalog.replace_documents([make_write("a.md", ["全部改写。"])])
    assert {one.source for one in catalog.places.known("制度").places} == {"a.md", "b.md"}


def test_removing_leaves_only_the_work(catalog):
    catalog.replace_documents([make_write("a.md", TEXTS), make_write("b.md", TEXTS[:1])])
    drain(catalog)
    assert len(catalog.remove_document("制度/a.md")) == 3
    assert set(drain(catalog).values()) == {"delete"}
    assert catalog.passage_count() == 1
    assert catalog.remove_document("制度/a.md") == []
    with pytest.raises(UnknownDocument):
        catalog.document_text("制度/a.md")


def test_work_noted_while_older_work_is_done_is_not_forgotten(catalog):
    catalog.replace_documents([make_write("a.md", TEXTS)])
    taken = [one.seq for one in catalog.pending()]
    catalog.replace_documents([make_write("a.md", ["全部改写。"])])
    catalog.clear_pending(taken)
    assert {one.op for one in catalog.pending()} == {"upsert", "delete"}


def test_a_failed_write_leaves_everything_as_it_was(catalog):
    catalog.replace_documents([make_write("a.md", TEXTS)])
    drain(catalog)
    before = catalog.generation
    bad = make_write("a.md", ["新"])
    bad = replace(bad, passages=[*bad.passages, *bad.passages])  # the same id twice
    with pytest.raises(CatalogError):
        catalog.replace_documents([bad])
    assert catalog.generation == before
    assert [p.text for p in catalog.passages("制度/a.md")] == TEXTS
    assert catalog.pending_count() == 0


def test_generation_moves_with_each_write_and_is_seen_by_others(catalog, tmp_path):
    other = Catalog(f"sqlite:///{tmp_path / 'c.db'}")
    before = other.generation
    catalog.replace_documents([make_write("a.md", TEXTS)])
    assert other.generation == before + 1
    assert other.stores_generation == 0
    drain(catalog)
    assert other.stores_generation == 1
    other.close()


def test_finding_documents(catalog):
    catalog.replace_documents(
        [
            make_write("a.md", TEXTS, title="机关纪委工作办法"),
            make_write("b.md", TEXTS, title="机关纪委工作办法（试行）"),
            make_write("c.md", TEXTS, title="100%_覆盖"),
        ]
    )

    def titles(text: str) -> list[str]:
        return [one.title for one in catalog.find_documents(text)]

    assert titles("制度/b.md") == ["机关纪委工作办法（试行）"]
    assert titles("《机关纪委工作办法》") == ["机关纪委工作办法"]
    assert len(titles("纪委工作")) == 2
    assert titles("%_") == ["100%_覆盖"]
    assert titles("' OR 1=1 --") == titles("  ") == titles("《》") == []


def test_many_ids_at_once(catalog):
    catalog.replace_documents([make_write(f"{n}.md", TEXTS) for n in range(700)])
    ids = [p.passage_id for p in catalog.all_passages()]
    assert len(ids) == 2100
    found = catalog.passages_by_id([*ids, "没有"])
    assert set(found) == set(ids)
    assert all(isinstance(one, PassageRecord) for one in found.values())
    assert len(catalog.pending(limit=5000)) == 2100


def test_meta(catalog):
    assert catalog.get_meta("x") is None
    catalog.set_meta({"x": "一"})
    catalog.set_meta({"x": "二"})
    assert catalog.get_meta("x") == "二"


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "c.db").write_bytes(b"not a database " * 200)
    with pytest.raises(CatalogError, match="恢复备份"):
        Catalog(f"sqlite:///{tmp_path / 'c.db'}")


def test_a_catalog_of_a_later_version(tmp_path):
    Catalog(f"sqlite:///{tmp_path / 'c.db'}").close()
    with sqlite3.connect(tmp_path / "c.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '99'")
    with pytest.raises(CatalogError, match="99"):
        Catalog(f"sqlite:///{tmp_path / 'c.db'}")


def test_a_wrong_address():
    with pytest.raises(CatalogError, match="LUMING_DATABASE_URL"):
        Catalog("不是地址")
    with pytest.raises(CatalogError, match="驱动"):
        Catalog("nosuchdb://host/name")
