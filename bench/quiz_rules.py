"""Rules that judge quiz items, written apart from the program that makes them.

They read the item as it is printed, fill its key or a wrong choice into the stem, and look for the
result: in the quoted words (does the citation support the key?), and in every sentence of the
library in force (does any say what a wrong choice says?). Nothing of ``assistant.study.quiz`` is
used, numbers are read by a pattern of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.study.model import QuizItem
from bench.quiz_corpus import Corpus, grams, measure_of, squeezed

_BLANK = re.compile("（[　 ]*）")
_HEAD = re.compile("^(?:根据)?《[^》]+》(?:第[^条]{1,9}条(?:之.)?)?(?:规定)?，")
_ARTICLE = re.compile("^第[^条]{1,9}条(?:之.)?|^（[^）]{1,3}）")


@dataclass(frozen=True)
class Verdict:
    """What the rules say of an item; "" where they have nothing against it."""

    key: str = ""  # why its citation does not support the key
    one: str = ""  # why not exactly one answer is right
    stem: str = ""  # why the stem gives the key away


def judge(item: QuizItem, texts: dict[str, str], corpus: Corpus) -> Verdict:
    """``texts`` are the documents' texts by id."""
    return Verdict(_key(item, texts), _one(item, corpus), _stem(item))


# -- does the citation support the key? ------------------------------------------------------------


def _key(item: QuizItem, texts: dict[str, str]) -> str:
    cited = [*item.citations, *(c for choice in item.choices for c in choice.citations)]
    for one in cited:
        text = texts.get(one.document_id)
        if text is not None and text[one.start : one.end] != one.quote:
            return f"引文与原文不符：{one.quote[:20]}"
    quote = squeezed(item.citations[0].quote)
    check = {
        "single": _key_choice,
        "case": _key_case,
        "multiple": _key_multiple,
        "true_false": _key_true_false,
        "blank": _key_blank,
        "ordering": _key_ordering,
        "matching": _key_matching,
        "short": _key_short,
    }[item.kind]
    return check(item, quote)


def _right(item: QuizItem) -> str:
    return next(one.text for one in item.choices if one.right)


def filled(stem: str, word: str) -> str:
    """The statement that a stem makes with a word in its blank, without its head."""
    return squeezed(_BLANK.sub(lambda _: word, _HEAD.sub("", stem), count=1))


def _key_choice(item: QuizItem, quote: str) -> str:
    labels = "".join(one.label for one in item.choices if one.right)
    if labels != item.answer or len(labels) != 1:
        return "答案与标出的正确项不一致"
    if item.stem.startswith("下列说法"):
        own = {one.label: one for one in item.choices}
        for one in own.values():
            says = squeezed(one.text) in squeezed(
                one.citations[0].quote
            )  # what follows is a source
            holds = "不符合" not in item.stem
            if says != (one.right == holds):
                return f"{one.label}项与引文不符"
        return ""
    return _in_quote(filled(item.stem, _right(item)), squeezed(_right(item)), quote)


def _in_quote(statement: str, word: str, quote: str) -> str:
    """The statement stands in the quote whole, or: behaviour, and later degree with outcome."""
    if statement.rstrip("。") in quote:
        return ""
    before = statement[: statement.rindex(word)].rstrip("，")
    clauses = before.split("，")
    for size in (1, 2, 3):
        tail = "，".join(clauses[-size:])
        if len(tail) > 3 and f"{tail}，{word}" in quote and "，".join(clauses[:-size]) in quote:
            return ""
    return f"填入答案后的句子不在引文里：{statement[:40]}"


