"""Counting by more keys than memory holds, and joining more rows: both by sorting on disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from kg.store.sorting import sorted_lines

MOST_KEYS = 50_000
"""Keys that a tally holds in memory, of some 300 bytes each with their number."""
_SEPARATOR = b"\x1f"


class Tally:
    """How often each key was added. Keys are bytes without line feed and U+001F.

    ``folder`` takes what memory does not hold, until ``close``.
    """

    def __init__(self, folder: Path, most_keys: int = MOST_KEYS) -> None:
        self._folder = folder
        self._most = most_keys
        self._counts: Counter[bytes] = Counter()
        self._runs: list[IO[bytes]] = []

    def add(self, key: bytes, times: int = 1) -> None:
        """Count a key once more."""
        self._counts[key] += times
        if len(self._counts) >= self._most:
            run = TemporaryFile(dir=self._folder)  # noqa: SIM115 (held until close)
            run.writelines(b"%b\x1f%d\n" % item for item in sorted(self._counts.items()))
            self._runs.append(run)
            self._counts.clear()

    def totals(self) -> Iterator[tuple[bytes, int]]:
        """Every key with its number, in the order of the keys' bytes."""
        streams = [_counted(run) for run in self._runs]
        for key, group in groupby(merge(*streams, sorted(self._counts.items())), key=itemgetter(0)):
            yield key, sum(number for _, number in group)

    def close(self) -> None:
        """Let go of the disk."""
        for run in self._runs:
            run.close()


def _counted(run: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    run.seek(0)
    for line in run:
        key, _, number = line.rpartition(_SEPARATOR)
        yield key, int(number)


class Join:
    """Rows of two kinds that share a key: ``left`` and ``right`` are collected first, then every pair of them is given, once each.

    Of one key there may be few rows on the right (they are held in memory), any number on the left. ``folder`` takes all rows, until
    ``close``.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows = TemporaryFile(dir=folder)  # noqa: SIM115 (held until close)

    def left(self, key: bytes, value: bytes) -> None:
        """Add a row on the left."""
        self._rows.write(b"%b\x1f1%b\n" % (key, value))

    def right(self, key: bytes, value: bytes) -> None:
        """Add a row on the right."""
        self._rows.write(b"%b\x1f0%b\n" % (key, value))

    def pairs(self) -> Iterator[tuple[bytes, bytes]]:
        """(left, right) of each shared key, sorted by key, then left."""
        self._rows.seek(0)
        rows = (line[:-1].partition(_SEPARATOR)[::2] for line in sorted_lines(self._rows, self._folder))
        for _, group in groupby(rows, key=itemgetter(0)):
            right: list[bytes] = []
            for _, row in group:
                if row[:1] == b"0":
                    right.append(row[1:])
                else:
                    yield from ((row[1:], other) for other in right)

    def distinct(self) -> Iterator[tuple[bytes, bytes]]:
        """The pairs as (right, left), each once though several keys may join them, in the order of their bytes."""
        for line in sorted_lines((b"%b\x1f%b\n" % (right, left) for left, right in self.pairs()), self._folder):
            other, _, one = line[:-1].partition(_SEPARATOR)
            yield other, one

    def close(self) -> None:
        """Let go of the disk."""
        self._rows.close()
