"""Sorting more lines than memory holds: sorted runs on disk, merged as they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from heapq import merge
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

RUN_BYTES = 64 * 2**20
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
        previous = b""
        for line in merge(*streams, batch) if runs else batch:
            if line != previous:
                yield line
                previous = line


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
