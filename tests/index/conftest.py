"""A library of a few documents, with a real encoder, or a quick one where meaning is no matter."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.changes import DocumentWrite
from index.library import Library
from index.records import DocumentRecord, PassageRecord, SectionRecord
from index.settings import Settings


class HashingEncoder:
    """Bag of character pairs, hashed: deterministic, immediate, and near for like texts."""

    dimension = 64

    def __init__(self, name: str = "hashing") -> None:
        self.name = name
        self.fingerprint = f"{name}-1"

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        return self.encode_passages(texts)

    def encode_passages(
        self, texts: Sequence[str], batch_size: int | None = None, progress: Any = None
    ) -> np.ndarray:
        rows = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for pair in pairwise(text):
                digest = hashlib.blake2b("".join(pair).encode(), digest_size=4).digest()
                row[int.from_bytes(digest, "little") % self.dimension] += 1.0
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def make_write(
    name: str, texts: Sequence[str], collection: str = "制度", title: str = "", **fields: Any
) -> DocumentWrite:
    """A document of one article per text."""
    document_id = f"{collection}/{name}"
    passages, outline, at = [], [], 0
    for ordinal, text in enumerate(texts):
        path = f"第{ordinal + 1}条"
        end = at + len(text)
        passages.append(
            PassageRecord(f"{document_id}#{path}", document_id, ordinal, path, text, at, end)
        )
        outline.append(SectionRecord("article", path, "", at, end, 4))
        at = end + 1
    record = DocumentRecord(
        document_id, collection, name, title or name, **{"validity": "现行", **fields}
    )
    return DocumentWrite(record, "\n".join(texts), outline, passages)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "资料 库")


@pytest.fixture
def open_library(settings: Settings) -> Iterator[Callable[..., Library]]:
    """Opens libraries of one home, closed after the test."""
    opened: list[Library] = []

    def open_one(encoder: Any = None, **options: Any) -> Library:
        opened.append(Library(settings, encoder=encoder or HashingEncoder(), **options))
        return opened[-1]

    yield open_one
    for library in opened:
        library.close()


@pytest.fixture
def library(open_library: Callable[..., Library]) -> Library:
    return open_library()
