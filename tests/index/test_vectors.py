"""Vectors of one folder, read while another process writes them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.errors import StoreDamaged
from index.vectors import VectorStore

_WRITER = """
import sys
from pathlib import Path
import numpy as np
from index.vectors import VectorStore
store = VectorStore(Path(sys.argv[1]), lambda: "f")
for line in sys.stdin:
    collection, first, last = line.split()
    numbers = range(int(first), int(last))
    vectors = np.eye(64, dtype=np.float32)[list(numbers)]
    facts = [{"document_id": "甲", "text": str(n)} for n in numbers]
    store.upsert(collection, [f"{n:02d}" for n in numbers], vectors, facts)
    print("written", flush=True)
"""


class Writer:
    """Another process with its own client of the folder."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def write(self, collection: str, first: int, last: int) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{collection} {first} {last}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "written\n"

    def end(self) -> None:
        self._process.communicate()


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    made = Writer(tmp_path / "vectors")
    yield made
    made.end()


def test_a_collection_that_another_process_fills_can_be_searched(
    writer: Writer, tmp_path: Path
) -> None:
    writer.write("old", 0, 3)
    store = VectorStore(tmp_path / "vectors", lambda: "f")
    question = np.eye(64, dtype=np.float32)[5]
    assert store.count("old") == 3 and store.nearest("new", question, 3) == []
    writer.write("new", 4, 4)  # made, and still empty
    assert store.nearest("new", question, 3) == []
    writer.write("new", 4, 8)
    assert store.nearest("new", question, 1)[0][0] == "05"
    assert store.nearest("old", np.eye(64, dtype=np.float32)[1], 1)[0][0] == "01"
    store.close()


def test_vectors_that_another_process_adds_can_be_had(writer: Writer, tmp_path: Path) -> None:
    writer.write("rules", 0, 4)
    store = VectorStore(tmp_path / "vectors", lambda: "f")
    ids, vectors = store.vectors_of_documents("rules", ["甲"])
    assert ids == ["00", "01", "02", "03"] and len(vectors) == 4
    writer.write("rules", 4, 9)
    assert len(store.vectors_of_documents("rules", ["甲"])[0]) == 9
    writer.write("rules", 9, 12)
    assert list(store.vectors_of("rules", ["01", "11"])) == ["01", "11"]
    store.close()


def test_damage_is_still_told(writer: Writer, tmp_path: Path) -> None:
    writer.write("rules", 0, 4)
    writer.end()
    (tmp_path / "vectors" / "chroma.sqlite3").write_bytes(b"no database" * 100)
    store = VectorStore(tmp_path / "vectors", lambda: "f")
    with pytest.raises(StoreDamaged, match="luming rebuild"):
        store.nearest("rules", np.eye(64, dtype=np.float32)[2], 1)
    store.close()
