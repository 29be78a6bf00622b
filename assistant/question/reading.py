"""Reading one question."""

from __future__ import annotations

from assistant.question import asked, constraints
from assistant.question.kinds import kind_by_rules
from assistant.question.model import MAX_QUESTION, Kind, Question, QuestionError


def understand(text: str) -> Question:
    """Read a question. Raises :class:`QuestionError` on one that is empty, too long or no words."""
    clean = cleaned(text)
    kind = kind_by_rules(clean)
    amounts = asked.amount_numbers(clean)
    return Question(
        text=clean,
        kind=kind,
        words=tuple(w for w in asked.content_words(clean) if w not in amounts),
        focus=asked.focus(clean, kind),
        entities=constraints.entities(clean),
        titles=constraints.titles(clean),
        places=constraints.places(clean),
        years=constraints.years(clean),
        count=asked.size_of_list(clean)
        if kind in (Kind.LIST, Kind.DEFINITION, Kind.OTHER)
        else None,
        unit=asked.unit(clean),
        amounts=asked.amounts(clean),
        demands=constraints.demands(clean),
        attribute=asked.attribute(clean),
        wants_old=constraints.wants_old(clean),
        wants_money=asked.wants_money(clean),
        noun=asked.noun(clean),
        bodies=constraints.bodies(clean),
        collection=constraints.collection(clean),
        wants_new=constraints.wants_new(clean),
        sides=asked.sides(clean) if kind is Kind.COMPARE else None,
    )


def cleaned(text: str) -> str:
    """``text`` on one line, without control characters; raises QuestionError."""
    printable = "".join(char if char.isprintable() else " " for char in text[: MAX_QUESTION * 12])
    clean = " ".join(printable.split())
    if not clean:
        raise QuestionError("问题是空的，请写出想问的内容。")
    if len(clean) > MAX_QUESTION:
        raise QuestionError(f"问题太长（超过 {MAX_QUESTION} 字），请只写要问的一件事。")
    if not any(char.isalnum() for char in clean):
        raise QuestionError("问题里没有文字，请用一句话写出想问的内容。")
    return clean
