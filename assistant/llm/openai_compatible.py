"""LlamaIndex's ``LLM`` for OpenAI-compatible endpoints, without the vendor's SDK.

``llama-index-llms-openai-like`` does the same with the ``openai`` package: five more packages, no
bound on the length or the whole time of a reply, and its own retries and proxies. Any other
LlamaIndex ``LLM`` may be given to ``GenerativeAnswerer`` as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
    MessageRole,
)
from llama_index.core.llms import CustomLLM
from pydantic import Field, PrivateAttr

from assistant.llm.base import Limits
from assistant.llm.endpoint import Endpoint


class OpenAICompatible(CustomLLM):
    """One model of one endpoint. Raises :class:`assistant.llm.base.EndpointError` on any failure."""

    model: str = Field(description="name of the model at the endpoint")
    base_url: str = Field(description="address up to and including /v1")
    temperature: float = 0.0
    max_tokens: int = 1024
    context_window: int = 8192
    _endpoint: Endpoint = PrivateAttr()

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: str | None = None,
        limits: Limits | None = None,
        **options: Any,
    ) -> None:
        super().__init__(base_url=base_url, model=model, **options)
        self._endpoint = Endpoint(base_url, api_key, limits)

    @classmethod
    def class_name(cls) -> str:
        """As LlamaIndex names it."""
        return "luming_openai_compatible"

    @property
    def metadata(self) -> LLMMetadata:
        """What LlamaIndex asks of a model."""
        return LLMMetadata(
            context_window=self.context_window,
            num_output=self.max_tokens,
            is_chat_model=True,
            model_name=self.model,
        )

    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        """The reply so far, again with every piece. ``cancelled`` may be a function."""
        cancelled = kwargs.pop("cancelled", lambda: False)
        pieces = self._endpoint.stream(
            [{"role": m.role.value, "content": m.content or ""} for m in messages],
            {
                "model": self.model,
                "temperature": self.temperature,
                "max_tokens": self.max_tokens,
                **kwargs,
            },
            cancelled,
        )

        def replies() -> ChatResponseGen:
            whole: list[str] = []
            for piece in pieces:
                whole.append(piece)
                message = ChatMessage(role=MessageRole.ASSISTANT, content="".join(whole))
                yield ChatResponse(message=message, delta=piece)

        return replies()

    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """The whole reply."""
        whole = "".join(one.delta or "" for one in self.stream_chat(messages, **kwargs))
        return ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=whole))

    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponseGen:
        """A prompt as one message of the user."""
        messages = [ChatMessage(role=MessageRole.USER, content=prompt)]
        for one in self.stream_chat(messages, **kwargs):
            yield CompletionResponse(text=one.message.content or "", delta=one.delta)

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        """A prompt as one message of the user, answered whole."""
        reply = self.chat([ChatMessage(role=MessageRole.USER, content=prompt)], **kwargs)
        return CompletionResponse(text=reply.message.content or "")
