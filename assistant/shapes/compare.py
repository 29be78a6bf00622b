"""Two things side by side, by aspect, every cell quoted."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.citing import Chosen
from assistant.evidence import Candidate
from assistant.shapes import editions
from assistant.shapes.base import DraftTable, Material, Shaped
from assistant.shapes.clauses import OTHER, Clause, alike, of_sides, shared_aspect
from assistant.shapes.view import DocumentView
from assistant.text import fold, similarity
from index.records import PassageRecord

MOST_ROWS = 6
_PAIRED = 1.2  # likeness from which two clauses share a row
_FOUND_EACH = 8  # passages looked up for each side


class CompareShape:
    """A table of the two sides; of two versions of a rule what changed."""

    def shape(self, material: Material) -> Shaped:
        """Versions where the question speaks of them, else the two sides that it names, else the
        best sentences that differ."""
        question = material.question
        versions = editions.compared(material)
        if versions is not None:
            return versions
        if question.sides is not None:
            pairs = _found(material, question.sides)
            if pairs:
                table = _table(question.sides, pairs)
                parts = [part for row in table.rows for cell in row for part in cell]
                settled = any(min(one.worth, two.worth) >= 1 for one, two in pairs)
                return Shaped(_once(parts), table, settled=settled)
        return Shaped(_unlike(material.ranked))


def _found(material: Material, sides: tuple[str, str]) -> list[tuple[Clause, Clause]]:
    """What is said of two named things, in pairs; [] where nothing is said of one of them."""
    left, right = of_sides(material.question, sides, _passages(material, sides))
    return _pairs(left, right, sides) if left and right else []


def _table(sides: tuple[str, str], pairs: Sequence[tuple[Clause, Clause]]) -> DraftTable:
    """A row a pair, named by its aspect."""
    seen: dict[str, int] = {}
    aspects = []
    for one, two in pairs:
        name = shared_aspect(one, two) or OTHER
        seen[name] = seen.get(name, 0) + 1
        aspects.append(name if seen[name] == 1 else f"{name}（{seen[name]}）")
    rows = tuple(((one.part,), (two.part,)) for one, two in pairs)
    return DraftTable(sides, tuple(aspects), rows)


def _pairs(
    left: Sequence[Clause], right: Sequence[Clause], sides: tuple[str, str]
) -> list[tuple[Clause, Clause]]:
    """Clauses that tell the same of either side, each used once, those of the question first."""
    scored = sorted(
        (
            (alike(one, two, sides) + one.worth + two.worth - 0.02 * (one.rank + two.rank), i, j)
            for i, one in enumerate(left)
            for j, two in enumerate(right)
            if alike(one, two, sides) >= _PAIRED
        ),
        reverse=True,
    )
    if not scored:  # nothing stands in the same words: the best of either side
        best = [max(some, key=lambda c: (c.worth, -c.rank)) for some in (left, right)]
        return [(best[0], best[1])]
    used: tuple[set[int], set[int]] = (set(), set())
    pairs: list[tuple[Clause, Clause]] = []
    for worth, i, j in scored:
        if i in used[0] or j in used[1] or worth < scored[0][0] - 1.6:
            continue
        used[0].add(i)
        used[1].add(j)
        pairs.append((left[i], right[j]))
        if len(pairs) == MOST_ROWS:
            break
    return sorted(pairs, key=lambda pair: (pair[0].rank, pair[0].part.unit.start))


def _passages(
    material: Material, sides: tuple[str, str]
) -> list[tuple[DocumentView, PassageRecord, int]]:
    """The passages found for the question, and for either side, that name one of them."""
    hits = [candidate.hit for candidate in material.ranked]
    for side in sides:
        hits += material.shelf.search(side, _FOUND_EACH, material.flt)
    names = [fold(side) for side in sides]
    found: dict[str, tuple[DocumentView, PassageRecord, int]] = {}
    for hit in hits:
        passage = hit.passage
        if passage.passage_id in found or not any(n in fold(passage.text) for n in names):
            continue
        view = material.shelf.document(hit.document)
        found[passage.passage_id] = (view, passage, len(found))
    return list(found.values())


def _unlike(ranked: Sequence[Candidate]) -> list[Chosen]:
    """The best sentence and at most two that say something else nearly as well."""
    chosen = [ranked[0]]
    for other in ranked[1:12]:
        if other.score < 0.75 * ranked[0].score or len(chosen) == 3:
            break
        if all(similarity(fold(other.unit.text), fold(c.unit.text)) < 0.8 for c in chosen):
            chosen.append(other)
    return [Chosen(c.unit, c.hit.passage, c.hit.document, c.spans) for c in chosen]


def _once(parts: Sequence[Chosen]) -> list[Chosen]:
    return list({part.key: part for part in parts}.values())
