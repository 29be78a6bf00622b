"""The words around an address: where a title begins, which version is meant, what else is asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from index.address.names import fold, is_generic
from index.address.parse import Span
from index.address.versions import VersionWish

LastWord = Callable[[str], str]
"""The last word of a text by the dictionary."""

#: Words that end right before a title. After anything else a known name is the tail of a longer one
#: (教育法 in 高等教育法).
_BEFORE_TITLE = (
    "请问|问|想问|问一下|请教|查|查询|查查|查找|查阅|查看|查一下|找|找到|看|看看|看一下|读|读一下|背|想知道|知道|了解|"
    "根据|依据|按照|依照|比照|参照|对照|遵照|适用|援引|引用|违反|触犯|符合|按|依|据|和|与|及|以及|跟|或|或者|还有|"
    "在|对|对于|关于|有关|的|是|把|将|比如|例如|如|即|给出|列出|写出|说出|告诉我|告诉|解释|解释一下|说明|介绍|"
    "介绍一下|解读|提到|提及|所说|说|讲|见|详见|参见|显示|打开|输出|帮我|给我|我|你|咱们|我们|我国|学习|一下|了|过|"
    "新|最新|现行|旧|老|原|新修订的?|修订后的?|修订前的?|修改前的?|修改后的?|新版|旧版|老版|这个|这部|该|本|那个|那|其中|"
    "没有|有没有|当时的?|[0-9]年?版?"
)
_STRONG = re.compile(rf"(?:^|[^\w]|_|{_BEFORE_TITLE})$")
_ONE_CHARACTER = frozenset(word for word in _BEFORE_TITLE.split("|") if len(word) == 1)
_BOUNDARY = re.compile(
    rf"[^\w+]|{'|'.join(sorted(_BEFORE_TITLE.split('|'), key=len, reverse=True))}"
)
#: Where an unknown title certainly does not go on: 问 may be a part of it (首问责任), 适用 as well.
_CLEAR = (
    "请问一下|请问|想问|问一下|请教|查询|查查|查找|查阅|查看|查一下|找到|看看|看一下|读一下|想知道|知道|了解|根据|依据|按照|"
    "依照|比照|参照|对照|遵照|援引|引用|违反|触犯|符合|以及|或者|还有|比如|例如|给出|列出|写出|说出|告诉我|解释一下|"
    "介绍一下|提到|提及|所说|详见|参见|显示|打开|输出|帮我|给我|我们|咱们|我国|学习一下|最新|现行|这个|这部|那个|其中|有没有|"
    "怎样|怎么|如何|理解|解读|为什么|什么"
)
_CLEAR_BOUNDARY = re.compile(rf"[^\w+（）()]|{_CLEAR}|的")
_ASKING = re.compile("怎|如何|什么|为何|是否|能否|可否|请|想|哪|吗|谁|理解|解读")
_LONGEST_PHRASE = 60
_LONGEST_HEADING = 30
_HEADING = re.compile(r"[\s“”]*[\u4e00-\u9fff][\u4e00-\u9fff、\s“”]+")

#: What may stand between a title and its address.
_VERSION_WORDS = r"(?:(?:19|20)[0-9]{2}年?)?(?:[年版本]|修订|修正|修改|试行|暂行|示例){0,3}"
_BETWEEN = re.compile(
    rf"[\s》〉」』”’\"'*]{{0,6}}(?:[（(〔\[]{_VERSION_WORDS}[）)〕\]]|{_VERSION_WORDS})"
    r"[\s》”\"’]{0,4}(?:的|中的?|里的?|里面的?|之|当中的?|内的?|上的?)?[\s，,：:、—-]{0,4}"
)
_YEAR_BEFORE = re.compile(
    r"((?:19|20)[0-9]{2})\s?年?(?:版|本|度)?(?:修订|修正|修改|颁布|发布|施行|实施|出台|印发|公布)?(?:版|本)?的?\s?[《“\"（(]?$"
)
_YEAR_AFTER = re.compile(
    r"[\s》”\"]{0,3}[（(〔\[]?\s?((?:19|20)[0-9]{2})\s?年?\s?(?:版|本|修订版?|修正版?|修改)?\s?[）)〕\]]?"
)
_YEAR_IN = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_OLD = re.compile(
    r"修订之?前(?!后)的?|修改之?前(?!后)的?|旧版的?|老版的?|原版的?|废止前的?|历史版本的?|老(?:办法|条例|规定)"
)
_TRIAL_BEFORE = re.compile(r"试行(?:版|时|期间)?的\s?[《“\"]?$")
_OLD_BEFORE = re.compile(r"(?:旧|老|原|旧的|老的|原来的|以前的|之前的|原先的|过去的)\s?[《“\"]?$")
_TRIAL = re.compile(r"试行版的?|试行时的?|试行的时候的?|（试行）|\(试行\)")
_NEW = re.compile(r"(?:新|最新|现行|现行有效|新修订|修订后|修改后)(?:版本?|修订)?的?")

_FILLERS = (
    "请问一下|请问|问一下|想问|请教|麻烦|帮忙|帮我|给我|告诉我|我想|我要|想要|想知道|知道|了解一下|了解|查一下|查询|查找|"
    "查看|查阅|查|找一下|找出|找到|找|看一下|看看|看|显示|列出来|列出|列一下|给出|写出|背诵|背一下|引用|打开|输出|展示|"
    "介绍一下|介绍|说明一下|说明|解释一下|解释|一下|请|具体|完整|详细|原文|全文|条文|法条|条款|文本|正文|内容|规定了?|"
    "规定的|规定|说了?|讲了?|写了?|写的|载明|表述|明确了?|要求|主要|分别|各自|各|都|是|有|为|怎么样?|怎样|如何|什么|啥|"
    "哪些|何|哪|关于|根据|依据|按照|依照|按|依|和|与|及|以及|跟|同|或者?|还有|从|到|之间|这[一几两三]?条|那[一几]?条|"
    "这个|那个|这部|这|那|该|本|其|中|里面|里|内|上|下|的|了|吗|呢|吧|啊|呀|么|在|把|将|对|我|你|您|能|可以|可否|能否|"
    "能不能|有没有|没有|有无|是否|是不是|什么意思|意思|含义|全部|所有|我国|作了|做了|作出了?|做出了?|包括|包含|涉及|方面|指的是|指|发给|发|贴出|念|抄|摘录|逐条|逐字|谢谢|想|出来|来|再|也|又|得|到底|究竟|存在|几个?字|文件|章节|章|部分|第|存不存在"
)
_FILLER = re.compile("|".join(sorted(_FILLERS.split("|"), key=len, reverse=True)))
_SIGNS = re.compile(r"[\W_]+")


def beyond_wording(rest: str) -> str:
    """What a question asks beside being told the text; ``rest`` is without titles and addresses.

    "" for 第五条的内容是什么 and 第五条怎么规定的, something for 第五条规定的期限是多久.
    """
    return "".join(_FILLER.sub("", _SIGNS.sub(" ", rest)).split())


def title_may_begin(text: str, at: int, last_word: LastWord) -> bool:
    """Whether a title at ``at`` stands by itself: after a sign, or a word that comes before one."""
    before = text[max(0, at - 8) : at]
    return _STRONG.search(before) is not None and _is_whole(before, last_word)


def _is_whole(before: str, last_word: LastWord) -> bool:
    """Whether the word that ends here is all of a word: 据 is not in 数据."""
    return before[-1:] not in _ONE_CHARACTER or last_word(before) in (before[-1:], "")


def phrase_starts(text: str, end: int, floor: int, last_word: LastWord) -> list[int]:
    """Where a title that ends at ``end`` may begin, the longest first; not before ``floor``."""
    low = max(floor, end - _LONGEST_PHRASE)
    starts = [low]
    for match in _BOUNDARY.finditer(text, low, end):
        if _is_whole(text[max(low, match.end() - 8) : match.end()], last_word):
            starts.append(match.end())
    return [start for start in dict.fromkeys(starts) if end - start >= 2]


def phrase_start(text: str, end: int, floor: int) -> int:
    """Where the title that ends at ``end`` begins when the library has none of that name."""
    low = max(floor, end - _LONGEST_PHRASE)
    starts = [low, *(match.end() for match in _CLEAR_BOUNDARY.finditer(text, low, end))]
    for start in reversed(starts):
        if start >= end:
            continue
        if text[start - 1 : start] != "的" or not is_generic(fold(text[start:end])):
            return start  # 选举代表的办法 is more than 办法
    return low


def is_heading(between: str) -> bool:
    """Whether the words between a chapter's number and an article's may be the chapter's name."""
    return len(between) <= _LONGEST_HEADING and bool(_HEADING.fullmatch(between))


