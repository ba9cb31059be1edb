"""Checksums of a build's store.

The engine verifies a block only when it reads it, and then a query fails or never ends; so damage is detected here first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SEALS = "store.sha256"
"""A file beside the store, not part of the manifest: stores of the same graph differ in their bytes."""
_PATTERNS = ("CURRENT", "MANIFEST-*", "*.sst", "*.log")  # the files that the engine reads; the others it writes even when it is read-only


@dataclass(frozen=True, slots=True)
class Seal:
    """The size and checksum of one file of the store."""

    name: str
    size: int
    digest: str


def seal(build: Path) -> None:
    """Record the sizes and checksums of the store's files."""
    files = sorted(path for pattern in _PATTERNS for path in (build / "store").glob(pattern))
    lines = [f"{_digest(path)} {path.stat().st_size} {path.name}\n" for path in files]
    (build / SEALS).write_text("".join(lines), encoding="utf-8")


def damaged(build: Path, *, thorough: bool = True) -> str:
    """Describe the damage to the store's files, by checksum or by size alone; empty if there is none, or no record."""
    try:
        for sealed in _seals(build):
            path = build / "store" / sealed.name
            if path.stat().st_size != sealed.size or (thorough and _digest(path) != sealed.digest):
                return f"{sealed.name} differs from what was written"
    except (OSError, ValueError) as error:
        return (
            f"{SEALS}: {error}" if isinstance(error, ValueError) else f"{Path(error.filename or build).name} is missing or cannot be read"
        )
    return ""


def _seals(build: Path) -> Iterator[Seal]:
    path = build / SEALS
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        digest, size, name = line.split(" ", 2)
        yield Seal(name, int(size), digest)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
