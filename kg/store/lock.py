"""Allow one build at a time in a folder."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import EntenteError


class BusyError(EntenteError):
    """Another build is running in the folder."""


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Create the folder and hold its lock during a block; the lock ends with its process.

    Raises BusyError if another process holds it, EntenteError if the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("w")
    except OSError as error:
        raise EntenteError(f"{folder}: cannot be written ({error.strerror}). Choose another data folder with --data.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(f"{folder}: another build is running there. Wait for it, or choose another data folder with --data.") from None
        yield
