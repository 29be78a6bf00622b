"""Where an encoder's cosines lie: the ``cosines`` of its manifest (``index.encoder.base``).

    python -m training.cosines --encoder DIR --office-home DIR [--questions FILE]

Thresholds on how near two texts are were set on multilingual-e5-small, whose unrelated texts are
at about .80 and whose answers at about .92. Another encoder's cosines are put on that scale by a
straight line, such that the means of unrelated pairs, and of questions with the nearest sentence
of their articles, fall on those of multilingual-e5-small. One minute.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.encoder import load_encoder
from index.encoder.base import E5_COSINES, Encoder
from index.encoder.build import WHEEL_MODEL
from training.fusion import OFFICE
from training.office import open_office

_ENDS = re.compile(r"(?<=[。；\n])")
_UNRELATED = 12  # sentences drawn for each question


def pairs_of(home: Path, questions: Path) -> tuple[list[str], list[list[str]], list[list[str]]]:
    """Questions, the sentences of their articles, and sentences of others."""
    chooser = random.Random(5)
    with open_office(home, questions) as (library, _, asked):
        everything = [one.text for one in library.catalog.all_passages()]
        right = []
        for one in asked:
            texts = [p.text for p in library.catalog.passages_by_id(sorted(one.gold)).values()]
            right.append([s for text in texts for s in sentences(text)][:40])
        other = [
            [s for text in chooser.sample(everything, _UNRELATED) for s in sentences(text)[:1]]
            for _ in asked
        ]
    kept = [i for i, found in enumerate(right) if found]
    return [asked[i].text for i in kept], [right[i] for i in kept], [other[i] for i in kept]


def sentences(text: str) -> list[str]:
    """The sentences of a passage, long ones cut."""
    return [one.strip()[:170] for one in _ENDS.split(text) if len(one.strip()) > 5]


def means(
    encoder: Encoder,
    asked: Sequence[str],
    right: Sequence[Sequence[str]],
    other: Sequence[Sequence[str]],
) -> tuple[float, float]:
    """Mean cosine of unrelated pairs, and of questions with their nearest sentence."""
    near, far = [], []
    for question, fitting, unrelated in zip(asked, right, other, strict=True):
        vector = encoder.encode_queries([question])[0]
        near.append(float((encoder.encode_passages(fitting) @ vector).max()))
        far.extend((encoder.encode_passages(unrelated) @ vector).tolist())
    return float(np.mean(far)), float(np.mean(near))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure both and print the pair for the manifest."""
    parser = argparse.ArgumentParser(description="测量向量模型的余弦刻度")
    parser.add_argument("--encoder", required=True)
    parser.add_argument("--office-home", type=Path, required=True)
    parser.add_argument("--questions", type=Path, default=OFFICE)
    given = parser.parse_args(arguments)
    pairs = pairs_of(given.office_home, given.questions)
    models = given.office_home / "models"
    base = means(load_encoder(WHEEL_MODEL, models), *pairs)
    own = means(load_encoder(given.encoder, models), *pairs)
    slope = (own[1] - own[0]) / (base[1] - base[0])
    low, high = (own[0] + (one - base[0]) * slope for one in E5_COSINES)
    print(f"无关 {base[0]:.4f} → {own[0]:.4f}，答案 {base[1]:.4f} → {own[1]:.4f}")
    print(f'"cosines": [{low:.4f}, {high:.4f}]')


if __name__ == "__main__":
    main()
