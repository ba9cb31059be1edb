"""Where pages are read: processes of this machine, or a Dask cluster. Both answer with ``concurrent.futures`` futures."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from itertools import islice
from types import TracebackType
from typing import Protocol, Self

from pebble import ProcessExpired, ProcessPool

from kg.errors import EntenteError
from kg.pipeline.page import Failure, Outcome, PageTask, attempt

WAITING_PER_WORKER = 3


class Workers(Protocol):
    """A pool that reads pages; ``count`` is how many it reads at once."""

    count: int

    def submit(self, task: PageTask) -> Future[Outcome]:
        """Start on a page, or queue it."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...


class LocalWorkers:
    """``count`` processes; one that overruns ``timeout`` seconds on a page is killed and replaced."""

    def __init__(self, count: int, timeout: float) -> None:
        self.count = count
        self.timeout = timeout
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["kg.pipeline.preload"])
        self._pool = ProcessPool(max_workers=count, context=context)

    def submit(self, task: PageTask) -> Future[Outcome]:
        """Start on a page, or queue it."""
        return self._pool.schedule(attempt, args=(task,), timeout=self.timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._pool.close()
        else:
            self._pool.stop()
        self._pool.join()


def outcomes(tasks: Iterable[PageTask], workers: Workers, timeout: float) -> Iterator[tuple[PageTask, Outcome]]:
    """Each page with what came of it, as they finish. Takes tasks only as fast as they are worked on.

    Raises EntenteError where no worker can start.
    """
    queue = iter(tasks)
    running: dict[Future[Outcome], PageTask] = {}
    while True:
        for task in islice(queue, workers.count * WAITING_PER_WORKER - len(running)):
            running[workers.submit(task)] = task
        if not running:
            return
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            yield running.pop(future), _outcome(future, timeout)


def _outcome(future: Future[Outcome], timeout: float) -> Outcome:
    try:
        return future.result()
    except TimeoutError:
        return Failure(f"took longer than {timeout:g} s")
    except ProcessExpired as error:
        return Failure(f"ended its worker process (exit code {error.exitcode})")
    except BrokenExecutor as error:
        raise EntenteError(f"The worker processes cannot start, or all of them ended: {error}.") from error
