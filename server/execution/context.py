"""Context of the current request: the build that answers it, and the client's address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.execution.serving import Held, Serving

CLIENT: ContextVar[str] = ContextVar("client", default="")
"""The address (or network) of the client for whom queries are run: clients share the workers fairly."""
_PIN: ContextVar[Pin | None] = ContextVar("pin", default=None)


class Pin:
    """The build of one request, taken with its first query and kept until the request ends."""

    __slots__ = ("held",)

    def __init__(self) -> None:
        self.held: Held | None = None


@contextmanager
def calling_for(client: str) -> Iterator[None]:
    """Run the queries of a block for this address."""
    token = CLIENT.set(client)
    try:
        yield
    finally:
        CLIENT.reset(token)


@contextmanager
def pinned(serving: Serving) -> Iterator[None]:
    """Answer all queries of a block from one build."""
    pin = Pin()
    token = _PIN.set(pin)
    try:
        yield
    finally:
        _PIN.reset(token)
        if pin.held:
            serving.release(pin.held)


def held_build(serving: Serving) -> Held | None:
    """Return the build that the current request uses, taking one if it has none yet; None outside ``pinned``."""
    pin = _PIN.get()
    if pin is None:
        return None
    if pin.held is None:
        pin.held = serving.acquire()
    return pin.held


def current_pin() -> Held | None:
    """Return the build that the current request has taken, if any."""
    pin = _PIN.get()
    return pin.held if pin else None
