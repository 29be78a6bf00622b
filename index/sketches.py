"""MinHash sketches: how alike two texts are, told from 512 bytes of each.

One-permutation hashing: every shingle's hash falls into one of ``BINS`` bins and the least of a
bin is kept; an empty bin borrows from the next (Shrivastava and Li, "Densifying One Permutation
Hashing via Rotation", ICML 2014). The share of equal bins estimates the Jaccard similarity. A
library for it (datasketch) hashes every shingle 128 times; this hashes it once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from index.database import Database
from index.notes import chunks
from index.tables import documents, sketches

if TYPE_CHECKING:
    import numpy as np

BINS = 128
SHINGLE = 5
"""Characters; blanks and punctuation do not count."""
SHORTEST = 30
"""Distinct shingles; a shorter text (a cover sheet, a form's head) is like too many others."""
_NO_WORD = re.compile(r"\W+")
_LONGEST = 2_000_000  # characters that are looked at


def shingles(text: str) -> np.ndarray:
    """The distinct hashes uint64 (n) of a text's shingles, ascending; empty for a short text."""
    import numpy as np

    bare = _NO_WORD.sub("", text[:_LONGEST])
    codes = np.frombuffer(bare.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    count = len(codes) - SHINGLE + 1
    if count < SHORTEST:
        return np.zeros(0, np.uint64)
    with np.errstate(over="ignore"):
        mixed = np.zeros(count, np.uint64)
        for place in range(SHINGLE):
            mixed = mixed * np.uint64(0x100000001B3) + codes[place : place + count]
        mixed ^= mixed >> np.uint64(30)  # the finaliser of splitmix64
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(27)
        mixed *= np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    found = np.unique(mixed)
    return found if len(found) >= SHORTEST else np.zeros(0, np.uint64)


def sketch(text: str) -> np.ndarray:
    """uint32 (BINS), or empty where the text is too short to be compared."""
    import numpy as np

    hashes = shingles(text)
    if not len(hashes):
        return np.zeros(0, np.uint32)
    least = np.full(BINS, 2**64 - 1, np.uint64)
    np.minimum.at(least, (hashes >> np.uint64(57)).astype(np.intp), hashes & np.uint64(0xFFFFFFFF))
    filled = np.flatnonzero(least != np.uint64(2**64 - 1))
    wanted = np.searchsorted(filled, np.arange(BINS))
    lender = filled[wanted % len(filled)]
    distance = (lender - np.arange(BINS)) % BINS  # so that two borrowers are not alike by chance
    return (least[lender] + distance.astype(np.uint64) * np.uint64(0x9E3779B1)).astype(np.uint32)


def jaccard(one: np.ndarray, other: np.ndarray) -> float:
    """The similarity of two sets of hashes as ``shingles`` gives them, 0 to 1."""
    import numpy as np

    if not len(one) or not len(other):
        return 0.0
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common)


class Sketches:
    """The sketches of a catalog's documents; each belongs to a content hash."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def current(self) -> dict[str, np.ndarray]:
        """The sketches of documents whose content has not changed since."""
        import numpy as np

        query = select(sketches.c.document_id, sketches.c.sketch).join(
            documents,
            (documents.c.document_id == sketches.c.document_id)
            & (documents.c.content_hash == sketches.c.content_hash),
        )
        with self._database.reading() as connection:
            return {row[0]: np.frombuffer(row[1], np.uint32) for row in connection.execute(query)}

    def put(self, made: Mapping[str, tuple[str, np.ndarray]]) -> None:
        """Keep sketches by document id, with the content hash that each belongs to."""
        with self._database.writing(counted=False) as connection:
            self._delete(connection, made)
            rows = [
                {"document_id": one, "content_hash": content, "sketch": values.tobytes()}
                for one, (content, values) in made.items()
            ]
            if rows:
                connection.execute(sketches.insert(), rows)

    @staticmethod
    def _delete(connection: object, ids: Iterable[str]) -> None:
        for block in chunks(ids):
            statement = delete(sketches).where(sketches.c.document_id.in_(block))
            connection.execute(statement)  # type: ignore[attr-defined]
