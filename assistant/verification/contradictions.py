"""Where a statement contradicts the articles that it is about.

It is weighed clause by clause against the clauses of the article, and only where they are plainly
about the same: a figure that the article has otherwise, a 不 or 应当 that it lacks, an office that
it doesn't name. What is merely told in other words is left alone, and so is what the draft tells
of its own office (我局于3月前成立3个小组).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from assistant.verification.quantities import Quantity, quantities
from assistant.verification.shelf import Unit
from assistant.verification.wording import fold, numerals, pairs
from index.address.parse import Span

_SENTENCED = re.compile(r"定罪|追究[^，。]{0,8}责任|从[重轻]处罚|论处|处理$|处罚$|执行$|办理$")
_OWN = re.compile(
    r"我[局市省县区院部委厅办校司们国]|本[局市省县区院部委厅办校司]|全[市省县区局]|截至|截止(?:目前|今|[0-9])|累计|今年|去年|本年|上半年|"
    r"下半年|目前|近日|近年|(?<![0-9一二三四五六七八九十])日前|[0-9]{4}年|共(?:有|计|查|开|组|收|办|完)|已(?:经)?(?:开展|完成|组织|建立|成立|印发|办理|查处|召开|有[0-9一二三四五六七八九十])|了[0-9一二三四五六七八九十]|会议(?:认为|指出|强调|决定)|同志|"
    r"某|张三|李四"
)
_CLAUSE = re.compile(r"[，。；：！？,;:!?\n]")
_HARD = re.compile(r"[。；;！？\n]")
_NEGATION = re.compile(
    "不得|不予|不应当?|不能|不可(?!抗)|失(?=实)|不准|不许|严禁|禁止|没有|不(?!特定|同|仅|但|论|断|动产)|未(?!成年|来|婚)|"
    "无(?!论|线|偿|形|障碍|党派|人机)|非(?!法|常)|免予|免除"
)
_MODALS = re.compile("应当|必须|可以|不得|应(?![急用对聘届收付诉邀激纳征])|须|不能|禁止|严禁")
_STRENGTH = {
    "应当": "must", "必须": "must", "应": "must", "须": "must", "可以": "may",
    "不得": "not", "不能": "not", "禁止": "not", "严禁": "not",
}  # fmt: skip
_BODY = re.compile(
    r"[\u4e00-\u9fff]{0,8}(?:机关|部门|委员会|法院|检察院|政府|党委|党组|党支部|纪委|监委|办公室|大会|常委会|主管|机构|组织|"
    r"单位|书记|主席|主任|局长)"
)
_ALIKE = 0.6  # of pairs: two clauses say the same thing
_VERBATIM = 0.75  # all but word for word
_SMALL = 4  # characters of a difference that a 不 makes
_SAME_TOPIC = 0.4
_SHORTEST_CLAUSE, _SHORT_CLAUSE = 4, 12
_ABOUT = 0.7  # of a statement's pairs in another article: it is that one's
_NOT_ABOUT, _CLEARLY = 0.62, 0.3  # at most in the cited one, and so much less than there
_SURELY = 0.92
_MOST_LIKELY = 5
_SHORTEST = 6


@dataclass(frozen=True)
class Slip:
    """A clause of a statement that the rule contradicts: ``said`` against ``right``."""

    start: int  # range in the statement's text
    end: int
    said: str
    right: str
    reason: str


def slips(said: str, units: Sequence[Unit], *, stated: bool, frame: str = "") -> list[Slip]:
    """Where a statement contradicts the articles that it is about; ``frame`` stands before it."""
    article = "\n".join(unit.text for unit in units)
    known = _clauses(article)
    spans = _spans(said)
    figures = quantities(article)
    whole = pairs(_plain(article))
    found: list[Slip] = []
    for place, (start, end) in enumerate(spans):
        clause = said[start:end]
        if _OWN.search(clause) and _nearest(clause, known)[1] < _VERBATIM:
            continue
        slip = (
            _figure(clause, known, figures, whole, stated)
            or _polarity(clause, [one for one in known if not one.joined], frame + said[:start])
            or _office(clause, known, article)
        )
        if slip is None and place and len(_plain(clause)) < _SHORTEST_CLAUSE:
            start = spans[place - 1][0]  # “…的，不得拒绝”: too little to go by alone
            joined = [one for one in known if one.joined]
            slip = _polarity(said[start:end], joined, frame + said[:start], _VERBATIM)
        if slip is not None:
            found.append(
                Slip(start + slip.start, start + slip.end, slip.said, slip.right, slip.reason)
            )
    return found


def says(said: str, place: int, unit: Unit) -> bool:
    """Whether a unit has the clause of a statement at ``place`` word for word."""
    for start, end in _spans(said):
        if start <= place < end:
            clause = numerals(fold(said[start:end]).text)
            return bool(clause) and clause in numerals(unit.folded.text)
    return False


def _coverage(wanted: frozenset[str], unit: Unit) -> float:
    """The share of a statement's pairs of characters that stand in a unit, 0–1."""
    return len(wanted & unit.pairs) / len(wanted) if wanted else 0.0


