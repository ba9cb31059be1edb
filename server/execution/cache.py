"""Cache answers in memory: least recently used, bounded in bytes.

A build never changes, so the answer to a query in a given format stays the same until another build is served.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from cachetools import LRUCache

OVERHEAD = 600  # bytes of an entry besides its body, measured for its objects and headers


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """A complete answer."""

    build: str
    content_type: str
    body: bytes


class Cache:
    """Entries by (build, job key). ``limit`` is in bytes; 0 caches nothing. Thread-safe."""

    def __init__(self, limit: int) -> None:
        self.largest = limit // 8
        self._entries: LRUCache[tuple[str, str], CachedAnswer] = LRUCache(limit, getsizeof=lambda entry: len(entry.body) + OVERHEAD)
        self._lock = threading.Lock()

    @property
    def bytes(self) -> int:
        """The present size."""
        return int(self._entries.currsize)

    def get(self, build: str, key: str) -> CachedAnswer | None:
        """Return an entry and mark it as recently used."""
        with self._lock:
            return self._entries.get((build, key))

    def put(self, key: str, entry: CachedAnswer) -> None:
        """Add an entry, unless it alone would take too large a share."""
        if len(entry.body) + OVERHEAD <= self.largest:
            with self._lock:
                self._entries[entry.build, key] = entry

    def forget(self, build: str) -> None:
        """Drop all answers of a build that is no longer served."""
        with self._lock:
            for place in [place for place in self._entries if place[0] == build]:
                del self._entries[place]
