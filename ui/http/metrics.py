"""What Prometheus is told: counts and times, and nothing of what was asked."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

CONTENT_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """In a registry of their own: a process may have several apps."""

    def __init__(self, pending: Callable[[], int], documents: Callable[[], int]) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._requests = Counter(
            "yuanwen_requests", "Requests.", ["method", "route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "yuanwen_request_seconds",
            "From the request to the end of its response.",
            ["route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._answers = Counter(
            "yuanwen_answers", "Answers by outcome.", ["outcome"], registry=registry
        )
        self._dropped = Counter("yuanwen_dropped_citations", "Should stay at 0.", registry=registry)
        self._cached = Counter(
            "yuanwen_cached_answers", "Answers that were there already.", registry=registry
        )
        for name, what, value in (
            ("yuanwen_pending", "Requests that are worked on or wait.", pending),
            ("yuanwen_documents", "Documents in the index.", documents),
        ):
            Gauge(name, what, registry=registry).set_function(value)

    def responded(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def answered(self, outcome: str, *, dropped: int, cached: bool) -> None:
        self._answers.labels(outcome).inc()
        self._dropped.inc(dropped)
        self._cached.inc(int(cached))

    def text(self) -> bytes:
        return generate_latest(self._registry)
