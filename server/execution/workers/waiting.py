"""The queue of waiting queries, and the order in which slow ones are stopped: fair by client address."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from itertools import islice

from server.execution.workers.processes import Worker
from server.execution.workers.promises import Promise
from server.execution.workers.shares import Shares

Entry = tuple[float, Promise]


class WaitingQueue:
    """A queue per address; next is the oldest query of the address with the fewest running. Not thread-safe."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[Entry]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, client: str, until: float, promise: Promise) -> None:
        """Add a query that waits ``until`` a time of the monotonic clock."""
        self._queues.setdefault(client, deque()).append((until, promise))
        self._count += 1

    def take(self, shares: Shares, idle: int) -> tuple[str, Promise] | None:
        """Return the next query of an address that may take one of the idle workers; None if there is none."""
        ready = [client for client in self._queues if shares.may_take(client, idle)]
        if not ready:
            return None
        client = min(ready, key=lambda each: (shares.running(each), self._queues[each][0][0]))
        return client, self._pop(client, left=True)

    def make_room(self, client: str) -> Promise | None:
        """Remove the youngest of the address with the most, to be refused; None if that would be ``client`` itself."""
        longest = max(self._queues, key=lambda each: len(self._queues[each]), default=client)
        if longest == client or len(self._queues[longest]) <= len(self._queues.get(client, ())) + 1:
            return None
        return self._pop(longest, left=False)

    def expired(self, now: float) -> list[Promise]:
        """Remove the queries that have waited for too long."""
        found = []
        for client in list(self._queues):
            while client in self._queues and self._queues[client][0][0] < now:
                found.append(self._pop(client, left=True))
        return found

    def deadlines(self, shares: Shares, *, greedy: bool = True) -> Iterator[float]:
        """Return the deadlines of the queries that another worker would serve: for each address (greedy ones included or not), as many as
        it may still run."""
        for client, queue in self._queues.items():
            if greedy or not shares.is_greedy(client):
                yield from (until for until, _ in islice(queue, shares.room(client)))

    def promises(self) -> list[Promise]:
        """Return all waiting queries."""
        return [promise for queue in self._queues.values() for _, promise in queue]

    def _pop(self, client: str, *, left: bool) -> Promise:
        queue = self._queues[client]
        _, promise = queue.popleft() if left else queue.pop()
        if not queue:
            del self._queues[client]
        self._count -= 1
        return promise


def by_turns(slow: Iterable[Worker]) -> list[Worker]:
    """Order slow workers, oldest first, by turns of their addresses: the first of each, then the second of each, and so on."""
    turns: Counter[str] = Counter()
    order = []
    for worker in slow:
        order.append((turns[worker.client], worker))
        turns[worker.client] += 1
    return [worker for _, worker in sorted(order, key=lambda each: each[0])]
