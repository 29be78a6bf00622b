"""A small fingerprint of a text that tells how like two texts are, without the texts.

Bottom-k MinHash (Broder 1997): the ``SIZE`` smallest of the hashes of all runs of four characters.
Of two texts, the share of common values among the smallest of both estimates the Jaccard
similarity of their runs, with a standard error of about 0.03 near 0.95.
"""

from __future__ import annotations

import base64
import heapq
import re
import zlib
from array import array
from functools import lru_cache

SIZE = 64
_RUN = 4
_LONGEST = 400_000
_CHARACTERS = re.compile("[\u4e00-\u9fffA-Za-z0-9]+")
#: From here on two texts differ by less than an amendment usually changes, or by nothing.
SAME_TEXT = 0.97


def sketch(text: str) -> str:
    """The fingerprint, as text of at most 344 characters; "" for a text too short to have one."""
    bare = "".join(_CHARACTERS.findall(text[:_LONGEST]))
    if len(bare) < SIZE + _RUN:
        return ""
    runs = {bare[at : at + _RUN] for at in range(len(bare) - _RUN + 1)}
    smallest = heapq.nsmallest(SIZE, {zlib.crc32(run.encode("utf-8", "replace")) for run in runs})
    return base64.b64encode(array("I", smallest).tobytes()).decode()


def likeness(left: str, right: str) -> float:
    """The estimated Jaccard similarity of two texts, 0 to 1, from their fingerprints."""
    ours, theirs = _values(left), _values(right)
    if not ours or not theirs:
        return 0.0
    union = heapq.nsmallest(SIZE, ours | theirs)
    return sum(one in ours and one in theirs for one in union) / len(union)


@lru_cache(maxsize=4096)
def _values(text: str) -> frozenset[int]:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return frozenset()
    return frozenset(array("I", data)) if len(data) % 4 == 0 else frozenset()
