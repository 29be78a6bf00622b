"""Copies and near copies: grouped, with how alike they are."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from index.duplicates import copies, near_copies
from index.library import Library
from index.sketches import BINS, jaccard, shingles, sketch
from tests.index.conftest import make_write

_WORDS = [chr(0x4E00 + n * 37 % 20000) for n in range(3000)]


def prose(seed: int, length: int = 1500) -> str:
    chosen = random.Random(seed)
    return "".join(chosen.choice(_WORDS) for _ in range(length))


def edited(text: str, every: int) -> str:
    return "".join("改" if place % every == every - 1 else char for place, char in enumerate(text))


def test_near_texts_are_grouped_and_others_not(library: Library) -> None:
    library.write_documents(
        [
            make_write("原稿.txt", [prose(1)], title="通知"),
            make_write("改一.txt", [edited(prose(1), 400)], title="通知（改）"),
            make_write("他处.txt", [prose(1)], title="通知", collection="他处"),
            make_write("另一.txt", [prose(2)], title="别的"),
            make_write("半新.txt", [prose(1)[:700] + prose(3)[:800]], title="一半"),
            make_write("短.txt", ["封面"], title="封面"),
            make_write("也短.txt", ["封面"], title="封面二"),
        ]
    )
    [group] = near_copies(library)
    assert {one.source for one in group.documents} == {"原稿.txt", "改一.txt", "他处.txt"}
    assert group.similarity[0] == 1.0 and all(0.8 <= one <= 1 for one in group.similarity)
    assert [len(one.documents) for one in near_copies(library, "制度")] == [2]


def test_versions_of_a_regulation_are_said_to_be_such(library: Library) -> None:
    library.write_documents(
        [
            make_write("旧.txt", [prose(1)], title="办法（试行）", family="办法"),
            make_write("新.txt", [edited(prose(1), 500)], title="办法", family="办法"),
        ]
    )
    [group] = near_copies(library)
    assert group.one_family


def test_a_document_that_changed_is_compared_anew(library: Library) -> None:
    library.write_documents(
        [
            make_write("甲.txt", [prose(1)], content_hash="1"),
            make_write("乙.txt", [prose(2)], content_hash="2"),
        ]
    )
    assert near_copies(library) == []
    library.write_documents([make_write("乙.txt", [prose(1)], content_hash="3")])
    assert len(near_copies(library)) == 1
    assert len(library.catalog.sketches.current()) == 2


def test_several_places_are_listed(library: Library) -> None:
    from dataclasses import replace

    from index.records import Place

    write = make_write("甲.txt", ["一段话。"])
    places = [Place("制度", name, "制度/甲.txt", path=f"/{name}") for name in ("甲.txt", "乙.txt")]
    library.write_documents([replace(write, places=places), make_write("丙.txt", ["又一段。"])])
    [found] = copies(library)
    assert [one.source for one in found.places] == ["甲.txt", "乙.txt"]


def test_the_estimate_is_near_the_similarity() -> None:
    errors = []
    for seed in range(20):
        text = prose(seed, 3000)
        other = edited(text, 25 + seed * 10)
        real = jaccard(shingles(text), shingles(other))
        told = float((sketch(text) == sketch(other)).mean())
        errors.append(abs(real - told))
    assert sum(errors) / len(errors) < 0.05 and max(errors) < 0.2


@given(st.text(max_size=400))
def test_any_text_has_a_sketch_or_is_too_short(text: str) -> None:
    found = sketch(text)
    assert len(found) in (0, BINS)
    spaced = sketch("，".join(text))  # blanks and punctuation do not count
    assert len(spaced) == len(found) and (spaced == found).all()
