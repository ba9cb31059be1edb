"""A worker that somebody waits for, and the waiting of a thread."""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue

from server.execution.workers.processes import Worker
from server.protocol.problems import Problem

Outcome = Worker | Problem


class Promise:
    """A query's place in the queue: ``tell`` is called once, from any thread, with its worker or with the refusal.

    ``concurrent.futures.Future`` would cost a short query a fifth of the server's time for it.
    """

    __slots__ = ("_open", "_tell")

    def __init__(self, tell: Callable[[Outcome], object]) -> None:
        self._tell = tell
        self._open = [True]  # popped by whoever is first: an atomic operation

    def claim(self) -> bool:
        """Whether the caller is to ``tell``; after this, ``cancel`` comes too late."""
        return bool(self._open) and self._take()

    def cancel(self) -> bool:
        """Give up waiting; False if an outcome is on its way, which the caller must take."""
        return self._take()

    def tell(self, outcome: Outcome) -> None:
        """Hand over the outcome of a promise that was claimed."""
        self._tell(outcome)

    def refuse(self, problem: Problem) -> None:
        """Tell that there is no worker, unless nobody waits any more."""
        if self.claim():
            self._tell(problem)

    def _take(self) -> bool:
        try:
            return self._open.pop()
        except IndexError:
            return False


class Waiter:
    """A thread that waits for the outcome of a promise."""

    def __init__(self) -> None:
        self._told: SimpleQueue[Outcome] = SimpleQueue()
        self.tell = self._told.put

    def wait(self, promise: Promise, seconds: float) -> Outcome | None:
        """Return the outcome; None if there is none after some time."""
        try:
            return self._told.get(timeout=seconds)
        except Empty:
            return None if promise.cancel() else self._told.get()
