"""Hard negatives for training questions: what the present search finds and isn't the answer.

    python -m training.mine --home DIR --questions FILE.jsonl --out FILE.jsonl [--negatives 4]

Questions are lines of ``{"q", "gold": [passage_id]}``, of LeCoQA or of ``training.questions``, or
name their articles (《X》第N条) as those of ``training/data`` do.
Negatives are drawn from the first ``DEPTH`` of each side of the search, words and meaning, the
very first left out where they are near the gold in wording: identical and near-identical articles,
other versions and repetitions of the rule are answers too, whatever the labels say.

Each line out: ``{"q", "positive", "negatives": [text], "document"}`` in the words the encoder
reads. Two cores: about 12 ms a question.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.library import Library
from index.records import SearchFilter
from index.settings import Settings
from training.likeness import alike
from training.office import cited

DEPTH = 30


@dataclass(frozen=True)
class Mined:
    """One question with its answer and what is mistaken for it."""

    q: str
    positive: str
    negatives: tuple[str, ...]
    document: str


class Miner:
    """Finds negatives in one library."""

    def __init__(self, library: Library, negatives: int = 4, seed: int = 0) -> None:
        self._library = library
        self._hybrid = library.finder.hybrid()
        self._selection = library.select(SearchFilter(exclude_validity=()))
        self._documents = library.documents()[1]
        self._negatives = negatives
        self._chooser = random.Random(seed)
        self.alike = 0  # negatives left out for saying the same

    def mine(self, question: str, gold: Sequence[str]) -> Mined | None:
        """The question with negatives; None where its answer isn't in the library."""
        sides = self._hybrid.sides(question, DEPTH, self._selection)
        ids = [*gold, *sides["dense"], *sides["lexical"]]
        passages = self._library.catalog.passages_by_id(ids)
        right = [passages[one] for one in gold if one in passages]
        if not right:
            return None
        candidates = []
        for one in dict.fromkeys([*sides["dense"], *sides["lexical"]]):
            passage = passages.get(one)
            if passage is None or one in gold:
                continue
            if any(alike(passage.text, other.text) for other in right):
                self.alike += 1
                continue
            candidates.append(passage)
        drawn = self._chooser.sample(candidates, min(self._negatives, len(candidates)))
        answer = self._chooser.choice(right)
        return Mined(
            question,
            answer.embedding_text(self._documents[answer.document_id].title),
            tuple(one.embedding_text(self._documents[one.document_id].title) for one in drawn),
            answer.document_id,
        )


def read(path: Path, library: Library) -> Iterator[tuple[str, list[str]]]:
    """(question, ids of its passages) of a file."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if any(one.startswith("《") for row in lines for one in row["gold"]):
        for question in cited(library, path)[1]:
            yield question.text, sorted(question.gold)
        return
    for row in lines:
        yield row["q"], list(row["gold"])


def main(arguments: Sequence[str] | None = None) -> None:
    """Mine, write, and count what was left out."""
    parser = argparse.ArgumentParser(description="为训练用的问题找难负例")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--negatives", type=int, default=4)
    parser.add_argument("--most", type=int)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    count = 0
    with (
        Library(Settings(home=given.home)) as library,
        given.out.open("w", encoding="utf-8") as out,
    ):
        miner = Miner(library, given.negatives, given.seed)
        for number, (question, gold) in enumerate(read(given.questions, library)):
            if given.most and count >= given.most:
                break
            mined = miner.mine(question, gold)
            if mined is not None and mined.negatives:
                count += 1
                out.write(json.dumps(vars(mined), ensure_ascii=False) + "\n")
            if number % 200 == 0:
                print(f"\r{number}", end="", file=sys.stderr)
    print(f"{count} 个问题；与答案雷同而不用的负例 {miner.alike} 个")


if __name__ == "__main__":
    main()
