"""The sentences of a model's draft on their way to the answer: held, rejected, repaired, replaced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answer import Citation, Sentence
from assistant.grounding import Grounding, Source, Verdict
from assistant.grounding.base import reasons
from assistant.grounding.similarity import shared
from assistant.grounding.windows import bare, exception_after
from assistant.llm.draft import Drafted
from assistant.text import fold

_AS_NEAR = 0.5  # share of a rejected sentence's wording that what replaces it must have
NO_MARK = "没有标出依据的材料编号。"
NO_PASSAGE = "标出的材料编号不存在。"
_LEAD_ENDS = ("：", ":")


@dataclass(frozen=True)
class Checked:
    """The sources that hold a sentence, each by itself, and why the others do not."""

    held: tuple[Verdict, ...]
    reasons: tuple[str, ...] = ()


def check_sentence(
    text: str, marks: Sequence[int], sources: Mapping[int, Source], grounding: Grounding
) -> Checked:
    """Whether a sentence may be shown with its marks.

    One mark that no passage has, and it may not. Small models forget to mark: without any mark the
    first passage that holds the sentence is cited.
    """
    if not marks:
        found = (v for v in (grounding.verdict(text, s) for s in sources.values()) if v.holds)
        return Checked((first,)) if (first := next(found, None)) else Checked((), (NO_MARK,))
    if any(n not in sources for n in marks):
        return Checked((), (NO_PASSAGE,))
    verdicts = [grounding.verdict(text, sources[n]) for n in dict.fromkeys(marks)]
    held = tuple(v for v in verdicts if v.holds)
    return Checked(held, () if held else reasons(verdicts))


@dataclass
class Line:
    """One sentence of the draft. ``shown`` is what the reader sees, "" for nothing."""

    drafted: Drafted
    shown: str = ""
    held: tuple[Verdict, ...] = ()
    reason: str = ""
    kind: str = "sentence"
    lead: Drafted | None = None


class Worded:
    """Collects a draft's sentences. ``evidence`` are whole passages, numbered as the marks are."""

    def __init__(self, evidence: Sequence[Citation], grounding: Grounding) -> None:
        self.evidence = tuple(evidence)
        self.lines: list[Line] = []
        self._by_number = {c.n: c for c in evidence}
        self._sources = {c.n: Source(c.n, c.title, c.path, c.quote) for c in evidence}
        self._grounding = grounding
        self.repeats = 0
        self._said: set[str] = set()
        self._lead: Drafted | None = None
        self._lead_shown = False

    @property
    def shown(self) -> list[Line]:
        """The lines that a reader sees."""
        return [line for line in self.lines if line.shown]

    @property
    def rejected(self) -> list[Line]:
        """The lines that failed."""
        return [line for line in self.lines if line.reason]

    def add(self, drafted: Drafted) -> bool:
        """Check a sentence; whether it may be shown. An item is checked together with its lead.

        A sentence said before is passed over and counted in ``repeats``.
        """
        folded = fold(drafted.text)
        if folded in self._said:
            self.repeats += 1
            return False
        self._said.add(folded)
        if drafted.text.endswith(_LEAD_ENDS) and not drafted.is_item:
            self._lead, self._lead_shown = drafted, False
            return False
        lead = self._lead if drafted.is_item else None
        if not drafted.is_item:
            self._lead = None
        line = Line(drafted, lead=lead, kind="item" if lead else "sentence")
        self._check(line, drafted)
        if line.shown and lead is not None and not self._lead_shown:
            self._lead_shown = True
            self.lines.append(Line(lead, lead.text, line.held, kind="lead"))
        self.lines.append(line)
        return bool(line.shown)

    def repair(self, line: Line, drafted: Drafted) -> None:
        """Put a rewording in the place of a rejected line if it is held."""
        self._check(line, drafted)

    def _check(self, line: Line, drafted: Drafted) -> None:
        text = (line.lead.text if line.lead else "") + drafted.text
        checked = check_sentence(text, drafted.marks, self._sources, self._grounding)
        if checked.held:
            line.shown, line.held, line.reason = drafted.text, checked.held, ""
        else:
            line.reason = checked.reasons[0] if checked.reasons else NO_MARK

    def fill_in(self) -> None:
        """The documents' own sentences for what failed, and the exceptions that were left out."""
        for line in self.rejected:
            verdict = self._nearest(line.drafted)
            if verdict is not None and not self._is_told(verdict):
                line.shown = self._own_words(verdict)
                line.held, line.kind = (verdict,), "sentence"
        complete: list[Line] = []
        for line in self.lines:
            complete.append(line)
            for verdict in line.held[:1] if line.shown else ():
                span = exception_after(verdict.source.text, verdict.end)
                if span is not None:
                    extra = Verdict(verdict.source, *span)
                    if not self._is_told(extra):
                        drafted = Drafted("", ())
                        complete.append(Line(drafted, self._own_words(extra), (extra,)))
        self.lines = complete

    def _nearest(self, drafted: Drafted) -> Verdict | None:
        """The sentence of the cited passages that a rejected one comes nearest to."""
        cited = [self._sources[n] for n in drafted.marks if n in self._sources]
        best: tuple[float, Verdict] | None = None
        for source in cited:
            found = self._grounding.place(drafted.text, source)
            if found is None:
                continue
            window = found[1].window
            near = shared(found[0].body, "，".join(window.clauses))
            if near >= _AS_NEAR and not window.is_list and (best is None or near > best[0]):
                best = (near, Verdict(source, window.start, window.end))
        return best[1] if best else None

    def _is_told(self, verdict: Verdict) -> bool:
        return any(
            v.source.n == verdict.source.n and v.start < verdict.end and verdict.start < v.end
            for line in self.shown
            for v in line.held
        )

    @staticmethod
    def _own_words(verdict: Verdict) -> str:
        text = verdict.source.text[verdict.start : verdict.end]
        return bare(text).replace("\n", "").strip()

    def composed(self, limit: int) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
        """Sentences and citations; each citation is narrowed to the words that hold a sentence."""
        order: dict[tuple[int, int, int], int] = {}
        shown: list[Sentence] = []
        for line in self.shown[:limit]:
            marks = [
                order.setdefault((v.source.n, v.start, v.end), len(order) + 1) for v in line.held
            ]
            shown.append(Sentence(text=line.shown, citations=tuple(marks), kind=line.kind))
        citations = []
        for (n, start, end), new in order.items():
            whole = self._by_number[n]
            citations.append(
                whole.model_copy(
                    update={
                        "n": new,
                        "start": whole.start + start,
                        "end": whole.start + end,
                        "quote": whole.quote[start:end],
                    }
                )
            )
        return tuple(shown), tuple(citations)
