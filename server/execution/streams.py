"""Stream a job's answer on the event loop; stop its query when the client disconnects."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from typing import Any

from server.execution import context
from server.execution.engine import STATUS_TIME, QueryEngine
from server.execution.serving import Held
from server.execution.workers.frames import BLOCK, HEADER
from server.execution.workers.processes import Worker
from server.execution.workers.promises import Outcome, Promise
from server.execution.workers.worker_exchange import Start
from server.protocol.jobs import Job
from server.protocol.problems import Problem

Receive = Callable[[], Awaitable[dict[str, Any]]]
FINISH = 0.25  # seconds that a query may finish after its client has gone: less than a new worker takes to start
WATCH_AFTER = 0.02  # seconds after which it pays to check whether the client is still connected


class HungUp(Exception):  # noqa: N818
    """The client has disconnected."""


class JobRun:
    """One job on a worker of a build. Call ``start`` once, then ``blocks`` unless the answer came whole, then ``close``."""

    def __init__(self, engine: QueryEngine, job: Job, held: Held, receive: Receive) -> None:
        self._loop = asyncio.get_running_loop()
        self._engine = engine
        self._exchange = engine.exchange(job)
        self._pool = held.pool
        self._build = held.build.id
        self._receive = receive
        self._worker: Worker | None = None
        self._waiting: asyncio.Future[Outcome] | None = None
        self._thread = threading.get_ident()
        self._events: Iterator[Start | bytes] = iter(())
        self._hung_up = False
        self._problem: Problem | None = None
        self._began = time.monotonic()
        self._watcher: asyncio.Task[None] | None = None
        self._timer = self._loop.call_later(WATCH_AFTER, self._watch)

    async def start(self) -> Start:
        """Send the query to a worker and return the start of its answer. Problem if there is none, HungUp if the client has gone."""
        try:
            found = self._pool.checkout(context.CLIENT.get(), self._tell)
        except Problem as problem:
            self._problem = problem
            raise
        if isinstance(found, Promise):
            found = await self._wait(found)
        self._worker = found
        self._began = found.began
        await self._send(found, self._exchange.begin(found))
        event = await self._next()
        if not isinstance(event, Start):
            raise LookupError(event)
        return event

    async def blocks(self) -> AsyncIterator[bytes]:
        """Yield the blocks of an answer that did not come whole. Problem or HungUp if it breaks off."""
        while (event := await self._next()) is not None:
            if isinstance(event, bytes):
                yield event

    def keep(self, content_type: str) -> None:
        """Cache the answer, if it is complete and not too long."""
        self._engine.keep(self._exchange, content_type, self._build)

    def close(self) -> None:
        """Return the worker to the pool, or end it if its answer is incomplete; count the outcome of the query."""
        self._timer.cancel()
        if self._watcher:
            self._watcher.cancel()
        self._watcher = None
        if self._worker is not None:
            self._pool.release(self._worker, reusable=self._exchange.reusable)
        seconds = time.monotonic() - self._began
        metrics = self._engine.metrics
        if self._hung_up:
            metrics.outcome("hung-up", seconds)
        elif self._problem:
            metrics.problem(self._problem.status, seconds)
        else:
            metrics.outcome("answered" if self._exchange.complete else "broken", seconds)
        self._problem = None  # the traceback references this run: without this, both would live until garbage collection

    async def _wait(self, promise: Promise) -> Worker:
        waiting: asyncio.Future[Outcome] = self._loop.create_future()
        self._waiting = waiting
        try:
            outcome = await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled():  # told in the same moment
                self._give_back(waiting.result())
            promise.cancel()
            if self._hung_up:
                raise HungUp from None
            raise
        finally:
            self._waiting = None
        if isinstance(outcome, Problem):
            self._problem = outcome
            raise outcome
        return outcome

    def _tell(self, outcome: Outcome) -> None:
        if threading.get_ident() == self._thread:
            self._settle(outcome)
        else:
            self._loop.call_soon_threadsafe(self._settle, outcome)

    def _settle(self, outcome: Outcome) -> None:
        """Hand the worker to ``_wait``, or back to the pool if nobody waits any more: never lost, whenever the client hangs up."""
        if self._waiting is None or self._waiting.done():
            self._give_back(outcome)
        else:
            self._waiting.set_result(outcome)

    def _give_back(self, outcome: Outcome) -> None:
        if isinstance(outcome, Worker):
            self._loop.call_soon(partial(self._pool.release, outcome, reusable=True))  # not at once: the pool may be handing it over

    async def _send(self, worker: Worker, data: bytes) -> None:
        try:
            sent = worker.socket.send(data)
            if sent < len(data):
                await self._loop.sock_sendall(worker.socket, memoryview(data)[sent:])
        except BlockingIOError:
            await self._loop.sock_sendall(worker.socket, data)
        except OSError:
            return

    async def _next(self) -> Start | bytes | None:
        """Return the next event of the exchange; None at its end."""
        while True:
            try:
                event = next(self._events, None)
            except Problem as problem:
                self._problem = problem
                raise
            if event is not None or self._exchange.complete:
                return event
            self._events = self._exchange.feed(await self._arrived())

    async def _arrived(self) -> bytes:
        worker = self._worker
        assert worker is not None
        try:
            data = await self._loop.sock_recv(worker.socket, BLOCK + HEADER.size)
        except OSError:
            data = b""
        if not data:
            await self._lost(worker)
        return data

    async def _lost(self, worker: Worker) -> None:
        deadline = time.monotonic() + STATUS_TIME
        while worker.status is None and time.monotonic() < deadline:
            await asyncio.sleep(0.005)
        if self._hung_up:
            raise HungUp
        self._problem = self._exchange.lost(worker)
        raise self._problem

    def _watch(self) -> None:
        self._watcher = self._loop.create_task(self._look())

    async def _look(self) -> None:
        """Wait for the client to disconnect, then stop its query."""
        while (await self._receive())["type"] != "http.disconnect":
            pass
        if self._waiting is not None:
            self._hung_up = True
            self._waiting.cancel()
            return
        await asyncio.sleep(max(0.0, self._began + FINISH - time.monotonic()))
        self._hung_up = True
        if self._worker is not None:
            self._pool.stop(self._worker, "hung-up")
