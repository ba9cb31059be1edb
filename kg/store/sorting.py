"""Sorting more lines than memory holds: sorted runs on disk, merged as they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from heapq import merge
from pathlib import Path
from tempfile import TemporaryDirectory

RUN_BYTES = 64 * 2**20
_OBJECT_BYTES = 64  # what a Python bytes object and its place in a list cost besides its text


def sorted_lines(lines: Iterable[bytes], folder: Path, run_bytes: int = RUN_BYTES) -> Iterator[bytes]:
    """The lines in the order of their bytes, each once. ``folder`` takes the runs; they are removed at the end."""
    with TemporaryDirectory(dir=folder, prefix=".sort-") as place, ExitStack() as files:
        runs: list[Path] = []
        batch: list[bytes] = []
        size = 0
        for line in lines:
            batch.append(line)
            size += len(line) + _OBJECT_BYTES
            if size >= run_bytes:
                runs.append(_spill(batch, Path(place) / f"{len(runs)}"))
                batch, size = [], 0
        batch.sort()
        streams: list[Iterable[bytes]] = [files.enter_context(run.open("rb")) for run in runs]
        previous = b""
        for line in merge(*streams, batch) if runs else batch:
            if line != previous:
                yield line
                previous = line


def _spill(batch: list[bytes], path: Path) -> Path:
    batch.sort()
    with path.open("wb") as file:
        file.writelines(batch)
    return path
