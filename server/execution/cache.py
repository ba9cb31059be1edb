"""Answers kept in memory, the least recently used let go first, bounded in bytes.

A build never changes, so an answer to the same query in the same format is the same until another build is served.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

OVERHEAD = 600  # bytes that an entry costs beside its body, as measured for its objects and headers


@dataclass(frozen=True, slots=True)
class Entry:
    """A complete answer."""

    build: str
    content_type: str
    body: bytes


class Cache:
    """Entries by (build, job key). ``limit`` is in bytes; 0 keeps nothing."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.largest = limit // 8
        self.bytes = 0
        self._entries: OrderedDict[tuple[str, str], Entry] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, build: str, key: str) -> Entry | None:
        """The entry, which counts as just used."""
        with self._lock:
            entry = self._entries.get((build, key))
            if entry is not None:
                self._entries.move_to_end((build, key))
            return entry

    def put(self, key: str, entry: Entry) -> None:
        """Keep an entry, unless it alone would take too large a share."""
        size = len(entry.body) + OVERHEAD
        if size > self.largest:
            return
        with self._lock:
            old = self._entries.pop((entry.build, key), None)
            if old is not None:
                self.bytes -= len(old.body) + OVERHEAD
            self._entries[entry.build, key] = entry
            self.bytes += size
            while self.bytes > self.limit:
                _, dropped = self._entries.popitem(last=False)
                self.bytes -= len(dropped.body) + OVERHEAD

    def forget(self, build: str) -> None:
        """Drop every answer of a build that is no longer served."""
        with self._lock:
            for place in [place for place in self._entries if place[0] == build]:
                self.bytes -= len(self._entries.pop(place).body) + OVERHEAD
