"""The answerer that the settings ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from assistant.answer import Answer
from index.records import SearchFilter

if TYPE_CHECKING:
    from index.library import Library


class Answerer(Protocol):
    """Turns a question into a cited answer."""

    def answer(
        self,
        question: str,
        flt: SearchFilter | None = None,
        k: int = 24,
        context: Sequence[str] = (),
    ) -> Answer:
        """Answer or abstain; ``context`` are the documents that a conversation is about.

        Raises :class:`assistant.question.QuestionError` on bad questions.
        """


def make_answerer(library: Library) -> Answerer:
    """The extractive answerer, behind a language model where ``llm_base_url`` is set.

    Raises ``ValueError`` (Chinese) when a language model's address is set without its name.
    """
    from assistant.extractive import ExtractiveAnswerer

    extractive = ExtractiveAnswerer(library)
    settings = library.settings
    if not settings.llm_base_url:
        return extractive
    if not settings.llm_model:
        raise ValueError(
            "设置了大模型地址 LUMING_LLM_BASE_URL，还要设置模型名称 LUMING_LLM_MODEL。"
        )
    from assistant.generative import GenerativeAnswerer
    from assistant.llm.base import Limits
    from assistant.llm.openai_compatible import OpenAICompatible

    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else None
    limits = Limits(first_s=settings.llm_first_token_s, whole_s=settings.llm_timeout_s)
    llm = OpenAICompatible(settings.llm_base_url, settings.llm_model, key, limits)
    return GenerativeAnswerer(
        library, extractive, llm, settings.llm_passages, settings.llm_timeout_s
    )
