"""Which shape answers a kind of question."""

from __future__ import annotations

from assistant.question import Kind, Question
from assistant.shapes.base import Shape
from assistant.shapes.compare import CompareShape
from assistant.shapes.definition import DefinitionShape
from assistant.shapes.lists import ListShape
from assistant.shapes.plain import PlainShape
from assistant.shapes.rules import RuleShape
from assistant.shapes.steps import StepsShape
from assistant.shapes.summary import SummaryShape

_SHAPES: dict[Kind, Shape] = {
    **{kind: PlainShape() for kind in Kind},
    Kind.LIST: ListShape(),
    Kind.YES_NO: RuleShape(),
    Kind.HOW_TO: StepsShape(),
    Kind.DEFINITION: DefinitionShape(),
    Kind.COMPARE: CompareShape(),
    Kind.SUMMARY: SummaryShape(),
}


def shape_for(question: Question) -> Shape:
    """The shape of a question's kind; a stated number of things asks for a list."""
    if question.count and question.kind is not Kind.COMPARE:
        return _SHAPES[Kind.LIST]
    return _SHAPES[question.kind]
