"""它, 该办法, 上述人员, 后者: what a word that points back stands for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.conversation.model import Past, Source
from assistant.conversation.phrases import parts_of, words_of
from assistant.conversation.words import PERSON

_NOUNS = (
    "条例|办法|规定|细则|规则|准则|章程|规程|制度|意见|通知|方案|决定|法律|法规|法|要点|指引|手册|案例|"
    "文件|讲义|清单|说明|材料"
)
_DOCUMENT = re.compile(
    rf"(?:本|该|此|这个|这部|这份|这一|这|上述|前述|上面(?:那个|的)|刚才(?:那个|的))(?:管理|实施|工作)?({_NOUNS})(?![一二三四五六七八九十0-9])"
)
_ARTICLE = re.compile(r"(?:该|这一|这|本|上述|前述|此)(?:条(?:款|文|规定)?)(?![例件])")
_THAT = re.compile(
    r"(?:该|此|上述|前述|以上|这些|那些|这类|那类|这种|那种|这几[个类种]|此类|该类|这项|那项|这个|那个|这位|那位|这一|这|那)"
    r"(?![条款项句段部份])((?:(?!的)[\u4e00-\u9fff]){2,6}?)(?=的|要|应|能|可|会|是|有|由|在|多|几|什|怎|如|哪|谁|每|不|需|必|占|一般|最|$|[？?，,])"
)
_HE = re.compile(r"(?:他们|她们|他|她|此人|该人|本人)(?!人|国|乡|山|处|物)")
_IT = re.compile(
    r"(?:它们|它|(?<![与及])其(?!中|他|它|余|实|次|间))|这个(?=[是的有能要会由在多怎吗])|这(?=[是由要能会有])"
)
_WITHIN = re.compile(r"^(?:其中|这里面|这其中|里面|当中)的?")
_FORMER = re.compile(r"前者|前一(?:个|种|项)")
_LATTER = re.compile(r"后者|后一(?:个|种|项)")
_PAIR = re.compile(
    r"([\u4e00-\u9fff“”《》]{2,16}?)(?:和|与|跟|同|及|以及|还是|、)([\u4e00-\u9fff“”《》]{2,12}?)"
    r"(?=有|的|是|之间|哪|区别|不同|相比|谁|分别|都|各|$|[，,？?])"
)


def resolved(text: str, past: Sequence[Past], topic: str) -> str | None:
    """``text`` with what points back written out; None where nothing does.

    ``topic`` is what the conversation is about now.
    """
    if not past:
        return None
    sources = [one for turn in reversed(past) for one in turn.sources]
    made = _DOCUMENT.sub(lambda m: _document(m, sources, past) or m[0], text)
    made = _ARTICLE.sub(lambda m: _article(sources) or m[0], made)
    if pair := _pair(past):
        made = _LATTER.sub(lambda _: pair[1], _FORMER.sub(lambda _: pair[0], made))
    if (match := _WITHIN.match(made)) and topic:
        made = f"{topic}中{'的' if made[: match.end()].endswith('的') else ''}{made[match.end() :]}"
    made = _THAT.sub(lambda m: _named(m, past[-1], topic) or m[0], made)
    made = _HE.sub(lambda m: _person(past[-1], topic) or m[0], made)
    if topic:
        made = _IT.sub(lambda m: topic, made, count=1)
    return made if made != text else None


def points_back(text: str) -> bool:
    """Whether a text holds a word that may stand for something said before."""
    return any(
        one.search(text)
        for one in (_DOCUMENT, _ARTICLE, _FORMER, _LATTER, _WITHIN, _THAT, _HE, _IT)
    )


def points_at_document(text: str) -> bool:
    """Whether a text says 该办法 or the like."""
    return _DOCUMENT.search(text) is not None


def titled(title: str) -> str:
    """A title in book marks."""
    return f"《{title.strip('《》')}》"


def _document(match: re.Match[str], sources: Sequence[Source], past: Sequence[Past]) -> str:
    """The document that 该办法 means: the last one named or cited whose title ends so."""
    noun = match[1]
    for turn in reversed(past):
        for name in re.findall(r"《[^《》]{2,80}》", turn.understood):
            if noun in ("文件", "法规", "规定", "制度") or noun in name[-8:]:
                return name
    for source in sources:
        if noun in source.title[-14:]:
            return titled(source.title)
    if noun in ("文件", "法规", "规定", "制度", "法律", "材料") and sources:
        return titled(sources[0].title)
    return ""


def _article(sources: Sequence[Source]) -> str:
    for source in sources:
        if source.article:
            return titled(source.title) + source.article
    return ""


def _pair(past: Sequence[Past]) -> tuple[str, str] | None:
    for turn in reversed(past):
        if match := _PAIR.search(turn.understood):
            return match[1], match[2]
    return None


def _named(match: re.Match[str], last: Past, topic: str) -> str:
    """上述清单: the longest name ending so in the question before, its answer, or the topic."""
    noun = match[1]
    for text in (last.understood, *(one.quote for one in last.sources[:2])):
        if found := _ending_in(text, noun):
            return found
    if noun in ("人员", "人", "同志", "干部"):
        return _person(last, topic)
    if noun in ("情况", "情形", "问题", "规定", "时候", "方面"):
        return topic
    return f"{topic}的{noun}" if topic and noun not in topic else topic


def _ending_in(text: str, noun: str) -> str:
    """The longest run of naming words that ends in ``noun``, "" for none longer than it."""
    best = taken = ""
    for word in words_of(text):
        taken = taken + word.text if word.nominal else ""
        if taken.endswith(noun) and len(taken) > max(len(noun), len(best)):
            best = taken
    return best


def _person(last: Past, topic: str) -> str:
    """Who 他 is: the last person named before what was asked, else what it was about."""
    if PERSON.search(topic):
        return topic
    for text in (parts_of(last.understood).before, last.understood):
        found = taken = ""
        for word in words_of(text):
            taken = taken + word.text if word.nominal else ""
            if taken and PERSON.search(taken):
                found = taken
        if found:
            return found
    return topic
