"""Judging a quotation: do these words stand in the article, elsewhere, or in an older version?"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.verification.draft import Draft
from assistant.verification.findings import Check, Place, Verdict
from assistant.verification.judgement import (
    Judgement,
    range_unit,
    short,
    successor,
)
from assistant.verification.quotes import Quotation
from assistant.verification.references import Reference
from assistant.verification.shelf import OpenDocument, Shelf, Unit
from assistant.verification.wording import (
    Likeness,
    align,
    differences,
    fold,
    is_rendering,
    pairs,
    stands_in,
    whole_words,
)
from index.address import messages
from index.records import SUPERSEDED
from index.versions.compare.words import Segment

_MOST_UNITS = 12  # of a document that are aligned with a quotation
_LEAST_SHARED = 0.3  # of a quotation's pairs, for a unit to be aligned with it
_CLEARLY = 0.15  # by how much more another article must be like it than the cited one
_LEAST_QUOTE = 4
_SHOWN = 160


class QuotationJudge:
    """Judges quotations of one draft."""

    def __init__(self, draft: Draft, shelf: Shelf) -> None:
        self._draft = draft
        self._shelf = shelf

    def judge(
        self,
        reference: Reference,
        document: OpenDocument,
        cited: Sequence[Unit],
        quotation: Quotation,
        judged: Judgement,
    ) -> None:
        said = self._draft.text[quotation.start : quotation.end]
        if len(fold(said).text) < (_LEAST_QUOTE if quotation.strict else 2):
            return
        for unit in cited:
            if like := stands_in(said, unit.folded):
                judged.checks.append(_exact(quotation, said, like))
                return
        if (
            reference.addresses
            and len(cited) > 1
            and stands_in(said, fold("".join(u.text for u in cited)))
        ):
            judged.checks.append(
                Check("quote", Verdict.CONSISTENT, quotation.start, quotation.end, said)
            )
            return
        elsewhere = self._elsewhere(document, said)
        if elsewhere is not None and (not reference.addresses):
            judged.checks.append(_exact(quotation, said, elsewhere[1], elsewhere[0]))
            judged.notes.append(f"引文在{elsewhere[0].label}。" if elsewhere[0].label else "")
            return
        if not quotation.strict:
            return
        near = _nearest(said, cited)
        if elsewhere is not None:
            self._moved(document, reference, quotation, said, elsewhere[0], judged)
            return
        if not reference.wish.stated and self._older(document, quotation, said, judged):
            return
        if not _renders(near) or not cited:
            far = _nearest(said, _likely(document, said))
            if _renders(far) and (near is None or far[1].share > near[1].share + _CLEARLY):  # type: ignore[index]
                self._differs(
                    document, quotation, said, far, judged, moved=bool(reference.addresses)
                )
                return
        self._differs(document, quotation, said, near, judged)

    def _elsewhere(self, document: OpenDocument, said: str) -> tuple[Place, Likeness] | None:
        """Where else in a document a quotation stands word for word."""
        like = stands_in(said, document.whole.folded)
        if like is None:
            return None
        for unit in document.units:
            inner = stands_in(said, unit.folded)
            if inner is not None:
                base = unit.article.start
                start, end = base + inner.span[0], base + inner.span[1]
                return document.place(document.label_at(start, end), start, end), inner
        start, end = like.span
        return document.place(document.unit_label(start), start, end), like

    def _moved(
        self,
        document: OpenDocument,
        reference: Reference,
        quotation: Quotation,
        said: str,
        place: Place,
        judged: Judgement,
    ) -> None:
        label = reference.label
        if not judged.places and judged.verdict is Verdict.OUTDATED:
            judged.messages[-1] += f"引文今天在{place.label}。"
            judged.right = place
            verdict = Verdict.OUTDATED
        else:
            verdict = Verdict.NUMBER
            judged.add(verdict, f"引文不在{label}，在{place.label or '别处'}。", place)
            judged.right = place
        judged.checks.append(
            Check("quote", verdict, quotation.start, quotation.end, said, "", place.text, (), place)
        )

    def _older(
        self, document: OpenDocument, quotation: Quotation, said: str, judged: Judgement
    ) -> bool:
        """Whether a quotation is an older version's words; then it is said so, with today's."""
        for record in self._shelf.others(document.record):
            if record.validity not in SUPERSEDED:
                continue
            older = self._shelf.open(record)
            found = self._elsewhere(older, said)
            if found is None:
                continue
            place = found[0]
            old = _unit_of(older, place)
            right = successor(old, document)
            near = _nearest(said, [range_unit(document, right.start, right.end)]) if right else None
            words, segments = _shown(near, said) if _renders(near) else ("", ())
            name = f"{messages.named(record.title)}（{record.validity}）{place.label}"
            now = f"，今天的规定在{right.label}" if right else "，今天的规定里没有这句话"
            message = f"引文是旧版本{name}的原文{now}。"
            judged.add(Verdict.OUTDATED, message, right)
            judged.checks.append(
                Check(
                    "quote", Verdict.OUTDATED, quotation.start, quotation.end, said, message,
                    words or (right.text if right else ""), segments, right,
                )
            )  # fmt: skip
            return True
        return False

    def _differs(
        self,
        document: OpenDocument,
        quotation: Quotation,
        said: str,
        near: tuple[Unit, Likeness] | None,
        judged: Judgement,
        *,
        moved: bool = False,
    ) -> None:
        """The words are not the rule's: with the right ones where they can be told."""
        if near is None or not _renders(near):
            message = f"{messages.named(document.record.title)}里没有“{short(said)}”这句话。"
            judged.add(Verdict.WORDING, message)
            judged.checks.append(
                Check("quote", Verdict.WORDING, quotation.start, quotation.end, said, message)
            )
            return
        right, segments = _shown(near, said)
        unit, like = near
        base = unit.article.start
        start, end = base + like.span[0], base + like.span[1]
        place = document.place(document.label_at(start, end), start, end)
        message = f"引文与{place.label or '原文'}不一致，原文是“{short(right, _SHOWN)}”。"
        verdict = Verdict.NUMBER if moved else Verdict.WORDING
        if moved:
            message = (
                f"引文不在所注的条，在{place.label}，且有出入，原文是“{short(right, _SHOWN)}”。"
            )
        judged.add(verdict, message, place if moved else None)
        judged.checks.append(
            Check(
                "quote", verdict, quotation.start, quotation.end, said, message, right, segments,
                place,
            )
        )  # fmt: skip


