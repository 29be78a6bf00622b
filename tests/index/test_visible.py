"""A library within some collections: what is in the others does not exist, by whatever way."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import asdict, is_dataclass
from datetime import date
from typing import Any

import pytest

from index.catalog import Catalog
from index.errors import EmptyLibrary, UnknownCollection, UnknownDocument
from index.jobs import JobError
from index.library import Library
from index.reading import CatalogReading
from index.records import SearchFilter
from index.sources import SourceError
from index.visible import NothingVisible, VisibleCatalog
from tests.index.conftest import make_write

SECRET = "蓝莓计划"
HIDDEN = "监察室"
OPEN = "办公室"


@pytest.fixture
def whole(open_library: Callable[..., Library]) -> Library:
    library = open_library()
    library.write_documents(
        [
            make_write(
                "接待办法.txt",
                ["公务接待应当凭公函安排。", "接待用餐每人不超过一百元。"],
                OPEN,
                "公务接待办法（2021年）",
                effective=date(2021, 1, 1),
            ),
            make_write(
                "密.txt",
                [f"{SECRET}由监察室主任负责，以下简称{SECRET}。", "公务接待的检查每季度一次。"],
                HIDDEN,
                f"{SECRET}工作办法",
            ),
            make_write(
                "新接待.txt",
                [f"公务接待由{SECRET}组统一安排。"],
                HIDDEN,
                "公务接待办法（2025年）",
                effective=date(2025, 1, 1),
            ),
        ]
    )
    library.index_pending()
    return library


@pytest.fixture
def part(whole: Library) -> Library:
    return whole.within([OPEN])


def written(value: Any) -> str:
    """Everything that a value says."""
    if is_dataclass(value) and not isinstance(value, type):
        return repr(asdict(value))
    if isinstance(value, Iterator):
        return repr([written(one) for one in value])
    return repr(value)


HIDDEN_ID = f"{HIDDEN}/密.txt"
#: How each way of reading is asked for what is hidden. A new one must be added here.
READING: dict[str, Callable[[VisibleCatalog], Any]] = {
    "collections": lambda c: c.collections(),
    "documents": lambda c: (c.documents(), c.documents(HIDDEN), c.documents(kind="other")),
    "document": lambda c: c.document(HIDDEN_ID),
    "documents_by_id": lambda c: c.documents_by_id([HIDDEN_ID]),
    "find_documents": lambda c: [c.find_documents(t) for t in (HIDDEN_ID, SECRET, "密.txt", "办")],
    "document_text": lambda c: c.document_text(HIDDEN_ID),
    "outline": lambda c: c.outline(HIDDEN_ID),
    "facts": lambda c: c.facts(),
    "passages": lambda c: c.passages(HIDDEN_ID),
    "passages_between": lambda c: c.passages_between(HIDDEN_ID, 0, 99),
    "head_texts": lambda c: c.head_texts("以下简称", 9),
    "passages_by_id": lambda c: c.passages_by_id([f"{HIDDEN_ID}#第1条"]),
    "passages_with_documents": lambda c: c.passages_with_documents([f"{HIDDEN_ID}#第1条"]),
    "all_passages": lambda c: (list(c.all_passages()), list(c.all_passages(HIDDEN))),
    "passage_count": lambda c: c.passage_count(),
}


def test_every_way_of_reading_is_tried() -> None:
    methods = {n for n, _ in inspect.getmembers(CatalogReading, inspect.isfunction) if n[0] != "_"}
    assert methods == set(READING)


@pytest.mark.parametrize("name", sorted(READING))
def test_reading_the_catalog_shows_nothing_hidden(part: Library, whole: Library, name: str) -> None:
    ask = READING[name]
    try:
        found = ask(part.catalog)  # type: ignore[arg-type]
    except UnknownDocument:
        found = None
    assert SECRET not in written(found) and HIDDEN not in written(found)
    there = written(ask(whole.catalog))  # type: ignore[arg-type]
    assert there != written(found)


def test_what_a_visible_catalog_was_not_given_it_cannot_do(part: Library) -> None:
    given = {
        *READING,
        *(
            "jobs",
            "sources",
            "places",
            "sketches",
            "generation",
            "stores_generation",
            "get_meta",
            "close",
        ),
    }
    names = {name for name in dir(Catalog) if not name.startswith("_")}
    for name in names - given:
        assert not hasattr(part.catalog, name), name
    with pytest.raises(PermissionError):
        part.write_documents([make_write("a.txt", ["一"], OPEN)])
    with pytest.raises(PermissionError):
        part.remove_documents([f"{OPEN}/接待办法.txt"])


def test_search_finds_nothing_hidden(part: Library, whole: Library) -> None:
    every = SearchFilter(exclude_validity=())
    for query in (
        SECRET,
        f"《{SECRET}工作办法》第一条",
        "公务接待",
        f"{HIDDEN}主任",
        "接待办法2025年",
    ):
        result = part.find(query, 20, every)
        assert {hit.document.collection for hit in result.hits} <= {OPEN}
        assert SECRET not in " ".join(result.notes).replace(f"《{SECRET}工作办法》", "")  # as typed
        stages = part.stages(query, 20, every)
        assert all(one.startswith(OPEN) for ids in stages.values() for one in ids)
        resolution = part.resolve_address(query, every)
        assert resolution is None or not resolution.passages or query.startswith("接待")
    assert {hit.document.collection for hit in whole.find("公务接待", 20).hits} == {HIDDEN, OPEN}


def test_hidden_collections_have_no_name_and_no_numbers(part: Library) -> None:
    with pytest.raises(UnknownCollection) as error:
        part.search("接待", flt=SearchFilter(collections=(HIDDEN,)))
    assert OPEN in str(error.value) and str(error.value).count(HIDDEN) == 1  # as it was typed
    counts, total = part.document_frequency(["蓝莓", "公务", "计划"])
    assert total == 2 and counts["公务"] == 2 and not counts["蓝莓"] and not counts["计划"]
    assert [one.name for one in part.catalog.collections()] == [OPEN]


def test_versions_are_of_the_visible_part(part: Library, whole: Library) -> None:
    assert len(whole.versions.chains) == 3
    assert [one.versions[0].collection for one in part.versions.chains] == [OPEN]
    assert set(part.documents()[1]) == {f"{OPEN}/接待办法.txt"}


def test_jobs_and_folders_of_others_do_not_exist(part: Library, whole: Library) -> None:
    secret = whole.catalog.jobs.add("ingest", HIDDEN, {"paths": [SECRET]})
    mine = whole.catalog.jobs.add("ingest", OPEN, {})
    whole.catalog.sources.add("/data/secret", HIDDEN)
    jobs = part.catalog.jobs
    assert [one.job_id for one in jobs.recent()] == [mine.job_id]
    assert [one.job_id for one in jobs.live()] == [mine.job_id]
    for ask in (jobs.get, jobs.files, jobs.cancel):
        with pytest.raises(JobError):
            ask(secret.job_id)
    assert part.catalog.sources.all() == []
    with pytest.raises(SourceError):
        part.catalog.sources.find("/data/secret")
    assert jobs.cancel(mine.job_id).cancel


def test_who_may_see_nothing_is_told_to_ask(whole: Library) -> None:
    nothing = whole.within(["没有的文库"])
    with pytest.raises(NothingVisible, match="请联系管理员开通"):
        nothing.search("公务接待")
    assert issubclass(NothingVisible, EmptyLibrary)


def test_a_view_follows_the_library(part: Library, whole: Library) -> None:
    assert len(part.search("公务接待凭公函", 20)) == 2
    whole.write_documents([make_write("新.txt", ["公函应当写明公务接待的人数。"], OPEN)])
    whole.index_pending()
    assert len(part.search("公务接待凭公函", 20)) == 3


def test_a_part_of_a_part_is_no_more_than_either(part: Library) -> None:
    assert part.within([HIDDEN, OPEN]).visible == (OPEN,)
    assert part.within([HIDDEN]).visible == ()
