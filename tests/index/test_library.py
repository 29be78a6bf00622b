"""The library as its users notice it: what is found, what is left out, what is never lost."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.errors import EncoderMismatch, LibraryBusy, LibraryError, UnknownCollection
from index.library import Library
from index.records import SearchFilter
from index.retriever import HybridRetriever
from index.settings import Settings
from tests.index.conftest import HashingEncoder, make_write

ROOT = Path(__file__).parents[2]
LEAVE = ["职工年休假应当提前十日申请。", "事假每年累计不超过五日。"]
TRAVEL = ["差旅住宿费每日不超过三百元。", "因公出差应当事先审批。"]


def put(library: Library, *writes) -> None:
    library.write_documents(writes)
    library.index_pending()


def titles(library: Library, query: str, flt: SearchFilter | None = None) -> list[str]:
    return [hit.document.title for hit in library.search(query, 10, flt)]


def test_what_was_put_in_is_found_first(library: Library) -> None:
    put(library, make_write("请假.txt", LEAVE), make_write("差旅.txt", TRAVEL))
    hit = library.search("住宿费一天多少钱", 3)[0]
    assert hit.passage.text == TRAVEL[0]
    text = library.catalog.document_text(hit.document.document_id)
    assert text[hit.passage.start : hit.passage.end] == hit.passage.text


def test_filters_hold_in_both_searches(library: Library) -> None:
    put(
        library,
        make_write("旧.txt", LEAVE, title="旧规定", validity="已废止"),
        make_write("新.txt", LEAVE, title="新规定", kind="measure"),
        make_write("他.txt", LEAVE, collection="他处", title="他处规定"),
    )
    assert set(titles(library, "年休假")) == {"新规定", "他处规定"}
    everything = SearchFilter(exclude_validity=())
    assert set(titles(library, "年休假", everything)) == {"旧规定", "新规定", "他处规定"}
    assert set(titles(library, "年休假", SearchFilter(collections=("他处",)))) == {"他处规定"}
    assert set(titles(library, "年休假", SearchFilter(kinds=("measure",)))) == {"新规定"}
    with pytest.raises(UnknownCollection, match="没有的库"):
        library.search("年休假", 1, SearchFilter(collections=("没有的库",)))


def test_a_rule_repealed_a_moment_ago_is_no_longer_served(library: Library) -> None:
    put(library, make_write("请假.txt", LEAVE))
    [document] = library.catalog.documents()
    library.catalog.set_validity(document.document_id, "已废止")  # the stores don't know yet
    assert titles(library, "年休假") == []


def test_removed_documents_are_gone(library: Library) -> None:
    put(library, make_write("请假.txt", LEAVE), make_write("差旅.txt", TRAVEL))
    library.remove_documents(["制度/请假.txt"])
    assert set(titles(library, "年休假")) <= {"差旅.txt"}


def test_stores_that_were_deleted_are_made_again(
    library: Library, settings: Settings, open_library: Callable[..., Library]
) -> None:
    put(library, make_write("请假.txt", LEAVE))
    library.close()
    shutil.rmtree(settings.vectors_dir)
    shutil.rmtree(settings.lexical_dir)
    again = open_library()
    again.rebuild()
    assert again.search("年休假", 1)[0].passage.text == LEAVE[0]


def test_another_encoder_is_noticed_and_never_mixed(
    library: Library, open_library: Callable[..., Library]
) -> None:
    put(library, make_write("请假.txt", LEAVE))
    library.close()
    other = open_library(HashingEncoder("another"))
    with pytest.raises(EncoderMismatch, match="reembed"):
        other.search("年休假")
    assert "的另一个版本生成" in str(EncoderMismatch("同名", "同名"))
    other.write_documents([make_write("差旅.txt", TRAVEL)])
    with pytest.raises(EncoderMismatch):
        other.index_pending()
    other.reembed()
    assert other.search("住宿费", 1)[0].passage.text == TRAVEL[0]
    assert other.search("年休假", 1)[0].passage.text == LEAVE[0]


def test_one_writer_at_a_time(library: Library, open_library: Callable[..., Library]) -> None:
    other = open_library()
    with library.writing(), pytest.raises(LibraryBusy):
        other.write_documents([make_write("差旅.txt", TRAVEL)])
    other.write_documents([make_write("差旅.txt", TRAVEL)])


@pytest.mark.parametrize(
    "query",
    [
        "",
        "  ",
        "AND OR NOT )(",
        '"未闭合',
        "title:x^9 ~2",
        "*",
        "\x00\x1b[31m",
        "🙂",
        "\ud800",
        "假" * 20_000,
    ],
)
def test_hostile_queries_are_answered_or_refused_in_words(library: Library, query: str) -> None:
    put(library, make_write("请假.txt", LEAVE))
    try:
        hits = library.search(query, 5)
    except LibraryError as error:
        assert str(error)
    else:
        assert len(hits) <= 5


@hypothesis_settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(query=st.text(max_size=60))
def test_any_query_gives_a_list(library: Library, query: str) -> None:
    if not library.catalog.collections():
        put(library, make_write("请假.txt", LEAVE))
    assert isinstance(library.search(query, 3), list)


def test_it_is_a_llamaindex_retriever(library: Library) -> None:
    put(library, make_write("请假.txt", LEAVE))
    found = HybridRetriever(library, 1).retrieve("年休假提前几天申请")
    assert found[0].node.node_id == "制度/请假.txt#第1条"
    assert found[0].node.metadata["title"] == "请假.txt"
    assert found[0].get_content() == LEAVE[0]


_CHILD = f"""
import os, sys
from index.library import Library
from index.settings import Settings
from tests.index.conftest import HashingEncoder, make_write
library = Library(Settings(home=sys.argv[1]), encoder=HashingEncoder())
library.write_documents([make_write("差旅.txt", {TRAVEL!r})])
if sys.argv[2] == "die":
    os._exit(9)
library.index_pending()
library.close()
"""


def child(settings: Settings, how: str) -> int:
    """A process of its own that writes a document and dies, or finishes."""
    return subprocess.run(
        [sys.executable, "-c", _CHILD, str(settings.home), how], cwd=ROOT, check=False, timeout=120
    ).returncode


def test_a_process_killed_before_the_stores_loses_nothing(
    library: Library, settings: Settings, open_library: Callable[..., Library]
) -> None:
    put(library, make_write("请假.txt", LEAVE))
    library.close()
    assert child(settings, "die") == 9
    again = open_library()
    assert again.catalog.pending_count() == 2
    assert again.index_pending().encoded == 2
    assert again.index_pending().encoded == 0
    hits = again.search("住宿费每日不超过三百元", 10)
    assert [hit.passage.text for hit in hits].count(TRAVEL[0]) == 1


def test_an_open_library_sees_what_another_process_wrote(
    library: Library, settings: Settings
) -> None:
    put(library, make_write("请假.txt", LEAVE))
    assert titles(library, "年休假")  # the stores are open now
    assert child(settings, "finish") == 0
    hit = library.search("住宿费一天多少钱", 1)[0]
    assert hit.passage.text == TRAVEL[0]
    assert hit.dense_rank is not None and hit.lexical_rank is not None
