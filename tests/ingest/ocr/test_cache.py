"""The cache of recognised pages: it saves work, and can do no harm."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from ingest.ocr.base import TextLine
from ingest.ocr.cache import PageCache
from ingest.ocr.picture import PictureText


def some(text: str) -> PictureText:
    corners = ((1.0, 2.0), (90.0, 2.5), (90.0, 20.0), (1.0, 19.5))
    places = tuple((place + 0.5) / len(text) for place in range(len(text)))
    return PictureText((TextLine(text, corners, places, 0.9875),), 3)


def test_what_was_put_comes_back_in_another_process_run(tmp_path: Path) -> None:
    first = PageCache(tmp_path / "cache.db")
    first.put("a", some("第一条 目的"))
    first.close()
    second = PageCache(tmp_path / "cache.db")
    got = second.get("a")
    assert got is not None and got.turn == 3
    assert got.lines[0].text == "第一条 目的" and got.lines[0].confidence == 0.9875
    assert got.lines[0].places == pytest.approx(some("第一条 目的").lines[0].places, abs=1e-4)
    assert second.get("b") is None


def test_its_size_is_bounded_and_the_newest_stay(tmp_path: Path) -> None:
    cache = PageCache(tmp_path / "cache.db", max_bytes=3_000)
    for number in range(200):
        cache.put(str(number), some("".join(chr(0x4E00 + number * 40 + i) for i in range(30))))
    kept = [number for number in range(200) if cache.get(str(number)) is not None]
    cache.close()
    assert 199 in kept and 0 not in kept
    assert (tmp_path / "cache.db").stat().st_size < 64 * 1024


@pytest.mark.parametrize("damage", ["no database", "cut short", "a folder", "other rows"])
def test_a_damaged_file_costs_time_only(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "cache.db"
    cache = PageCache(path)
    cache.put("a", some("第一条"))
    cache.close()
    if damage == "no database":
        path.write_bytes(b"x" * 5_000)
    elif damage == "cut short":
        path.write_bytes(path.read_bytes()[:700])
    elif damage == "a folder":
        path.unlink()
        path.mkdir()
    else:
        with sqlite3.connect(path) as database:
            database.execute("UPDATE pages SET lines = x'00'")
        database.close()
    cache = PageCache(path)
    assert cache.get("a") is None
    cache.put("a", some("第二条"))
    got = cache.get("a")
    cache.close()
    assert (got is None) == (damage == "a folder")
