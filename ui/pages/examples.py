"""Questions to click on the first page, made from the documents that are in the library."""

from __future__ import annotations

import contextlib
import re
import threading
from collections import OrderedDict
from collections.abc import Iterator
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from index.errors import LibraryError
from index.records import SUPERSEDED, DocumentRecord

if TYPE_CHECKING:
    from ui.api.service import Service

_PER_KIND = 4  # documents of each kind that are looked at
_SHOWN = 4
_SIGHTS = 32  # parts of the library that examples are kept for
#: What is in a title but not in a person's question about it.
_NOISE = re.compile(r"（[^（）]{0,20}）|\([^()]{0,20}\)|[《》]|^示例[:：]?|^关于")
_HEADING_KINDS = frozenset({"chapter", "heading"})
_STOP = re.compile(r"总则|附则|目录|附件|说明|背景|概述|前言|结语|声明|示例")


class Examples:
    """Example questions, each tried: one that the library cannot answer is not offered.

    Made again when the documents change, else kept.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._made_for: tuple[str, ...] | None = None
        self._questions: tuple[str, ...] = ()

    def questions(self) -> tuple[str, ...]:
        """At most four questions; none for an empty library."""
        with self._lock:
            documents = self._service.documents()
            made_for = tuple(sorted(f"{d.document_id}{d.content_hash}" for d in documents))
            if made_for != self._made_for:
                self._questions = tuple(self._make(documents))
                self._made_for = made_for
            return self._questions

    def warm(self) -> None:
        """Make them now. A library that cannot be read says so when the page is opened."""
        with contextlib.suppress(LibraryError, RuntimeError):
            self.questions()

    def _make(self, documents: list[DocumentRecord]) -> list[str]:
        chosen: list[str] = []
        for question in self._candidates(documents):
            try:
                answered = self._service.answers(question)
            except (LibraryError, ValueError):
                answered = False
            if answered and question not in chosen:
                chosen.append(question)
            if len(chosen) == _SHOWN:
                break
        return chosen

    def _candidates(self, documents: list[DocumentRecord]) -> Iterator[str]:
        """Questions, the kinds of document in turn."""
        current = [d for d in documents if d.validity not in SUPERSEDED]
        kinds = sorted({d.kind for d in current}, key=_kind_order)
        rows = [[d for d in current if d.kind == kind][:_PER_KIND] for kind in kinds]
        for document in chain.from_iterable(zip_longest(*rows)):
            if document is not None and (question := self._question(document)):
                yield question

    def _question(self, document: DocumentRecord) -> str | None:
        name = _NOISE.sub("", document.title).strip(" 　—-")
        if not 3 <= len(name) <= 30:
            return None
        view = self._service.source(document.document_id, None, None)
        titles = [
            s.title.strip(" ：:。")
            for s in view.outline
            if s.kind in _HEADING_KINDS and 2 <= len(s.title.strip()) <= 12
        ]
        topic = next((t for t in titles if not _STOP.search(t)), None)
        if document.kind == "measure":
            return f"{name}对{topic}有哪些规定？" if topic else f"{name}适用于哪些情形？"
        if document.kind == "case":
            return f"{name}的主要做法是什么？"
        return f"{name}的{topic}是什么？" if topic else f"{name}包括哪些内容？"


class ExamplesInSight:
    """Example questions for everybody, each from the part of the library that they may see."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Service, Examples] = OrderedDict()

    def of(self, service: Service) -> Examples:
        """Those from what ``service`` sees."""
        with self._lock:
            if service not in self._kept:
                self._kept[service] = Examples(service)
            self._kept.move_to_end(service)
            while len(self._kept) > _SIGHTS:
                self._kept.popitem(last=False)
            return self._kept[service]


def _kind_order(kind: str) -> int:
    order = ("policy", "measure", "case", "study")
    return order.index(kind) if kind in order else len(order)
