"""What the activity database keeps, as plain data, and its JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from assistant.activity.tables import LOCAL_USER
from assistant.text import fold
from index.records import NOT_IN_FORCE, SearchFilter

#: Where a question came from.
CHANNELS = ("cli", "api", "page", "batch")
USEFUL, WRONG = "useful", "wrong"


@dataclass(frozen=True)
class Scope:
    """Which part of the library was asked: the part of the filter that an asker chooses."""

    collections: tuple[str, ...] = ()
    as_of: date | None = None
    all_versions: bool = False

    @classmethod
    def of(cls, flt: SearchFilter) -> Scope:
        """The scope of a filter."""
        return cls(tuple(sorted(flt.collections)), flt.as_of, not flt.exclude_validity)

    def filter(self) -> SearchFilter:
        """The filter again."""
        exclude = () if self.all_versions else NOT_IN_FORCE
        return SearchFilter(
            collections=self.collections, as_of=self.as_of, exclude_validity=exclude
        )

    def to_json(self) -> str:
        """As it is stored; equal scopes give equal text."""
        day = self.as_of.isoformat() if self.as_of else None
        return dump({"collections": self.collections, "as_of": day, "all": self.all_versions})

    @classmethod
    def from_json(cls, text: str) -> Scope:
        """Reads ``to_json``."""
        value = json.loads(text)
        day = date.fromisoformat(value["as_of"]) if value["as_of"] else None
        return cls(tuple(value["collections"]), day, value["all"])


@dataclass(frozen=True)
class Cited:
    """One passage that a reply stood on, so that a later change of it can be told."""

    document_id: str
    passage_id: str
    title: str
    path: str
    article: str | None
    validity: str
    collection: str
    quote: str  # cut to what a list shows
    quote_hash: str  # of the whole quote
    content_hash: str = ""  # of the document when it was cited


@dataclass(frozen=True)
class Reply:
    """What was answered. ``related`` are the nearest passages of a refusal."""

    abstained: bool
    text: str  # the sentences, one a line; of a refusal its message
    cited: tuple[Cited, ...] = ()
    related: tuple[Cited, ...] = ()
    confidence: float = 0.0

    def to_json(self) -> str:
        """As it is stored."""
        return dump(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Reply:
        """Reads ``to_json``; unknown fields of a newer program are left out."""
        value = json.loads(text)
        return cls(
            abstained=value["abstained"],
            text=value["text"],
            cited=tuple(_known(Cited, one) for one in value.get("cited", ())),
            related=tuple(_known(Cited, one) for one in value.get("related", ())),
            confidence=value.get("confidence", 0.0),
        )


@dataclass(frozen=True)
class Conditions:
    """Under what the reply was made."""

    encoder: str = ""  # fingerprint
    generation: int = 0  # of the catalog
    settings: Mapping[str, str] = field(default_factory=dict)  # those that change answers

    def to_json(self) -> str:
        """As it is stored."""
        return dump(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Conditions:
        """Reads ``to_json``."""
        return _known(cls, json.loads(text))


@dataclass(frozen=True)
class Asked:
    """One line of the questions log."""

    question_id: str
    at: datetime
    text: str
    scope: Scope
    reply: Reply
    conditions: Conditions
    channel: str = "cli"
    duration_ms: float = 0.0
    user: str = LOCAL_USER

    @property
    def key(self) -> str:
        """See :func:`key_of`."""
        return key_of(self.text, self.scope)


def key_of(text: str, scope: Scope) -> str:
    """The same for questions that differ in nothing but width, case, spaces and end marks."""
    folded = "".join(fold(text).split()).strip("。．.?？!！,，;；")
    named = f"{folded}\n{scope.to_json()}".encode("utf-8", "replace")
    return hashlib.blake2b(named, digest_size=16).hexdigest()


def hash_of(text: str) -> str:
    """A short hash of a quote."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()


def dump(value: Any) -> str:
    """JSON without spaces, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _known(cls: Any, value: Mapping[str, Any]) -> Any:
    return cls(**{name: one for name, one in value.items() if name in cls.__dataclass_fields__})
