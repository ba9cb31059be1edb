"""The exchange of one query with one worker, without I/O: threads and the event loop share it."""

from __future__ import annotations

import json
import logging
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass

from kg.formats import Format
from kg.sparql.services import mentions_service
from server.execution.refusal import KINDS, RETRY_AFTER
from server.execution.workers.frames import GRAPH, LIMITS, OUT_OF_MEMORY, REPLACE, FrameKind, FrameReader, pack
from server.execution.workers.processes import Worker
from server.protocol.jobs import Job
from server.protocol.problems import Problem

log = logging.getLogger(__name__)
SLACK = 0.25  # seconds between the timeout and the alarm that kills a worker


@dataclass(frozen=True, slots=True)
class Start:
    """The answer begins; ``whole`` is all of it if it came in one frame."""

    format: Format
    whole: bytes | None


class WorkerExchange:
    """Turns a job into the bytes of a request, and the received bytes into Start and blocks of the answer.

    Once ``complete``, ``body`` is the whole answer, unless its blocks have more than ``kept`` bytes together.
    """

    def __init__(self, job: Job, timeout: float, limit: int, kept: int = 0) -> None:
        self.job = job
        self.timeout = timeout
        self.complete = False
        self.reusable = False
        self.body: bytes | None = None
        self._room = kept if job.cacheable else -1
        self._blocks: list[bytes] = []
        self._reader = FrameReader()
        self._request = pack(FrameKind.REQUEST, LIMITS.pack(timeout, limit), job.request)

    def begin(self, worker: Worker) -> bytes:
        """Set the worker's deadline; return the bytes to send to it."""
        worker.until = time.monotonic() + self.timeout
        return self._request

    def feed(self, data: bytes) -> Iterator[Start | bytes]:
        """Return the events in received bytes; ``complete`` is set at the end of the answer. Problem if the worker reports one."""
        self._reader.feed(data)
        while (frame := self._reader.take()) is not None:
            kind, payload = frame
            if kind is FrameKind.WHOLE:
                self._finish(payload[1:2])
                self.body = payload[2:]
                yield Start(self._format(payload[:1]), self.body)
            elif kind is FrameKind.START:
                yield Start(self._format(payload), None)
            elif kind is FrameKind.DATA:
                self._gather(payload)
                yield payload
            elif kind is FrameKind.END:
                self.body = b"".join(self._blocks) if self._room >= 0 else None
                self._finish(payload)
            elif kind is FrameKind.FAILED:
                self._finish(b"")
                raise _failure(self.job, *json.loads(payload))

    def lost(self, worker: Worker) -> Problem:
        """Return the reason why the worker's socket closed before the answer was complete."""
        if worker.stopped_for == "busy":
            return Problem(503, "The server has too many long queries.", RETRY, headers={"Retry-After": "10"})
        if worker.status == -signal.SIGALRM or time.monotonic() - worker.began > self.timeout - SLACK:
            return Problem(504, f"The query ran longer than {self.timeout:g} s and was stopped.", NARROW)
        if worker.stopped_for == "memory" or _out_of_memory(worker):
            return Problem(503, "The query needed more memory than it may use and was stopped.", NARROW)
        if worker.status == -signal.SIGABRT:
            return _engine_failed(self.job, worker.said)
        if worker.status == -signal.SIGSEGV:
            return Problem(503, "The query crashed its process: it is nested too deeply, or too long.", "Write it flatter.")
        return Problem(503, "The process that ran the query was lost.", RETRY, headers={"Retry-After": "1"})

    def _gather(self, block: bytes) -> None:
        self._room -= len(block)
        if self._room >= 0:
            self._blocks.append(block)
        else:
            self._blocks.clear()

    def _finish(self, verdict: bytes) -> None:
        self.complete = True
        self.reusable = verdict != REPLACE

    def _format(self, kind: bytes) -> Format:
        form = self.job.wanted.graph if kind == GRAPH else self.job.wanted.solutions
        if form is None:
            raise LookupError(kind)
        return form


RETRY = "Send the query again."
NARROW = "Ask for less: name more of what you look for, drop ORDER BY or unbounded paths, add LIMIT; or load a dump."


NO_MEMORY = ("memory allocation of", "bad_alloc")
"""What Rust and C++ write to standard error where an allocation fails, before they end the process."""


def _out_of_memory(worker: Worker) -> bool:
    return worker.status == OUT_OF_MEMORY or (worker.status == -signal.SIGABRT and any(each in worker.said for each in NO_MEMORY))


def _engine_failed(job: Job, said: str) -> Problem:
    log.error("The engine failed on the query %s: %s", job.digest, " ".join(said.split()))
    return Problem(500, "The engine failed on this query; it has been logged.", "Write it otherwise.")


def _failure(job: Job, reason: str, detail: str, line: int | None, column: int | None) -> Problem:
    if reason == "syntax":
        return Problem(400, f"The query does not parse: {detail}.", "Correct it there.", line=line, column=column)
    if reason == "unsupported":
        return Problem(400, f"The query cannot be answered: {detail}.", "Names and functions must be those of SPARQL 1.1 and XSD.")
    if reason == "not-acceptable":
        kind = "a graph (CONSTRUCT, DESCRIBE)" if detail == "graph" else "solutions (SELECT, ASK)"
        return Problem(406, f"The query's answer is {kind}, which none of the accepted formats can hold.", job.formats())
    if reason in KINDS:
        failed = KINDS[reason]
        detail = "".join(character if character.isprintable() else " " for character in detail)
        headers = {"Retry-After": RETRY_AFTER} if failed.passes else None
        return Problem(failed.status, failed.sentence.format(detail), failed.hint, headers=headers)
    if reason == "too-long":
        return Problem(503, "The answer exceeds the limit on its length.", "Add LIMIT and OFFSET, or load a dump.")
    if reason == "service":
        return Problem(403, detail, "Query that endpoint yourself and put its values in VALUES.")
    if reason == "complex":
        return Problem(400, f"The query is too complex: {detail}.", "Write it flatter or shorter.")
    if reason == "format":
        return Problem(406, f"The answer cannot be written in the requested format: {detail}.", "Request JSON, CSV, Turtle or N-Triples.")
    if reason == "panic":
        return _engine_failed(job, detail)
    if mentions_service(job.query.text):
        return Problem(502, f"An endpoint called by SERVICE gave no valid answer: {detail}.", "Query it directly, or omit it.")
    log.error("The store could not answer the query %s: %s", job.digest, detail)
    return Problem(500, "The store could not answer; the reason has been logged.")
