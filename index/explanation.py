"""Why a passage was found where it was: for ``luming search --explain`` and for developers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.records import Hit
from index.rerank.base import FUSED_RANK, RERANK_SCORE
from index.search import PART
from index.synonyms import Synonyms
from index.words import cut, distinct

PART_NAMES = {
    "words": "词语",
    "bigrams": "字对",
    "dense": "语义",
    "adapted": "语义（按条文措辞）",
    "lexical_rank": "词语名次",
    "dense_rank": "语义名次",
    "title": "标题和章节",
    "length": "篇幅",
    "document": "同一文件的其他段落",
    "neighbour": "相邻段落",
    "article": "是条文",
    "doubtful": "效力不明，另有现行版本",
}


@dataclass(frozen=True)
class Explanation:
    """What speaks for one hit. ``parts`` (name, amount) sum up to the fused score."""

    matched: tuple[str, ...]  # words of the question that the passage, its title or path holds
    synonyms: tuple[str, ...]  # words found in their stead
    lexical_rank: int | None
    dense_rank: int | None
    parts: tuple[tuple[str, float], ...]
    rule: str
    folded: int
    fused_rank: int | None = None  # its place before reranking, where it was scored
    rerank_score: float | None = None

    @property
    def moved(self) -> str:
        """What reranking did, a Chinese line; empty where it did nothing."""
        if self.fused_rank is None:
            return ""
        return f"重排：融合后排第 {self.fused_rank}，重排得分 {self.rerank_score:+.2f}"


def explain(query: str, hits: Sequence[Hit], synonyms: Synonyms) -> list[Explanation]:
    """One explanation a hit, in their order; parts by their size."""
    words = distinct(cut(query), 200)
    expansions = synonyms.expansions(words)
    return [_of_hit(hit, words, list(expansions)) for hit in hits]


def _of_hit(hit: Hit, words: Sequence[str], expansions: Sequence[str]) -> Explanation:
    passage = hit.passage
    whole = "\n".join((hit.document.title, passage.path, passage.context, passage.text))
    held = set(cut(whole))
    parts = [
        (PART_NAMES.get(name.removeprefix(PART), name.removeprefix(PART)), round(value, 4))
        for name, value in hit.extra.items()
        if name.startswith(PART) and value
    ]
    return Explanation(
        matched=tuple(word for word in words if word in held),
        synonyms=tuple(word for word in expansions if word in held),
        lexical_rank=hit.lexical_rank,
        dense_rank=hit.dense_rank,
        parts=tuple(sorted(parts, key=lambda part: -abs(part[1]))),
        rule=hit.rule,
        folded=len(hit.folded),
        fused_rank=int(hit.extra[FUSED_RANK]) if FUSED_RANK in hit.extra else None,
        rerank_score=hit.extra.get(RERANK_SCORE),
    )