def likely(units: Iterable[Unit], said: str) -> list[Unit]:
    """The units that share most with a statement of which no article is named, the best first."""
    wanted = pairs(fold(said).text)
    ranked = sorted(((_coverage(wanted, one), one) for one in units), key=lambda one: -one[0])
    return [one for share, one in ranked[:_MOST_LIKELY] if share >= _SAME_TOPIC]


def really_in(
    said: str, cited: Sequence[Unit], every: Iterable[Unit], *, stated: bool = True
) -> Unit | None:
    """The other article that a statement is plainly taken from; None where it may be the cited."""
    folded = fold(said).text
    if len(folded) < (2 if stated else 3) * _SHORTEST:
        return None
    formula = not stated and _SENTENCED.search(said)  # 定罪处罚 stands in many articles
    wanted = pairs(folded)
    here = max((_coverage(wanted, one) for one in cited), default=0.0)
    if here >= _NOT_ABOUT:
        return None
    best, there = None, 0.0
    for one in every:
        share = _coverage(wanted, one)
        if share > there:
            best, there = one, share
    return best if there >= max(_SURELY if formula else _ABOUT, here + _CLEARLY) else None


# -- clauses -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Clause:
    text: str
    pairs: frozenset[str]
    joined: bool  # with the one before it in the sentence


def _spans(text: str) -> list[Span]:
    spans, at = [], 0
    for match in _CLAUSE.finditer(text):
        spans.append((at, match.start()))
        at = match.end()
    spans.append((at, len(text)))
    return [(start, end) for start, end in spans if len(text[start:end].strip()) >= 2]


def _plain(text: str) -> str:
    """Folded, numbers in digits, without what turns or weighs a clause: for its topic alone."""
    return _MODALS.sub("", _NEGATION.sub("", numerals(fold(text).text)))


@lru_cache(maxsize=512)
def _clauses(article: str) -> tuple[_Clause, ...]:
    """The clauses of an article, and each two that stand together."""
    spans = _spans(article)
    texts = [(article[start:end], False) for start, end in spans]
    texts += [
        (article[a[0] : b[1]], True)
        for a, b in pairwise(spans)
        if not _HARD.search(article, a[1], b[0])
    ]
    return tuple(_Clause(one, pairs(_plain(one)), joined) for one, joined in texts)


def _nearest(clause: str, known: Sequence[_Clause]) -> tuple[_Clause | None, float]:
    wanted = pairs(_plain(clause))
    best, score = None, 0.0
    for one in known:
        if not one.pairs or not wanted:
            continue
        value = 2 * len(wanted & one.pairs) / (len(wanted) + len(one.pairs))
        if value > score:
            best, score = one, value
    return best, score


