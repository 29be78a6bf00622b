"""Whether a tuned model finds more than the present one, on questions that neither learned from.

Judged is the search by meaning alone (dense), over a pool of passages: what the judged questions
ask for, what the present search by words and by meaning returns for them, and passages drawn at
random up to ``POOL``. A present encoder with a query adapter is judged with it, as in a search, and
without it, and the better of the two must be beaten: what is gained by dropping an adapter was not
gained by tuning. The tuned model is judged in the form in which it would be installed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from index.encoder.query_adapter import adapter_for
from index.evaluation.base import Gold
from index.evaluation.metrics import metric_names, ranks_of, score
from index.evaluation.statistics import estimates
from index.records import SearchFilter
from training.office_tuning.base import Item

if TYPE_CHECKING:
    from index.encoder.base import Encoder
    from index.library import Library

POOL = 3_000
CANDIDATES = 30
DEPTH = 50
FIGURES = ("hit@1", "hit@5", "hit@10", "ndcg@10")
MARGIN = 0.01
"""nDCG@10 that the tuned model must gain on the held-back questions, and the lower end of the 95 %
interval of the gain must lie above 0."""
WORST_HITS = -0.06
"""Where the lower end for hit@10 may lie: hits are all or nothing, so few make wide intervals."""
GUARD_LOSS = 0.01


@dataclass(frozen=True)
class Change:
    """One figure before and after, with the 95 % interval of the paired difference."""

    before: float
    after: float
    low: float
    high: float


@dataclass(frozen=True)
class Verdict:
    """Both sets' figures, and why the model isn't better (Chinese lines; none: it is better)."""

    held: Mapping[str, Change]
    guard: Mapping[str, Change]
    counts: Mapping[str, int]  # held, guard, pool
    reasons: tuple[str, ...]

    @property
    def better(self) -> bool:
        """Whether to install."""
        return not self.reasons

    def to_dict(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {**asdict(self), "better": self.better}


def pool_of(library: Library, items: Sequence[Item], seed: int = 0) -> tuple[list[str], list[str]]:
    """Ids and texts (as an encoder reads them) of the passages to rank."""
    hybrid = library.finder.hybrid()
    selection = library.select(SearchFilter(exclude_validity=()))
    wanted: dict[str, None] = {}
    for one in items:
        sides = hybrid.sides(one.q, CANDIDATES, selection)
        wanted.update(dict.fromkeys([*one.gold, *sides["dense"], *sides["lexical"]]))
    documents = library.documents()[1]
    order = sorted(documents)
    random.Random(seed).shuffle(order)
    for document in order:
        if len(wanted) >= POOL:
            break
        found = library.catalog.passages(document)
        wanted.update(dict.fromkeys(one.passage_id for one in found))
    passages = library.catalog.passages_by_id(list(wanted)[: max(POOL, len(wanted))])
    ids = list(passages)
    return ids, [one.embedding_text(documents[one.document_id].title) for one in passages.values()]


def present_figures(
    encoder: Encoder,
    items: Sequence[Item],
    held: int,
    ids: Sequence[str],
    texts: Sequence[str],
    progress: Callable[[int], None] | None = None,
) -> np.ndarray:
    """``FIGURES`` of each question with the present encoder: with its query adapter or without,
    whichever has the higher nDCG@10 on the first ``held`` questions."""
    vectors = encoder.encode_passages(texts, progress=progress)
    asked = encoder.encode_queries([one.q for one in items])
    plain = figures(vectors, asked, items, ids)
    adapter = adapter_for(encoder.name)
    if adapter is None:
        return plain
    adapted = figures(vectors, np.stack([adapter(one) for one in asked]), items, ids)
    column = FIGURES.index("ndcg@10")
    return adapted if adapted[:held, column].sum() >= plain[:held, column].sum() else plain


def tuned_figures(
    encoder: Encoder,
    items: Sequence[Item],
    ids: Sequence[str],
    texts: Sequence[str],
    progress: Callable[[int], None] | None = None,
) -> np.ndarray:
    """``FIGURES`` of each question with a tuned encoder."""
    vectors = encoder.encode_passages(texts, progress=progress)
    return figures(vectors, encoder.encode_queries([one.q for one in items]), items, ids)


def figures(
    vectors: np.ndarray, asked: np.ndarray, items: Sequence[Item], ids: Sequence[str]
) -> np.ndarray:
    """``FIGURES`` of each question, float (n, 4), of ranking the pool by cosine."""
    columns = [metric_names(DEPTH).index(name) for name in FIGURES]
    rows = []
    for one, vector in zip(items, asked, strict=True):
        order = np.argsort(-(vectors @ vector), kind="stable")[:DEPTH]
        gold = [Gold("", frozenset(one.gold))]
        values = score(ranks_of([ids[place] for place in order], gold), DEPTH)
        rows.append([values[column] for column in columns])
    return np.array(rows)


def judge(before: np.ndarray, after: np.ndarray, held: int, pool: int, seed: int = 0) -> Verdict:
    """Compare figures (n, 4) whose first ``held`` rows are held-back questions, the rest guards."""
    gained = _changes(before[:held], after[:held], seed)
    guard = _changes(before[held:], after[held:], seed)
    reasons = []
    if gained["ndcg@10"].after - gained["ndcg@10"].before < MARGIN:
        reasons.append(f"留作检验的问题上 nDCG@10 没有提高到 {MARGIN:.2f} 以上。")
    if gained["ndcg@10"].low <= 0:
        reasons.append("留作检验的问题上 nDCG@10 的提高说不准（95% 区间的下限不在 0 以上），可能只是碰巧。")
    hits = gained["hit@10"]
    if hits.after < hits.before or hits.low < WORST_HITS:
        reasons.append("留作检验的问题上 hit@10 变差了，或可能变差。")
    for name in ("hit@10", "ndcg@10"):
        if guard and guard[name].after < guard[name].before - GUARD_LOSS:
            reasons.append(
                f"文库自身的问题上 {name} 降了 {GUARD_LOSS:.2f} 以上：学了新的，忘了旧的。"
            )
    counts = {"held": held, "guard": len(before) - held, "pool": pool}
    return Verdict(gained, guard, counts, tuple(reasons))


def _changes(before: np.ndarray, after: np.ndarray, seed: int) -> dict[str, Change]:
    if not len(before):
        return {}
    spread = estimates(after - before, seed)
    means = zip(before.mean(axis=0), after.mean(axis=0), spread, strict=True)
    return {
        name: Change(float(old), float(new), one.low, one.high)
        for name, (old, new, one) in zip(FIGURES, means, strict=True)
    }
