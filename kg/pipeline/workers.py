"""Where pages are read: processes of this machine, or a Dask cluster. Both answer with ``concurrent.futures`` futures."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from itertools import islice
from threading import Thread
from types import TracebackType
from typing import Protocol, Self

from kg.errors import EntenteError
from kg.pipeline.page import Failure, Outcome, PageTask, attempt

WAITING_PER_WORKER = 3


class Workers(Protocol):
    """A pool that reads pages, to be used in a ``with`` block."""

    @property
    def count(self) -> int:
        """How many pages it reads at once."""

    def submit(self, task: PageTask) -> Future[Outcome]:
        """Start on a page, or queue it."""

    def outcome(self, future: Future[Outcome]) -> Outcome:
        """What came of a page whose future is done. Raises EntenteError where the pool itself is broken."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...


def _end_with_build() -> None:
    """Have this worker end when the build's process does, even one that was killed and could not say so."""

    def watch() -> None:
        if parent := multiprocessing.parent_process():
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()


def outcomes(tasks: Iterable[PageTask], workers: Workers) -> Iterator[tuple[PageTask, Outcome]]:
    """Each page with what came of it, as they finish. Takes tasks only as fast as they are worked on."""
    queue = iter(tasks)
    running: dict[Future[Outcome], PageTask] = {}
    while True:
        for task in islice(queue, max(0, workers.count * WAITING_PER_WORKER - len(running))):
            running[workers.submit(task)] = task
        if not running:
            return
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            yield running.pop(future), workers.outcome(future)


class LocalWorkers:
    """``count`` processes; one that overruns ``timeout`` seconds on a page is killed and replaced. ``read`` is what they run."""

    def __init__(self, count: int, timeout: float, read: Callable[[PageTask], Outcome] = attempt) -> None:
        from pebble import ProcessPool

        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["kg.pipeline.preload"])
        self.count = count
        self.timeout = timeout
        self.read = read
        self._pool = ProcessPool(max_workers=count, context=context, initializer=_end_with_build)

    def submit(self, task: PageTask) -> Future[Outcome]:
        """Start on a page, or queue it."""
        future: Future[Outcome] = self._pool.schedule(self.read, args=(task,), timeout=self.timeout)
        return future

    def outcome(self, future: Future[Outcome]) -> Outcome:
        """What came of a page; a worker that was killed or ended speaks for one page only."""
        from pebble import ProcessExpired

        try:
            return future.result()
        except TimeoutError:
            return Failure(f"took longer than {self.timeout:g} s")
        except ProcessExpired as error:
            return Failure(f"ended its worker process (exit code {error.exitcode})")
        except BrokenExecutor as error:
            raise EntenteError(f"The worker processes cannot start, or all of them ended: {error}.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._pool.close()
        else:
            self._pool.stop()
        self._pool.join()
