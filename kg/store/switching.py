"""Make a new build beside the one being served, and switch to it atomically.

Whenever the process dies, ``current`` points to a complete build: files are on disk before they get their name, and a build of the
same graph that was made differently is exchanged for the new one in a single system call.
"""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.store.builds import Build, NoBuildError, current_build, in_use, point_to, remove_old, sync_folder
from kg.store.draft import Draft
from kg.store.lock import only_one
from kg.store.seals import damaged

_REPLACED = ".replaced-"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # linux/fs.h


@contextmanager
def new_build(data: Path) -> Iterator[Draft]:
    """Yield a draft of a build, which becomes current atomically when the block ends.

    If the block raises, or the process dies, nothing has changed. Raises BusyError if another build is running, EntenteError if the
    data folder cannot be written.
    """
    with only_one(data):
        builds = data / "builds"
        builds.mkdir(exist_ok=True)
        healed = heal(data)
        for left_over in builds.glob(".new-*"):
            shutil.rmtree(left_over, ignore_errors=True)
        folder = builds / f".new-{os.getpid()}"
        folder.mkdir()
        draft = Draft(folder, _before(data))
        if healed:
            draft.report["healed"] = healed
        try:
            yield draft
            finished = draft.finish()
            _sync(folder)
            _switch(data, folder, finished)
            draft.build = Build(builds / finished)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        remove_old(data)


def heal(data: Path) -> list[str]:
    """Repair a data folder that a process left in the middle of a switch; return what was done, for the report."""
    done = []
    builds = data / "builds"
    for aside in sorted(builds.glob(f"{_REPLACED}*")):
        place = builds / aside.name.removeprefix(_REPLACED)
        if place.exists():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            aside.rename(place)
            done.append(f"the build {place.name} had been set aside by an interrupted switch and was restored")
    return done


def _before(data: Path) -> Build | None:
    try:
        return current_build(data)
    except NoBuildError:
        return None


def _switch(data: Path, folder: Path, build_id: str) -> None:
    target = data / "builds" / build_id
    if not target.exists():
        folder.rename(target)
    elif _outdated(target, folder) and not exchange(folder, target):
        aside = target.with_name(f"{_REPLACED}{build_id}")
        target.rename(aside)
        folder.rename(target)
        shutil.rmtree(aside, ignore_errors=True)
    sync_folder(target.parent)
    point_to(data, build_id)


def _outdated(target: Path, folder: Path) -> bool:
    """Whether a build of the same graph is damaged, or was made differently (other dumps) and is not in use."""
    manifests = [place / "manifest.json" for place in (target, folder)]
    same = manifests[0].is_file() and manifests[0].read_bytes() == manifests[1].read_bytes()
    if not Build(target).intact or damaged(target):
        return True  # whoever uses it keeps the files that it has opened
    return not same and not in_use(target)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders atomically (renameat2(2)); False if the system or its file system cannot."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0)


def _sync(folder: Path) -> None:
    """Flush all files of a folder to disk; OSError if there is no room for them."""
    for place, _, names in os.walk(folder):
        for name in names:
            with (Path(place) / name).open("rb") as file:
                os.fsync(file.fileno())
        sync_folder(Path(place))
