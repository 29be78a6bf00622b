"""After a refusal: what was looked for, and questions nearby that the library can answer.

Questions are made from the nearest passages: a list's lead (…履行下列职责：), a number or an interval
that a sentence states, a definition, a heading, an article's number. Each is really asked before it
is suggested.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from assistant.answer import Answer, Citation
from assistant.evidence import presence
from assistant.extractive import ExtractiveAnswerer
from assistant.question import Kind, QuestionError, understand
from assistant.refusal import NOTHING
from assistant.text import bigrams, fold
from index.errors import LibraryError
from index.records import SearchFilter

if TYPE_CHECKING:
    from assistant.factory import Answerer
    from index.library import Library

MOST = 3
BUDGET_MS = 80.0
"""Time that making and trying suggestions may take; the one under way is finished."""

_TRIED = 8
_NEAR = 0.4  # share of the question's words that a passage must hold, to be near at all
_MOST_SENTENCE = 45  # characters of a question made from a whole sentence
_LOOK_UP = "规定了什么？"
_WORDS = 6
_ASK_MS, _LOOK_UP_MS = 25.0, 4.0  # what one trial is taken to cost before one was measured
_HOPE = 0.9
_LEAD = re.compile(
    r"(?:^|[。；\n　 ])([^。；：:\n　 ，,]{3,30}?)(?:下列|以下)([\u4e00-\u9fff]{2,6})[：:]", re.M
)
_DEFINED = re.compile(r"([^。；，,：:\n（）()　 ]{2,20})[，,]?(?:是指|指的是)")
_SENTENCE = re.compile(r"[^。；！？\n]{6,120}")
_CLAUSES = re.compile(r"[，：:,]")
_SOME = "[0-9]{1,6}|[二两三四五六七八九十百千]{1,4}"
#: A stated number with its unit: 15个工作日, 5至9人; not 第九条, 2024年, （三）.
_STATED = re.compile(
    rf"(?<![第（(0-9.一二两三四五六七八九十])(?:{_SOME})(?:(?:至|到|—|-|~)(?:{_SOME}))?(?:余|多|万|亿)?"
    r"(个工作日|个月|个小时|小时|名|人|项|天|日|次|元|万元|份|家|支|位|学时|平方米|%|％)"
)
_EVERY = re.compile(r"每(?:半年|年度|年|季度|季|半月|月|周|个月|两个月|两年|三年)(?:至少|不少于)?")
_HANGING = re.compile(r"[内的时后前起中下上者]$|^(?:自|在|经|对|因|为了)")  # half a sentence
_REFERS = re.compile(r"本[办条规制细]|前款|上述|下列|以下|其中|该|这|此|例如|据")
_NUMBERING = re.compile(
    r"^(?:第[一二三四五六七八九十百0-9]{1,4}[编章节部分课讲]{1,2}|[（(][一二三四五六七八九十0-9]{1,3}[）)]"
    r"|[一二三四五六七八九十]{1,3}、|[0-9]{1,2}[.．、])\s*"
)
_SAMPLE = re.compile(r"（[^（）]{0,20}）|\([^()]{0,20}\)|[《》]")
_ASKS = re.compile(r"什么|怎么|怎样|如何|为何|哪|谁|几|多少|是否|吗")
_EMPTY = re.compile(r"总则|附则|目录|附件|说明|背景|概述|前言|结语|声明|示例|其他|[：:，]")
_ARTICLE = re.compile(r"第[^条/]{1,12}条(?:之[一二三四五六七八九十])?")
_WANTED = {
    Kind.NUMBER: "数量",
    Kind.DATE: "时间",
    Kind.FREQUENCY: "多久一次",
    Kind.DURATION: "期限",
    Kind.PERSON: "由谁负责",
    Kind.NAME: "名称",
    Kind.CODE: "号码",
    Kind.PLACE: "地点",
    Kind.HOW_TO: "办法和步骤",
    Kind.DEFINITION: "含义",
    Kind.REASON: "原因",
}


@dataclass(frozen=True)
class Candidate:
    """A question that may be suggested, the passage it was made from, and its worth."""

    text: str
    source: Citation
    worth: float
    look_up: bool = False  # of an article by its number, which is quick


class Suggester:
    """Completes refusals. Safe to share between threads."""

    def __init__(
        self,
        library: Library,
        answerer: Answerer,
        budget_ms: float = BUDGET_MS,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """A language model is not asked for trials: what its absence answers, it answers."""
        self._library = library
        self._answerer = ExtractiveAnswerer(library) if library.settings.llm_base_url else answerer
        self._budget_ms = budget_ms
        self._clock = clock
        self._cost = {False: _ASK_MS, True: _LOOK_UP_MS}

    def complete(self, answer: Answer, flt: SearchFilter | None = None) -> Answer:
        """A refusal with what was looked for and up to three questions; others as they are."""
        if not answer.abstained:
            return answer
        message = answer.message
        if message.startswith(NOTHING):
            message = f"{message}\n{looked_for(answer.question, flt)}"
        elif flt is not None and (flt.collections or flt.as_of):
            message = f"{message}\n这次只查了{_where(flt)}。"
        return answer.model_copy(
            update={"message": message, "suggestions": self.suggest(answer, flt or SearchFilter())}
        )

    def suggest(self, answer: Answer, flt: SearchFilter) -> tuple[str, ...]:
        """Questions that were asked of the library under the same filter, and answered from the
        passage they were made from."""
        if self._budget_ms <= 0:
            return ()
        end = self._clock() + self._budget_ms / 1000
        made = candidates(answer)
        found, untried = self._tried(made[:_TRIED], flt, end)
        last = next((one for one in (*untried, *made[_TRIED:]) if one.look_up), None)
        if not found and last is not None and self._answers(last, flt):
            found.append(last)  # on a busy machine one quick trial is worth its time
        return tuple(one.text for one in found)

    def _tried(
        self, made: Sequence[Candidate], flt: SearchFilter, end: float
    ) -> tuple[list[Candidate], list[Candidate]]:
        """Those that were answered, one a passage, and those that there was no time for."""
        found: list[Candidate] = []
        untried: list[Candidate] = []
        for one in made:
            if len(found) == MOST:
                break
            if any(one.source.passage_id == other.source.passage_id for other in found):
                continue
            if self._clock() + self._cost[one.look_up] / 1000 > end:
                # Busy for a moment is not slow for ever: what isn't measured is hoped for.
                self._cost[one.look_up] *= _HOPE
                untried.append(one)
            elif self._answers(one, flt):
                found.append(one)
        return found, untried

    def _answers(self, one: Candidate, flt: SearchFilter) -> bool:
        started = self._clock()
        try:
            tried = self._answerer.answer(one.text, flt)
        except (LibraryError, QuestionError):
            return False
        spent = (self._clock() - started) * 1000
        self._cost[one.look_up] += 0.2 * (spent - self._cost[one.look_up])
        return not tried.abstained and any(
            cited.document_id == one.source.document_id
            and cited.start < one.source.end
            and one.source.start < cited.end
            for cited in tried.citations
        )


def candidates(answer: Answer) -> list[Candidate]:
    """Questions from those nearest passages that share the question's words, best first."""
    words = understand(answer.question).words
    asked = fold(answer.question)
    pairs = set(bigrams(asked))
    found: dict[str, Candidate] = {}
    for rank, source in enumerate(answer.related):
        near = _nearness(words, source)
        if near < _NEAR:
            continue
        for text, prior in _made(source):
            own = set(bigrams(fold(text)))
            like = len(own & pairs) / max(1, min(len(own), len(pairs)))
            worth = prior + like + 0.3 * near - 0.08 * rank
            if fold(text) != asked and text not in found:
                found[text] = Candidate(text, source, worth, look_up=text.endswith(_LOOK_UP))
    return sorted(found.values(), key=lambda one: -one.worth)


