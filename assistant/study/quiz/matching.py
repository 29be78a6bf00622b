"""连线题: terms and definitions, degrees and outcomes, articles and what they say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from random import Random

from assistant.study.model import QuizItem, QuizKind, StudyCitation
from assistant.study.quiz.articles import Article, Sentence
from assistant.study.quiz.base import LABELS, Key, Pool, Prospect, dice, make_item
from assistant.study.quiz.difficulty import estimate
from assistant.study.quiz.results import askable

_LONGEST = 60
_APART = 0.55  # likeness of two right sides from which one might stand for the other


class Matching:
    """Three to five pairs of one document, each left side with exactly one right."""

    kind: QuizKind = "matching"

    def prospects(self, pool: Pool) -> list[Prospect]:
        """Definitions and articles by document, ladders by sentence."""
        return [*_definitions(pool), *_ladders(pool), *_contents(pool)]


def _definitions(pool: Pool) -> list[Prospect]:
    found: list[Prospect] = []
    by_document = groupby(pool.all_definitions, key=lambda one: one[0].article.document.document_id)
    for _, group in by_document:
        able = [
            (sentence, definition)
            for sentence, definition in group
            if sentence.article.key in pool.asked and len(definition.body) <= _LONGEST
        ]
        if len(able) < 3:
            continue
        article = able[0][0].article
        pairs = [(d.term, d.body, s.cite()) for s, d in able]
        stem = f"请将《{article.title}》中的名词与其含义对应起来。"
        found.append(_prospect(article, [s.key for s, _ in able], stem, pairs, "term", 0.9))
    return found


def _ladders(pool: Pool) -> list[Prospect]:
    found: list[Prospect] = []
    for sentence, ladder in pool.all_ladders:
        if sentence.article.key not in pool.asked or len(ladder.rungs) < 3:
            continue
        if not all(askable(rung) for rung in ladder.rungs):
            continue
        pairs = [
            (
                rung.condition.removesuffix("的"),
                rung.outcome,
                sentence.article.cite(sentence.start + rung.start, sentence.start + rung.end),
            )
            for rung in ladder.rungs
        ]
        stem = f"根据{sentence.article.named}，请将各种情况与相应的处理对应起来。"
        found.append(
            _prospect(
                sentence.article, [sentence.key], stem, pairs, "outcome", 1.0, [sentence.cite()]
            )
        )
    return found


def _contents(pool: Pool) -> list[Prospect]:
    found: list[Prospect] = []
    for _, group in groupby(pool.articles, key=lambda one: one.document.document_id):
        able = [one for article in group if (one := _short_sentence(article)) is not None]
        for i in range(0, len(able) - 3, 4):
            four = able[i : i + 4]
            article = four[0].article
            pairs = [(one.article.label, one.text.rstrip("。"), one.cite()) for one in four]
            stem = f"请将《{article.title}》的条文与其内容对应起来。"
            keys = [one.key for one in four]
            found.append(_prospect(article, keys, stem, pairs, "content", 0.6))
    return found


def _short_sentence(article: Article) -> Sentence | None:
    if not article.label:
        return None
    return next((one for one in article.sentences if len(one.text) <= _LONGEST), None)


def _prospect(
    article: Article,
    keys: Sequence[Key],
    stem: str,
    pairs: Sequence[tuple[str, str, StudyCitation]],
    variant: str,
    merit: float,
    first: Sequence[StudyCitation] = (),
) -> Prospect:
    build = _builder(article, stem, pairs, variant, first)
    return Prospect(article, frozenset(keys), variant, build, merit)


def _builder(
    article: Article,
    stem: str,
    pairs: Sequence[tuple[str, str, StudyCitation]],
    variant: str,
    first: Sequence[StudyCitation],
) -> Callable[[Random], QuizItem | None]:
    def build(chance: Random) -> QuizItem | None:
        chosen = list(pairs)
        if variant != "outcome":
            chance.shuffle(chosen)
        kept: list[tuple[str, str, StudyCitation]] = []
        for pair in chosen:
            if len(kept) < 5 and all(_apart(pair, other) for other in kept):
                kept.append(pair)
        if len(kept) < 3 or (variant == "outcome" and len(kept) < len(pairs)):
            return None
        if variant == "content":
            kept = sorted(kept[:4], key=lambda one: one[2].start)
        right = [pair[1] for pair in kept]
        shown = list(right)
        while shown == right:
            chance.shuffle(shown)
        answer = " ".join(f"{i}-{LABELS[shown.index(one)]}" for i, one in enumerate(right, 1))
        near = sum(dice(a, b) for i, a in enumerate(right) for b in right[:i])
        near = near / (len(right) * (len(right) - 1) / 2)
        return make_item(
            "matching",
            stem,
            answer,
            [*first, *(pair[2] for pair in kept)],
            variant,
            estimate("matching", 0.4 + 0.6 * near, sum(map(len, right)), article.weight),
            pairs=list(zip((pair[0] for pair in kept), shown, strict=True)),
            explanation="；".join(f"{left}——{body}" for left, body, _ in kept) + "。",
        )

    return build


def _apart(left: tuple[str, str, StudyCitation], right: tuple[str, str, StudyCitation]) -> bool:
    if left[0] == right[0] or left[1] in right[1] or right[1] in left[1]:
        return False
    return dice(left[1], right[1]) <= (0.85 if "处分" in left[1] or "处" in left[1][:1] else _APART)
