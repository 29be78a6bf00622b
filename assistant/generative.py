"""Answers worded by a language model, under the same rules of evidence.

The model sees numbered passages and must mark each sentence with the passage that says so. Every
sentence is checked when it is whole (``assistant.grounding``) and shown only when it is held; those
that are not are sent back once with the reasons, and what still fails is replaced by the document's
own sentence. Whenever nothing is left, or the model is away, slow or talks rubbish, the extractive
answer comes instead and says so.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assistant.answer import Answer, Citation
from assistant.citing import cite_passage
from assistant.extractive import RETRIEVED, ExtractiveAnswerer
from assistant.grounding import Grounding
from assistant.llm.base import Cancelled, EndpointError
from assistant.llm.draft import Cutter, repaired
from assistant.llm.prompt import (
    CANNOT,
    SYSTEM,
    holds_instructions,
    question_prompt,
    repair_prompt,
)
from assistant.streaming import AnswerStep
from assistant.worded import Worded, check_sentence
from index.encoder.base import on_e5_scale
from index.records import SearchFilter

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from index.library import Library

log = logging.getLogger(__name__)
PASSAGES = 8
MAX_SENTENCES = 16
_SIGN_S = 1.0  # a step at least so often, where the model says anything at all
_REPEATS = 4  # sentences said again; then what was said is the draft
_REPAIRED = 6  # sentences sent back at most
FELL_BACK = "大模型暂时不可用（{cause}），这里是直接从原文摘取的回答。"
NO_GROUNDS = "大模型的回答没有原文依据，已改为原文摘取。"
NO_ANSWER = "大模型认为材料不能回答，这里是直接从原文摘取的内容，请核对。"
REPLACED = "大模型有 {n} 句话没有通过核对，已去掉或换成原文。"
INSTRUCTED = "《{title}》里有写给程序的话，没有照做，也没有作为依据。"
_SEARCHING, _ASKING = "正在查阅文库…", "正在请大模型组织语言，逐句核对…"
_REPAIRING = "有的句子没有通过核对，正在请大模型改写…"

__all__ = ["GenerativeAnswerer", "check_sentence"]


class GenerativeAnswerer:
    """Asks a LlamaIndex ``LLM`` and checks what comes back.

    ``passages`` is how many the model sees, ``whole_s`` how long draft and repair may take in all.
    """

    def __init__(
        self,
        library: Library,
        extractive: ExtractiveAnswerer,
        llm: LLM,
        passages: int = PASSAGES,
        whole_s: float = 90.0,
    ) -> None:
        self._library = library
        self._extractive = extractive
        self._llm = llm
        self._passages = passages
        self._whole_s = whole_s
        self._grounding = Grounding(self._similar)

    def answer(
        self,
        question: str,
        flt: SearchFilter | None = None,
        k: int = RETRIEVED,
        context: Sequence[str] = (),
    ) -> Answer:
        """The checked wording of the model, else the extractive answer; abstains as that does."""
        for step in self.answer_stream(question, flt, k, context):
            if step.done and step.answer is not None:
                return step.answer
        raise AssertionError("the stream ends with an answer")

    def answer_stream(
        self,
        question: str,
        flt: SearchFilter | None = None,
        k: int = RETRIEVED,
        context: Sequence[str] = (),
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[AnswerStep]:
        """The answer as it grows: a sentence is shown only after it passed the check.

        The last step's answer is the whole one. Closing the iterator, or ``cancelled`` becoming
        true, ends the model's work; then the extractive answer is the last step.
        """
        yield AnswerStep(_SEARCHING)
        plain = self._extractive.answer(question, flt, k, context)
        if plain.abstained or self._is_look_up(plain.question, flt):
            yield AnswerStep("", plain, done=True)
            return
        yield AnswerStep(_ASKING)
        evidence = self._evidence(plain, flt)
        talk = _Talk(
            self._llm, plain.question, evidence, time.monotonic() + self._whole_s, cancelled
        )
        worded = Worded(evidence, self._grounding)
        try:
            yield from self._drafting(plain, worded, talk)
            if worded.rejected and talk.may_repair():
                yield from self._repairing(plain, worded, talk)
        except Exception as error:
            yield AnswerStep("", self._without(plain, error), done=True)
            return
        yield AnswerStep("", self._finished(plain, worded, talk), done=True)

    def _drafting(self, plain: Answer, worded: Worded, talk: _Talk) -> Iterator[AnswerStep]:
        """A step with each sentence that passed, and one where nothing new came for a while, so
        that a page may notice that its reader has gone."""
        cutter, shown_at = Cutter(), time.monotonic()
        for piece in talk.draft():
            found = cutter.feed(piece) if piece is not None else cutter.finish()
            grown = [worded.add(drafted) for drafted in found]
            if any(grown) or time.monotonic() - shown_at > _SIGN_S:
                shown_at = time.monotonic()
                yield AnswerStep(_ASKING, _partial(plain, worded))
            if len(worded.lines) > 2 * MAX_SENTENCES or worded.repeats > _REPEATS:
                break  # it goes round in circles

    def _repairing(self, plain: Answer, worded: Worded, talk: _Talk) -> Iterator[AnswerStep]:
        wrong = worded.rejected[:_REPAIRED]
        step = AnswerStep(_REPAIRING, _partial(plain, worded))
        yield step
        reply, shown_at = list[str](), time.monotonic()
        for piece in talk.repair([(line.drafted.text, line.reason) for line in wrong]):
            reply.append(piece)
            if time.monotonic() - shown_at > _SIGN_S:
                shown_at = time.monotonic()
                yield step
        for place, drafted in repaired("".join(reply), len(wrong)).items():
            worded.repair(wrong[place], drafted)

    def _finished(self, plain: Answer, worded: Worded, talk: _Talk) -> Answer:
        failed = len(worded.rejected)
        if not worded.shown:
            note = NO_ANSWER if CANNOT in talk.said[:40] else NO_GROUNDS
            return _noted(plain, note)
        worded.fill_in()
        notes = [INSTRUCTED.format(title=t) for t in holds_instructions(worded.evidence)]
        if failed:
            notes.append(REPLACED.format(n=failed))
        shown, citations = worded.composed(MAX_SENTENCES)
        return _noted(plain.reworded(shown, citations), *notes)

    def _without(self, plain: Answer, error: Exception) -> Answer:
        """The extractive answer, with one line on why."""
        if isinstance(error, EndpointError):
            cause = str(error)
            if not isinstance(error, Cancelled):
                log.warning("大模型没有给出回答：%s", error)
        else:
            cause = "出错"
            log.warning("大模型没有给出回答", exc_info=error)
        return _noted(plain, FELL_BACK.format(cause=cause))

    def _is_look_up(self, question: str, flt: SearchFilter | None) -> bool:
        """Whether an article's wording is asked for, which nobody should reword."""
        found = self._library.resolve_address(question, flt or SearchFilter())
        return found is not None and found.exact

    def _evidence(self, plain: Answer, flt: SearchFilter | None) -> tuple[Citation, ...]:
        """Whole passages, those of the extractive answer first, numbered from 1."""
        from assistant.question import understand

        flt = flt or SearchFilter()
        if understand(plain.question).wants_old:
            flt = replace(flt, exclude_validity=())
        hits = self._library.search(plain.question, self._passages, flt)
        found = {h.passage.passage_id: cite_passage(0, h.passage, h.document) for h in hits}
        first = {c.passage_id: found.get(c.passage_id, c) for c in plain.citations}
        ordered = list({**first, **found}.values())[: max(self._passages, 1)]
        return tuple(c.model_copy(update={"n": n}) for n, c in enumerate(ordered, 1))

    def _similar(self, text: str, others: list[str]) -> list[float]:
        encoder = self._library.encoder
        rows = encoder.encode_passages([text, *others])
        return [on_e5_scale(encoder, float(rows[0] @ row)) for row in rows[1:]]


