"""Builds on disk: each in its own folder, immutable, with ``current`` pointing to the one being served.

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
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.errors import EntenteError
from kg.store.seals import damaged

IN_USE_LOCK = "in-use.lock"
"""A server holds a shared lock on this file of a build's folder while it serves the build."""

KEPT = "keep"
"""The file of a data folder that records how many builds to keep besides the current one."""

UNKNOWN = "unknown"
"""The id of a remote store's content if the store does not name a build: nothing about it can be cached."""


class NoBuildError(EntenteError):
    """The data folder contains no build yet."""


@dataclass(frozen=True)
class Build:
    """A finished build. ``manifest`` describes its content, ``report`` how it was made."""

    folder: Path

    @property
    def id(self) -> str:
        """The digest of its content, as 16 hexadecimal digits."""
        return self.folder.name

    @property
    def store_path(self) -> Path:
        """The folder of its Oxigraph store."""
        return self.folder / "store"

    @property
    def dumps(self) -> Path:
        """The folder of its dumps: ``entente.ttl``, ``entente.nt.gz``, …, and ``void.ttl``, the description of the dataset."""
        return self.folder / "dumps"

    @property
    def nquads(self) -> Path:
        """The dump of the whole build in sorted N-Quads, gzipped."""
        return self.dumps / "entente.nq.gz"

    @property
    def made(self) -> datetime:
        """The time when it was made."""
        return datetime.fromtimestamp((self.folder / "manifest.json").stat().st_mtime, UTC)

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """``id``, ``quads``, ``software``, ``model``, ``inputs``, ``dumps`` (name, media type, bytes, SHA-256 of each)."""
        return _read_json(self.folder / "manifest.json")

    @property
    def intact(self) -> bool:
        """Whether its files exist, the dumps with the size in the manifest and the store's with the size that was written."""
        try:
            sizes = {dump["name"]: dump["size"] for dump in self.manifest["dumps"]}
            whole = all((self.dumps / name).stat().st_size == size for name, size in sizes.items())
            whole = whole and not damaged(self.folder, thorough=False)
            return whole and (self.store_path / "CURRENT").is_file() and self.report is not None
        except (OSError, EntenteError, KeyError, TypeError):
            return False

    @cached_property
    def report(self) -> Mapping[str, Any]:
        """What the pipeline reported, and the ``changes`` since the previous build."""
        return _read_json(self.folder / "report.json")


def current_build(data: Path) -> Build:
    """Return the current build of a data folder; NoBuildError, with the remedy, if there is none."""
    link = data / "current"
    try:
        folder = link.resolve(strict=True)
    except (FileNotFoundError, NotADirectoryError):
        raise NoBuildError(f"{data}: no graph there yet. Make one with 'entente build --data {data}'.") from None
    if not (folder / "manifest.json").is_file():
        raise NoBuildError(f"{link}: not a build of Entente. Make one with 'entente build --data {data}'.")
    return Build(folder)


def point_to(data: Path, build_id: str) -> None:
    """Switch the data folder to one of its builds atomically."""
    link = data / ".current-new"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("builds") / build_id)
    link.replace(data / "current")
    sync_folder(data)


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def all_builds(data: Path) -> list[Build]:
    """Return the complete builds of a data folder, latest first."""
    folders = (data / "builds").resolve().glob("[!.]*") if (data / "builds").is_dir() else ()
    found = [Build(folder) for folder in folders if (folder / "manifest.json").is_file()]
    return sorted(found, key=lambda build: (build.made, build.id), reverse=True)


def keep_builds(data: Path, number: int) -> None:
    """Set how many builds to keep besides the current one, to go back to."""
    data.mkdir(parents=True, exist_ok=True)
    (data / KEPT).write_text(f"{number}\n", encoding="ascii")


def use_build(data: Path, build_id: str) -> Build:
    """Switch the data folder to one of its builds, given by id or a prefix of it. NoBuildError if none or several match."""
    found = [build for build in all_builds(data) if build_id and build.id.startswith(build_id)]
    if len(found) != 1:
        known = ", ".join(build.id for build in all_builds(data)) or "none"
        raise NoBuildError(f"{data}: {'several builds are' if found else 'no build is'} called {build_id!r}; there are: {known}.")
    point_to(data, found[0].id)
    return found[0]


def is_old(data: Path, folder: Path) -> bool:
    """Whether a build's folder may be deleted: neither current nor among those to keep."""
    try:
        number = int((data / KEPT).read_text(encoding="ascii"))
    except (OSError, ValueError):
        number = 0
    current = (data / "current").resolve()
    kept = [build.folder for build in all_builds(data) if build.folder != current][:number]
    return folder.resolve() not in (current, *kept)


def remove_old(data: Path) -> None:
    """Delete the builds that are neither current, nor to be kept, nor in use by a server."""
    for folder in sorted((data / "builds").resolve().iterdir()):
        if folder.is_dir() and is_old(data, folder) and not in_use(folder):
            shutil.rmtree(folder, ignore_errors=True)


def in_use(folder: Path) -> bool:
    """Whether a server is serving a build's folder."""
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
