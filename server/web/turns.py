"""Limit concurrency fairly: clients with the fewest running requests go first."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.protocol.problems import Problem


class Turns:
    """Limits running requests to ``most``, and each address to ``each`` of them and to ``waiting`` in the queue. For one event loop."""

    def __init__(self, most: int, each: int, waiting: int) -> None:
        self._free = most
        self._each = each
        self._waiting_each = waiting
        self._taken: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        """Hold a slot for the duration of a ``with`` block. Raises Problem (503) if too many requests of the address are waiting."""
        await self._take(address)
        try:
            yield
        finally:
            self._give(address)

    async def _take(self, address: str) -> None:
        if self._free > 0 and self._taken[address] < self._each:
            self._free -= 1
            self._taken[address] += 1
            return
        queue = self._waiting.setdefault(address, deque())
        if len(queue) >= self._waiting_each:
            raise Problem(503, "Too many requests from your address.", "Send fewer at once.", headers={"Retry-After": "5"})
        promise: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(promise)
        try:
            await promise
        except asyncio.CancelledError:
            if promise.done() and not promise.cancelled():
                self._give(address)
            raise

    def _give(self, address: str) -> None:
        self._free += 1
        self._taken[address] -= 1
        if not self._taken[address]:
            del self._taken[address]
        self._hand_over()

    def _hand_over(self) -> None:
        """Give the free places to waiting requests, by turns."""
        for address in sorted(self._waiting, key=lambda each: self._taken[each]):
            queue = self._waiting[address]
            while queue and self._free > 0 and self._taken[address] < self._each:
                promise = queue.popleft()
                if not promise.done():
                    self._free -= 1
                    self._taken[address] += 1
                    promise.set_result(None)
            if not queue:
                del self._waiting[address]
