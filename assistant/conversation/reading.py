"""From a follow-up to a question that stands by itself; no model, a few rules in a fixed order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from assistant.conversation.editions import of_version
from assistant.conversation.following import (
    Ground,
    asked_otherwise,
    fixed,
    goes_on,
    joined,
    leaning,
)
from assistant.conversation.model import (
    REMEMBERED,
    Manner,
    Past,
    Reading,
    Source,
    documents_of,
)
from assistant.conversation.phrases import parts_of, specific_words, topic_of, words_of
from assistant.conversation.places import with_document
from assistant.conversation.pointing import points_back, resolved
from assistant.conversation.swapping import swapped
from assistant.conversation.words import (
    INTERROGATIVE,
    NEW_TOPIC,
    attribute_tail,
    attribute_word,
    bare,
    is_courtesy,
    simplified,
    without_tail,
)
from index.address.parse import may_hold_address

_LONGEST_FOLLOW_UP = 60
_LOOKED_AT = 3  # places cited last around which a word of the follow-up may stand
_LONGEST_FRAGMENT = 14


class Surroundings(Protocol):
    """What the library knows that a reading needs."""

    def around(self, sources: Sequence[Source]) -> Sequence[str]:
        """The texts around these places; of documents that are gone nothing."""

    def in_titles(self, term: str) -> bool:
        """Whether a document's title holds a term."""

    def title_at(self, text: str) -> int | None:
        """Where the first title of the library's begins in ``text``; None for none."""


def read(question: str, past: Sequence[Past], surroundings: Surroundings) -> Reading:
    """``question`` as it stands by itself after the turns ``past``, the oldest first.

    Only the last turns count, so a conversation of any length costs the same. A question that is
    long, names its document or says itself what it is about comes back as it is.
    """
    past = [one for one in past[-2 * REMEMBERED :] if not is_courtesy(one.asked)][-REMEMBERED:]
    plain = question.strip()
    context = documents_of(past)
    if is_courtesy(plain):
        return Reading(plain, Manner.COURTESY, past[-1].topic if past else "", context)
    if match := NEW_TOPIC.match(simplified(plain)):
        rest = plain[match.end() :]
        return _standing(rest or plain, ())
    if not past or len(plain) > _LONGEST_FOLLOW_UP:
        return _standing(plain, context)
    return _Follow(simplified(plain), past, surroundings, context).reading(plain)


def _standing(text: str, context: tuple[str, ...]) -> Reading:
    return Reading(text, Manner.PLAIN, topic_of(simplified(text)), context)


