"""How the workers of a pool are shared by client addresses. Not thread-safe."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable

from server.execution.workers.processes import Worker

PROCESSORS = os.cpu_count() or 1
REMEMBERED = 10.0  # seconds that an address counts as greedy after it had slow queries on all processors


class Shares:
    """The number of workers that each address has, and the addresses that have lately kept all processors busy."""

    def __init__(self, places: int) -> None:
        """``places`` is the number of queries that may run at once."""
        self._each = max(1, places - max(1, places // 4))
        self._running: Counter[str] = Counter()
        self._greedy: dict[str, float] = {}

    def begin(self, client: str) -> None:
        """Count a worker that an address takes."""
        self._running[client] += 1

    def end(self, client: str) -> None:
        """Discount a worker that an address gives back."""
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]

    def running(self, client: str) -> int:
        """Return how many workers an address has."""
        return self._running[client]

    def room(self, client: str) -> int:
        """Return how many more workers an address may have."""
        return max(0, self._each - self._running[client])

    def may_take(self, client: str, idle: int) -> bool:
        """Whether an address may take one of the idle workers: not the last one, if it has one for each processor already."""
        return self.room(client) > 0 and (idle > 1 or (idle == 1 and self._running[client] < PROCESSORS))

    def note_slow(self, slow: Iterable[Worker], now: float) -> None:
        """Remember the addresses of these workers that have a slow query for each processor."""
        for client, count in Counter(worker.client for worker in slow).items():
            if count >= PROCESSORS:
                self._greedy[client] = now + REMEMBERED
        self._greedy = {client: until for client, until in self._greedy.items() if until > now}

    def is_greedy(self, client: str) -> bool:
        """Whether the queries of an address yield to those of others from their beginning."""
        return client in self._greedy
