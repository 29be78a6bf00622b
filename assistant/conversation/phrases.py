"""The parts of a question: its words, what it asks with, and what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.conversation.words import (
    INTERROGATIVE,
    MODAL,
    OUTCOME,
    PERSON,
    attribute_tail,
    word_list,
)
from assistant.terms import tagged
from assistant.vocabulary import GENERIC_WORDS, STOP_WORDS

_WHOLE = re.compile(
    r"《[^《》]{1,80}》|“[^“”]{1,30}”|「[^「」]{1,30}」|\"[^\"]{1,30}\""
    r"|第[0-9一二三四五六七八九十百]{1,5}[周步讲课批期届轮次片区类个项名]"
    r"|[0-9]{1,7}(?:\.[0-9]{1,3})?(?:个工作日|万元|小时|学时|元|人|名|天|日|年|月|次|岁|分|%|本|条|项|周)?(?:以上|以下|以内|之内)?"
    r"|(?<![第几多每])[一二两三四五六七八九十百千]{1,5}(?:个工作日|个月|小时|年|天|岁|万元|元|公里|级)(?:以上|以下|以内|之内)?"
)
_NOUN = ("n", "j", "vn", "an", "nz", "l", "i", "b", "s", "t", "eng", "nr", "ns", "nt", "ng", "vg")
_DANGLING = re.compile(r"(?:的?(?:主要|最多|最长|提前|一般|至少|要|应当|应|需要|可以|能)){1,20}$")
_OPENING = '《“「"'
_EMPTY = frozenset(
    word_list(
        """
    的 是 有 为 在 由 被 把 将 向 对 和 与 从 了 着 过 地 得 于 以 等
    则
    """
    )
)
_LIGHT_VERB = frozenset(
    word_list(
        """
    有 是 是指 指的是 包括 包含 分 设 分为 设置 设立 指 叫 称 属于 具备 符合
    满足 用于 组成 构成 存在 占
    """
    )
)
_CASE = re.compile(r"(?:情况|情形|条件|情节)下?$")
_POSITIONS = frozenset(
    word_list(
        """
    以上 以下 以内 后 前 时 以后 之后 以前 之前 期间
    """
    )
)
_AFTER_MEETING = frozenset(word_list("由 的 有 要 应 应当 和 与 是 分 每"))
_PART = re.compile(r"^(.{2,})的[^的]{1,8}(?:是|为|在|达到)$")
_BY_WHOM = re.compile(r"谁|何人|哪个(?:部门|单位)")
_EACH = re.compile(
    r"^(?:每[人次年月周天日季队组家名位个届]?|每季度|各|各自|一般|分别|都|共|总共|一次|"
    r"不少|至少|最多|最长|最高|最低|最少|最大|最晚|最早|最迟|同时)$"
)


@dataclass(frozen=True)
class Word:
    """A word at ``start:end`` of a question. ``tag`` is its word class (ICTCLAS), ``quote`` for
    what stands in marks and ``quantity`` for numbers with their units."""

    text: str
    tag: str
    start: int
    end: int

    @property
    def nominal(self) -> bool:
        """Whether it names something."""
        return self.tag == "quote" or self.tag.startswith(_NOUN)

    @property
    def specific(self) -> bool:
        """Whether it tells what a question is about: no function word, no 工作 or 情况."""
        if (
            self.tag in ("x", "quantity", "ask")
            or self.text in STOP_WORDS
            or self.text in GENERIC_WORDS
        ):
            return False
        return self.tag == "quote" or (
            len(self.text) > 1
            and self.tag[:1] not in "rpcmqfeuydk"
            and not attribute_tail(self.text)
        )


@lru_cache(maxsize=1024)
def words_of(text: str) -> tuple[Word, ...]:
    """The words of ``text`` with their places; quoted terms, titles and quantities are whole."""
    found: list[Word] = []
    at = 0
    for match in _WHOLE.finditer(text):
        _cut_around_asked(text, at, match.start(), found)
        tag = "quote" if match[0][0] in _OPENING else "quantity"
        found.append(Word(match[0], tag, match.start(), match.end()))
        at = match.end()
    _cut_around_asked(text, at, len(text), found)
    return tuple(_with_meetings(found))


def _cut_around_asked(text: str, start: int, end: int, found: list[Word]) -> None:
    for match in INTERROGATIVE.finditer(text, start, end):
        _cut(text[start : match.start()], start, found)
        found.append(Word(match[0], "ask", match.start(), match.end()))
        start = match.end()
    _cut(text[start:end], start, found)


def _with_meetings(words: list[Word]) -> list[Word]:
    """党小组|会|多久 is about a meeting: 会 belongs to the noun before it, not to a verb after."""
    joined: list[Word] = []
    for place, word in enumerate(words):
        last = joined[-1] if joined else None
        after = words[place + 1] if place + 1 < len(words) else None
        ends = after is None or after.tag in ("ask", "x") or after.text in _AFTER_MEETING
        if word.text == "会" and last is not None and last.tag[:1] in "nj" and ends:
            joined[-1] = Word(last.text + "会", "n", last.start, word.end)
        else:
            joined.append(word)
    return joined


def _cut(text: str, at: int, found: list[Word]) -> None:
    for word, tag in _with_verbs_off(tagged(text)):
        found.append(Word(word, tag, at, at + len(word)))
        at += len(word)


def specific_words(text: str) -> list[str]:
    """The words of ``text`` that tell what it is about; what it asks with is none."""
    return [w.text.strip('“”「」"') for w in words_of(INTERROGATIVE.sub("，", text)) if w.specific]


def _with_verbs_off(words: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The words with 是 and 要 cut off that a guess glued to a name: 函是, 带教人要, 要报."""
    import rjieba

    for word, tag in words:
        glued = len(word) > 1 and word[-1] in "是要应能由有" and tag[:1] in "nv"
        if glued and not rjieba.has_word(word):
            yield word[:-1], "n"
            yield word[-1], "p" if word[-1] == "由" else "v"
        elif word[0] in "要能会" and len(word) == 2 and not rjieba.has_word(word):
            yield word[0], "v"
            yield word[1], "v"
        else:
            yield word, tag


