"""The verdict on one reference: does its rule exist and hold, its article exist and say so?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.verification.draft import Draft
from assistant.verification.findings import Finding, Place, Verdict
from assistant.verification.judgement import Judgement, range_unit, successor
from assistant.verification.judging_quotations import QuotationJudge
from assistant.verification.judging_statements import StatementJudge
from assistant.verification.quotes import Quotation
from assistant.verification.references import Reference
from assistant.verification.shelf import OpenDocument, Shelf, Unit
from assistant.verification.statements import Statement
from assistant.verification.wording import fold
from index.address import messages
from index.address.names import fold as fold_name
from index.address.names import is_generic
from index.address.parse import Address, Step
from index.address.parse import Unit as Level
from index.address.structure import Found, NotThere
from index.records import (
    SUPERSEDED,
    VALIDITY_CURRENT,
    VALIDITY_PENDING,
    VALIDITY_UNKNOWN,
    DocumentRecord,
)

_MOST_ALIKE = 4
_SAID_SO = re.compile(r"废止|失效|修订前|修改前|原规定|旧版|不再施行|停止执行|取代")
_SAID_BEFORE = re.compile(r"(?:原|旧|已废止的|已失效的|废止了?|修订前的)$")


class Judge:
    """Judges the references of one draft against one library."""

    def __init__(self, draft: Draft, shelf: Shelf) -> None:
        self._draft = draft
        self._shelf = shelf
        self._quotations = QuotationJudge(draft, shelf)
        self._statements = StatementJudge(draft, shelf)

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
            judged = Judgement()
            judged.add(
                Verdict.UNCLEAR,
                messages.unclear(reference.title, reference.label or "内容", titles),
            )
            return self._finding(number, reference, judged)
        found = [self._in_document(reference, one, quotations, statement) for one in records]
        best = max(found, key=_mildness)
        if len(records) > 1 and not reference.doubtful:
            named = messages.listed([one.title for one in records])
            best.notes.append(f"文库里{named}都叫这个名字，按对得上的一份核对。")
        if reference.doubtful and best.verdict.is_problem:
            best = _doubtful(reference, records)
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
        judged = Judgement()
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

    def _about_title(self, reference: Reference, judged: Judgement) -> None:
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
    ) -> Judgement:
        judged = Judgement()
        document = self._shelf.open(record)
        units = self._places(reference, document, judged)
        outdated = record.validity in SUPERSEDED
        if not reference.addresses:
            judged.places.append(document.place())
        for one in quotations:
            self._quotations.judge(reference, document, units, one, judged)
        if statement is not None:
            self._statements.judge(document, units, statement, judged)
        if outdated:
            self._outdated(reference, document, units, judged)
        elif record.validity == VALIDITY_PENDING:
            judged.notes.append(f"{messages.named(record.title)}尚未施行。")
        return judged

    def _places(
        self, reference: Reference, document: OpenDocument, judged: Judgement
    ) -> list[Unit]:
        """The parts of a document that the addresses name; what isn't there is a wrong number."""
        units: list[Unit] = []
        for address in reference.addresses:
            found = document.structure.find(address)
            if isinstance(found, NotThere):
                self._not_there(reference, document, address, found, judged)
                continue
            for start, end in found.ranges:
                units.append(range_unit(document, start, end))
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
        judged: Judgement,
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
        judged: Judgement,
    ) -> None:
        """No such article: it may be an older version's."""
        message = messages.not_there(document.record.title, lack)
        for record in [] if reference.wish.stated else self._shelf.others(document.record):
            if record.validity not in SUPERSEDED:
                continue
            older = self._shelf.open(record)
            found = older.structure.find(address)
            if isinstance(found, Found):
                old = range_unit(older, *found.ranges[0])
                right = successor(old, document)
                where = f"，对应今天的{right.label}" if right else ""
                judged.add(
                    Verdict.OUTDATED,
                    f"{message}这个条号是修订前版本的{where}。",
                    right,
                )
                return
        item = _as_item(document, address)
        if item is not None:
            message += f"{item.label}倒有，是不是指它？"
        judged.add(Verdict.NUMBER, message, item)

    # -- out of force ----------------------------------------------------------------------------

    def _outdated(
        self,
        reference: Reference,
        document: OpenDocument,
        cited: Sequence[Unit],
        judged: Judgement,
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
        right = successor(cited[0], now) if cited else now.place()
        where = right.name if right else messages.named(today.title)
        more = "" if right else "，其中没有与所引条文相当的条"
        judged.add(Verdict.OUTDATED, f"{message}，今天应看{where}{more}。", right or now.place())
        judged.right = right or now.place()

    def _finding(self, number: int, reference: Reference, judged: Judgement) -> Finding:
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


def _as_item(document: OpenDocument, address: Address) -> Place | None:
    """第九条第（三）项 for 第九条第三款 where the article has but one 款: often meant so."""
    if address.last.unit is not Level.PARAGRAPH:
        return None
    steps = (*address.steps[:-1], Step(Level.ITEM, address.last.number))
    found = document.structure.find(Address(steps))
    if isinstance(found, NotThere):
        return None
    return document.place(Address(steps).label, *found.ranges[0])


def _mildness(judged: Judgement) -> tuple[int, int]:
    order = [Verdict.ABSENT, Verdict.UNCLEAR, Verdict.OUTDATED, Verdict.NUMBER, Verdict.WORDING]
    rank = order.index(judged.verdict) if judged.verdict in order else len(order)
    return rank, sum(one.verdict is Verdict.CONSISTENT for one in judged.checks)


def _unclear(reference: Reference) -> Judgement:
    judged = Judgement()
    kind = "" if is_generic(fold_name(reference.title)) else "这份文件的"
    judged.add(
        Verdict.UNCLEAR,
        f"前文没有说{messages.named(reference.title)}指哪份文件，无法核对{kind}{reference.label}。",
    )
    return judged


def _doubtful(reference: Reference, records: Sequence[DocumentRecord]) -> Judgement:
    judged = Judgement()
    named = messages.listed([one.title for one in records])
    judged.add(
        Verdict.UNCLEAR,
        f"前文提到几份文件，{messages.named(reference.title)}指哪份不清楚；与{named}都对不上，请写明全称。",
    )
    return judged


def _fine(judged: Judgement) -> str:
    quoted = [one for one in judged.checks if one.kind == "quote"]
    if quoted:
        return "引文与文库里的原文一致。"
    if not judged.places:
        return "文库里有这份文件。"
    what = "这一条" if judged.places[0].label else "这份文件"
    validity = judged.places[0].validity
    holds = "，现行有效" if validity == VALIDITY_CURRENT else ""
    holds = "，效力文库里没有写明" if validity == VALIDITY_UNKNOWN else holds
    return f"文库里有{what}{holds}。"
