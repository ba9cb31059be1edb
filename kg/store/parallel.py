"""Where those parts of a build's making go that need not wait for each other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from time import perf_counter
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Beside(Protocol):
    """Processes that do what they are given while this one goes on."""

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Begin, or queue it; ``function`` and what it is given can be pickled."""


class InTurn:
    """No other process: everything is done at once, by this one."""

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do it; what it raises is raised here."""
        done: Future[T] = Future()
        done.set_result(function(*args, **kwargs))
        return done


def timed(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> tuple[T, float]:
    """What a function gives, and the seconds that it took."""
    start = perf_counter()
    return function(*args, **kwargs), perf_counter() - start
