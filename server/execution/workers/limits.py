"""Limits of a worker pool, and the refusal where they are reached."""

from __future__ import annotations

from dataclasses import dataclass

from server.protocol.problems import Problem


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits: workers kept ready and running, waiting queries and their time in seconds, memory in MiB per query and in total, and the
    endpoints that SERVICE may call."""

    ready: int
    running: int
    waiting: int
    waiting_time: float
    memory: int
    memory_together: int
    services: tuple[str, ...] = ()


def busy(limits: Limits) -> Problem:
    """Return the refusal when too many queries run and wait."""
    retry = str(max(1, round(limits.waiting_time)))
    return Problem(
        503,
        "The server is busy with other queries.",
        "Send the query again in a few seconds.",
        headers={"Retry-After": retry},
    )