def _nearness(words: Sequence[str], source: Citation) -> float:
    """Share of the words that the passage and the names above it hold, 0–1."""
    folded = fold(f"{source.title} {source.path} {source.quote}")
    return sum(presence(word, folded) for word in words) / len(words) if words else 0.0


def _made(source: Citation) -> Iterator[tuple[str, float]]:
    """Questions on a passage, with how good their kind is."""
    text = source.quote
    for match in islice(_LEAD.finditer(text), 2):
        subject = _NUMBERING.sub("", _ARTICLE.sub("", match[1])).strip()
        if 3 <= len(subject) <= 24 and not subject.startswith(("有", "按", "如", "依")):
            yield f"{subject}哪些{match[2]}？", 0.5
    yield from islice(((one, 0.45) for one in _on_amounts(text)), 3)
    for match in islice(_DEFINED.finditer(text), 2):
        term = _ARTICLE.sub("", match[1]).rpartition("所称")[2].removeprefix("的").strip()
        if len(term) >= 2 and not _REFERS.match(term) and _paired(term):
            yield f"什么是{term}？", 0.4
    topic = _topic(source)
    if len(topic) >= 4 and _ASKS.search(topic):
        yield f"{topic}？", 0.3
    elif topic:
        title = source.title.strip("《》")
        yield f"《{title}》的“{topic.strip('“”')}”有哪些内容？", 0.2
    if source.article and _ARTICLE.fullmatch(source.article):
        yield f"《{source.title.strip('《》')}》{source.article}{_LOOK_UP}", 0.0