def _key_case(item: QuizItem, quote: str) -> str:
    right = squeezed(_right(item))
    limit = re.match("(不?符合)规定，期限是(.+)内$", right)
    if limit:
        day = re.search("之日起第([0-9]+)(个工作日|日|个月)", item.stem)
        told = measure_of(limit[2])
        done = measure_of(f"{day[1]}{day[2]}") if day else None
        if told is None or done is None or f"{limit[2]}" not in quote:
            return "读不出期限"
        kept = done[1] <= told[1]
        return "" if kept == (limit[1] == "符合") else "期限与判断不一致"
    situation = re.match("(?:经查实，存在以下情况|工作中遇到这样的情况)：(.+?)。根据《", item.stem)
    if situation is None or right not in quote.replace("：", "") + "":
        return "处理不在引文里"
    event = squeezed(situation[1])
    everywhere = "".join(squeezed(c.quote) for c in item.citations)
    parts = [part for part in re.split("[，；]", event) if part]
    missing = [part for part in parts if part not in everywhere]
    joined = everywhere.replace("的，", "，").replace("；", "")
    missing = [part for part in missing if part[-4:] not in joined]  # subject and item joined
    if missing:
        return f"情况不在引文里：{missing[0][:20]}"
    degree = parts[-1]
    if re.match("情节|造成|数额", degree):
        bound = re.search(
            re.escape(degree) + "的，(?:对[^，]{2,28}，)?" + re.escape(right), everywhere
        )
        return "" if bound else "情节与处理不对应"
    return ""


def _key_multiple(item: QuizItem, quote: str) -> str:
    labels = "".join(one.label for one in item.choices if one.right)
    if labels != item.answer or len(labels) < 2:
        return "答案与标出的正确项不一致"
    missing = [one.label for one in item.choices if one.right and squeezed(one.text) not in quote]
    return f"{missing[0]}项不在引文里" if missing else ""


def _key_true_false(item: QuizItem, quote: str) -> str:
    statement = filled(item.stem, "").rstrip("。")
    says = statement in quote
    if item.answer == "对":
        return "" if says else "判对的话不在引文里"
    if says:
        return "判错的话就在引文里"
    return "" if _one_edit(statement, quote.rstrip("。")) else "判错的话与引文不止一处不同"


def _one_edit(left: str, right: str) -> bool:
    """Whether two texts differ in one short run."""
    first = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), None)
    if first is None:
        return False
    last = 0
    while last < min(len(left), len(right)) - first and left[-1 - last] == right[-1 - last]:
        last += 1
    return max(len(left), len(right)) - first - last <= 24


def _key_blank(item: QuizItem, quote: str) -> str:
    statement = _HEAD.sub("", item.stem)
    for words in item.blanks:
        statement = _BLANK.sub(lambda _, word=words[0]: word, statement, count=1)  # type: ignore[misc]
    if _BLANK.search(statement):
        return "空数与答案数不一致"
    for words in item.blanks:
        sizes = {measure_of(word) for word in words}
        if len(sizes) > 1:
            return f"可接受的写法不等值：{words}"
    return "" if squeezed(statement) in quote else "填入答案后的句子不在引文里"


def _key_ordering(item: QuizItem, quote: str) -> str:
    order = [int(part) for part in item.answer.split("-")]
    if sorted(order) != list(range(1, len(item.steps) + 1)):
        return "答案不是一个排列"
    places = []
    at = 0
    for number in order:
        at = quote.find(squeezed(item.steps[number - 1]), at)
        places.append(at)
        if at < 0:
            return "步骤的先后与引文不符"
        at += 1
    return ""


def _key_matching(item: QuizItem, quote: str) -> str:
    everywhere = [squeezed(one.quote) for one in item.citations]
    for left, right in _matched(item):
        mine = squeezed(right)
        if re.match("第.+条", left):
            named = [squeezed(c.quote) for c in item.citations if c.article == left]
            good = any(mine in one for one in named)
        else:
            bare = squeezed(left)
            good = any(
                re.search(
                    re.escape(bare) + "[的，是指”]{0,6}(?:对[^，]{2,28}，)?" + re.escape(mine), one
                )
                for one in (*everywhere, quote)
            )
        if not good:
            return f"“{left[:12]}”与所配内容不符"
    return ""


