"""Serve the current build: its worker pool, and the switch to a new build without downtime.

A build that is no longer current keeps its workers until the last request that began with it has ended; then its folder is deleted,
unless another server still uses it.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from kg.errors import EntenteError
from kg.store.builds import IN_USE_LOCK, Build, NoBuildError, current_build, is_old
from kg.store.seals import damaged
from server.execution.workers.limits import Limits
from server.execution.workers.pool import Pool
from server.execution.workers.processes import Processes, Worker

TEND = 0.05  # seconds between two checks of the running queries
GRACE = 2.0  # seconds that a build outlives the switch, for requests that have it but no query yet
FIRST_START = 60.0  # time limit in seconds for the first worker to start
log = logging.getLogger(__name__)


class Held:
    """A build being served, with its workers and the lock that prevents its deletion."""

    __slots__ = ("build", "damage", "lock", "place", "pool")

    def __init__(self, build: Build, pool: Pool, lock: contextlib.ExitStack) -> None:
        self.build = build
        self.pool = pool
        self.lock = lock
        self.damage = ""
        self.place = build.folder.stat().st_ino


class Serving:
    """The current build's pool, and a thread that maintains all pools and polls for a new build."""

    def __init__(self, data: Path, limits: Limits, poll: float, forget: Callable[[str], None], elsewhere: str = "") -> None:
        """``poll`` is the interval of polling for a new build in seconds; ``forget`` is called with retired builds; ``elsewhere`` is
        the address of a remote store for the workers to query instead of the build's own."""
        self._data = data
        self._limits = limits
        self._poll = poll
        self._forget = forget
        self._elsewhere = elsewhere
        self._lock = threading.Lock()
        self._old: list[tuple[float, Held]] = []
        self._stop = threading.Event()
        self._wake = threading.Event()
        self.killed = 0
        self._seen_workers = time.monotonic()
        self._processes = Processes(self._ended)
        try:
            self._held = self._open(current_build(data))
            if not self._held.pool.wait_started(FIRST_START):
                raise EntenteError(f"{self._held.build.store_path}: cannot be opened. Build the graph again with 'entente build'.")
        except EntenteError:
            self._processes.close()
            raise
        self._keeper = threading.Thread(target=self._keep, daemon=True, name="keeper")
        self._keeper.start()

    @property
    def pool(self) -> Pool:
        """The pool of the current build, which may be retired at any time; ``using`` prevents that."""
        return self._held.pool

    @property
    def damage(self) -> str:
        """What is wrong with the current build's store, as far as it has been examined."""
        return self._held.damage

    @property
    def build(self) -> Build:
        """The current build."""
        return self._held.build

    def acquire(self, held: Held | None = None) -> Held:
        """Return the current build, or ``held`` again, kept until ``release``."""
        with self._lock:
            held = held or self._held
            held.pool.users += 1
            return held

    def release(self, held: Held) -> None:
        """Release a build."""
        with self._lock:
            held.pool.users -= 1

    @contextlib.contextmanager
    def using(self, held: Held | None = None) -> Iterator[Held]:
        """Keep the current build, or ``held`` again, during a block, even if another becomes current."""
        held = self.acquire(held)
        try:
            yield held
        finally:
            self.release(held)

    def counts(self) -> dict[str, float]:
        """Return the numbers of idle workers, running and waiting queries, over all pools, and of worker processes."""
        with self._lock:
            pools = [self._held.pool, *(held.pool for _, held in self._old)]
        each = [pool.counts() for pool in pools]
        total: dict[str, float] = {key: sum(count[key] for count in each) for key in ("idle", "busy", "waiting")}
        return {**total, "workers": len(self._processes.alive()), "killed": self.killed}

    def close(self) -> None:
        """End all workers at once."""
        self._stop.set()
        self._wake.set()
        self._keeper.join(timeout=10)
        for held in [self._held, *(held for _, held in self._old)]:
            held.pool.retire()
            held.lock.close()
        self._processes.close()

    def _open(self, build: Build) -> Held:
        pool = Pool(build.id, self._elsewhere or build.store_path, self._processes, self._limits)
        held = Held(build, pool, _hold(build))
        pool.tend(time.monotonic())
        threading.Thread(target=_examine, args=(held,), daemon=True, name="examining").start()
        return held

    def _ended(self, worker: Worker) -> None:
        self.killed += worker.status != 0
        self._wake.set()

    def _keep(self) -> None:
        looked = time.monotonic()
        while not self._stop.is_set():
            self._wake.wait(TEND)
            self._wake.clear()
            now = time.monotonic()
            if self._processes.alive():
                self._seen_workers = now
            try:
                self._tend(now)
                if now - looked > self._poll:
                    looked = now
                    self._look()
                self._let_go(now)
            except Exception:
                log.exception("The workers could not be looked after; trying again.")

    def _tend(self, now: float) -> None:
        self._held.pool.tend(now)
        for _, held in self._old:
            held.pool.tend(now)

    @property
    def seconds_without_workers(self) -> float:
        """Return for how long there has been no worker process."""
        return 0.0 if self._processes.alive() else time.monotonic() - self._seen_workers

    def _look(self) -> None:
        try:
            build = current_build(self._data)
            if build.id == self._held.build.id and build.folder.stat().st_ino == self._held.place:
                return  # a damaged build is replaced by an intact one of the same name
            held = self._open(build)
        except (NoBuildError, OSError) as error:
            log.warning("The build %s stays in service: %s", self._held.build.id, error)
            return
        if not held.pool.wait_started(FIRST_START):
            log.warning("The build %s cannot be opened; %s stays in service.", build.id, self._held.build.id)
            held.pool.retire()
            held.lock.close()
            return
        with self._lock:
            self._old.append((time.monotonic(), self._held))
            self._held = held
        log.warning("Now serving the build %s.", build.id)

    def _let_go(self, now: float) -> None:
        for since, held in list(self._old):
            if now - since < GRACE or held.pool.users:
                continue
            held.pool.retire()
            if held.pool.unused:
                self._old.remove((since, held))
                self._forget(held.build.id)
                held.lock.close()
                self._delete(held.build)

    def _delete(self, build: Build) -> None:
        """Delete a build's folder if it is neither current, nor to be kept, nor used by another server."""
        try:
            if not is_old(self._data, build.folder):
                return
            with (build.folder / IN_USE_LOCK).open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(build.folder, ignore_errors=True)
        except (EntenteError, OSError):
            return


def _examine(held: Held) -> None:
    """Verify in the background that the store is as it was written."""
    held.damage = damaged(held.build.folder)
    if held.damage:
        log.error("The store of the build %s is damaged: %s. Build the graph again with 'entente build'.", held.build.id, held.damage)


def _hold(build: Build) -> contextlib.ExitStack:
    """Take a shared lock on the build that prevents its deletion; None if its folder is not writable."""
    held = contextlib.ExitStack()
    with contextlib.suppress(OSError):
        lock = held.enter_context((build.folder / IN_USE_LOCK).open("ab"))
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return held
