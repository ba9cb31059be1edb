"""Server metrics in Prometheus' text format."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
OUTCOMES = {400: "invalid", 403: "refused", 404: "missing", 406: "unacceptable", 502: "store-failed", 503: "stopped", 504: "timeout"}
GAUGES = {
    "idle": ("entente_workers_idle", "Worker processes that wait for a query."),
    "busy": ("entente_queries_running", "Queries that run now."),
    "waiting": ("entente_queries_waiting", "Queries that wait for a worker."),
    "workers": ("entente_workers", "Worker processes."),
    "killed": ("entente_workers_killed", "Workers that were stopped or lost since the server began."),
    "store_up": ("entente_store_up", "Whether the store that is asked answers (1) or not (0)."),
    "cache_bytes": ("entente_cache_bytes", "Bytes of answers kept in memory."),
}


class _Gauges(Collector):
    def __init__(self, read: Callable[[], Mapping[str, float]]) -> None:
        self._read = read

    def collect(self):  # type: ignore[no-untyped-def]
        """Return the present values of the gauges."""
        values = self._read()
        for key, (name, text) in GAUGES.items():
            yield GaugeMetricFamily(name, text, value=values[key])


class Metrics:
    """One server's counters; ``gauges`` returns the present values of GAUGES."""

    def __init__(self, gauges: Callable[[], Mapping[str, float]]) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Gauges(gauges))
        queries = Counter("entente_queries", "Queries by how they ended.", ["outcome"], registry=self._registry)
        self._outcomes = {name: queries.labels(name) for name in ("answered", "cached", "hung-up", "error", "broken", *OUTCOMES.values())}
        self.seconds = Histogram("entente_query_seconds", "Time that queries took which ran.", buckets=BUCKETS, registry=self._registry)
        self._requests = Counter("entente_requests", "Requests by status.", ["status"], registry=self._registry)
        self._by_status: dict[int, Counter] = {}

    def request(self, status: int) -> None:
        """Count a request by the status of its response."""
        if status not in self._by_status:
            self._by_status[status] = self._requests.labels(str(status))
        self._by_status[status].inc()

    def outcome(self, name: str, seconds: float | None = None) -> None:
        """Count a query by its outcome, with the time it ran, if it did."""
        self._outcomes[name].inc()
        if seconds is not None:
            self.seconds.observe(seconds)

    def problem(self, status: int, seconds: float | None = None) -> None:
        """Count a query that ended in a problem, by status."""
        self.outcome(OUTCOMES.get(status, "error"), seconds)

    def text(self) -> bytes:
        """Return the metrics in the text format."""
        return generate_latest(self._registry)