def _matched(item: QuizItem) -> list[tuple[str, str]]:
    rights = [right for _, right in item.pairs]
    pairs = []
    for part in item.answer.split():
        number, _, letter = part.partition("-")
        pairs.append((item.pairs[int(number) - 1][0], rights["ABCDEF".index(letter)]))
    return pairs


def _key_short(item: QuizItem, quote: str) -> str:
    missing = [one.text for one in item.points if squeezed(one.text) not in quote]
    if missing:
        return f"要点不在引文里：{missing[0][:20]}"
    numbered = len(re.findall("(?:^|[：；。])（[一二三四五六七八九十]{1,3}）", quote))
    return "" if numbered in (0, len(item.points)) else "要点数与所列项数不一致"


# -- is exactly one answer right? ------------------------------------------------------------------


def _one(item: QuizItem, corpus: Corpus) -> str:
    quote = "".join(squeezed(one.quote) for one in item.citations)
    texts = [squeezed(one.text) for one in item.choices]
    if len(set(texts)) < len(texts):
        return "两个选项相同"
    measures = [measure_of(text) for text in texts]
    if all(measures) and len(set(measures)) < len(measures):
        return "两个数相等"
    if item.kind == "matching":
        rights = [squeezed(right) for _, right in item.pairs]
        return "右侧有相同的内容" if len(set(rights)) < len(rights) else ""
    if item.kind == "ordering":
        return "有相同的步骤" if len(set(item.steps)) < len(item.steps) else ""
    if item.kind == "true_false" and item.answer == "错":
        return _said_elsewhere(filled(item.stem, ""), quote, quote, corpus)
    if item.kind == "multiple":
        return _one_list(item)
    if item.kind not in ("single", "case"):
        return ""
    wrong = [one.text for one in item.choices if not one.right]
    if item.kind == "single" and item.stem.startswith("下列说法"):
        false = wrong if "不符合" not in item.stem else [_right(item)]
        for text in false:
            own = next(one for one in item.choices if one.text == text)
            told = _said_elsewhere(text, squeezed(own.citations[0].quote), quote, corpus)
            if told:
                return told
        return ""
    if item.kind == "case":
        return _one_case(item)
    right = filled(item.stem, _right(item))
    for text in wrong:
        told = _said_elsewhere(filled(item.stem, text), right, quote, corpus)
        if told:
            return told
    return _own_words(item, quote) or _nested(item) or _overlapping(item, quote)


def _said_elsewhere(false: str, true: str, own: str, corpus: Corpus) -> str:
    """A sentence in force that has more of the false statement than of the true one."""
    false, true = squeezed(false).rstrip("。"), squeezed(true).rstrip("。")
    mine, theirs = set(grams(false).tolist()), set(grams(true).tolist())
    only = mine - theirs
    if not only:
        return ""
    for sentence in corpus.like(false):
        if sentence.rstrip("。；") in own or _ARTICLE.sub("", sentence).rstrip("。；") in own:
            continue  # the very words that are asked about
        told = set(grams(sentence).tolist())
        if only <= told and len(only & told) > len((theirs - mine) & told):
            return f"库里另有：{sentence[:40]}"
    return ""


def _own_words(item: QuizItem, quote: str) -> str:
    """A wrong choice that the quote itself has right behind the words before the blank."""
    before = filled(item.stem, "\x00").split("\x00")[0].rstrip("，")
    if re.match("情节|造成|数额", before.split("，")[-1]):
        before = before.split("，")[-1]
    for one in item.choices:
        text = squeezed(one.text)
        if (
            not one.right
            and len(before) > 3
            and re.search(
                re.escape(before)
                + "，?(?:对[^，]{2,28}，)?"
                + re.escape(text)
                + "(?![一二三四五六七八九十百千万0-9])",
                quote,
            )
        ):
            return f"{one.label}项就在引文的同一处"
    return ""