def _figure(
    clause: str,
    known: Sequence[_Clause],
    figures: Sequence[Quantity],
    whole: frozenset[str],
    stated: bool,
) -> Slip | None:
    """A figure that the article has otherwise: it has the same kind of figure, but not this one."""
    for one in quantities(clause):
        if any(one.equals(other) for other in figures):
            continue
        same = [other for other in figures if other.kind == one.kind]
        if not same:
            continue
        around = _plain(clause[: one.start] + "，" + clause[one.end :])
        wanted = pairs(around)
        topic = len(wanted & whole) / len(wanted) if wanted else 0.0
        if topic < (_SAME_TOPIC if stated else _SAME_TOPIC + 0.1):
            continue
        nearest = _with_kind(clause, known, one.kind)
        return Slip(one.start, one.end, clause[one.start : one.end], nearest, "数字不一致")
    return None


def _with_kind(clause: str, known: Sequence[_Clause], kind: str) -> str:
    """The clause of the article that has such a figure and is most like this one."""
    having = [one for one in known if any(q.kind == kind for q in quantities(one.text))]
    best, _ = _nearest(clause, having)
    return (best or having[0]).text.strip() if having else ""


def _polarity(
    clause: str, known: Sequence[_Clause], before: str = "", least: float = 0.0
) -> Slip | None:
    """A negation or a 应当 that the article has otherwise; ``before`` is the statement so far."""
    if len(_plain(clause)) < _SHORTEST_CLAUSE:
        return None
    best, score = _nearest(clause, known)
    if len(fold(clause).text) < _SHORT_CLAUSE:
        least = max(least, _VERBATIM)
    if best is None or score < max(_ALIKE, least):
        return None
    alike = [one for one in known if _nearest(clause, [one])[1] >= score - 0.1]
    negated = _negated(clause)
    if all(_negated(one.text) is not negated for one in alike):
        governed = _NEGATION.search(before) is not None  # 禁止甲，或者乙
        if not governed and _turned(clause, best.text):
            return Slip(0, len(clause), clause, best.text.strip(), "肯定与否定不一致")
    said, right = _strengths(clause), _strengths(best.text)
    if said and right and not said & right and not any(said & _strengths(o.text) for o in alike):
        return Slip(0, len(clause), clause, best.text.strip(), "要求的程度不一致")
    return None


def _turned(clause: str, right: str) -> bool:
    """Whether a negation is the difference itself, and no part of a longer one."""
    ours, theirs = fold(clause).text, fold(right).text
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal" or max(i2 - i1, j2 - j1) > _SMALL:
            continue
        left = _NEGATION.search(ours[i1 : i2 + 1]) is not None
        if left is not (_NEGATION.search(theirs[j1 : j2 + 1]) is not None):
            return True
    return False


def _negated(text: str) -> bool:
    return len(_NEGATION.findall(text)) % 2 == 1


def _strengths(text: str) -> frozenset[str]:
    return frozenset(_STRENGTH[one] for one in _MODALS.findall(text))


def _office(clause: str, known: Sequence[_Clause], article: str) -> Slip | None:
    """An office that the article doesn't name, where it names another one in the same words."""
    from index.versions.compare.words import ADDED, REMOVED, changed_words

    best, score = _nearest(clause, known)
    if best is None or score < _ALIKE:
        return None
    segments = changed_words(best.text.strip(), clause.strip())
    for left, right in pairwise(segments):
        if left.kind != REMOVED or right.kind != ADDED:
            continue
        body = _BODY.fullmatch(right.text.strip())
        if body and _BODY.fullmatch(left.text.strip()) and right.text.strip() not in article:
            at = clause.find(right.text.strip())
            return Slip(
                max(at, 0), max(at, 0) + len(right.text.strip()),
                right.text.strip(), best.text.strip(), "名称不一致",
            )  # fmt: skip
    return None
