"""Judging what a draft says of a rule in its own words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.verification.contradictions import likely, really_in, says, slips
from assistant.verification.draft import Draft
from assistant.verification.findings import Check, Verdict
from assistant.verification.judgement import Judgement, short, whole_place
from assistant.verification.shelf import OpenDocument, Shelf, Unit
from assistant.verification.statements import Statement
from assistant.verification.wording import differences
from index.address import messages
from index.records import SUPERSEDED

_SHOWN = 160
_NUMBERED = re.compile(r"^第[^条\s]{1,14}条(?:之[一二三四五六七八九十]{1,2})?\s*")


class StatementJudge:
    """Judges the statements of one draft."""

    def __init__(self, draft: Draft, shelf: Shelf) -> None:
        self._draft = draft
        self._shelf = shelf

    def judge(
        self,
        document: OpenDocument,
        cited: Sequence[Unit],
        statement: Statement,
        judged: Judgement,
    ) -> None:
        """What the draft tells of the rule in its own words."""
        said = self._draft.text[statement.start : statement.end]
        articles = _articles(document, cited)  # the head of an item belongs to what it says
        moved = really_in(said, articles, document.units, stated=statement.stated)
        units = articles
        if moved is not None:
            place = whole_place(document, moved)
            if judged.places and judged.places[0].label:
                judged.add(
                    Verdict.NUMBER,
                    f"所说的内容不在{'、'.join(p.label for p in judged.places)}，像是{place.label}的规定。",
                    place,
                )
            elif not judged.places and judged.verdicts:  # the article that is named doesn't exist
                judged.messages[-1] += f"所说的内容像是{place.label}的规定。"
                judged.right = judged.right or place
            units = [moved] if cited else likely(document.units, said)
        if not units:
            return
        for slip in slips(said, units, stated=statement.stated, frame=statement.frame):
            right = _NUMBERED.sub("", slip.right)
            start, end = statement.start + slip.start, statement.start + slip.end
            place = whole_place(document, units[0])
            older = self._older(document, said, slip.start)
            verdict = Verdict.OUTDATED if older else Verdict.WORDING
            where = place.label or messages.named(document.record.title)
            message = (
                f"{slip.reason}：文稿说“{short(slip.said)}”，{where}是“{short(right, _SHOWN)}”。"
            )
            if older:
                message = f"所说的是旧版本{older}的规定。" + message
            judged.add(verdict, message, place if older else None)
            judged.checks.append(
                Check(
                    "statement", verdict, start, end, slip.said, message, right,
                    differences(right, slip.said) if slip.reason != "数字不一致" else (),
                    place,
                )
            )  # fmt: skip

    def _older(self, document: OpenDocument, said: str, at: int) -> str:
        """The older version's article that has the contradicted clause; "" for none."""
        for record in self._shelf.others(document.record):
            if record.validity not in SUPERSEDED:
                continue
            for unit in self._shelf.open(record).units:
                if says(said, at, unit):
                    return f"{messages.named(record.title)}{unit.article.label}"
        return ""


def _articles(document: OpenDocument, cited: Sequence[Unit]) -> list[Unit]:
    """The articles that the cited parts lie in, each once."""
    found: dict[int, Unit] = {}
    for one in cited:
        unit = document.unit_at(one.article.start) or one
        found.setdefault(unit.article.start, unit)
    return list(found.values())
