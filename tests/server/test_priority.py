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
from server.execution.workers.pool import PROCESSORS, SLOW_AFTER, Limits, Pool
from server.execution.workers.priority import Rank
from server.execution.workers.processes import Worker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has scheduling classes")


@pytest.fixture
def sleeper() -> Iterator[int]:
    """The process id of an idle process."""
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process.pid
        process.kill()


def _slice(pid: int) -> int:
    """Return the process's slice in milliseconds according to the kernel; 0 if unknown."""
    lines = Path(f"/proc/{pid}/sched").read_text(encoding="ascii").splitlines()
    found = [line for line in lines if line.startswith("se.slice")]
    return int(found[0].split(":")[1]) // 1_000_000 if found else 0


def test_a_steady_process_keeps_its_class_and_may_run_longer(sleeper: int) -> None:
    priority.give(sleeper, Rank.STEADY)
    assert os.sched_getscheduler(sleeper) == os.SCHED_OTHER
    if not _slice(sleeper):
        pytest.skip("this kernel does not tell a process's slice")
    assert _slice(sleeper) == 100
    priority.give(sleeper, Rank.NORMAL)
    assert _slice(sleeper) < 100


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

    def rank(self, worker: Worker, rank: Rank) -> None:
        worker.rank = rank


def test_further_queries_of_an_address_with_slow_ones_give_way() -> None:
    pool = Pool("build", "store", Ranked(), Limits(64, 64, 10, 1.0, 100, 10_000))  # type: ignore[arg-type]
    pairs = [socket.socketpair() for _ in range(PROCESSORS + 3)]
    for number, (ours, _) in enumerate(pairs):
        ours.setblocking(False)
        pool._idle.append(Worker(number, ours))
    slow = [pool.checkout("greedy") for _ in range(PROCESSORS)]
    pool._starting = 64  # no more are started
    pool.tend(time.monotonic() + SLOW_AFTER * 2)
    further, other = pool.checkout("greedy"), pool.checkout("other")
    assert isinstance(further, Worker)
    assert isinstance(other, Worker)
    assert (further.rank, other.rank) == (Rank.LOW, Rank.NORMAL)
    for worker in slow:
        assert isinstance(worker, Worker)
        pool.release(worker, reusable=True)
    pool.tend(time.monotonic())
    after = pool.checkout("greedy")
    assert isinstance(after, Worker)
    assert after.rank is Rank.NORMAL
    for pair in pairs:
        for each in pair:
            each.close()
