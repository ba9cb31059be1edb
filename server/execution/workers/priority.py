"""Scheduling priorities of worker processes.

On Linux, a process or thread has one of five ranks. NORMAL is the rank at its start. PROMPT and STEADY give it a shorter or longer
slice of the processor (EEVDF, Linux 6.12, sched_setattr(2)): what has a shorter slice preempts what has a longer one, and long
queries that keep interrupting each other lose a tenth to a seventh of the processor to cold caches. LOW adds a niceness, and IDLE the
class SCHED_IDLE (sched(7)): the process runs when no other wants the processor, and never makes one wait (others do, for a tick of
the clock). Raising a process from these two needs privileges that a server often lacks. On other systems PROMPT and STEADY are
NORMAL, and the last two are a niceness.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterator
from enum import IntEnum

NICENESS = 10  # a tenth of the usual share (sched(7))
SHORTEST, LONGEST = 100_000, 100_000_000  # slices in nanoseconds that the kernel accepts
SCHED_SETATTR = {"x86_64": 314, "aarch64": 274}  # the kernel's system call tables
THREADS = "/proc/self/task"
ATTRIBUTES = struct.Struct("=IIQiIQQQ")  # struct sched_attr in its first version: size, policy, flags, nice, priority, runtime, ...


class Rank(IntEnum):
    """How far a process yields to others."""

    PROMPT = -1
    NORMAL = 0
    STEADY = 1
    LOW = 2
    IDLE = 3


SLICES = {Rank.PROMPT: SHORTEST, Rank.NORMAL: 0}


def give(pid: int, rank: Rank) -> None:
    """Set the rank of a process or thread (0: this one); PermissionError if the system does not allow it."""
    niceness = NICENESS if rank >= Rank.LOW else 0
    if sys.platform != "linux":
        os.setpriority(os.PRIO_PROCESS, pid, niceness)
        return
    _usual_class(pid, niceness, SLICES.get(rank, LONGEST))
    if rank is Rank.IDLE:
        os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))


def take_slice(rank: Rank) -> None:
    """Give this thread, and those that it starts, the slice of a rank; the class and niceness in which the server was started stay."""
    if sys.platform == "linux" and os.sched_getscheduler(0) == os.SCHED_OTHER:
        with contextlib.suppress(OSError):
            _usual_class(0, os.getpriority(os.PRIO_PROCESS, 0), SLICES.get(rank, LONGEST))


def _usual_class(pid: int, niceness: int, time_slice: int) -> None:
    """Put a process into class SCHED_OTHER, with a slice in nanoseconds; 0 is the default."""
    number = SCHED_SETATTR.get(platform.machine())
    libc = ctypes.CDLL(None, use_errno=True)
    wanted = ATTRIBUTES.pack(ATTRIBUTES.size, os.SCHED_OTHER, 0, niceness, 0, time_slice, 0, 0)
    if number is None or libc.syscall(number, pid, wanted, 0):
        os.sched_setscheduler(pid, os.SCHED_OTHER, os.sched_param(0))
        os.setpriority(os.PRIO_PROCESS, pid, niceness)


@contextlib.contextmanager
def lowered(rank: Rank) -> Iterator[None]:
    """Give this process a rank during a block; then all its threads, also those begun meanwhile, are NORMAL again.

    For LOW, only where ``can_raise``.
    """
    if rank is Rank.NORMAL:
        yield
        return
    give(0, rank)
    yield
    for thread in os.listdir(THREADS) if sys.platform == "linux" else ["0"]:  # noqa: PTH208
        with contextlib.suppress(OSError):
            give(int(thread), Rank.NORMAL)


def can_raise() -> bool:
    """Whether a process of rank IDLE can become NORMAL here, tried in a child. Only for a process without threads."""
    pid = os.fork()
    if pid == 0:
        status = 1
        with contextlib.suppress(OSError):
            give(0, Rank.IDLE)
            give(0, Rank.NORMAL)
            status = 0
        os._exit(status)
    return os.waitpid(pid, 0)[1] == 0