def is_question(residue: str) -> bool:
    """Whether words before a name ask something, and so are no part of a title: 怎样理解…."""
    return _ASKING.search(residue) is not None


def title_end(text: str, address_start: int, floor: int) -> int:
    """Where the words that an address hangs on end: without 的, 中, （2018年修订）, commas."""
    low = max(floor, address_start - 24)
    for at in range(low, address_start + 1):
        if _BETWEEN.fullmatch(text, at, address_start):
            return at
    return address_start


def follows_directly(text: str, end: int, address_start: int) -> bool:
    """Whether an address belongs to the title that ends at ``end``."""
    return end <= address_start and _BETWEEN.fullmatch(text, end, address_start) is not None


def version_wish(text: str, title: Span) -> tuple[VersionWish, list[Span]]:
    """What is said of the version beside a title, or anywhere of an old one, and where."""
    start, end = title
    wish = VersionWish(question=text)
    spans: list[Span] = []
    before = _YEAR_BEFORE.search(text[max(0, start - 24) : start])
    after = _YEAR_AFTER.match(text, end)
    if before:
        wish = replace(wish, year=int(before[1]))
        spans.append((max(0, start - 24) + before.start(), start))
    elif after:
        wish = replace(wish, year=int(after[1]))
        spans.append(after.span())
    low = max(0, start - 8)
    trial = [*_TRIAL.finditer(text), *_TRIAL_BEFORE.finditer(text, low, start)]
    old = [*_OLD.finditer(text), *_OLD_BEFORE.finditer(text, low, start)]
    new = _NEW.finditer(text, low, start)
    spans += [match.span() for match in (*trial, *old)]
    spans += [match.span() for match in new if match.end() == start]
    return replace(wish, trial=bool(trial), old=bool(old)), spans


def year_in(name: str) -> int | None:
    """The year that a title names."""
    match = _YEAR_IN.search(name)
    return int(match[0]) if match else None
