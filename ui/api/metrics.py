"""Figures for Prometheus: requests, questions, jobs, and what the library holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from index.errors import LibraryError

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

    from assistant.answer import Answer
    from ui.api.service import Service

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.5, 5.0, 10.0, 30.0, 90.0)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counters of one server, in a registry of their own. Safe to share between threads.

    No label holds a word of a person's or a document's: routes are named by their template.
    """

    def __init__(self, service: Service) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self.registry: CollectorRegistry = CollectorRegistry()
        self._requests = Counter(
            "luming_http_requests", "请求数", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "luming_http_request_seconds",
            "到响应开始的秒数",
            ["method", "route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._asks = Counter(
            "luming_asks", "提问数：answered 已回答，abstained 不作答", ["channel", "outcome"],
            registry=self.registry,
        )  # fmt: skip
        self._asking = Gauge("luming_asks_running", "正在回答的问题数", registry=self.registry)
        self._waiting = Gauge("luming_asks_waiting", "排队的问题数", registry=self.registry)
        self.registry.register(_LibraryFigures(service))

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; ``seconds`` until its response began."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def answered(self, channel: str, answer: Answer) -> None:
        """Count one question."""
        self._asks.labels(channel, "abstained" if answer.abstained else "answered").inc()

    def text(self, running: int, waiting: int) -> bytes:
        """Everything, in the text format; ``running`` and ``waiting`` are questions."""
        from prometheus_client import generate_latest

        self._asking.set(running)
        self._waiting.set(waiting)
        return generate_latest(self.registry)


class _LibraryFigures:
    """What is looked up when the figures are read. A library that fails leaves its figures out."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def describe(self) -> list[Any]:
        """Nothing: registering must not read the library."""
        return []

    def collect(self) -> Iterator[Any]:
        """The gauges."""
        from prometheus_client.core import GaugeMetricFamily

        from index.jobs import LIVE, STATE_NAMES

        library = self._service.library
        try:
            documents = list(library.documents()[1].values())
            jobs = library.catalog.jobs.recent(300)
        except LibraryError:
            yield GaugeMetricFamily("luming_library_readable", "目录库可读", value=0)
            return
        yield GaugeMetricFamily("luming_library_readable", "目录库可读", value=1)
        names = {one.collection for one in documents}
        yield GaugeMetricFamily("luming_collections", "文库数", value=len(names))
        yield GaugeMetricFamily("luming_documents", "文件数", value=len(documents))
        passages = sum(one.passage_count for one in documents)
        yield GaugeMetricFamily("luming_passages", "段落数", value=passages)
        found = GaugeMetricFamily("luming_jobs", "最近 300 个任务，按状态", labels=["state"])
        for state in STATE_NAMES:
            found.add_metric([state], sum(one.state == state for one in jobs))
        yield found
        living = [one for one in jobs if one.state in LIVE]
        yield GaugeMetricFamily("luming_jobs_live", "排队和进行中的任务数", value=len(living))
