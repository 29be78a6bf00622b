"""排序题: the steps of a procedure, shown out of order."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from assistant.study.model import QuizItem, QuizKind, StudyCitation
from assistant.study.quiz.articles import Article
from assistant.study.quiz.base import Key, Pool, Prospect, make_item
from assistant.study.quiz.difficulty import estimate
from assistant.study.quiz.plain import clean_item

_IN_LINE = re.compile(
    r"(?:按照|按|经过|经|履行|遵循)(?P<steps>[\u4e00-\u9fff]{2,14}(?:、[\u4e00-\u9fff]{2,14}){2,7}(?:和|以及|并)?[\u4e00-\u9fff]{0,12}?)(?:等|的)?(?:程序|步骤|顺序|环节|流程)"
)


class Ordering:
    """Lists whose lead speaks of a procedure, and 按照A、B、C、D的程序 inside a sentence."""

    kind: QuizKind = "ordering"

    def prospects(self, pool: Pool) -> list[Prospect]:
        """One a procedure of three to seven steps."""
        found: list[Prospect] = []
        for listing in pool.listings:
            steps = [one.text for one in listing.items]
            if _is_procedure(listing.lead, steps):
                question = (
                    f"{listing.article.named}规定：“{listing.lead}”。请按规定的先后排列以下步骤。"
                )
                build = _builder(listing.article, question, steps, listing.cite())
                found.append(_prospect(listing.article, listing.key, build))
        for sentence in pool.sentences:
            match = _IN_LINE.search(sentence.text)
            steps = _split(match["steps"]) if match else []
            if match and 4 <= len(steps) <= 7:
                shown = sentence.text.replace(match["steps"], "（　　）", 1)
                question = (
                    f"根据{sentence.article.named}，{shown}请按规定的先后排列括号内的各个环节。"
                )
                build = _builder(sentence.article, question, steps, sentence.cite())
                found.append(_prospect(sentence.article, sentence.key, build))
        return found


def _prospect(article: Article, key: Key, build: Callable[[Random], QuizItem | None]) -> Prospect:
    return Prospect(article, frozenset({key}), "steps", build)


def _is_procedure(lead: str, steps: list[str]) -> bool:
    if not re.search(
        "(?:程序|步骤|顺序|流程|环节)(?:进行|办理|实施|开展|执行|选拔|处理|审批|清偿|分配|确定)?$|依次",
        lead,
    ):
        return False
    return 3 <= len(steps) <= 7 and all(clean_item(one) for one in steps)


def _split(text: str) -> list[str]:
    parts = [part for chunk in text.split("、") for part in re.split("以及|和(?!解|平)", chunk)]
    return [part for part in parts if part] if all(2 <= len(p) <= 14 for p in parts) else []


def _builder(
    article: Article, question: str, steps: list[str], cited: StudyCitation
) -> Callable[[Random], QuizItem | None]:
    def build(chance: Random) -> QuizItem | None:
        if len(set(steps)) < len(steps):
            return None
        shown = list(steps)
        while shown == steps:
            chance.shuffle(shown)
        answer = "-".join(str(shown.index(one) + 1) for one in steps)
        return make_item(
            "ordering",
            question,
            answer,
            [cited],
            "steps",
            estimate("ordering", len(steps) / 8, sum(map(len, steps)), article.weight),
            steps=shown,
            explanation=f"{article.named}规定的先后是：{'；'.join(steps)}。",
        )

    return build
