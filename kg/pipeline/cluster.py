"""Process pages on a Dask cluster (extra ``cluster``); shards are written to a folder or URL that all machines can reach."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from functools import partial
from types import TracebackType
from typing import Self

from kg.errors import EntenteError
from kg.pipeline.page import Failure, Outcome, PageTask, attempt, in_step
from kg.pipeline.versions import extractor_version, model_version

CONNECT_SECONDS = 10


class ClusterWorkers:
    """The workers of the Dask scheduler at ``address`` (``tcp://host:8786``).

    Dask restarts a page if its worker is lost, and gives up after several losses. Raises EntenteError if no scheduler answers, or
    if workers run another version of Entente or its model.
    """

    def __init__(self, address: str, timeout: float, model: str | None, read: Callable[[PageTask], Outcome] = attempt) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise EntenteError("--scheduler needs Dask: pip install 'entente[cluster]'.") from None
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise EntenteError(f"{address}: no Dask scheduler answers there ({error}). Start one with: dask scheduler") from None
        self._read = partial(_within, timeout, read)
        self._executor = self._client.get_executor(pure=False)
        self.timeout = timeout
        self._check(model)

    @property
    def count(self) -> int:
        """The current number of threads in the cluster, at least one."""
        workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
        threads: int = sum(worker["nthreads"] for worker in workers)
        return max(1, threads)

    def submit(self, task: PageTask) -> Future[Outcome]:
        """Start or queue a page."""
        future: Future[Outcome] = self._executor.submit(self._read, task)
        return future

    def outcome(self, future: Future[Outcome]) -> Outcome:
        """Return the outcome of a page."""
        from distributed.scheduler import KilledWorker

        try:
            return future.result()
        except TimeoutError as error:
            return Failure(f"took longer than {self.timeout:g} s{in_step(str(error))}")
        except KilledWorker:
            return Failure("every worker that processed it died")
        except (CancelledError, OSError) as error:
            raise EntenteError(f"The Dask scheduler is gone: {error or 'connection lost'}.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._executor.shutdown(wait=kind is None)
        self._client.close()

    def _check(self, model: str | None) -> None:
        ours = versions(model)
        for worker, theirs in self._client.run(versions, model).items():
            if theirs != ours:
                self._client.close()
                raise EntenteError(f"{worker} runs another version of Entente or of its model. Install the same on every machine.")


def versions(model: str | None) -> str:
    """Return what must be equal on all machines."""
    return f"{extractor_version()}-{model_version(model)}"


def _within(timeout: float, read: Callable[[PageTask], Outcome], task: PageTask) -> Outcome:
    with time_limit(timeout):
        return read(task)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in this thread after a number of seconds; a thread in C code receives it when it returns to Python."""
    thread = ctypes.c_ulong(threading.get_ident())
    timer = threading.Timer(seconds, ctypes.pythonapi.PyThreadState_SetAsyncExc, (thread, ctypes.py_object(TimeoutError)))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
