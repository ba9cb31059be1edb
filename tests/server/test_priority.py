"""Processes that yield to others."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.execution.workers import priority
from server.execution.workers.limits import Limits
from server.execution.workers.pool import SLOW_AFTER, Pool
from server.execution.workers.priority import Rank
from server.execution.workers.processes import Worker
from server.execution.workers.promises import Outcome, Promise
from server.execution.workers.shares import PROCESSORS, REMEMBERED
from server.execution.workers.waiting import by_turns
from tests.server.running import parent, serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has scheduling classes")


@pytest.fixture
def sleeper() -> Iterator[int]:
    """The process id of an idle process."""
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process.pid
        process.kill()


def _slice_of(pid: int) -> int:
    """Return the process's slice in nanoseconds according to the kernel; 0 if unknown."""
    lines = Path(f"/proc/{pid}/sched").read_text(encoding="ascii").splitlines()
    found = [line for line in lines if line.startswith("se.slice")]
    return int(found[0].split(":")[1]) if found else 0


def test_a_steady_process_keeps_its_class_and_may_run_longer(sleeper: int) -> None:
    priority.give(sleeper, Rank.STEADY)
    assert os.sched_getscheduler(sleeper) == os.SCHED_OTHER
    if not _slice_of(sleeper):
        pytest.skip("this kernel does not tell a process's slice")
    assert _slice_of(sleeper) == priority.LONGEST
    priority.give(sleeper, Rank.NORMAL)
    assert _slice_of(sleeper) < priority.LONGEST


def test_a_prompt_process_has_a_shorter_slice(sleeper: int) -> None:
    priority.give(sleeper, Rank.PROMPT)
    if not _slice_of(sleeper):
        pytest.skip("this kernel does not tell a process's slice")
    prompt = _slice_of(sleeper)
    priority.give(sleeper, Rank.NORMAL)
    assert prompt == priority.SHORTEST < _slice_of(sleeper)


def test_a_low_or_idle_process_comes_back_where_that_is_allowed(sleeper: int) -> None:
    priority.give(sleeper, Rank.LOW)
    assert os.getpriority(os.PRIO_PROCESS, sleeper) == priority.NICENESS
    priority.give(sleeper, Rank.IDLE)
    assert os.sched_getscheduler(sleeper) == os.SCHED_IDLE
    if not priority.can_raise():
        pytest.skip("this user may not raise a process again")
    priority.give(sleeper, Rank.NORMAL)
    assert os.sched_getscheduler(sleeper) == os.SCHED_OTHER
    assert os.getpriority(os.PRIO_PROCESS, sleeper) == 0


class Ranked:
    """Processes that only note who gets which rank."""

    can_raise = True

    def __init__(self) -> None:
        self.hurried = 0

    def rank(self, worker: Worker, rank: Rank) -> None:
        worker.rank = rank

    def hurry(self) -> None:
        self.hurried += 1


@pytest.fixture
def pool() -> Iterator[Pool]:
    """A pool with an idle worker for each processor and three more; it starts none."""
    pool = Pool("build", "store", Ranked(), Limits(64, 64, 10, 1.0, 100, 10_000))  # type: ignore[arg-type]
    pairs = [socket.socketpair() for _ in range(PROCESSORS + 3)]
    for number, (ours, _) in enumerate(pairs):
        ours.setblocking(False)
        pool._idle.append(Worker(number, ours))
    pool._starting = 64
    yield pool
    for pair in pairs:
        for each in pair:
            each.close()


def test_of_slow_queries_those_of_an_address_with_many_are_stopped_first() -> None:
    ours, theirs = socket.socketpair()
    workers = [Worker(number, ours) for number in range(5)]
    for worker, client in zip(workers, ("greedy", "greedy", "greedy", "other", "another"), strict=True):
        worker.client = client
    assert [worker.number for worker in by_turns(workers)] == [0, 3, 4, 1, 2]
    ours.close()
    theirs.close()


def _taken(pool: Pool, client: str) -> Worker:
    worker = pool.checkout(client, print)
    assert isinstance(worker, Worker)
    return worker


def test_queries_of_an_address_that_has_or_had_slow_ones_give_way(pool: Pool) -> None:
    slow = [_taken(pool, "greedy") for _ in range(PROCESSORS)]
    pool.tend(time.monotonic() + SLOW_AFTER * 2)
    further, other = _taken(pool, "greedy"), _taken(pool, "other")
    assert (further.rank, other.rank) == (Rank.IDLE, Rank.NORMAL)
    for worker in [*slow, further]:
        pool.release(worker, reusable=True)
    pool.tend(time.monotonic())
    again = _taken(pool, "greedy")
    assert again.rank is Rank.IDLE
    pool.release(again, reusable=True)
    pool.tend(time.monotonic() + REMEMBERED * 2)
    assert _taken(pool, "greedy").rank is Rank.NORMAL


def test_starting_workers_hurry_for_an_address_that_is_not_greedy(pool: Pool) -> None:
    processes = pool._processes
    assert isinstance(processes, Ranked)
    for _ in range(PROCESSORS + 2):
        _taken(pool, "greedy")
    pool.tend(time.monotonic() + SLOW_AFTER * 2)
    assert isinstance(pool.checkout("greedy", print), Promise)
    pool.tend(time.monotonic() + SLOW_AFTER * 2)
    assert processes.hurried == 0
    _taken(pool, "other")
    assert isinstance(pool.checkout("another", print), Promise)
    pool.tend(time.monotonic() + SLOW_AFTER * 2)
    assert processes.hurried > 0


def test_the_last_idle_worker_is_left_to_others(pool: Pool) -> None:
    held = [_taken(pool, "greedy") for _ in range(PROCESSORS + 2)]
    told: list[Outcome] = []
    assert isinstance(pool.checkout("greedy", told.append), Promise)
    other = _taken(pool, "other")
    pool.release(other, reusable=True)
    assert not told
    pool.release(held[0], reusable=True)
    assert told == held[:1]


def test_a_store_is_opened_at_once_only_for_queries_of_others(pool: Pool) -> None:
    """Or for the first worker."""
    assert pool._opening_rank() is Rank.NORMAL
    pool._opened = True
    assert pool._opening_rank() is Rank.LOW
    for _ in range(PROCESSORS + 2):
        _taken(pool, "greedy")
    pool.tend(time.monotonic() + SLOW_AFTER * 2)
    pool.checkout("greedy", print)
    assert pool._opening_rank() is Rank.LOW
    _taken(pool, "other")
    pool.checkout("another", print)
    assert pool._opening_rank() is Rank.NORMAL


def test_the_front_preempts_its_workers(small_data: Path, tmp_path: Path) -> None:
    with serving(small_data, tmp_path / "log") as running:
        nursery = running.nurseries()[0]
        front, worker = parent(nursery), running.workers()[0]
        if not _slice_of(front):
            pytest.skip("this kernel does not tell a process's slice")
        assert _slice_of(front) == priority.SHORTEST
        assert _slice_of(nursery) == _slice_of(worker) > priority.SHORTEST
