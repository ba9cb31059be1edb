"""Count more keys than fit in memory, and join more rows, by sorting on disk."""

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
"""Keys that a tally keeps in memory, each with its count some 300 bytes."""
_SEPARATOR = b"\x1f"


class Tally:
    """Counts of keys: bytes without line feed and U+001F.

    ``folder`` takes what does not fit in memory, until ``close``.
    """

    def __init__(self, folder: Path, most_keys: int = MOST_KEYS) -> None:
        self._folder = folder
        self._most = most_keys
        self._counts: Counter[bytes] = Counter()
        self._runs: list[IO[bytes]] = []

    def add(self, key: bytes, times: int = 1) -> None:
        """Add to the count of a key."""
        self._counts[key] += times
        if len(self._counts) >= self._most:
            run = TemporaryFile(dir=self._folder)  # noqa: SIM115 (held until close)
            run.writelines(b"%b\x1f%d\n" % item for item in sorted(self._counts.items()))
            self._runs.append(run)
            self._counts.clear()

    def totals(self) -> Iterator[tuple[bytes, int]]:
        """Yield every key with its count, in byte order."""
        streams = [_counted(run) for run in self._runs]
        for key, group in groupby(merge(*streams, sorted(self._counts.items())), key=itemgetter(0)):
            yield key, sum(number for _, number in group)

    def close(self) -> None:
        """Remove the temporary files."""
        for run in self._runs:
            run.close()


def _counted(run: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    run.seek(0)
    for line in run:
        key, _, number = line.rpartition(_SEPARATOR)
        yield key, int(number)


class Join:
    """A join of two sets of rows by key: all ``left`` and ``right`` rows are added first, then every pair is returned once.

    The right rows of one key must be few (they are kept in memory); the left rows may be any number. ``folder`` takes all rows,
    until ``close``.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows = TemporaryFile(dir=folder)  # noqa: SIM115 (held until close)

    def left(self, key: bytes, value: bytes) -> None:
        """Add a left row."""
        self._rows.write(b"%b\x1f1%b\n" % (key, value))

    def right(self, key: bytes, value: bytes) -> None:
        """Add a right row."""
        self._rows.write(b"%b\x1f0%b\n" % (key, value))

    def pairs(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield (left, right) for each shared key, sorted by key, then left."""
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
        """Yield the pairs as (right, left), without duplicates, in byte order."""
        for line in sorted_lines((b"%b\x1f%b\n" % (right, left) for left, right in self.pairs()), self._folder):
            other, _, one = line[:-1].partition(_SEPARATOR)
            yield other, one

    def close(self) -> None:
        """Remove the temporary files."""
        self._rows.close()