@dataclass(frozen=True)
class Parts:
    """A question cut at what it asks with: ``before``, ``asked``, ``after``.

    “机关纪委收到问题线索怎么登记” is 机关纪委收到问题线索 | 怎么 | 登记.
    """

    before: str
    asked: str
    after: str

    @property
    def text(self) -> str:
        """The whole question."""
        return self.before + self.asked + self.after


def parts_of(question: str) -> Parts:
    """``question`` cut at its interrogative; without one everything is ``before``."""
    text = question.strip().rstrip("？?。！! ")
    match = next((m for m in INTERROGATIVE.finditer(text) if m[0] not in ("吗", "么", "嘛")), None)
    if match is None or (match.start() == 0 and len(match[0]) == len(text)):
        match = INTERROGATIVE.search(text)
    if match is None:
        return Parts(text, "", "")
    return Parts(text[: match.start()], match[0], text[match.end() :])


def topic_of(question: str) -> str:
    """What a question is about, as a phrase that a follow-up may leave out; "" for nothing.

    党建品牌 of “党建品牌由谁来评审”, 机关纪委收到问题线索 of “机关纪委收到问题线索怎么登记”.
    """
    return _DANGLING.sub("", _topic(parts_of(question)))


def _topic(parts: Parts) -> str:
    if parts.asked in ("吗", "么", "嘛", ""):
        return _of_yes_no(parts.before)
    head = _PART.match(parts.before) if parts.asked[:1] in "什多几谁哪" else None
    before = _trimmed(
        head[1] if head else parts.before,
        case=bool(OUTCOME.search(parts.asked + parts.after)) or _begins_with_verb(parts.after),
        attributes=head is None and not _BY_WHOM.search(parts.asked),
    )
    if not before:
        return _of_rest(parts)
    goal = _object(parts)
    if goal:
        verb = _last_verb(parts.before)
        if verb:
            return before + verb + goal if not before.endswith(verb) else before + goal
    return before


def _begins_with_verb(text: str) -> bool:
    words = words_of(text)
    return bool(words) and words[0].tag in ("v", "vn", "vd") and words[0].text not in _LIGHT_VERB


