"""Steps in their order."""

from __future__ import annotations

import re

from assistant.citing import Chosen
from assistant.evidence import Candidate
from assistant.sentences import Unit, UnitKind
from assistant.shapes.base import Material, Shaped
from assistant.shapes.growing import MAX_ITEMS, on_line, with_neighbours
from assistant.shapes.lists import group_of
from assistant.shapes.rules import whole_paragraph
from assistant.shapes.view import DocumentView

_SHORT_LIST = 8  # items shown with one of them
_NEXT = re.compile(
    r"(?:然后|随后|接着|再|其次|最后|之后|此后|第[二三四五六七八九]步|[二三四五六七八九]是|同时|并)[，,]?"
)


class StepsShape:
    """What to do, step by step."""

    def shape(self, material: Material) -> Shaped:
        """The items of the best sentence's group; a short 款 whole; a run of sentences in sequence;
        else the good sentences of its passage, in order."""
        return Shaped(with_neighbours(_steps(material), material.view), other=True)


def _steps(material: Material) -> list[Chosen]:
    view, anchor = material.view, material.anchor
    group = group_of(anchor.unit, view.block(anchor.hit.passage))
    if group and (anchor.unit.kind is UnitKind.LEAD or len(group) <= _SHORT_LIST):
        return [view.chosen(unit) for unit in group[:MAX_ITEMS]]
    good = [
        candidate
        for candidate in material.ranked[:12]
        if candidate.hit.passage.passage_id == anchor.hit.passage.passage_id
        and candidate.score >= 0.85 * anchor.score
    ][:3]
    ordered = sorted(good, key=lambda c: c.unit.start)
    chosen = [view.placed(candidate) for candidate in ordered]
    paragraph = whole_paragraph(chosen, view)
    if len(paragraph) > len(chosen):
        return paragraph
    return _in_sequence(anchor, view) or chosen


def _in_sequence(anchor: Candidate, view: DocumentView) -> list[Chosen]:
    """The sentences after the best one that go on in steps; [] where none does."""
    run: list[Unit] = []
    for unit in on_line(anchor, view):
        if not _NEXT.match(unit.text):
            break
        run.append(unit)
    if not run:
        return []
    return [view.placed(anchor), *(view.chosen(unit) for unit in run)]
