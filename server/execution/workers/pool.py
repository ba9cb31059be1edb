"""The worker pool of one build: idle and busy workers, waiting queries, and scaling."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from pathlib import Path

from server.execution.workers.inspection import is_stopped, resident
from server.execution.workers.limits import Limits, busy
from server.execution.workers.priority import Rank
from server.execution.workers.processes import Processes, Worker
from server.execution.workers.promises import Outcome, Promise
from server.execution.workers.shares import PROCESSORS, Shares
from server.execution.workers.waiting import WaitingQueue, by_turns

log = logging.getLogger(__name__)
SLOW_AFTER = 0.1  # seconds after which a query is slow, and another worker takes its place among those kept ready
LOWER_AFTER = 0.5  # seconds after which a slow query's worker gets the lowest rank; if it cannot be raised again, it is replaced later
WAITED = 0.03  # seconds that a waiting query waits before another worker is started for it
MIB = 1024 * 1024
LINGER = 30.0  # seconds that a surplus worker is kept for the next query, since its cache is warm
LINGER_AFTER_STOP = 0.5  # the same if a query was stopped in the last LINGER seconds, so that abusive clients leave nothing behind
RESTART_AFTER = 1.0  # seconds between two attempts to start a worker that fails
LOOK = 1.0  # seconds between two checks whether idle workers still run


class Pool:
    """Distributes the workers that have one build's store open.

    A query that has run for a while is *slow*: another worker is started in its place, so that short queries find one, and its
    worker yields the processors to the others. The queries of an address that has, or lately had, as many slow ones as there are
    processors run only when nobody else wants a processor, from their beginning. An address that has a worker for each processor
    leaves the last idle one to others. When slow queries occupy all places, the youngest are stopped while others wait.
    """

    def __init__(self, build: str, store: Path | str, processes: Processes, limits: Limits) -> None:
        self.build = build
        self.store = store
        self.limits = limits
        self.users = 0
        self._processes = processes
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._shares = Shares(limits.running)
        self._starting = 0
        self._waiting = WaitingQueue()
        self._retired = False
        self._stopped = -LINGER  # when a worker last ended because of its query
        self._looked = 0.0
        self._started = threading.Event()
        self._opened = False

    def checkout(self, client: str, tell: Callable[[Outcome], object]) -> Worker | Promise:
        """Return an idle worker for a query of this address, or the promise that ``tell`` will be called, from any thread, with one or
        with a refusal. Problem 503 if too many wait already.

        ``tell`` must neither block nor use the pool. If the queue is full, the address with the most queries in it loses its youngest to
        one with fewer.
        """
        refused: Promise | None = None
        with self._lock:
            while self._shares.may_take(client, len(self._idle)):
                worker = self._idle.pop()
                if not worker.ended():
                    self._begin(worker, client)
                    return worker
            if len(self._waiting) >= self.limits.waiting:
                refused = self._waiting.make_room(client)
                if refused is None:
                    raise busy(self.limits)
            promise = Promise(tell)
            self._waiting.add(client, time.monotonic() + self.limits.waiting_time, promise)
        if refused is not None:
            refused.refuse(busy(self.limits))
        return promise

    def release(self, worker: Worker, *, reusable: bool) -> None:
        """Take a worker back; one that is not reusable is ended."""
        with self._lock:
            if worker in self._busy:
                self._busy.discard(worker)
                self._shares.end(worker.client)
            if not reusable:
                self._stopped = time.monotonic()
            reusable = reusable and worker.status is None and not self._retired
            reusable = reusable and (worker.rank < Rank.LOW or self._processes.can_raise)
            if reusable and worker.rank is not Rank.NORMAL:
                self._processes.rank(worker, Rank.NORMAL)
            if reusable:
                worker.began = time.monotonic()
                self._idle.append(worker)
                self._hand_over()
        if not reusable:
            self._end(worker)

    def stop(self, worker: Worker, reason: str) -> None:
        """Kill a busy worker; its reader sees the socket close."""
        if worker.stopped_for is None:
            worker.stopped_for = reason
            self._processes.kill(worker)

    def tend(self, now: float) -> None:
        """Handle slow queries, memory, expired waits and missing workers. Called every few dozen milliseconds."""
        with self._lock:
            busy_workers = list(self._busy)
            expired = self._waiting.expired(now)
            self._idle = [worker for worker in self._idle if not worker.ended()]
            surplus = [*self._surplus(now), *self._frozen(now)]
        for worker in surplus:
            self._end(worker)
        for promise in expired:
            promise.refuse(busy(self.limits))
        self._slow_down(busy_workers, now)
        for _ in range(self._claim_missing(now)):
            self._start_beside()
        with self._lock:
            hurried = self._late(now, greedy=False)
        if hurried:
            self._processes.hurry()

    def wait_started(self, seconds: float) -> bool:
        """Wait for the first worker to start or fail; return whether one has opened the store."""
        self._started.wait(seconds)
        return self._opened

    def counts(self) -> dict[str, int]:
        """Return the numbers of idle and busy workers and of waiting queries."""
        with self._lock:
            return {"idle": len(self._idle), "busy": len(self._busy), "waiting": len(self._waiting)}

    def retire(self) -> None:
        """Start no more workers; end the idle ones now, the busy ones when they are released."""
        with self._lock:
            self._retired = True
            idle, self._idle = self._idle, []
            waiting, self._waiting = self._waiting.promises(), WaitingQueue()
        for worker in idle:
            self._end(worker)
        for promise in waiting:
            promise.refuse(busy(self.limits))

    @property
    def unused(self) -> bool:
        """Whether nothing of this pool is running or held."""
        with self._lock:
            return not self._busy and not self._starting and not self._waiting and self.users == 0

    def _slow_down(self, busy_workers: list[Worker], now: float) -> None:
        """Make slow queries yield to short ones: lower their rank while others run, and stop some if they occupy all places.

        The first to be stopped are the youngest of the addresses with the most: an only query of another address may be slow just
        because of theirs.
        """
        for worker in busy_workers:
            worker.slow = worker.slow or now - worker.began > SLOW_AFTER
            if now > worker.until:  # its own alarm is delayed, like all of it, by processes with precedence
                self.stop(worker, "time")
            rank = self._rank(now - worker.began)
            if rank > worker.rank and len(busy_workers) > 1 and worker.stopped_for is None:
                self._processes.rank(worker, rank)
        slow = sorted((worker for worker in busy_workers if worker.slow), key=lambda worker: worker.began)
        reserved = min(self.limits.ready, self.limits.running - self.limits.ready)
        with self._lock:
            self._shares.note_slow(slow, now)
            wanted = any(self._waiting.deadlines(self._shares))
        if wanted:
            for worker in by_turns(slow)[self.limits.running - reserved :]:
                self.stop(worker, "busy")
        self._spare_memory(slow)

    def _rank(self, seconds: float) -> Rank:
        """Return the rank of a query that has run for a time."""
        if seconds <= SLOW_AFTER:
            return Rank.NORMAL
        if seconds > LOWER_AFTER:
            return Rank.IDLE
        return Rank.LOW if self._processes.can_raise else Rank.STEADY

    def _spare_memory(self, slow: list[Worker]) -> None:
        """Stop the query with the most memory if the total exceeds the limit."""
        held = {worker: resident(worker.pid) for worker in slow if worker.stopped_for is None}
        if sum(held.values()) > self.limits.memory_together * MIB:
            self.stop(max(held, key=held.__getitem__), "memory")

    def _begin(self, worker: Worker, client: str) -> None:
        worker.client = client
        self._shares.begin(client)
        worker.began = time.monotonic()
        worker.until = math.inf
        worker.slow = False
        self._busy.add(worker)
        if self._shares.is_greedy(client) and self._processes.can_raise:
            self._processes.rank(worker, Rank.IDLE)

    def _hand_over(self) -> None:
        while (found := self._waiting.take(self._shares, len(self._idle))) is not None:
            client, promise = found
            if promise.claim():
                worker = self._idle.pop()
                self._begin(worker, client)
                promise.tell(worker)

    def _surplus(self, now: float) -> list[Worker]:
        """Remove surplus workers that have long been idle: the first of the idle ones, since the last get the queries."""
        linger = LINGER if now - self._stopped > LINGER else LINGER_AFTER_STOP
        lingering = sum(now - worker.began > linger for worker in self._idle)
        count = max(0, min(lingering, len(self._idle) - self.limits.ready))
        surplus, self._idle = self._idle[:count], self._idle[count:]
        return surplus

    def _frozen(self, now: float) -> list[Worker]:
        """Remove the idle workers that somebody has stopped: a query would wait for its whole time."""
        if now - self._looked < LOOK:
            return []
        self._looked = now
        frozen = [worker for worker in self._idle if is_stopped(worker.pid)]
        self._idle = [worker for worker in self._idle if worker not in frozen]
        return frozen

    def _claim_missing(self, now: float) -> int:
        """Return how many workers to start now; they count as starting from here on."""
        with self._lock:
            if self._retired:
                return 0
            slow = sum(worker.slow for worker in self._busy)
            total = len(self._idle) + len(self._busy) + self._starting
            wanted = max(self.limits.ready + slow - total, self._late(now) - self._starting)
            missing = max(0, min(wanted, self.limits.running - total, PROCESSORS - self._starting))
            self._starting += missing
            return missing

    def _late(self, now: float, *, greedy: bool = True) -> int:
        """Return how many queries, of greedy addresses too or not, have waited for a while that another worker would serve."""
        deadlines = self._waiting.deadlines(self._shares, greedy=greedy)
        return sum(now + self.limits.waiting_time - until > WAITED for until in deadlines)

    def _start_beside(self) -> None:
        try:
            threading.Thread(target=self._start, daemon=True, name="starting").start()
        except RuntimeError as error:  # no more threads available: the next check tries again
            log.warning("A worker cannot be started: %s", error)
            with self._lock:
                self._starting -= 1

    def _start(self) -> None:
        options = {"memory": self.limits.memory, "keep": max(64, self.limits.memory // 8), "services": self.limits.services}
        worker = None
        try:
            worker = self._processes.fork(self.store, options, self._opening_rank())
        except OSError as error:  # for example, no descriptor left
            log.warning("A worker cannot be started: %s", error)
        if worker is None:
            self._started.set()
            time.sleep(RESTART_AFTER)
        with self._lock:
            self._starting -= 1
            keep = worker is not None and not self._retired
            if worker is not None and keep:
                self._opened = True
                worker.began = time.monotonic()
                self._idle.append(worker)
                self._hand_over()
        if worker is not None and not keep:
            self._end(worker)
        self._started.set()

    def _opening_rank(self) -> Rank:
        """Return the rank for opening a store, which takes as much of a processor as many a short query."""
        if not (self._opened and self._processes.can_raise):
            return Rank.NORMAL
        with self._lock:
            awaited = not self._idle and any(self._waiting.deadlines(self._shares, greedy=False))
        return Rank.NORMAL if awaited else Rank.LOW

    def _end(self, worker: Worker) -> None:
        self._processes.kill(worker)
        worker.socket.close()
