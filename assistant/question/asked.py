"""What very thing a question asks for: the attribute, the unit, the size of a list, the sides."""

from __future__ import annotations

import re

from assistant import terms
from assistant.question.model import Kind
from assistant.text import fold, read_number
from assistant.vocabulary import GENERIC_WORDS, MEASURES, STOP_WORDS, UNITS

_MEASURE = "|".join(MEASURES)
_UNIT = re.compile(f"(?:多少|几)({_MEASURE})")
_CN = "一二两三四五六七八九十百"
_NUMERAL = "[0-9零一二两三四五六七八九十百]{1,6}"
_WHICH_N = re.compile(f"哪({_NUMERAL})")
_N_IS = re.compile(
    f"({_NUMERAL})(?:个|项|大|种|类|条|方面|型|域|学|化|点|步|融合|维度|相结合)[^，。？]{{0,12}}"
    "(?:是什么|有哪些|是哪些|分别|指什么|包括|指的是|内容)"
)
_QUOTED_N = re.compile(f'[“"「]({_NUMERAL})[^”"」0-9]{{1,4}}[”"」]')
#: The number of a stated amount (41个片区): checked as a premise, not searched as a word.
_AMOUNT_NUMBER = re.compile(
    rf"(?<![第0-9])([0-9]{{1,7}})\s?(?:余|多)?(?:万|亿)?(?:余|多)?(?:{_MEASURE})"
)
_AMOUNT = re.compile(
    rf"(?<![第哪之0-9{_CN}])([0-9]{{1,7}}|[{_CN}]{{1,5}})(?:来|多|余)?({_MEASURE})人?(?![以之]?[内下上])"
)
#: 什么学历, 哪家公司: the noun that the answer is one of.
_ATTRIBUTE = re.compile(r"(?:什么|啥|哪一?(?:个|家|位|所|支|种|间|门))的?([\u4e00-\u9fff]{2,8})")
_INTERROGATIVE = re.compile(
    rf"多少(?:{_MEASURE}|钱)?|几(?:{_MEASURE})|哪些|哪几(?:{_MEASURE})?|哪(?:{_NUMERAL})(?:{_MEASURE})?|哪[个位里儿年天]|(?:什么|啥|哪)时候|什么时间|"
    r"为什么|什么|何时|何处|由谁来?|归谁|谁|多久|多长时间|多长|多大|如何|怎么办?|怎样|咋办?|是否|能否|可否|行不行|吗|啥"
)
_NOUN = re.compile(
    rf"(?:哪些|哪几|哪(?:{_NUMERAL}))(?:{_MEASURE}|大|方面)?的?([\u4e00-\u9fff]{{2,8}}?)(?=[？?，。！]|$)"
)
_WHO_IS = re.compile(r"([\u4e00-\u9fff]{2,10})(?:是谁|是什么人|由谁担任|指谁)")
_IS_WHO = re.compile(r"^(?:谁|什么人|哪些人)(?:是|才是|算是|可以是)([\u4e00-\u9fff]{2,10})[？?]?$")
_MONEY = re.compile(r"多少钱|几元|多少元|多少万元|金额|费用|花费|补贴|经费.{0,4}多少|预算")
_AFTER_KINDS = (Kind.NUMBER, Kind.LIST, Kind.PERSON)
_AROUND_KINDS = (Kind.DATE, Kind.DURATION, Kind.FREQUENCY, Kind.PLACE)
_ASKS_DIFFERENCE = re.compile(
    r"(?:之间|两者|相比)?(?:的|有|在|是|一样|到底|究竟)*(?:什么|啥|何|哪些|哪里|多大)?的?"
    r"(?:区别|不同|差异|差别|异同|不一样|一样|差在哪|变化)"
)
_JOINED = re.compile(r"和|与|跟|同(?!志|样|意|时)|、|及|相比(?:于)?|比")


def interrogative(text: str) -> re.Match[str] | None:
    """The first word that asks."""
    return _INTERROGATIVE.search(text)


def content_words(text: str) -> tuple[str, ...]:
    """The folded words of ``text`` that carry meaning, in order, without repeats."""
    asked = _INTERROGATIVE.sub("，", text)
    return terms.content_words(_AMOUNT.sub(lambda m: m[0] if m[1] == "一" else "，", asked))