class _Follow:
    """One follow-up against the turns before it."""

    def __init__(
        self,
        text: str,
        past: Sequence[Past],
        surroundings: Surroundings,
        context: tuple[str, ...],
    ) -> None:
        self._text = bare(text)
        self._joined = self._text != text.strip("。．.?？!！,，;；、~～…:： ")
        self._past = past
        self._last = past[-1]
        self._topic = self._last.topic
        self._found: Sequence[str] | None = None
        self._kept = ""  # the topic that a swap leaves as it was
        self._surroundings = surroundings
        self._context = context
        self._titled = surroundings.title_at(text) is not None

    def reading(self, plain: str) -> Reading:
        """The first rule that applies; the question as it is where none does."""
        rules: tuple[tuple[Manner, Callable[[], str | None]], ...] = (
            (Manner.ADDRESS, self._address),
            (Manner.VERSION, self._version),
            (Manner.REPEATED, self._fixed),
            (Manner.SWAP, self._part),
            (Manner.PRONOUN, self._pronoun),
            (Manner.CONTINUED, self._otherwise),
            (Manner.SWAP, self._fragment),
            (Manner.CONTINUED, self._continued),
        )
        for manner, rule in rules:
            made = rule()
            if made and made != plain:
                return self._made(made, manner)
        then = plain.startswith("那") and INTERROGATIVE.search(self._text)
        return _standing(self._text if then else plain, self._context)

    def _made(self, text: str, manner: Manner) -> Reading:
        topic = self._topic
        if self._kept:
            topic = self._kept
        elif manner is Manner.CONTINUED and topic and text.startswith(topic):
            topic = self._topic_of_continued(text)
        elif manner is not Manner.REPEATED:
            topic = topic_of(text) or topic
        return Reading(text, manner, topic, self._context)

    def _topic_of_continued(self, text: str) -> str:
        """The topic stays, unless the follow-up is about a part of it: 党员突击队的队长."""
        new = topic_of(text)
        part = new[len(self._topic) :] if new.startswith(self._topic) else ""
        return new if part.startswith("的") and len(new) <= 24 else self._topic

    # -- rules -----------------------------------------------------------------------------------

    def _address(self) -> str | None:
        text, _ = without_tail(self._text)
        return with_document(text, self._past, self._titled)

    def _version(self) -> str | None:
        if self._titled:
            return None
        return of_version(
            self._text, self._last.understood, self._topic, self._surroundings.title_at
        )

    def _fixed(self) -> str | None:
        text, _ = without_tail(self._text)
        if goes_on(text) and may_hold_address(self._last.understood):
            return with_document("下一条", self._past, named=False)
        return fixed(text, self._last.understood, self._topic, self._past)

    def _part(self) -> str | None:
        """其中急救实操呢: a part of what was asked."""
        text, tail = without_tail(self._text)
        inner = text.removeprefix("其中的").removeprefix("其中")
        if inner == text or not tail or INTERROGATIVE.search(text):
            return None
        return self._swapped(inner)

    def _pronoun(self) -> str | None:
        if not points_back(self._text):
            return None
        made = resolved(self._text, self._past, self._topic)
        if made is None:
            return None
        text, tail = without_tail(made)
        if tail and "《" in text and may_hold_address(text):
            return f"{text}是怎么规定的？"
        if tail and not INTERROGATIVE.search(text):
            asked_for = attribute_tail(text)
            return f"{text}{asked_for}？" if asked_for else self._swapped(text)
        return text + "？" if INTERROGATIVE.search(text) else text

    def _otherwise(self) -> str | None:
        text, _ = without_tail(self._text)
        return asked_otherwise(text, self._last.understood, self._topic)

    def _fragment(self) -> str | None:
        """烫伤呢, 第3周: no question of its own."""
        text, tail = without_tail(self._text)
        if INTERROGATIVE.search(text) or (self._titled and not tail) or not words_of(text):
            return None
        if not tail and not self._continues(text):
            return None
        return self._swapped(text)

    def _swapped(self, text: str) -> str:
        questions = [turn.understood for turn in self._past[-2:]]
        swap = swapped(
            questions,
            text,
            "" if self._of_its_own(text) else self._topic,
            self._texts(),
            self._swapped_before(),
        )
        self._kept = swap.topic
        return swap.text

    def _swapped_before(self) -> str:
        """What the last follow-up put into its question: its place is the likeliest again."""
        before, tail = without_tail(bare(simplified(self._last.asked)))
        before = before.removesuffix("的")
        again = tail and not attribute_tail(before) and before in self._last.understood
        return before if again else ""

    def _of_its_own(self, text: str) -> bool:
        """公务接待标准: an attribute of something that has a document of its own."""
        tail = attribute_word(text)
        core = text.removesuffix(tail).removesuffix("的") if tail else ""
        return len(core) >= 4 and self._surroundings.in_titles(core)

    def _continues(self, text: str) -> bool:
        """Whether a phrase without 呢 goes on: it began with 那, or stands in what was cited."""
        if len(text) > _LONGEST_FRAGMENT:
            return False
        if self._joined or any(word.tag == "quantity" for word in words_of(text)):
            return True
        return len(text) <= 8 and any(text in one for one in self._texts())

    def _continued(self) -> str | None:
        text, _ = without_tail(self._text)
        if not INTERROGATIVE.search(text) or not self._topic:
            return None
        ground = Ground(self._texts(), self._surroundings.in_titles)
        found = leaning(text, self._topic, ground, self._titled, self._joined)
        if not found.leans:
            return None
        return joined(self._topic, text, found.head) + "？"

    def _texts(self) -> Sequence[str]:
        if self._found is None:
            cited = next((one.sources for one in reversed(self._past) if one.sources), ())
            quotes = [one.quote for one in self._last.sources]
            self._found = [*quotes, *self._surroundings.around(cited[:_LOOKED_AT])]
        return self._found


__all__ = ["Surroundings", "parts_of", "read", "specific_words"]
