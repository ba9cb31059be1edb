"""The query engine: every query of the endpoint, the pages and the API passes through it.

Terms in this process are rdflib's. pyoxigraph is confined to ``kg.store`` and the workers.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import time
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Identifier

from kg.formats import GRAPHS, SOLUTIONS, named
from kg.store.builds import UNKNOWN, Build
from server.execution import context
from server.execution.cache import Cache, CachedAnswer
from server.execution.metrics import Metrics
from server.execution.serving import Held, Serving
from server.execution.workers.frames import BLOCK
from server.execution.workers.limits import Limits, busy
from server.execution.workers.pool import Pool
from server.execution.workers.processes import Worker
from server.execution.workers.promises import Waiter
from server.execution.workers.worker_exchange import Start, WorkerExchange
from server.protocol.jobs import Job, Query
from server.protocol.negotiation import Wanted
from server.protocol.problems import Problem
from server.protocol.requests import Rules
from server.settings import MIB

Row = dict[str, Identifier]
PAGE_LIMIT = 32 * MIB  # an answer that the server itself reads, for a page
DEAD_AFTER = 30.0  # seconds without a worker after which the server itself counts as broken
PROBE_TIME = 5.0  # time limit in seconds for the probe of the store
KNOWN_TERMS = 8192
"""Cached terms of answers: pages show the same ones again and again, and rdflib is slow to create them."""
STATUS_TIME = 0.5  # seconds to wait for the reason why a worker's socket closed


@dataclass(frozen=True, slots=True)
class Answer:
    """A serialized answer: its content type, its bytes as they arrive, whether it came from the cache, and its build."""

    content_type: str
    chunks: Iterator[bytes]
    build: str
    whole: bytes | None = None
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """The solutions of a SELECT: ``rows`` map variable names (without ``?``) to terms, omitting unbound ones."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]
    build: str

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def _limits(settings: Mapping[str, Any]) -> Limits:
    ready = settings["workers"] or (os.cpu_count() or 1) + 2
    return Limits(
        ready=ready,
        running=max(settings["running"], ready),
        waiting=settings["waiting"],
        waiting_time=settings["waiting_time"],
        memory=settings["query_memory"],
        memory_together=settings["queries_memory"] or _physical_memory() // 2,
        services=tuple(sorted(settings["services"].split())),
    )


def _physical_memory() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // MIB


class QueryEngine:
    """Answers queries on the current build of a data folder, in worker processes."""

    def __init__(self, data: Path, settings: Mapping[str, Any]) -> None:
        self.data = data
        self.settings = settings
        self.rules = Rules(settings["query_length"], settings["query_timeout"])
        self.limit = settings["answer_bytes"] * MIB
        self.cache = Cache(settings["cache_size"] * MIB)
        self.metrics = Metrics(self._gauges)
        self.serving = Serving(data, _limits(settings), settings["build_poll"], self.cache.forget, settings["sparql_backend"])

    @property
    def build(self) -> Build:
        """The build from which this request, or the next one, is answered."""
        held = context.current_pin()
        return held.build if held else self.serving.build

    def close(self) -> None:
        """End the workers."""
        self.serving.close()

    def answer(self, job: Job, held: Held | None = None) -> Answer:
        """Return the answer to a job, streamed if it is long; Problem if there is none."""
        with contextlib.ExitStack() as stack:
            held = stack.enter_context(self.serving.using(held or context.held_build(self.serving)))
            self.check(job, held)
            entry = self.cached(job, held)
            if entry:
                return Answer(entry.content_type, iter((entry.body,)), entry.build, entry.body, cached=True)
            return self._run(job, held, stack)

    def check(self, job: Job, held: Held) -> None:
        """Problem 404 if the job's guard is false."""
        if job.guard is None:
            return
        asked = self.answer(Job(job.guard, Wanted(SOLUTIONS[0], None)), held)
        if not json.loads(b"".join(asked.chunks))["boolean"]:
            raise Problem(404, job.guard_detail)

    def cached(self, job: Job, held: Held) -> CachedAnswer | None:
        """Return the cached answer, and count the hit."""
        entry = self.cache.get(held.build.id, job.key)
        if entry:
            self.metrics.outcome("cached")
        return entry

    @property
    def trouble(self) -> str:
        """Why no query can be answered now; empty if they can."""
        if self.serving.damage:
            return "the store is damaged"
        return "" if self.serving.counts()["workers"] > 0 else "no workers"

    @property
    def broken(self) -> str:
        """Why this server should be restarted; empty if it need not."""
        idle = self.serving.seconds_without_workers
        return f"no workers for {idle:.0f} s" if idle > DEAD_AFTER else ""

    def probe(self) -> str:
        """Query the store for one triple, bypassing the cache; return what is wrong, or an empty string."""
        job = Job(Query("ASK { ?s ?p ?o }"), Wanted(SOLUTIONS[0], None), timeout=PROBE_TIME)
        try:
            with contextlib.ExitStack() as stack:
                held = stack.enter_context(self.serving.using())
                found = json.loads(b"".join(self._run(job, held, stack).chunks))["boolean"]
        except Problem as problem:
            return problem.detail
        return "" if found else "the store is empty"

    @property
    def no_index(self) -> Problem:
        """The message if the search index is missing."""
        return Problem(503, "The search index of this build is missing.", "Build the graph again with 'entente build'.")

    def exchange(self, job: Job) -> WorkerExchange:
        """Return the exchange with a worker for a job, under this engine's limits."""
        timeout = min(job.timeout or self.rules.timeout, self.rules.timeout)
        return WorkerExchange(job, timeout, min(job.limit or self.limit, self.limit), self.cache.largest)

    def keep(self, exchange: WorkerExchange, content_type: str, build: str) -> None:
        """Cache an answer, if it is complete and not too large."""
        if exchange.body is not None and exchange.job.cacheable and build != UNKNOWN:
            self.cache.put(exchange.job.key, CachedAnswer(build, content_type, exchange.body))

    def _run(self, job: Job, held: Held, stack: contextlib.ExitStack) -> Answer:
        exchange = self.exchange(job)
        events = _events(held.pool, exchange, self.metrics)
        start = next(events)
        if not isinstance(start, Start):
            raise LookupError(start)
        content_type = start.format.content_type
        if start.whole is not None:
            events.close()
            self.keep(exchange, content_type, held.build.id)
            return Answer(content_type, iter((start.whole,)), held.build.id, start.whole)
        stack.callback(self.keep, exchange, content_type, held.build.id)
        return Answer(content_type, _blocks(events, stack.pop_all()), held.build.id)

    def serialize(self, query: str, format: str = "json") -> tuple[str, bytes]:
        """Return content type and bytes of an answer; ``format`` is a media type or a name such as ``csv`` or ``turtle``."""
        wanted = Wanted(named(format, SOLUTIONS), named(format, GRAPHS))
        answer = self.answer(self._for_page(query, wanted))
        return answer.content_type, b"".join(answer.chunks)

    def select(self, query: str, seconds: float | None = None) -> Rows:
        """Return the solutions of a SELECT query; ``seconds`` defaults to the limit for pages."""
        answer = self.answer(self._for_page(query, Wanted(SOLUTIONS[0], None), seconds))
        document = json.loads(b"".join(answer.chunks))
        rows = tuple({name: term(value) for name, value in row.items()} for row in document["results"]["bindings"])
        return Rows(tuple(document["head"]["vars"]), rows, answer.build)

    def ask(self, query: str) -> bool:
        """Return the answer of an ASK query."""
        answer = self.answer(self._for_page(query, Wanted(SOLUTIONS[0], None)))
        return bool(json.loads(b"".join(answer.chunks))["boolean"])

    def graph(self, query: str) -> Graph:
        """Return the graph of a CONSTRUCT or DESCRIBE query."""
        answer = self.answer(self._for_page(query, Wanted(None, GRAPHS[1])))
        return Graph().parse(data=b"".join(answer.chunks), format="nt")

    def _for_page(self, query: str, wanted: Wanted, seconds: float | None = None) -> Job:
        return Job(Query(query), wanted, timeout=seconds or self.settings["page_timeout"], limit=PAGE_LIMIT)

    def _gauges(self) -> Mapping[str, float]:
        return {**self.serving.counts(), "cache_bytes": self.cache.bytes, "store_up": float(not self.trouble)}


