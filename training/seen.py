"""Which questions an encoder was tuned on: nothing is fitted or measured on them again.

A model folder made by ``training.export`` holds ``trained_on.json`` with the first 16 digits of
the SHA-256 of every question.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from index.encoder.base import Encoder

TRAINED_ON = "trained_on.json"
KEY = "questions_sha256_16"


def digest(question: str) -> str:
    """What a question is known by."""
    return hashlib.sha256(question.encode()).hexdigest()[:16]


def seen_by(encoder: Encoder) -> frozenset[str]:
    """Digests of the questions that an encoder was tuned on; none where its folder says nothing."""
    folder = getattr(encoder, "folder", None)
    path = Path(folder) / TRAINED_ON if folder else None
    if path is None or not path.is_file():
        return frozenset()
    return frozenset(json.loads(path.read_text(encoding="utf-8"))[KEY])


def merged(runs: Iterable[Path]) -> dict[str, object]:
    """What several runs of ``training.tune``, one after another, were trained on."""
    found = [json.loads((run / TRAINED_ON).read_text(encoding="utf-8")) for run in runs]
    return {
        "files": sorted({name for one in found for name in one["files"]}),
        "rows": sum(one["rows"] for one in found),
        KEY: sorted({name for one in found for name in one[KEY]}),
    }


def unseen(questions: Sequence[str], encoder: Encoder) -> list[int]:
    """Places of the questions that the encoder was not tuned on."""
    known = seen_by(encoder)
    return [place for place, one in enumerate(questions) if digest(one) not in known]