@dataclass
class _Talk:
    """The draft and at most one repair with one model."""

    llm: LLM
    question: str
    evidence: Sequence[Citation]
    deadline: float
    cancelled: Callable[[], bool]
    said: str = ""

    def draft(self) -> Iterator[str | None]:
        """The draft's pieces as they come; None at the end."""
        for piece in self._pieces(question_prompt(self.question, self.evidence)):
            self.said += piece
            yield piece
        yield None

    def may_repair(self) -> bool:
        """Whether there is time for a second call."""
        return time.monotonic() < self.deadline and not self.cancelled()

    def repair(self, rejected: Sequence[tuple[str, str]]) -> Iterator[str]:
        """The pieces of the rewording of (sentence, reason)."""
        asked = f"{question_prompt(self.question, self.evidence)}\n\n{repair_prompt(rejected)}"
        return self._pieces(asked)

    def _pieces(self, content: str) -> Iterator[str]:
        from llama_index.core.base.llms.types import ChatMessage, MessageRole

        options: dict[str, Any] = {}
        if self.llm.class_name() == "luming_openai_compatible":
            options["cancelled"] = lambda: self.cancelled() or time.monotonic() > self.deadline
        messages = [
            ChatMessage(role=MessageRole.SYSTEM, content=SYSTEM),
            ChatMessage(role=MessageRole.USER, content=content),
        ]
        for reply in self.llm.stream_chat(messages, **options):
            if self.cancelled():
                raise Cancelled("已取消")
            yield reply.delta or ""


def _partial(plain: Answer, worded: Worded) -> Answer | None:
    """What has passed so far; None for nothing."""
    if not worded.shown:
        return None
    shown, citations = worded.composed(MAX_SENTENCES)
    return plain.reworded(shown, citations).model_copy(update={"notes": ()})


def _noted(answer: Answer, *notes: str) -> Answer:
    return answer.model_copy(update={"notes": (*answer.notes, *notes)})