def checkout(pool: Pool) -> Worker:
    """Take a worker from the pool, waiting if necessary; Problem if there is none."""
    waiter = Waiter()
    found = pool.checkout(context.CLIENT.get(), waiter.tell)
    if isinstance(found, Worker):
        return found
    outcome = waiter.wait(found, pool.limits.waiting_time + 1) or busy(pool.limits)
    if isinstance(outcome, Problem):
        raise outcome
    return outcome


def _events(pool: Pool, exchange: WorkerExchange, metrics: Metrics) -> Generator[Start | bytes, None, None]:
    """Run the exchange on a worker; closing the iterator early stops the query."""
    worker = checkout(pool)
    began = time.monotonic()
    try:
        _send(worker, exchange.begin(worker))
        while not exchange.complete:
            yield from exchange.feed(_receive(worker, exchange))
        metrics.outcome("answered", time.monotonic() - began)
    except Problem as problem:
        metrics.problem(problem.status, time.monotonic() - began)
        raise
    except GeneratorExit:
        metrics.outcome("answered" if exchange.complete else "hung-up", time.monotonic() - began)
        raise
    finally:
        pool.release(worker, reusable=exchange.reusable)


def _blocks(events: Generator[Start | bytes, None, None], stack: contextlib.ExitStack) -> Iterator[bytes]:
    with stack, contextlib.closing(events):
        for event in events:
            if isinstance(event, bytes):
                yield event


def _send(worker: Worker, data: bytes) -> None:
    view = memoryview(data)
    while view:
        try:
            view = view[worker.socket.send(view) :]
        except BlockingIOError:
            select.select([], [worker.socket], [])
        except OSError:
            return


def _receive(worker: Worker, exchange: WorkerExchange) -> bytes:
    poll = select.poll()
    poll.register(worker.socket, select.POLLIN)
    poll.poll()
    try:
        data = worker.socket.recv(4 * BLOCK)
    except OSError:
        data = b""
    if not data:
        deadline = time.monotonic() + STATUS_TIME
        while worker.status is None and time.monotonic() < deadline:
            time.sleep(0.005)
        raise exchange.lost(worker)
    return data


def term(value: Mapping[str, str]) -> Identifier:
    """Return an rdflib term for one value of SPARQL 1.1 Query Results JSON."""
    return _term(value["type"], value["value"], value.get("xml:lang"), value.get("datatype"))


@lru_cache(maxsize=KNOWN_TERMS)
def _term(kind: str, value: str, language: str | None, datatype: str | None) -> Identifier:
    if kind == "uri":
        return URIRef(value)
    if kind == "bnode":
        return BNode(value)
    return Literal(value, lang=language, datatype=URIRef(datatype) if datatype else None)
