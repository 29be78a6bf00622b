"""案例判断题: a short situation made of a rule's condition, judged by that article.

Three sorts: a deadline kept or missed, a behaviour with its degree and what it leads to, a
situation and which of a document's consequences it has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from assistant.study.model import Line, QuizItem, QuizKind, StudyCitation
from assistant.study.quiz.amounts import amounts
from assistant.study.quiz.articles import Article, Listing, ListItem
from assistant.study.quiz.base import (
    Key,
    Option,
    Pool,
    Prospect,
    contained,
    dice,
    explained,
    make_item,
    shuffled,
)
from assistant.study.quiz.difficulty import estimate
from assistant.study.quiz.lists import choosable
from assistant.study.quiz.numbers import Asked, asked_numbers, closeness, wrong_numbers
from assistant.study.quiz.outcomes import Ladder, Rung, read_ladder, read_lead
from assistant.study.quiz.results import askable, punishes, wrong_outcomes

_DEADLINE = re.compile(
    r"^(?P<who>[^，。；]{2,24}?)(?:，)?应当(?:在|自|于|从)(?P<since>[^，。；]{2,34}?)(?:之日起|之日后|之日|后|起)$"
)
_DOES = re.compile(r"^(?:以|之)?内，?(?P<does>[^，。；]{3,44})(?:[，。；]|$)")
_THEN = re.compile(
    r"^(?P<who>[^，：]{0,24}?)(?:有|具有|存在)?(?:下列|以下)(?P<noun>情形|行为|情况)之一的，(?P<then>[^；。：]{4,50})$"
)
_VAGUE_THEN = re.compile("依法|有关规定|法律责任|依照|按照|处理$|处分$")
_LOOSE = re.compile("延长|除外|另有规定|特殊情况|特殊情形|但是|但，|中止|不计入")
_SITUATION = 16  # characters that make a situation one can picture
_COUNTED = ("日", "个工作日", "月")


class Case:
    """Situations with one right judgement; the marking points say why."""

    kind: QuizKind = "case"

    def prospects(self, pool: Pool) -> list[Prospect]:
        """Deadlines, ladders of sentences and of leads, lists with a consequence."""
        found: list[Prospect] = []
        for sentence in pool.sentences:
            for asked in asked_numbers(sentence):
                told = _deadline(asked)
                if told is not None:
                    build = _in_time(asked, *told, pool)
                    found.append(_prospect(sentence.article, sentence.key, "deadline", build, 1.0))
            ladder = read_ladder(sentence.text)
            if ladder is not None:
                for rung in (one for one in ladder.rungs if askable(one)):
                    situation = ladder.situation(rung).replace("的，或者", "，或者")
                    if (
                        "的，" in situation
                        or situation.startswith("任何")
                        or (len(situation) < _SITUATION and not punishes(rung.outcome))
                    ):
                        continue
                    build = _outcome(
                        sentence.article,
                        ladder,
                        rung,
                        sentence.start,
                        situation,
                        sentence.cite(),
                        pool,
                    )
                    found.append(_prospect(sentence.article, sentence.key, "outcome", build, 0.7))
        for listing in pool.listings:
            found += _of_lead(listing, pool)
            if _then(listing) is not None:
                build = _consequence(listing, pool)
                found.append(_prospect(listing.article, listing.key, "consequence", build, 0.8))
        return found


Builder = Callable[[Random], QuizItem | None]


def _prospect(article: Article, key: Key, variant: str, build: Builder, merit: float) -> Prospect:
    return Prospect(article, frozenset({key}), variant, build, merit)


# -- a deadline -----------------------------------------------------------------


def _deadline(asked: Asked) -> tuple[str, str, str] | None:
    """Who has to do what since when, of a sentence that is one plain deadline."""
    text, amount = asked.sentence.text, asked.amount
    if amount.scale not in _COUNTED or amount.size < 3 or amount.size.denominator != 1:
        return None
    if _LOOSE.search(asked.sentence.article.text) or len(list(amounts(text))) != 1:
        return None
    before, after = _DEADLINE.match(text[: amount.start]), _DOES.match(text[amount.end :])
    if before is None or after is None or "不" in after["does"]:
        return None
    return before["who"], before["since"], after["does"]


def _in_time(asked: Asked, who: str, since: str, does: str, pool: Pool) -> Builder:
    def build(chance: Random) -> QuizItem | None:
        amount, article = asked.amount, asked.sentence.article
        wrong = wrong_numbers(asked, pool, 3, chance)
        if len(wrong) < 3:
            return None
        taken = {one.amount.size for one in wrong} | {amount.size}
        late = chance.random() < 0.6
        day = _day(int(amount.size), {int(size) for size in taken}, late)
        if day is None:
            return None
        unit = {"日": "日", "个工作日": "个工作日", "月": "个月"}[amount.scale]
        judged = [
            (amount.size, amount.text, True, f"{article.named}的原文。", asked.sentence.cite())
        ] + [(one.amount.size, one.text, False, one.why, one.citation) for one in wrong]
        options = [
            Option(
                f"{'符合' if size >= day else '不符合'}规定，期限是{text}内", right, why, (cited,)
            )
            for size, text, right, why, cited in sorted(judged, key=lambda one: one[0])
        ]
        stem = (
            f"{who}{'，' if who.endswith('的') else ''}自{since}之日起第{day}{unit}，{does}。"
            f"根据{article.named}，对这一做法的判断正确的是（　　）。"
        )
        verdict = "超过" if late else "没有超过"
        points = (
            Line(text=f"期限：{amount.text}内。", citations=(asked.sentence.cite(),)),
            Line(text=f"第{day}{unit}{verdict}期限，{'不符合' if late else '符合'}规定。"),
        )
        near = closeness(amount, wrong)
        return _item(article, stem, options, [asked.sentence.cite()], "deadline", near, points)

    return build


def _day(limit: int, taken: set[int], late: bool) -> int | None:
    """A day clearly after the limit, or clearly before it, that is no limit of another choice."""
    shares = (1.5, 1.4, 1.6, 1.3, 1.8) if late else (0.6, 0.5, 0.7, 0.4, 0.8)
    days = [round(limit * share) for share in shares]
    return next((d for d in days if d >= 2 and d not in taken and (d > limit) == late), None)


# -- a behaviour and its outcome ------------------------------------------------


def _of_lead(listing: Listing, pool: Pool) -> list[Prospect]:
    """Items under 有下列行为之一，情节较轻的，给予…；情节严重的，给予…."""
    ladder = read_lead(listing.lead)
    if ladder is None:
        return []
    found = []
    for rung in (one for one in ladder.rungs if askable(one)):
        build = _lead_outcome(listing, ladder, rung, pool)
        found.append(_prospect(listing.article, listing.key, "outcome", build, 1.0))
    return found


def _lead_outcome(listing: Listing, ladder: Ladder, rung: Rung, pool: Pool) -> Builder:
    def build(chance: Random) -> QuizItem | None:
        items = choosable(listing)
        if not items:
            return None
        item = chance.choice(items)
        behaviour = item.text.removesuffix("的")
        situation = f"{behaviour}，{rung.condition.removesuffix('的')}"
        cited = listing.cite_lead()
        build_one = _outcome(
            listing.article,
            ladder,
            rung,
            listing.start,
            situation,
            cited,
            pool,
            also=listing.cite_item(item),
            who=ladder.who,
        )
        return build_one(chance)

    return build


def _outcome(
    article: Article,
    ladder: Ladder,
    rung: Rung,
    offset: int,
    situation: str,
    cited: StudyCitation,
    pool: Pool,
    also: StudyCitation | None = None,
    who: str = "",
) -> Builder:
    def build(chance: Random) -> QuizItem | None:
        wrong = wrong_outcomes(article, ladder, rung, offset, pool, 3, chance)
        if len(wrong) < 3:
            return None
        where = article.cite(offset + rung.start, offset + rung.end)
        right = Option(rung.outcome, True, f"{article.named}的原文。", (where,))
        near = sum(dice(one.text, rung.outcome) for one in wrong) / 3
        aimed = who or rung.aim
        stem = (
            f"经查实，存在以下情况：{situation}。根据{article.named}，{aimed}应作的处理是（　　）。"
            if punishes(rung.outcome)
            else f"工作中遇到这样的情况：{situation}。根据{article.named}，{aimed}正确的做法是（　　）。"
        )
        points = (
            Line(text=f"情况：{situation}。", citations=(also or cited,)),
            Line(text=f"处理：{rung.outcome}。", citations=(where,)),
        )
        options = shuffled([right, *wrong], chance)
        citations = [cited] if also is None else [cited, also]
        return _item(article, stem, options, citations, "outcome", 0.3 + 0.7 * near, points)

    return build


# -- a situation and its consequence ---------------------------------------------


def _then(listing: Listing) -> tuple[str, str] | None:
    """Who, and what follows from any item of the list."""
    match = _THEN.match(listing.lead)
    if match is None or _VAGUE_THEN.search(match["then"]):
        return None
    return match["who"], match["then"]


def _consequence(listing: Listing, pool: Pool) -> Builder:
    def build(chance: Random) -> QuizItem | None:
        told = _then(listing)
        items = choosable(listing)
        if told is None or not items:
            return None
        who, then = told
        item = chance.choice(items)
        wrong = _other_consequences(listing, item, then, pool, chance)
        if len(wrong) < 2:
            return None
        right = Option(then, True, f"{listing.article.named}的原文。", (listing.cite(),))
        situation = f"{who}{item.text.removesuffix('的')}"
        stem = (
            f"工作中遇到这样的情况：{situation}。"
            f"根据{listing.article.named}，正确的处理是（　　）。"
        )
        points = (
            Line(text=f"属于该条所列：{item.text}。", citations=(listing.cite_item(item),)),
            Line(text=f"处理：{then}。", citations=(listing.cite(),)),
        )
        near = sum(dice(one.text, then) for one in wrong) / len(wrong)
        options = shuffled([right, *wrong], chance)
        cited = [listing.cite()]
        return _item(listing.article, stem, options, cited, "consequence", 0.3 + near, points)

    return build


def _other_consequences(
    listing: Listing, item: ListItem, then: str, pool: Pool, chance: Random
) -> list[Option]:
    found: list[tuple[float, Option]] = []
    for other in pool.all_listings:
        if other.article.document.document_id != listing.article.document.document_id:
            continue
        told = _then(other)
        if other.key == listing.key or told is None:
            continue
        if any(contained(item.text, one.text) > 0.4 for one in other.items):
            continue
        if contained(told[1], then) > 0.7 or not 0.4 <= len(told[1]) / len(then) <= 2.5:
            continue
        why = f"这是{other.article.label}对“{other.items[0].text}”等的处理。"
        option = Option(told[1], False, why, (other.cite(),))
        found.append((chance.random() - dice(told[1], then), option))
    chosen: list[Option] = []
    for _, option in sorted(found, key=lambda one: (one[0], one[1].text)):
        if len(chosen) < 3 and all(contained(option.text, one.text) < 0.8 for one in chosen):
            chosen.append(option)
    return chosen


def _item(
    article: Article,
    stem: str,
    options: Sequence[Option],
    citations: Sequence[StudyCitation],
    variant: str,
    near: float,
    points: Sequence[Line],
) -> QuizItem:
    return make_item(
        "case",
        stem,
        "",
        citations,
        variant,
        estimate("case", near, len(stem), article.weight),
        options=options,
        points=points,
        explanation=explained(article, citations[0].quote.strip()),
    )
