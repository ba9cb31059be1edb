"""Queries that wait for a worker, and clients that leave while they do."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest

from kg.formats import SOLUTIONS
from server.execution.engine import checkout
from server.execution.streams import JobRun
from server.execution.workers.limits import Limits
from server.execution.workers.pool import Pool
from server.execution.workers.processes import Worker
from server.execution.workers.shares import PROCESSORS
from server.execution.workers.worker_exchange import WorkerExchange
from server.protocol.jobs import Job, Query
from server.protocol.negotiation import Wanted
from server.protocol.problems import Problem

JOB = Job(Query("ASK {}"), Wanted(SOLUTIONS[0], None))
WAITING_TIME = 0.1


@pytest.fixture
def pool() -> Iterator[Pool]:
    """A pool with one idle worker, which starts no other."""
    limits = Limits(1, 4 * PROCESSORS, 10, WAITING_TIME, 100, 10_000)
    pool = Pool("build", "store", SimpleNamespace(can_raise=True), limits)  # type: ignore[arg-type]
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    pool._idle.append(Worker(1, ours))
    yield pool
    ours.close()
    theirs.close()


async def _never() -> dict[str, Any]:
    await asyncio.Future()
    raise AssertionError


def _run(pool: Pool) -> JobRun:
    engine: Any = SimpleNamespace(
        exchange=lambda job: WorkerExchange(job, 1.0, 1000), metrics=SimpleNamespace(outcome=print, problem=print)
    )
    held: Any = SimpleNamespace(pool=pool, build=SimpleNamespace(id="build"))
    return JobRun(engine, JOB, held, _never)


def _here(pool: Pool, worker: Worker, task: asyncio.Task[Any]) -> None:
    pool.release(worker, reusable=True)
    task.cancel()


def _too_late(pool: Pool, worker: Worker, task: asyncio.Task[Any]) -> None:
    task.cancel()
    pool.release(worker, reusable=True)


def _elsewhere(pool: Pool, worker: Worker, task: asyncio.Task[Any]) -> None:
    with ThreadPoolExecutor(1) as threads:
        threads.submit(pool.release, worker, reusable=True).result()
    task.cancel()


@pytest.mark.parametrize("leave", [_here, _too_late, _elsewhere])
def test_a_client_that_leaves_as_its_worker_comes_keeps_none(pool: Pool, leave: Callable[[Pool, Worker, asyncio.Task[Any]], None]) -> None:
    async def scene() -> None:
        worker = pool.checkout("other", print)
        assert isinstance(worker, Worker)
        run = _run(pool)
        task = asyncio.create_task(run.start())
        await asyncio.sleep(0)
        leave(pool, worker, task)
        with pytest.raises(asyncio.CancelledError):
            await task
        run.close()
        await asyncio.sleep(0.01)

    asyncio.run(scene())
    assert pool.counts() == {"idle": 1, "busy": 0, "waiting": 0}


def test_a_query_gets_the_worker_that_another_gives_back(pool: Pool) -> None:
    worker = pool.checkout("one", print)
    assert isinstance(worker, Worker)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(checkout, pool)
        while not pool.counts()["waiting"]:
            pass
        pool.release(worker, reusable=True)
        assert waiting.result() is worker


def test_a_thread_waits_no_longer_than_it_may(pool: Pool) -> None:
    pool.checkout("one", print)
    with pytest.raises(Problem, match="busy"):
        checkout(pool)


def test_who_gave_up_is_passed_over(pool: Pool) -> None:
    def unwanted(_: object) -> NoReturn:
        raise AssertionError

    worker = pool.checkout("one", print)
    assert isinstance(worker, Worker)
    promise = pool.checkout("two", unwanted)
    assert not isinstance(promise, Worker)
    assert promise.cancel()
    pool.release(worker, reusable=True)
    assert pool.counts() == {"idle": 1, "busy": 0, "waiting": 0}
