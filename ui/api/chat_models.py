"""What the OpenAI-compatible interface takes. What it does not know of a request is left unread."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from ui.api.models import Names

Parts = Annotated[list[dict[str, Any]], Field(max_length=100)]


class Message(BaseModel):
    """One message. Of ``content`` in parts the texts are read, pictures and sounds are not."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | Parts | None = None

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, list):
            texts = (one.get("text") for one in self.content if one.get("type") == "text")
            return "\n".join(one for one in texts if isinstance(one, str))
        return self.content or ""


class StreamOptions(BaseModel):
    """How a stream is sent."""

    include_usage: bool = False


class ChatRequest(BaseModel):
    """A conversation whose last message is the question. The last three members are LuMing's."""

    model: str = Field(default="luming", max_length=300)
    messages: Annotated[list[Message], Field(min_length=1, max_length=400)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = 1
    collections: Names = Field(default_factory=list, description="只在这些文库里找")
    include_superseded: bool = Field(default=False, description="也用已被修订、已废止的文件")
    as_of: date | None = Field(default=None, description="按哪一天有效的规定回答")


class Model(BaseModel):
    """A model that can be asked."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "luming"


class Models(BaseModel):
    """All of them."""

    object: Literal["list"] = "list"
    data: list[Model]
