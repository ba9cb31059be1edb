"""Sort more lines than fit in memory: sorted runs on disk, merged as they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from heapq import merge
from itertools import chain, groupby
from os import SEEK_END
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import IO

RUN_BYTES = 64 * 2**20
_BLOCK_BYTES = 2**20
_LAST = b"\xff"
"""Sorts after every line: no UTF-8 text begins with it."""
_OBJECT_BYTES = 64  # the overhead of a bytes object and its list slot


def sorted_lines(lines: Iterable[bytes], folder: Path, run_bytes: int = RUN_BYTES) -> Iterator[bytes]:
    """Yield the lines in byte order, without duplicates. ``folder`` takes the runs, which are removed at the end."""
    with _scratch(folder) as place, ExitStack() as files:
        runs: list[Path] = []
        batch: list[bytes] = []
        size = 0
        for line in lines:
            batch.append(line)
            size += len(line) + _OBJECT_BYTES
            if size >= run_bytes:
                runs.append(_spill(batch, place / f"{len(runs)}"))
                batch, size = [], 0
        batch.sort()
        streams: list[Iterable[bytes]] = [files.enter_context(run.open("rb")) for run in runs]
        for line, _ in groupby(merge(*streams, batch) if runs else batch):
            yield line


def merge_into(path: Path, more: Iterable[bytes]) -> str:
    """Merge sorted lines into a sorted, non-empty file; return the SHA-256 of the result.

    Fast if the lines go to few places of the file, whatever their number: the parts between are copied in blocks.
    """
    digest = sha256()
    merged = path.with_name(f"{path.name}.merged")
    with path.open("rb") as file, merged.open("wb") as target:
        size = file.seek(0, SEEK_END)
        done = 0
        for place, lines in chain(groupby(more, key=_Places(file, size)), [(size, iter(()))]):
            file.seek(done)
            for data in _blocks(file, place - done):
                digest.update(data)
                target.write(data)
            for line in lines:
                digest.update(line)
                target.write(line)
            done = place
    merged.replace(path)
    return digest.hexdigest()


class _Places:
    """Finds where the first line not less than a given one starts in a file of sorted lines; lines must be given in order.

    The file's position is restored, since it is read between calls.
    """

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._size = file, size
        self._place, self._next = 0, b""

    def __call__(self, line: bytes) -> int:
        if not self._next or self._next < line:
            here = self._file.tell()
            self._place = _place(self._file, self._size, line)
            self._file.seek(self._place)
            self._next = self._file.readline() or _LAST
            self._file.seek(here)
        return self._place


def _blocks(file: IO[bytes], size: int) -> Iterator[bytes]:
    """Yield the given number of bytes of a file, in blocks."""
    while size:
        block = file.read(min(size, _BLOCK_BYTES))
        yield block
        size -= len(block)


def _place(file: IO[bytes], size: int, line: bytes) -> int:
    """Return where the first line not less than ``line`` starts in a file of sorted lines."""
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        file.seek(middle - 1 if middle else 0)
        start = file.tell() + len(file.readline()) if middle else 0  # the start of the first line at or after ``middle``
        found = file.readline() if start < high else b""
        if found and found < line:
            low = start + len(found)
        else:
            high = middle
    return low


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """Yield a folder that is removed at the end, even if the consumer stops early and is never closed."""
    place = Path(mkdtemp(dir=folder, prefix=".sort-"))
    try:
        yield place
    finally:
        rmtree(place, ignore_errors=True)


def _spill(batch: list[bytes], path: Path) -> Path:
    batch.sort()
    with path.open("wb") as file:
        file.writelines(batch)
    return path