def amount_numbers(text: str) -> frozenset[str]:
    """Digits that belong to a stated amount."""
    return frozenset(_AMOUNT_NUMBER.findall(text))


def size_of_list(text: str) -> int | None:
    """The stated size of a list, 2–80."""
    for pattern in (_WHICH_N, _QUOTED_N, _N_IS):
        match = pattern.search(text)
        if match:
            value = read_number(match.group(1))
            if value is not None and 2 <= value <= 80:
                return value
    return None


def attribute(text: str) -> str:
    """The noun that the answer is one of, "" where it is a word that says nothing."""
    match = _ATTRIBUTE.search(text)
    if match is None:
        return ""
    first, tag = terms.tagged(match[1])[0]
    known = first in GENERIC_WORDS or first in STOP_WORDS
    return fold(first) if tag.startswith("n") and len(first) > 1 and not known else ""


def unit(text: str) -> str:
    """The unit that a number is asked in, as documents write it; "" for none."""
    match = _UNIT.search(text)
    if match is None:
        return ""
    if match[1] == "个" and text[match.end() : match.end() + 1] == "人":
        return "人"
    return UNITS.get(match[1], match[1])


def amounts(text: str) -> tuple[tuple[int, str], ...]:
    """Amounts that the question itself states, with their units."""
    found = []
    for number, measure in _AMOUNT.findall(text):
        value = read_number(number)
        if value is not None and value > 1 and not (measure == "年" and value > 1000):
            found.append((value, UNITS.get(measure, measure)))
    return tuple(found)


def noun(text: str) -> str:
    """What a list is of, or who is asked for."""
    match = _IS_WHO.search(text) or _NOUN.search(text) or _WHO_IS.search(text)
    return fold(match[1]) if match else ""


def wants_money(text: str) -> bool:
    """Whether an amount of money is asked for."""
    return bool(_MONEY.search(text))


def focus(text: str, kind: Kind) -> tuple[str, ...]:
    """Words beside the question word that name what is asked for; generic ones do not count."""
    match = _INTERROGATIVE.search(text)
    if match is None:
        return ()
    follows = kind in _AFTER_KINDS or kind in _AROUND_KINDS
    after = content_words(text[match.end() : match.end() + 10]) if follows else ()
    before = content_words(text[max(0, match.start() - 14) : match.start()])
    near = [word for word in after[:2] if word not in GENERIC_WORDS]
    if not near or kind in _AROUND_KINDS:
        near = near[:1] + [word for word in before[::-1] if word not in GENERIC_WORDS][:1]
    return tuple(word for word in near if len(word) > 1)


def sides(text: str) -> tuple[str, str] | None:
    """The two things compared, as written: 提醒谈话 and 诫勉 of 提醒谈话和诫勉有什么区别.

    The left side is what stands right before the joining word, the right side what stands after
    it; what they are compared in (对报告工作的规定) is left to the words of the question.
    """
    asks = _ASKS_DIFFERENCE.search(text)
    if asks is None or not asks.start():
        return None
    named = text[: asks.start()]
    best: tuple[int, str, str] | None = None
    for joint in _JOINED.finditer(named):
        left, right = _edge(named[: joint.start()], -1), _edge(named[joint.end() :], 0)
        if len(left) < 2 or len(right) < 2:
            continue
        unlike = abs(len(left) - len(right)) - 2 * (left[-1] == right[-1])
        if best is None or unlike < best[0]:
            best = (unlike, left, right)
    return (best[1], best[2]) if best else None


def _edge(text: str, side: int) -> str:
    """The part of one side of a joining word that names the thing."""
    parts = [part for part in re.split(r"[，,。；;：:？?\s]|里的?|中的?|对于|关于", text) if part]
    if not parts:
        return ""
    part = parts[side].strip('“”"《》「」的')
    part = re.sub(r"^(?:请问|比较(?:一下)?|对比(?:一下)?|受到|说说)", "", part)
    if side == 0:
        part = re.split(r"(?:在|对|的(?=[^的]{1,6}$)|之间)", part)[0] or part
    return part.strip('“”"《》「」的')