def _on_amounts(text: str) -> Iterator[str]:
    """Sentences with their number or interval asked for: 应当在多少个工作日内决定是否受理？"""
    for match in _SENTENCE.finditer(text):
        sentence = _NUMBERING.sub("", _ARTICLE.sub("", match[0].strip(" 　"), count=1).strip(" 　"))
        clauses = _CLAUSES.split(sentence)
        if len(sentence) > _MOST_SENTENCE:
            sentence = "" if _HANGING.search(clauses[0]) else clauses[0]
        if len(sentence) < 8 or _REFERS.search(sentence) or not _paired(sentence):
            continue
        amounts = list(_STATED.finditer(sentence))
        every = _EVERY.search(sentence)
        if every and "次" in sentence[every.end() :]:
            rest = sentence[every.end() :]
            yield f"{sentence[: every.start()].rstrip('，')}多久{rest}？"
        elif len(amounts) == 1 and f"一{amounts[0][1]}" not in sentence:
            only = amounts[0]
            rest = sentence[only.end() :]
            rest = "" if _CLAUSES.match(rest) else rest  # the number ends what is said of it
            yield f"{sentence[: only.start()]}多少{only[1]}{rest}？"


def _paired(text: str) -> bool:
    """Whether quotation marks and brackets in a cut text still come in pairs."""
    return all(text.count(a) == text.count(b) for a, b in ("“”", "《》", "（）", "‘’"))


def _topic(source: Citation) -> str:
    """The innermost heading above the passage's article, without its number; "" for none."""
    steps: Sequence[str] = [step.strip() for step in source.path.split("/") if step.strip()]
    for step in reversed(steps):
        if _ARTICLE.match(step):
            continue
        topic = _SAMPLE.sub("", _NUMBERING.sub("", step)).strip(" 　：:。？?")
        return topic if 2 <= len(topic) <= 20 and not _EMPTY.search(topic) else ""
    return ""


def looked_for(question: str, flt: SearchFilter | None = None) -> str:
    """A sentence that says what was looked for and where."""
    asked = understand(question)
    words = "、".join(f"“{_as_written(word, asked.text)}”" for word in asked.words[:_WORDS])
    wanted = _WANTED.get(asked.kind, "")
    what = f"{words}，要找的是{wanted}" if words and wanted else words or wanted or "整句话"
    return f"这次查的是：{what}；范围：{_where(flt or SearchFilter())}。"


def _where(flt: SearchFilter) -> str:
    """What was searched: the collections, and the day whose rules count."""
    where = "、".join(f"“{one}”" for one in flt.collections[:3]) or "全部文库"
    return f"{where}中 {flt.as_of.isoformat()} 有效的文件" if flt.as_of else where


def _as_written(word: str, text: str) -> str:
    """A folded word in the capitals of the question."""
    at = text.lower().find(word)
    return text[at : at + len(word)] if at >= 0 else word