def _of_yes_no(text: str) -> str:
    """What stands before 能, 可以, 是…; all of it where no such word is there."""
    words = words_of(text)
    for place, word in enumerate(words):
        if place and word.text in (
            "能",
            "可以",
            "应当",
            "需要",
            "要",
            "会",
            "可",
            "得",
            "算",
            "是",
            "有",
        ):
            head = _trimmed(text[: word.start])
            if any(w.specific for w in words_of(head)):
                return head
    return _trimmed(text, case=True)


def _of_rest(parts: Parts) -> str:
    """What a question is about that begins with what it asks: 什么情况下会撤销党建品牌称号."""
    rest = parts.after.strip("，, 的")
    match = MODAL.match(rest)
    rest = rest[match.end() :] if match else rest
    rest = re.sub(r"^(?:是|叫|属于|负责|有)", "", rest)
    if parts.asked[:1] == "哪" and not _CASE.search(parts.asked):
        rest = _of_chosen(parts.after) or rest
    return _trimmed(rest, case=True)


def _of_chosen(text: str) -> str:
    """申请不参加集结的队员 of 哪些|队员可以申请不参加集结, "" where nothing is said of them."""
    words = words_of(text)
    first = nouns_of(words)[:1]
    if not first or first[0][0] != 0:
        return ""
    noun = "".join(word.text for word in words[: first[0][1]])
    said = text[len(noun) :].strip("，, ")
    match = MODAL.match(said)
    said = said[match.end() :] if match else said
    return f"{said}的{noun}" if len(said) > 1 and PERSON.search(noun) else ""


def _object(parts: Parts) -> str:
    """The noun that is counted or chosen from (协议 in 签什么协议), "" for an attribute."""
    if _last_verb(parts.before) in _LIGHT_VERB:
        return ""
    taken: list[str] = []
    for word in words_of(parts.after):
        if not word.nominal:
            break
        taken.append(word.text)
    noun = "".join(taken)
    return noun if len(noun) > 1 and not attribute_tail(noun) and noun not in GENERIC_WORDS else ""


def _last_verb(before: str) -> str:
    words = words_of(before)
    return words[-1].text if words and words[-1].tag == "v" and len(words) > 1 else ""


def _trimmed(text: str, *, case: bool = False, attributes: bool = True) -> str:
    """``text`` less what only leads over to the question: 要, 由, 的有效期是, a last verb.

    Of a ``case`` (党员对处分决定不服怎么办) the verb stays; ``attributes`` False keeps 的有效期.
    """
    text = text.strip("，,。；; ")
    words = words_of(text)
    end = len(words)
    verbs = 0  # at most one goes: 检疫预约要提前|几天 is about 检疫预约
    while end:
        word = words[end - 1]
        if word.tag == "v" and not _leads_over(word):
            wished = end > 1 and MODAL.fullmatch(words[end - 2].text)  # 要提前
            if (case and not wished) or verbs or not any(w.specific for w in words[: end - 1]):
                break
            verbs += 1
        elif not _leads_over(word):
            done = end > 1 and words[end - 2].tag == "v" and not _leads_over(words[end - 2])
            if not attributes or end == 1 or done or not attribute_tail(word.text):
                break  # 留置时间 is one thing: what is done belongs to its 时间
        elif word.text in _LIGHT_VERB:
            verbs += 1
        end -= 1
    return text[: words[end - 1].end] if end else ""


def _leads_over(word: Word) -> bool:
    """Whether a word before the interrogative says nothing of what the question is about."""
    return bool(
        word.text in _EMPTY
        or word.text in _LIGHT_VERB
        or word.tag[:1] in "pducyx"
        or _EACH.match(word.text)
        or (word.tag[:1] in "rf" and word.text not in _POSITIONS)
        or MODAL.fullmatch(word.text)
    )


def nouns_of(words: Sequence[Word]) -> list[tuple[int, int]]:
    """Runs of naming words as (first, last + 1) places; 的 between them does not end a run."""
    runs: list[tuple[int, int]] = []
    at = 0
    while at < len(words):
        if not words[at].nominal:
            at += 1
            continue
        end = at + 1
        while end < len(words) and words[end].nominal and words[end].tag != "quote":
            end += 1
        runs.append((at, end))
        at = end
    return runs
