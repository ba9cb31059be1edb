"""A job's answer on the event loop: a worker's bytes as they come, its query stopped when the client hangs up."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from server.engine import STATUS_TIME, QueryEngine
from server.errors import Problem
from server.jobs import Job
from server.serving import Held
from server.workers.exchange import Exchange, Start
from server.workers.frames import BLOCK
from server.workers.pool import Pool
from server.workers.processes import Worker

Receive = Callable[[], Awaitable[dict[str, Any]]]
WATCH_AFTER = 0.02  # seconds after which it pays to look whether the client is still there


class HungUp(Exception):  # noqa: N818
    """The client has gone; nobody wants the answer."""


class Watch:
    """Calls ``gone`` once if the client hangs up before the watch is ended."""

    def __init__(self, receive: Receive, gone: Callable[[], object]) -> None:
        self.hung_up = False
        self._receive = receive
        self._gone = gone
        self._task: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(WATCH_AFTER, self._begin)

    def end(self) -> None:
        """Stop looking."""
        self._timer.cancel()
        if self._task:
            self._task.cancel()

    def _begin(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._look())

    async def _look(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.hung_up = True
        self._gone()


async def events(engine: QueryEngine, job: Job, held: Held, receive: Receive) -> AsyncGenerator[Start | bytes, None]:
    """Run the job on a worker of the build and give what comes. Closing the iterator early stops the query."""
    exchange = engine.exchange(job)
    pool = held.pool
    stop: list[Callable[[], object]] = []
    watch = Watch(receive, lambda: stop[-1]())
    began = time.monotonic()
    worker = None
    try:
        worker = await _checkout(pool, stop)
        stop.append(lambda: pool.stop(worker, "hung-up"))
        began = worker.began
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError):
            await loop.sock_sendall(worker.socket, exchange.request)
        while not exchange.complete:
            for event in exchange.feed(await _receive(loop, worker, exchange)):
                yield event
        engine.metrics.outcome("answered", time.monotonic() - began)
    except Problem as problem:
        if watch.hung_up:
            engine.metrics.outcome("hung-up", time.monotonic() - began)
            raise HungUp from None
        engine.metrics.problem(problem.status, time.monotonic() - began)
        raise
    except asyncio.CancelledError:
        if watch.hung_up:
            raise HungUp from None
        raise
    except GeneratorExit:
        engine.metrics.outcome("answered" if exchange.complete else "broken", time.monotonic() - began)
        raise
    finally:
        watch.end()
        if worker is not None:
            pool.release(worker, reusable=exchange.reusable)


async def _checkout(pool: Pool, stop: list[Callable[[], object]]) -> Worker:
    found = pool.checkout()
    if isinstance(found, Worker):
        return found
    promise = asyncio.wrap_future(found)
    stop.append(promise.cancel)
    return await promise


async def _receive(loop: asyncio.AbstractEventLoop, worker: Worker, exchange: Exchange) -> bytes:
    try:
        data = await loop.sock_recv(worker.socket, 4 * BLOCK)
    except OSError:
        data = b""
    if not data:
        deadline = time.monotonic() + STATUS_TIME
        while worker.status is None and time.monotonic() < deadline:
            await asyncio.sleep(0.005)
        raise exchange.lost(worker)
    return data
