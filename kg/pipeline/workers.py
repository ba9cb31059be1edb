"""Worker pools for pages: processes on this machine, or a Dask cluster. Both return ``concurrent.futures`` futures.

The processes that help with the other steps of a build are here too.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import contextmanager
from dataclasses import replace
from itertools import count as iter_count
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, ParamSpec, Protocol, Self, TypeVar

from kg.errors import EntenteError
from kg.pipeline.page import EXHAUSTED, ExhaustedError, Failure, Outcome, PageTask, attempt, in_step

if TYPE_CHECKING:
    from pebble import ProcessPool

P = ParamSpec("P")
T = TypeVar("T")
WAITING_PER_WORKER = 3
PAGES_PER_PROCESS = 1000
"""Pages after which a process is replaced: spaCy stores every word it meets, 0.25 GB for a thousand articles of invented names."""


class Workers(Protocol):
    """A pool that processes pages; a context manager."""

    @property
    def count(self) -> int:
        """The number of pages processed at once."""

    def submit(self, task: PageTask) -> Future[Outcome]:
        """Start or queue a page."""

    def outcome(self, future: Future[Outcome]) -> Outcome:
        """Return the outcome of a finished future. Raises EntenteError if the pool itself is broken."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...


def _end_with_build() -> None:
    """Make this worker end with the build's process, even if that is killed without notice."""

    def watch() -> None:
        if parent := multiprocessing.parent_process():
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()


def outcomes(tasks: Iterable[PageTask], workers: Workers) -> Iterator[tuple[PageTask, Outcome]]:
    """Yield each page with its outcome, as they finish. Tasks are consumed only as fast as they are processed."""
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
    """A pool of ``count`` processes; one that exceeds ``timeout`` seconds on a page is killed and replaced. ``read`` is the function
    they run."""

    def __init__(self, count: int, timeout: float, read: Callable[[PageTask], Outcome] = attempt) -> None:
        multiprocessing.get_context("forkserver").set_forkserver_preload(["kg.pipeline.preload"])
        self.count = count
        self.timeout = timeout
        self.read = read
        self._pool = _processes(count)
        self._folder = TemporaryDirectory(prefix="entente-steps-")
        self._numbers = iter_count()
        self._steps: dict[Future[Outcome], Path] = {}

    def submit(self, task: PageTask) -> Future[Outcome]:
        """Start or queue a page."""
        steps = Path(self._folder.name, str(next(self._numbers)))
        future: Future[Outcome] = self._pool.schedule(self.read, args=(replace(task, steps=str(steps)),), timeout=self.timeout)
        self._steps[future] = steps
        return future

    def outcome(self, future: Future[Outcome]) -> Outcome:
        """Return the outcome of a page; a worker that was killed or died costs one page only."""
        from pebble import ProcessExpired

        step = self._last_step(future)
        try:
            return future.result()
        except TimeoutError:
            return Failure(f"took longer than {self.timeout:g} s{in_step(step)}")
        except ProcessExpired as error:
            return Failure(f"ended its worker process (exit code {error.exitcode}){in_step(step)}")
        except OSError as error:
            if error.errno not in EXHAUSTED:
                raise
            raise ExhaustedError(os.strerror(error.errno or 0)) from error
        except BrokenExecutor as error:
            raise EntenteError(f"The worker processes cannot start, or all of them ended: {error}.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        _end(self._pool, unfinished=kind is not None)
        self._folder.cleanup()

    def _last_step(self, future: Future[Outcome]) -> str:
        """Return the last step that a page's process began."""
        steps = self._steps.pop(future, None)
        if steps is None or not steps.exists():
            return ""
        step = steps.read_text(encoding="utf-8")
        steps.unlink()
        return step


class Helpers:
    """Processes for the steps of a build after reading pages."""

    def __init__(self, pool: ProcessPool) -> None:
        self._pool = pool

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Start or queue a call; the function and its arguments can be pickled."""
        future: Future[T] = self._pool.schedule(function, args=args, kwargs=kwargs)
        return future


@contextmanager
def helpers(count: int) -> Iterator[Helpers | None]:
    """Yield a number of processes besides this one, started when first used; None if ``count`` is 0.

    Raises EntenteError if one of them is killed.
    """
    if count < 1:
        yield None
        return
    from pebble import ProcessExpired

    pool = _processes(count)
    finished = False
    try:
        yield Helpers(pool)
        finished = True
    except (ProcessExpired, BrokenExecutor) as error:
        raise EntenteError(f"A process that wrote a part of the build ended ({error}). Build again, or with --jobs 1.") from error
    finally:
        _end(pool, unfinished=not finished)


def _processes(count: int) -> ProcessPool:
    from pebble import ProcessPool

    context = multiprocessing.get_context("forkserver")
    return ProcessPool(max_workers=count, max_tasks=PAGES_PER_PROCESS, context=context, initializer=_end_with_build)


def _end(pool: ProcessPool, *, unfinished: bool) -> None:
    if unfinished:
        pool.stop()
    else:
        pool.close()
    pool.join()
