"""Builds on disk: each in a folder of its own, never changed once made, and ``current`` pointing at the one that is served.

    DATA/current -> builds/<id>
    DATA/builds/<id>/store/ dumps/ answers/ search.sqlite manifest.json report.json

``<id>`` is the first 16 hexadecimal digits of the SHA-256 of the build's sorted N-Quads.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.errors import EntenteError
from kg.store.seals import damaged

IN_USE_LOCK = "in-use.lock"
"""A server holds a shared lock on this file of a build's folder for as long as it answers from it."""

UNKNOWN = "unknown"
"""The id of what a remote store holds, where it does not say which build that is: nothing about it can be remembered."""


class NoBuildError(EntenteError):
    """The data folder has no graph yet."""


@dataclass(frozen=True)
class Build:
    """A finished build. ``manifest`` says what it is made of; ``report`` how the making went."""

    folder: Path

    @property
    def id(self) -> str:
        """What it holds, as 16 hexadecimal digits."""
        return self.folder.name

    @property
    def store_path(self) -> Path:
        """The folder of its Oxigraph store."""
        return self.folder / "store"

    @property
    def dumps(self) -> Path:
        """The folder of its dumps: ``entente.ttl``, ``entente.nt.gz``, …, and ``void.ttl``, the dataset's description."""
        return self.folder / "dumps"

    @property
    def nquads(self) -> Path:
        """All of it as sorted N-Quads, gzipped."""
        return self.dumps / "entente.nq.gz"

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """``id``, ``quads``, ``software``, ``model``, ``inputs``, ``dumps`` (name, media type, bytes, SHA-256 of each)."""
        return _read_json(self.folder / "manifest.json")

    @property
    def intact(self) -> bool:
        """Whether its files are there, the dumps as long as the manifest says, the store's as long as they were written."""
        try:
            sizes = {dump["name"]: dump["size"] for dump in self.manifest["dumps"]}
            whole = all((self.dumps / name).stat().st_size == size for name, size in sizes.items())
            whole = whole and not damaged(self.folder, thorough=False)
            return whole and (self.store_path / "CURRENT").is_file() and self.report is not None
        except (OSError, EntenteError, KeyError, TypeError):
            return False

    @cached_property
    def report(self) -> Mapping[str, Any]:
        """What the pipeline noted, and ``changes`` against the build before."""
        return _read_json(self.folder / "report.json")


def current_build(data: Path) -> Build:
    """The build that the data folder is switched to; NoBuildError, which says what to do, where there is none."""
    link = data / "current"
    try:
        folder = link.resolve(strict=True)
    except (FileNotFoundError, NotADirectoryError):
        raise NoBuildError(f"{data}: no graph there yet. Make one with 'entente build --data {data}'.") from None
    if not (folder / "manifest.json").is_file():
        raise NoBuildError(f"{link}: not a build of Entente. Make one with 'entente build --data {data}'.")
    return Build(folder)


def point_to(data: Path, build_id: str) -> None:
    """Switch the data folder to one of its builds, in one step."""
    link = data / ".current-new"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("builds") / build_id)
    link.replace(data / "current")
    sync_folder(data)


def sync_folder(folder: Path) -> None:
    """Have the system write a folder's entries to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_old(data: Path) -> None:
    """Delete builds that are neither current nor in use by a server."""
    current = (data / "current").resolve()
    for folder in sorted((data / "builds").resolve().iterdir()):
        if folder != current and folder.is_dir() and not in_use(folder):
            shutil.rmtree(folder, ignore_errors=True)


def in_use(folder: Path) -> bool:
    """Whether a server answers from a build's folder."""
    try:
        with (folder / IN_USE_LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _read_json(path: Path) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise EntenteError(f"{path}: cannot be read ({error}). Build the graph again with 'entente build'.") from error
    return found
