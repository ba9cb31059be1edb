"""Sorting more lines than memory holds: sorted runs on disk, merged as they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from hashlib import sha256
from heapq import merge
from itertools import chain, groupby
from mmap import ACCESS_READ, mmap
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

RUN_BYTES = 64 * 2**20
_BLOCK_BYTES = 2**20
_OBJECT_BYTES = 64  # what a Python bytes object and its place in a list cost besides its text


def sorted_lines(lines: Iterable[bytes], folder: Path, run_bytes: int = RUN_BYTES) -> Iterator[bytes]:
    """The lines in the order of their bytes, each once. ``folder`` takes the runs; they are removed at the end."""
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
    """Merge sorted lines, few beside those of it, into a sorted file that is not empty; gives the SHA-256 of what it is then."""
    digest = sha256()
    merged = path.with_name(f"{path.name}.merged")
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as held, merged.open("wb") as target:

        def put(data: bytes) -> None:
            digest.update(data)
            target.write(data)

        done = 0
        for place, lines in chain(groupby(more, key=partial(_place, held)), [(len(held), iter(()))]):
            for start in range(done, place, _BLOCK_BYTES):
                put(held[start : min(place, start + _BLOCK_BYTES)])
            put(b"".join(lines))
            done = place
    merged.replace(path)
    return digest.hexdigest()


def _place(held: mmap, line: bytes) -> int:
    """Where the first of sorted lines starts that is not less than ``line``."""
    low, high = 0, len(held)
    while low < high:
        middle = (low + high) // 2
        start, end = held.rfind(b"\n", low, middle) + 1 or low, held.find(b"\n", middle) + 1
        if held[start:end] < line:
            low = end
        else:
            high = start
    return low


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder that is removed at the end, also that of a reader who stops early and is never heard of again."""
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