def _nested(item: QuizItem) -> str:
    """An outcome that is a part of another one, or a body that takes in another."""
    texts = [squeezed(one.text) for one in item.choices]
    for i, one in enumerate(texts):
        for j, other in enumerate(texts):
            if i != j and len(one) > 3 and one in other and measure_of(one) is None:
                right = item.choices[i].right or item.choices[j].right
                if right:
                    return f"“{one[:16]}”包含在“{other[:16]}”里"
    return ""


def _overlapping(item: QuizItem, quote: str) -> str:
    """Choices that a lawyer may hold to be right as well: a liability beside a liability, what the
    same sentence has follow already, a body named only by its relation (本级, 同级)."""
    right = squeezed(_right(item))
    before = filled(item.stem, "\x00").split("\x00")[0].rstrip("，").split("，")[-1]
    for one in item.choices:
        text = squeezed(one.text)
        if one.right:
            continue
        if "责任" in right and "责任" in text:
            return f"{one.label}项也是一种责任"
        if before.startswith("造成") and text in quote and quote.find(text) < quote.find(right):
            return f"{one.label}项由同一句的前半已经引出"
        relative = re.search("本级|同级|有关|所在地", text + right)
        if relative and len(text) < 25 and text[-3:] == right[-3:] and measure_of(text) is None:
            return f"{one.label}项可能就是正确项"
    return ""


def _one_list(item: QuizItem) -> str:
    listed = squeezed(item.citations[0].quote)
    parts = [part for part in re.split("[；：。]", listed) if part]
    general = next(
        (
            p
            for p in parts
            if re.search("(?:严重后果|不良影响|合法权益|平等.{2,4}权益)的?$", p) and len(p) < 18
        ),
        "",
    )
    if general:
        return f"所列的“{general[:16]}”可能包括别的选项"
    for one in item.choices:
        if one.right:
            continue
        text = squeezed(one.text)
        if text in listed:
            return f"{one.label}项也在所列之中"
        mine = set(grams(text).tolist())
        for part in parts:
            theirs = set(grams(part).tolist())
            if mine and theirs and len(mine & theirs) / min(len(mine), len(theirs)) > 0.6:
                return f"{one.label}项与所列的“{part[:16]}”相近"
    return ""


def _one_case(item: QuizItem) -> str:
    verdicts = [
        re.match("(不?符合)规定，期限是(.+)内$", squeezed(one.text)) for one in item.choices
    ]
    if all(verdicts):
        sizes = [measure_of(found[2]) for found in verdicts if found]
        return "两个期限相等" if len(set(sizes)) < len(sizes) else ""
    quote = squeezed(item.citations[0].quote)
    right = squeezed(_right(item))
    situation = re.search("(?:情况)：(.+?)。根据《", item.stem)
    last = squeezed(situation[1]) if situation else ""
    if re.match("情节|造成|数额", last.split("，")[-1]):
        last = last.split("，")[-1]
    for one in item.choices:
        text = squeezed(one.text)
        if not one.right and last and f"{last}的，{text}" in quote:
            return f"{one.label}项也由该条的同一情况引出"
        if not one.right and (text in right or right in text):
            return f"{one.label}项与正确项互相包含"
    return ""


# -- does the stem give the key away? --------------------------------------------------------------


def _stem(item: QuizItem) -> str:
    if item.kind in ("single", "blank") and item.stem.count("（　　）") < 1:
        return "题干没有空"
    body = squeezed(_HEAD.sub("", item.stem))
    if item.kind == "single" and not item.stem.startswith("下列说法"):
        right = squeezed(_right(item))
        if right in body and measure_of(right) is None:
            return "题干里有答案"
        others = [squeezed(one.text) for one in item.choices if not one.right]
        pairs = {right[i : i + 2] for i in range(len(right) - 1)}
        shared = sum(pair in body for pair in pairs) / max(1, len(pairs))
        theirs = [
            sum(t[i : i + 2] in body for i in range(len(t) - 1)) / max(1, len(t) - 1)
            for t in others
        ]
        if shared > 0.6 and shared > 2 * max(theirs, default=0):
            return "只有正确项的词在题干里"
    return ""
