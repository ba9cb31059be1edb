"""Run independent steps of a build in other processes, or in turn."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from time import perf_counter
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Beside(Protocol):
    """An executor for functions that run beside this process."""

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Begin, or queue it; ``function`` and what it is given can be pickled."""


class InTurn:
    """An executor without processes: each function runs at once in this one."""

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do it; what it raises is raised here."""
        done: Future[T] = Future()
        done.set_result(function(*args, **kwargs))
        return done


def timed(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> tuple[T, float]:
    """What a function gives, and the seconds that it took."""
    start = perf_counter()
    return function(*args, **kwargs), perf_counter() - start
