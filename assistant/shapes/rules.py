"""May I, must I: what the rule says, with its condition and its exception, never a bare yes."""

from __future__ import annotations

from assistant.citing import Chosen
from assistant.sentences import UnitKind
from assistant.shapes.base import Material, Shaped
from assistant.shapes.growing import exceptions_elsewhere, with_neighbours
from assistant.shapes.plain import best_sentence
from assistant.shapes.view import DocumentView

_SHORT_PARAGRAPH = 300  # characters of a 款 that is shown whole
_FEW = 5  # sentences of it


class RuleShape:
    """The rule as it stands: condition, modal verb, exception."""

    def shape(self, material: Material) -> Shaped:
        """The rule's sentence; of an article the whole 款 where it is short, and exceptions that
        another article makes."""
        view = material.view
        chosen = whole_paragraph(best_sentence(material), view)
        chosen = with_neighbours(chosen, view)
        return Shaped([*chosen, *exceptions_elsewhere(chosen, view)], other=True)


def whole_paragraph(chosen: list[Chosen], view: DocumentView) -> list[Chosen]:
    """The whole 款 around one sentence of an article, where it is short; else ``chosen``."""
    anchor = chosen[0]
    if anchor.passage.article is None or anchor.unit.kind is not UnitKind.SENTENCE:
        return chosen
    if any(part.unit.kind is not UnitKind.SENTENCE for part in chosen):
        return chosen
    line = view.line_of(anchor.unit)
    length = sum(len(unit.text) for unit in line)
    plain = all(unit.kind is UnitKind.SENTENCE for unit in line)
    if not plain or len(line) > _FEW or length > _SHORT_PARAGRAPH:
        return chosen
    spans = {part.unit.start: part.spans for part in chosen}
    whole = [view.chosen(unit, spans.get(unit.start, ())) for unit in line]
    known = {part.unit.start for part in whole}
    rest = [part for part in chosen if part.unit.start not in known]
    return sorted([*whole, *rest], key=lambda part: part.unit.start)