def _unit_of(document: OpenDocument, place: Place) -> Unit:
    return document.unit_at(place.start) or range_unit(document, place.start, place.end)


def _likely(document: OpenDocument, said: str) -> list[Unit]:
    """The units that share most with a quotation."""
    wanted = pairs(fold(said).text)
    units = sorted(document.units, key=lambda one: -len(wanted & one.pairs))[:_MOST_UNITS]
    return [
        one for one in units if wanted and len(wanted & one.pairs) / len(wanted) >= _LEAST_SHARED
    ]


def _nearest(said: str, units: Sequence[Unit]) -> tuple[Unit, Likeness] | None:
    """The unit that a quotation is most like, with where; None where it is like none."""
    best: tuple[Unit, Likeness] | None = None
    for unit in units:
        like = align(said, unit.folded)
        if like is not None and (best is None or like.share > best[1].share):
            best = (unit, like)
    return best


def _renders(near: tuple[Unit, Likeness] | None) -> bool:
    return near is not None and is_rendering(near[1])


def _shown(near: tuple[Unit, Likeness] | None, said: str) -> tuple[str, tuple[Segment, ...]]:
    """The right words and the differences."""
    if near is None:
        return "", ()
    unit, like = near
    start, end = whole_words(unit.text, like.span)
    if said.rstrip()[-1:] == unit.text[end : end + 1]:
        end += 1  # both go on with the same sign
    right = unit.text[start:end]
    return right, differences(right, said)


def _exact(quotation: Quotation, said: str, like: Likeness, place: Place | None = None) -> Check:
    note = "数字写法与原文不同，意思一致。" if like.numerals else ""
    return Check(
        "quote", Verdict.CONSISTENT, quotation.start, quotation.end, said, note, "", (), place
    )
