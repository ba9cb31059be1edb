"""Run independent steps of a build in other processes, or in turn."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from time import perf_counter
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Beside(Protocol):
    """An executor whose functions run in other processes."""

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Start or queue a call; the function and its arguments can be pickled."""


class InTurn:
    """An executor without processes: each function runs immediately in this one."""

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call the function; its exceptions propagate."""
        done: Future[T] = Future()
        done.set_result(function(*args, **kwargs))
        return done


def timed(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> tuple[T, float]:
    """Call a function; return its result and the seconds that it took."""
    start = perf_counter()
    return function(*args, **kwargs), perf_counter() - start
