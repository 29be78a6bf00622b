"""The verdict on one reference: does its rule exist and hold, its article exist and say so?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.verification.draft import Draft
from assistant.verification.findings import Check, Finding, Place, Verdict, gravest
from assistant.verification.quotes import Quotation
from assistant.verification.references import Reference
from assistant.verification.shelf import OpenDocument, Shelf, Unit
from assistant.verification.statements import Statement, really_in, slips
from assistant.verification.wording import (
    Likeness,
    align,
    differences,
    fold,
    is_rendering,
    stands_in,
    whole_words,
)
from index.address import VersionWish, messages
from index.address.names import is_generic
from index.address.names import fold as fold_name
from index.address.parse import Address
from index.address.structure import Found, NotThere
from index.records import SUPERSEDED, VALIDITY_PENDING, DocumentRecord
from index.versions.compare.words import Segment

_MOST_ALIKE = 4
_MOST_UNITS = 12  # of a document that are aligned with a quotation
_MOST_PAIRED = 0.28  # likeness from which on an article of today is the old one's successor
_SAID_SO = re.compile(r"废止|失效|修订前|修改前|原规定|旧版|不再施行|停止执行|取代")
_SAID_BEFORE = re.compile(r"(?:原|旧|已废止的|已失效的|废止了?|修订前的)$")
_QUOTE_SHOWN = 40
_LEAST_QUOTE = 4


@dataclass
class _Judgement:
    """What is gathered on one reference in one document."""

    verdicts: list[Verdict] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    right: Place | None = None

    def add(self, verdict: Verdict, message: str, right: Place | None = None) -> None:
        """One thing that is wrong; the first right place that is told stays."""
        self.verdicts.append(verdict)
        self.messages.append(message)
        self.right = self.right or right

    @property
    def verdict(self) -> Verdict:
        return gravest(self.verdicts)


class Judge:
    """Judges the references of one draft against one library."""

    def __init__(self, draft: Draft, shelf: Shelf) -> None:
        self._draft = draft
        self._shelf = shelf

    def judge(
        self,
        number: int,
        reference: Reference,
        quotations: Sequence[Quotation],
        statement: Statement | None,
    ) -> Finding:
        """The finding on a reference with what is said to stand in its rule."""
        if reference.unclear:
            return self._finding(number, reference, _unclear(reference))
        if not reference.documents:
            return self._absent(number, reference)
        records = self._meant(reference)
        if len(records) > _MOST_ALIKE:
            titles = [one.title for one in records]
            judged = _Judgement()
            judged.add(
                Verdict.UNCLEAR,
                messages.unclear(reference.title, reference.label or "内容", titles),
            )
            return self._finding(number, reference, judged)
        found = [self._in_document(reference, one, quotations, statement) for one in records]
        best = max(found, key=_mildness)
        if len(records) > 1:
            best.notes.append(messages.alike([one.title for one in records]))
        self._about_title(reference, best)
        return self._finding(number, reference, best)

    # -- which document --------------------------------------------------------------------------

    def _meant(self, reference: Reference) -> list[DocumentRecord]:
        """The versions that are meant: those of the 文号, of the stated year, else today's."""
        ids = {one.document_id for one in reference.numbered or ()}
        numbered = [one for one in reference.documents if one.document_id in ids]
        if numbered:
            return numbered[:1]
        return self._shelf.chosen(reference.documents, reference.wish)

    def _absent(self, number: int, reference: Reference) -> Finding:
        judged = _Judgement()
        written = reference.title or reference.doc_number
        if reference.numbered:
            title = reference.numbered[0].title
            judged.add(
                Verdict.WORDING,
                f"文号{reference.doc_number}是{messages.named(title)}的，题名写的是{messages.named(written)}。",
                self._shelf.open(reference.numbered[0]).place(),
            )
            return self._finding(number, reference, judged)
        if not reference.title:
            judged.add(Verdict.ABSENT, f"文库里没有文号为{written}的文件，无法核对。")
            return self._finding(number, reference, judged)
        similar = self._shelf.similar(written)
        text = f"文库里没有{messages.named(written)}，无法核对。"
        if similar:
            text += f"名称相近的有{messages.listed(similar)}。"
        judged.add(Verdict.ABSENT, text)
        return replace(self._finding(number, reference, judged), suggestions=similar)

    def _about_title(self, reference: Reference, judged: _Judgement) -> None:
        if reference.misspelt:
            right = messages.named(reference.misspelt)
            judged.add(
                Verdict.WORDING, f"题名写作{messages.named(reference.title)}，文库里的是{right}。"
            )
        elif reference.note:
            judged.notes.append(reference.note)
        number = reference.doc_number
        if not number or not reference.title or reference.numbered:
            return
        known = {one.doc_number for one in reference.documents if one.doc_number}
        if known and fold(number).text not in {fold(one or "").text for one in known}:
            listed = "、".join(sorted(one for one in known if one))
            judged.add(
                Verdict.WORDING,
                f"文号写作{number}，文库里{messages.named(reference.title)}的文号是{listed}。",
            )

    # -- in one document -------------------------------------------------------------------------

    def _in_document(
        self,
        reference: Reference,
        record: DocumentRecord,
        quotations: Sequence[Quotation],
        statement: Statement | None,
    ) -> _Judgement:
        judged = _Judgement()
        document = self._shelf.open(record)
        units = self._places(reference, document, judged)
        outdated = record.validity in SUPERSEDED
        if not reference.addresses:
            judged.places.append(document.place())
        for one in quotations:
            self._quotation(reference, document, units, one, judged)
        if statement is not None:
            self._statement(document, units, statement, judged)
        if outdated:
            self._outdated(reference, document, units, judged)
        elif record.validity == VALIDITY_PENDING:
            judged.notes.append(f"{messages.named(record.title)}尚未施行。")
        return judged

    def _places(
        self, reference: Reference, document: OpenDocument, judged: _Judgement
    ) -> list[Unit]:
        """The parts of a document that the addresses name; what isn't there is a wrong number."""
        units: list[Unit] = []
        for address in reference.addresses:
            found = document.structure.find(address)
            if isinstance(found, NotThere):
                self._not_there(reference, document, address, found, judged)
                continue
            for start, end in found.ranges:
                units.append(_unit(document, start, end))
            start, end = found.ranges[0]
            place = document.place(address.label, start, found.ranges[-1][1])
            judged.places.append(place)
            self._place_flaws(document, address, found, place, judged)
        return units

    def _place_flaws(
        self,
        document: OpenDocument,
        address: Address,
        found: Found,
        place: Place,
        judged: _Judgement,
    ) -> None:
        if found.elsewhere:
            path = " ".join(part for part in place.path.split("/") if part)
            last = address.last.label
            judged.add(Verdict.NUMBER, f"{last}不在文稿所说的位置，它在“{path}”。", place)
        elif found.short_of:
            judged.add(
                Verdict.NUMBER, messages.short_of(document.record.title, found.short_of), place
            )

    def _not_there(
        self,
        reference: Reference,
        document: OpenDocument,
        address: Address,
        lack: NotThere,
        judged: _Judgement,
    ) -> None:
        """No such article: it may be an older version's."""
        message = messages.not_there(document.record.title, lack)
        for record in [] if _of_version(reference.wish) else self._shelf.others(document.record):
            if record.validity not in SUPERSEDED:
                continue
            older = self._shelf.open(record)
            found = older.structure.find(address)
            if isinstance(found, Found):
                old = _unit(older, *found.ranges[0])
                right = self._successor(old, document)
                where = f"，对应今天的{right.label}" if right else ""
                judged.add(
                    Verdict.OUTDATED,
                    f"{message}这个条号是修订前版本的{where}。",
                    right,
                )
                return
        judged.add(Verdict.NUMBER, message)

    # -- quotations ------------------------------------------------------------------------------

    def _quotation(
        self,
        reference: Reference,
        document: OpenDocument,
        cited: Sequence[Unit],
        quotation: Quotation,
        judged: _Judgement,
    ) -> None:
        said = self._draft.text[quotation.start : quotation.end]
        if len(fold(said).text) < (_LEAST_QUOTE if quotation.strict else 2):
            return
        for unit in cited:
            if like := stands_in(said, unit.folded):
                judged.checks.append(_exact(quotation, said, like))
                return
        if reference.addresses and len(cited) > 1 and stands_in(said, fold("".join(u.text for u in cited))):
            judged.checks.append(Check("quote", Verdict.CONSISTENT, quotation.start, quotation.end, said))
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
        if not _of_version(reference.wish) and self._older(document, quotation, said, judged):
            return
        if not _renders(near) or not cited:
            far = _nearest(said, _likely(document, said))
            if _renders(far) and (near is None or far[1].share > near[1].share + 0.15):  # type: ignore[index]
                self._differs(document, quotation, said, far, judged, moved=bool(reference.addresses))
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
        judged: _Judgement,
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
        self, document: OpenDocument, quotation: Quotation, said: str, judged: _Judgement
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
            right = self._successor(old, document)
            near = _nearest(said, [_unit(document, right.start, right.end)]) if right else None
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
        judged: _Judgement,
        *,
        moved: bool = False,
    ) -> None:
        """The words are not the rule's: with the right ones where they can be told."""
        if near is None or not _renders(near):
            message = f"{messages.named(document.record.title)}里没有“{_short(said)}”这句话。"
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
        message = f"引文与{place.label or '原文'}不一致，原文是“{_short(right, 160)}”。"
        verdict = Verdict.NUMBER if moved else Verdict.WORDING
        if moved:
            message = f"引文不在所注的条，在{place.label}，且有出入，原文是“{_short(right, 160)}”。"
        judged.add(verdict, message, place if moved else None)
        judged.checks.append(
            Check(
                "quote", verdict, quotation.start, quotation.end, said, message, right, segments,
                place,
            )
        )  # fmt: skip

    # -- statements ------------------------------------------------------------------------------

    def _statement(
        self,
        document: OpenDocument,
        cited: Sequence[Unit],
        statement: Statement,
        judged: _Judgement,
    ) -> None:
        """What the draft tells of the rule in its own words."""
        said = self._draft.text[statement.start : statement.end]
        moved = really_in(said, cited, document.units)
        units = list(cited)
        if moved is not None:
            place = _whole_place(document, moved)
            if judged.places and judged.places[0].label:
                judged.add(
                    Verdict.NUMBER,
                    f"所说的内容不在{'、'.join(p.label for p in judged.places)}，像是{place.label}的规定。",
                    place,
                )
            elif not judged.places and judged.verdicts:  # the article that is named doesn't exist
                judged.messages[-1] += f"所说的内容像是{place.label}的规定。"
                judged.right = judged.right or place
            units = [moved]
        if not units:
            return
        for slip in slips(said, units, stated=statement.stated):
            start, end = statement.start + slip.start, statement.start + slip.end
            place = _whole_place(document, units[0])
            older = self._slip_is_older(document, said)
            verdict = Verdict.OUTDATED if older else Verdict.WORDING
            where = place.label or messages.named(document.record.title)
            message = f"{slip.reason}：文稿说“{_short(slip.said)}”，{where}是“{_short(slip.right, 160)}”。"
            if older:
                message = f"所说的是旧版本{older}的规定。" + message
            judged.add(verdict, message, place if older else None)
            judged.checks.append(
                Check(
                    "statement", verdict, start, end, slip.said, message, slip.right,
                    differences(slip.right, slip.said) if slip.reason != "数字不一致" else (),
                    place,
                )
            )  # fmt: skip

    def _slip_is_older(self, document: OpenDocument, said: str) -> str:
        """The name of the older version that a statement fits; "" for none."""
        for record in self._shelf.others(document.record):
            if record.validity not in SUPERSEDED:
                continue
            older = self._shelf.open(record)
            unit = really_in(said, (), older.units)
            if unit is not None and not slips(said, [unit], stated=True):
                return f"{messages.named(record.title)}{unit.article.label}"
        return ""

    # -- out of force ----------------------------------------------------------------------------

    def _outdated(
        self,
        reference: Reference,
        document: OpenDocument,
        cited: Sequence[Unit],
        judged: _Judgement,
    ) -> None:
        record = document.record
        status = self._shelf.versions.status(record.document_id, self._shelf.as_of)
        around = self._draft.text[reference.end : reference.end + 30].split("。")[0]
        before = self._draft.text[max(0, reference.start - 8) : reference.start]
        name = f"{messages.named(record.title)}{record.validity}"
        if _SAID_SO.search(around) or _SAID_BEFORE.search(before):
            judged.notes.append(f"{name}，文稿已说明。")
            return
        today = self._shelf.today(record)
        message = f"{name}（{status.reason}）"
        if today is None:
            judged.add(Verdict.OUTDATED, f"{message}，文库里没有接替它的文件。")
            return
        now = self._shelf.open(today)
        right = self._successor(cited[0], now) if cited else now.place()
        where = right.name if right else messages.named(today.title)
        more = "" if right else "，其中没有与所引条文相当的条"
        judged.add(Verdict.OUTDATED, f"{message}，今天应看{where}{more}。", right or now.place())
        judged.right = right or now.place()

    def _successor(self, old: Unit, document: OpenDocument) -> Place | None:
        """The article of a document that is most like an old one; None where none is like it."""
        from index.versions.compare.likeness import likeness

        units = [one for one in document.units if one.folded.text]
        if not units or not old.folded.text:
            return None
        alike = likeness([old.text], [one.text for one in units]).alike[0]
        best = int(alike.argmax())
        return _whole_place(document, units[best]) if alike[best] >= _MOST_PAIRED else None

    def _finding(self, number: int, reference: Reference, judged: _Judgement) -> Finding:
        verdict = judged.verdict
        order = dict(zip(judged.messages, judged.verdicts, strict=True))
        told = sorted(order, key=lambda one: order[one] is not verdict)
        return Finding(
            number=number,
            verdict=verdict,
            start=reference.start,
            end=reference.end,
            written=self._draft.text[reference.start : reference.end],
            title=reference.title or reference.doc_number,
            label=reference.label,
            message="".join(told) or _fine(judged),
            places=tuple(judged.places),
            right=judged.right,
            checks=tuple(judged.checks),
            notes=tuple(dict.fromkeys(one for one in judged.notes if one)),
        )


