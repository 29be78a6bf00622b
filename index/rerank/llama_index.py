"""Any LlamaIndex node postprocessor as a reranker."""

from __future__ import annotations

import contextvars
import importlib
import inspect
import math
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from index.errors import shorten
from index.records import Hit
from index.rerank.base import Deadline, OutOfTime, RerankerUnavailable, with_score

if TYPE_CHECKING:
    from llama_index.core.postprocessor.types import BaseNodePostprocessor


class LlamaIndexReranker:
    """``Reranker`` over a ``BaseNodePostprocessor``.

    It gets all candidates at once, as nodes of ``index.retriever.node_of`` with their fused
    scores. Its order counts; what it leaves out stands behind, since a search gives as many
    passages as were asked for; nodes that it adds are passed over. It can't be stopped half-way,
    so it runs in a thread of its own, and one that is late is no longer waited for. One call runs
    at a time.
    """

    candidates = 30

    def __init__(self, postprocessor: BaseNodePostprocessor, name: str | None = None) -> None:
        self.name = name or f"llama-index:{type(postprocessor).__name__}"
        self._postprocessor = postprocessor
        self._turn = threading.Lock()

    def warm_up(self) -> None:
        """See ``Reranker``: the postprocessor is there, its surroundings are imported."""
        import index.retriever  # noqa: F401

    def rerank(self, query: str, hits: Sequence[Hit], deadline: Deadline) -> list[Hit]:
        """See ``Reranker``."""
        if not self._turn.acquire(timeout=min(deadline.remaining, threading.TIMEOUT_MAX)):
            raise OutOfTime
        call = _Call(self._turn)
        call.start(lambda: self._postprocess(query, hits))
        return call.result(deadline)

    def _postprocess(self, query: str, hits: Sequence[Hit]) -> list[Hit]:
        from llama_index.core.schema import NodeWithScore, QueryBundle

        from index.retriever import node_of

        nodes = [NodeWithScore(node=node_of(hit), score=hit.score) for hit in hits]
        judged = self._postprocessor.postprocess_nodes(nodes, QueryBundle(query))
        by_id = {hit.passage.passage_id: hit for hit in hits}
        known = [
            (by_id[one.node.node_id], one.score) for one in judged if one.node.node_id in by_id
        ]
        return [_scored(hit, score) for hit, score in known]


class _Call:
    """One run in a thread, which gives its turn back at its end, waited for or not."""

    def __init__(self, turn: threading.Lock) -> None:
        self._turn = turn
        self._done = threading.Event()
        self._value: list[Hit] = []
        self._error: Exception | None = None

    def start(self, work: Any) -> None:
        context = contextvars.copy_context()  # LlamaIndex keeps its tracing there
        threading.Thread(target=context.run, args=(self._run, work), daemon=True).start()

    def _run(self, work: Any) -> None:
        try:
            self._value = work()
        except Exception as error:
            self._error = error
        finally:
            self._turn.release()
            self._done.set()

    def result(self, deadline: Deadline) -> list[Hit]:
        if not self._done.wait(min(deadline.remaining, threading.TIMEOUT_MAX)):
            raise OutOfTime
        if self._error is not None:
            raise self._error
        return self._value


def load_postprocessor(path: str) -> BaseNodePostprocessor:
    """The postprocessor that ``package.module:Name`` names.

    The name is a class or a function to be called without arguments, or the object itself.
    Raises RerankerUnavailable when there is no such thing, or it is no postprocessor.
    """
    from llama_index.core.postprocessor.types import BaseNodePostprocessor

    module, _, name = path.partition(":")
    if not module.strip() or not name.strip():
        raise RerankerUnavailable(
            f"“{shorten(path)}”写法不对，LUMING_RERANK 应为 llama-index:包.模块:类名。"
        )
    try:
        found = getattr(importlib.import_module(module), name)
    except Exception as error:  # a module may raise anything while it is imported
        raise RerankerUnavailable(
            f"找不到“{shorten(path)}”，请确认这个包已安装、类名没有写错（LUMING_RERANK）。"
        ) from error
    if inspect.isclass(found) or inspect.isfunction(found):
        try:
            found = found()
        except Exception as error:
            raise RerankerUnavailable(
                f"“{shorten(path)}”不能不带参数地建立（{type(error).__name__}），"
                "请另写一个不带参数的函数返回设好的对象，并在 LUMING_RERANK 里写那个函数。"
            ) from error
    if not isinstance(found, BaseNodePostprocessor):
        raise RerankerUnavailable(
            f"“{shorten(path)}”不是 LlamaIndex 的 BaseNodePostprocessor，不能用来重排。"
        )
    return found


def _scored(hit: Hit, score: float | None) -> Hit:
    return hit if score is None or not math.isfinite(score) else with_score(hit, float(score))
