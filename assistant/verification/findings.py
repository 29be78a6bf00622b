"""What a check of a draft finds: one finding a reference, with its verdict and what is right."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from index.address.parse import Span
from index.versions.compare.words import Segment


class DraftError(ValueError):
    """A draft that can't be checked; the message is one Chinese line that says what to do."""


class Verdict(StrEnum):
    """What became of a reference. The value is what a reader sees."""

    CONSISTENT = "一致"
    WORDING = "引文有出入"
    NUMBER = "条号不符"
    OUTDATED = "已失效"
    ABSENT = "库中没有"
    UNCLEAR = "指代不明"  # 《条例》第五条 where nothing before says which; or many documents fit

    @property
    def is_problem(self) -> bool:
        """Whether a person has to look at it."""
        return self is not Verdict.CONSISTENT


#: Of several verdicts on one reference the first of these is its verdict.
GRAVEST = (
    Verdict.ABSENT,
    Verdict.UNCLEAR,
    Verdict.OUTDATED,
    Verdict.NUMBER,
    Verdict.WORDING,
    Verdict.CONSISTENT,
)


def gravest(verdicts: list[Verdict]) -> Verdict:
    """The verdict that stands for several; 一致 for none."""
    return min(verdicts, key=GRAVEST.index, default=Verdict.CONSISTENT)


@dataclass(frozen=True)
class Place:
    """Where in the library something stands.

    ``text`` is ``document text[start:end]`` exactly; ``label`` is 第五条第二款, "" for the whole
    document, where ``text`` is empty too.
    """

    document_id: str
    title: str
    validity: str
    label: str = ""
    path: str = ""
    start: int = 0
    end: int = 0
    text: str = ""

    @property
    def name(self) -> str:
        """《X》第五条, as a message has it."""
        from index.address.messages import named

        return f"{named(self.title)}{self.label}"


@dataclass(frozen=True)
class Check:
    """One thing that was compared: a quotation or a statement at ``start:end`` of the draft.

    ``right`` are the document's words in its place; ``segments`` lead from those to the draft's:
    ``removed`` are words that the draft lacks, ``added`` those that only the draft has.
    """

    kind: str  # quote, statement
    verdict: Verdict
    start: int
    end: int
    said: str
    message: str = ""
    right: str = ""
    segments: tuple[Segment, ...] = ()
    right_place: Place | None = None  # where the words really stand, when not at the cited place


@dataclass(frozen=True)
class Finding:
    """One reference of the draft, at ``start:end`` of its text, and what became of it.

    ``places`` are what it names in the library, one an address; ``right`` is what it should name:
    the right article, or today's rule. ``message`` is one Chinese sentence for the writer.
    """

    number: int  # from 1, in the order of the draft
    verdict: Verdict
    start: int
    end: int
    written: str
    title: str  # of the rule, as written or as understood
    label: str  # 第五条、第八条; "" where the rule is named as a whole
    message: str
    places: tuple[Place, ...] = ()
    right: Place | None = None
    checks: tuple[Check, ...] = ()
    notes: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()  # titles that may have been meant

    @property
    def mark(self) -> Span:
        """Where a remark belongs: at the words that are wrong, else at the reference."""
        wrong = [one for one in self.checks if one.verdict is self.verdict]
        if self.verdict is Verdict.WORDING and wrong:
            return wrong[0].start, wrong[0].end
        return self.start, self.end


@dataclass(frozen=True)
class Report:
    """All findings of a draft in its order. Ranges refer to ``text``.

    ``documents`` is how many documents were there to check against. ``truncated``: the draft has
    more references than are checked.
    """

    text: str
    as_of: date
    documents: int
    findings: tuple[Finding, ...]
    truncated: bool = False

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many findings of each verdict, every verdict named."""
        found = Counter(one.verdict for one in self.findings)
        return {verdict: found[verdict] for verdict in Verdict}

    @property
    def problems(self) -> tuple[Finding, ...]:
        """The findings that a person has to look at."""
        return tuple(one for one in self.findings if one.verdict.is_problem)

    @property
    def nothing_known(self) -> bool:
        """Whether the draft names rules and the library has none of them."""
        return bool(self.findings) and all(one.verdict is Verdict.ABSENT for one in self.findings)

    @property
    def summary(self) -> str:
        """One Chinese sentence on the whole."""
        if not self.findings:
            return "文稿里没有找到对制度文件的引用，没有可以核对的内容。"
        told = "，".join(f"{one.value} {n} 处" for one, n in self.counts.items() if n)
        text = f"共找到 {len(self.findings)} 处引用：{told}。"
        if self.nothing_known:
            text += "文稿引用的文件文库里一份也没有，请先把它们放进文库再核对。"
        if self.truncated:
            text += "引用太多，后面的没有核对，请把文稿拆开再核对。"
        return text