def _of_version(wish: VersionWish) -> bool:
    return wish.stated


def _mildness(judged: _Judgement) -> tuple[int, int]:
    order = [Verdict.ABSENT, Verdict.UNCLEAR, Verdict.OUTDATED, Verdict.NUMBER, Verdict.WORDING]
    rank = order.index(judged.verdict) if judged.verdict in order else len(order)
    return rank, sum(one.verdict is Verdict.CONSISTENT for one in judged.checks)


def _unclear(reference: Reference) -> _Judgement:
    judged = _Judgement()
    kind = "" if is_generic(fold_name(reference.title)) else "这份文件的"
    judged.add(
        Verdict.UNCLEAR,
        f"前文没有说{messages.named(reference.title)}指哪份文件，无法核对{kind}{reference.label}。",
    )
    return judged


def _fine(judged: _Judgement) -> str:
    quoted = [one for one in judged.checks if one.kind == "quote"]
    if quoted:
        return "引文与文库里的原文一致。"
    if judged.places and judged.places[0].label:
        return "文库里有这一条，现在有效或效力未注明。" if not judged.notes else "文库里有这一条。"
    return "文库里有这份文件。"


def _unit(document: OpenDocument, start: int, end: int) -> Unit:
    """A range of a document as a unit."""
    from index.versions.compare.articles import Article

    return Unit(Article("", "", "", start, end), document.text[start:end])


def _unit_of(document: OpenDocument, place: Place) -> Unit:
    return document.unit_at(place.start) or _unit(document, place.start, place.end)


def _whole_place(document: OpenDocument, unit: Unit) -> Place:
    label = unit.article.label or document.label_at(unit.article.start, unit.article.end)
    return document.place(label, unit.article.start, unit.article.end)


def _likely(document: OpenDocument, said: str) -> list[Unit]:
    """The units that share most with a quotation."""
    from assistant.verification.wording import pairs

    wanted = pairs(fold(said).text)
    units = sorted(document.units, key=lambda one: -len(wanted & one.pairs))[:_MOST_UNITS]
    return [one for one in units if wanted and len(wanted & one.pairs) / len(wanted) >= 0.3]


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
    right = unit.text[start:end]
    return right, differences(right, said)


def _exact(quotation: Quotation, said: str, like: Likeness, place: Place | None = None) -> Check:
    note = "数字写法与原文不同，意思一致。" if like.numerals else ""
    return Check(
        "quote", Verdict.CONSISTENT, quotation.start, quotation.end, said, note, "", (), place
    )


def _short(text: str, limit: int = _QUOTE_SHOWN) -> str:
    from index.errors import shorten

    return shorten(text, limit)

