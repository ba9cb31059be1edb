"""Keep answers in memory: the least recently used go first, bounded in bytes.

A build never changes, so an answer to the same query in the same format is the same until another build is served.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from cachetools import LRUCache

OVERHEAD = 600  # bytes that an entry costs beside its body, as measured for its objects and headers


@dataclass(frozen=True, slots=True)
class Entry:
    """A complete answer."""

    build: str
    content_type: str
    body: bytes


class Cache:
    """Entries by (build, job key). ``limit`` is in bytes; 0 keeps nothing. For many threads."""

    def __init__(self, limit: int) -> None:
        self.largest = limit // 8
        self._entries: LRUCache[tuple[str, str], Entry] = LRUCache(limit, getsizeof=lambda entry: len(entry.body) + OVERHEAD)
        self._lock = threading.Lock()

    @property
    def bytes(self) -> int:
        """What is kept now."""
        return int(self._entries.currsize)

    def get(self, build: str, key: str) -> Entry | None:
        """The entry, which counts as just used."""
        with self._lock:
            return self._entries.get((build, key))

    def put(self, key: str, entry: Entry) -> None:
        """Keep an entry, unless it alone would take too large a share."""
        if len(entry.body) + OVERHEAD <= self.largest:
            with self._lock:
                self._entries[entry.build, key] = entry

    def forget(self, build: str) -> None:
        """Drop every answer of a build that is no longer served."""
        with self._lock:
            for place in [place for place in self._entries if place[0] == build]:
                del self._entries[place]
