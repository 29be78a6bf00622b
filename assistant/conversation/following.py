"""还有呢, 为什么, 几天内, 由谁召集: questions that leave out what they are about."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.conversation.model import Past
from assistant.conversation.phrases import (
    Parts,
    nouns_of,
    parts_of,
    specific_words,
    words_of,
)
from assistant.conversation.pointing import titled
from assistant.conversation.words import (
    INTERROGATIVE,
    OUTCOME,
    attribute_tail,
    leading_attribute,
    word_list,
)

_MORE = re.compile(
    r"(?:还有|还包括|其他|其它|别的|剩下|继续|接着说|接下来|然后|除此之外|另外)(?:什么|哪些|别的|其他)?(?:的)?(?:吗|么|没有?)?"
)
_EXAMPLE = re.compile(
    r"(?:能|可以)?(?:举|有没有|有)?(?:个|些|几个|什么|具体)*(?:例子|例|案例|实例)(?:吗|么)?|比如(?:说)?(?:什么|哪些)?|例如"
)
_WHY = re.compile(r"(?:这是)?(?:为什么|为啥|为何|什么原因|原因|理由)(?:是什么)?(?:呀|啊)?")
_GROUND = re.compile(
    r"(?:这(?:一)?(?:条|句话|句|个)?的?)?(?:有什么|法律|政策|制度)?(?:依据|根据|出处|来源|原文|条文)(?:是什么|在哪里?|是哪一?条|是哪个文件)?"
    r"|(?:是)?(?:在)?(?:哪一?条|第几条|哪个文件|哪份文件)(?:里)?(?:规定|写|说)?的?|从哪(?:里|儿)?(?:看|得)(?:出来|到)的?|哪里写(?:的|着)"
)
_DETAIL = re.compile(
    r"(?:请|再|能|可以)*(?:具体|详细|仔细|展开)(?:地|一)?(?:点|些)?(?:说说|讲讲|讲|说|介绍|解释|说明)?(?:一下)?(?:内容|规定)?(?:吗|是什么)?|说清楚一?点|多说一?点"
)
_SUMMARY = re.compile(r"(?:帮我)?(?:再)?(?:总结|概括|归纳|简单说|简要说|一句话说)(?:一下|下)?")
_SURE = re.compile(
    r"(?:你)?(?:真的|确定|确认|肯定|是|对|没错|不对|不是)(?:吗|吧|么)?(?:你确定吗)?|再(?:查|看|说)(?:一遍|一次|一下)|重新(?:查|回答)(?:一下|一遍)?"
)
_MEANING = re.compile(
    r"(?:这|这个|这句话?|那)?(?:是)?(?:什么|啥)意思(?:呀|啊)?|(?:没|不)(?:太)?(?:看|听)?(?:懂|明白)|(?:请)?解释(?:一下|下)?|怎么理解"
)
_WHICH = re.compile(
    r"(要|应当|应该|应|可以|能|会|需要)?(有|包括|具备|附|提交|承担|履行)?(?=什么|哪些|哪几|啥)"
)
_ADJUNCT = re.compile(r"^(?:是|在|要|需要|大概|大约|一般|最多|至少|总共|一共)*")
_CHANGE = re.compile(r"一次|一回|一遍")
#: Verbs that need an object: 能参加吗 asks of something said before.
_NEEDS_OBJECT = re.compile(
    r"(?:参加|申请|兼任|报名|办理|延长|领取|补办|使用|享受|退出|加入|借|换|改|减免|报销|代替)(?:吗|么|不|吧)?$"
)
_WHETHER = frozenset(word_list("吗 么 能不能 可不可以 是否 能否 可否 是不是 要不要 会不会"))
_TITLE = re.compile(r"《[^《》]{2,80}》")
_LONG = 16  # characters from which a question with a subject of its own stands alone
_SHORT = 12  # characters up to which a question that begins with an attribute is of the last topic
_SHORT_SUBJECT = 4


def fixed(text: str, question: str, topic: str, past: Sequence[Past]) -> str | None:
    """还有呢, 举个例子, 为什么, 依据是什么…: a question made of the last one; None for others."""
    about = topic or question.rstrip("？?")
    if _MORE.fullmatch(text):
        return _more(question, about)
    if _EXAMPLE.fullmatch(text):
        return f"{about}有什么案例？"
    if _WHY.fullmatch(text):
        asked = parts_of(question).asked
        whole = question.rstrip("？?")
        return f"{whole}，原因是什么？" if asked in _WHETHER else f"{about}的原因是什么？"
    if _GROUND.fullmatch(text):
        source = next((one for turn in reversed(past) for one in turn.sources), None)
        if source is not None and source.article:
            return f"{titled(source.title)}{source.article}的原文是什么？"
        if source is None:
            return None
        told = "" if "《" in about else f"{titled(source.title)}对"
        return f"{told}{about}是怎样规定的？"
    if _DETAIL.fullmatch(text):
        return f"{about}的具体规定是什么？"
    if _SUMMARY.fullmatch(text):
        title = _TITLE.search(about)
        return f"概括{title[0] if title else about}的主要内容"
    if _MEANING.fullmatch(text):
        return f"{about}是什么意思？"
    return question if _SURE.fullmatch(text) else None


def goes_on(text: str) -> bool:
    """Whether a text is 还有呢, 继续 or the like."""
    return _MORE.fullmatch(text) is not None


def _more(question: str, about: str) -> str:
    match = _WHICH.search(question)
    if match is None or "还" in question or not (match[2] or "哪" in question):
        return f"{about}还有哪些规定？"
    return question[: match.start()] + "还" + question[match.start() :]


def asked_otherwise(text: str, question: str, topic: str) -> str | None:
    """什么时候, 几天内: the last question with another thing asked; None for anything more."""
    bare = _ADJUNCT.sub("", text)
    if not INTERROGATIVE.fullmatch(bare):
        return None
    parts = parts_of(question)
    adverbial = not re.match(r"怎|如何|咋|哪些|什么(?!时)|吗", bare)
    if parts.asked in ("", "吗", "么", "嘛") or not adverbial or not _acts(parts):
        return f"{topic}{text}？"
    return f"{parts.before}{text}{_CHANGE.sub('', parts.after)}？"


def _acts(parts: Parts) -> bool:
    """Whether what is asked stands before a verb: 怎么|述职, 由谁|登记."""
    return any(word.tag == "v" for word in words_of(parts.after))


@dataclass(frozen=True)
class Leaning:
    """Whether a question needs the one before it: ``leans``, and what ``head`` noun it begins
    with ("" where it begins with what it asks or a verb)."""

    leans: bool
    head: str = ""


@dataclass(frozen=True)
class Ground:
    """What tells whether a word belongs to what is talked about: the ``texts`` around what was
    cited last, and whether a title of the library holds a term."""

    texts: Sequence[str]
    in_titles: Callable[[str], bool]

    def holds(self, word: str) -> bool:
        """Whether a word stands near what was cited."""
        return any(word in text for text in self.texts)


def leaning(text: str, topic: str, ground: Ground, known: bool, joined: bool) -> Leaning:
    """Whether ``text`` leaves out what it is about, so that it is ``topic``.

    ``known`` tells that the question names a document, ``joined`` that it began with 那 or 其中.
    """
    specific = specific_words(text)
    head = _head(text)
    if len(text) <= _SHORT and (leading := leading_attribute(text)) and not known:
        return Leaning(True, leading)  # 影响期内能提拔吗: whose is left out
    if known or any(len(w) > 2 and w in text for w in specific_words(topic)):
        return Leaning(False)
    if len(head) > 2 and ground.in_titles(head):
        return Leaning(False)  # it has a document of its own
    if text.startswith("对方"):
        return Leaning(True)
    nominal = {word.text.strip("“”「」") for word in words_of(text) if word.nominal}
    if any(_shared(word, topic) for word in specific if word in nominal):
        return Leaning(False)  # it says itself what it is about
    if not specific:
        return Leaning(True, head)
    found = [word for word in specific if ground.holds(word)]
    if not head:
        named = [w for w in words_of(text) if w.specific and w.nominal]
        return Leaning(bool(found) or len(named) <= 1 or joined)
    whole = len(specific_words(head)) > 1 and len(head) > _SHORT_SUBJECT
    if joined and (
        _NEEDS_OBJECT.search(text) or (len(text) <= 12 and not whole and len(specific) < 3)
    ):
        return Leaning(True, head)
    there = ground.holds(head) or all(w in found for w in specific_words(head))
    single = len(head) <= _SHORT_SUBJECT and len(text) < _LONG
    return Leaning(there and (single or bool(attribute_tail(head))), head)


def _shared(word: str, topic: str) -> bool:
    """Whether a word is of the topic: more than the verb or a modifier that begins it (申报 of
    申报党建品牌)."""
    if len(word) > 2 or not topic.startswith(word):
        return len(word) > 1 and (word in topic or (len(topic) > 2 and topic in word))
    return word == topic


def _head(text: str) -> str:
    """The noun phrase that a question begins with, "" where it begins otherwise."""
    words = words_of(text)
    runs = nouns_of(words)
    if not runs or runs[0][0] != 0:
        return ""
    end = runs[0][1]
    if end == 1 and words[1:2] and words[1].text in ("吗", "么", "嘛"):
        return ""  # 收费吗: what is done, though the dictionary calls it a noun
    return "".join(word.text for word in words[:end])


def joined(topic: str, text: str, head: str) -> str:
    """``text`` with ``topic`` before it: 三化机制的流程图多久修订一次, 党建品牌由谁评审.

    Where the topic ends in a thing of the same kind as ``head``, that is replaced: 党员突击队队长
    and 副队长几个人 give 党员突击队副队长几个人.
    """
    if not topic:
        return text
    if head and topic.endswith(head) and len(topic) > len(head):
        topic = topic[: -len(head)].removesuffix("的")
    if text[0] in "和与跟比":
        return topic + text
    if head and not OUTCOME.search(text):
        words = words_of(topic)
        last = words[-1]
        if len(words) > 1 and last.nominal and _same_kind(last.text, head):
            return topic[: last.start] + text
        return f"{topic}{'' if topic[-1] in '的中里' else '的'}{text}"
    clause = not words_of(topic)[-1].nominal and len(topic) > 6
    return f"{topic}，{text}" if clause else topic + text


def _same_kind(left: str, right: str) -> bool:
    return left != right and len(left) > 1 and (right.endswith(left) or left.endswith(right))
