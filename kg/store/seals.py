"""Checksums of a build's store.

The engine checks a block when it reads it, and then one query fails or never ends; so damage is looked for here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SEALS = "store.sha256"
"""Beside the store and not in the manifest: stores of the same graph differ in their bytes."""
_PATTERNS = ("CURRENT", "MANIFEST-*", "*.sst", "*.log")  # what the engine reads; the rest it writes even where it only reads


@dataclass(frozen=True, slots=True)
class Seal:
    """A file of the store as it was made."""

    name: str
    size: int
    digest: str


def seal(build: Path) -> None:
    """Write down what the store's files are."""
    files = sorted(path for pattern in _PATTERNS for path in (build / "store").glob(pattern))
    lines = [f"{_digest(path)} {path.stat().st_size} {path.name}\n" for path in files]
    (build / SEALS).write_text("".join(lines), encoding="utf-8")


def damaged(build: Path, *, thorough: bool = True) -> str:
    """What is wrong with the store's files, by checksums or by lengths alone; empty where nothing is, or nothing was sealed."""
    try:
        for sealed in _seals(build):
            path = build / "store" / sealed.name
            if path.stat().st_size != sealed.size or (thorough and _digest(path) != sealed.digest):
                return f"{sealed.name} is not as it was written"
    except (OSError, ValueError) as error:
        return f"{SEALS}: {error}" if isinstance(error, ValueError) else f"{Path(error.filename or build).name} is gone or cannot be read"
    return ""


def _seals(build: Path) -> Iterator[Seal]:
    path = build / SEALS
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        digest, size, name = line.split(" ", 2)
        yield Seal(name, int(size), digest)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
