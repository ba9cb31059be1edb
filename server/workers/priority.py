"""Which processes give way to others.

On Linux a lowered process is one of class SCHED_IDLE (sched(7)): it runs when nobody else wants the processor, and whoever wakes
up takes it at once. Elsewhere it is one of high niceness. Coming back takes rights that a server often lacks.
"""

from __future__ import annotations

import contextlib
import os
import sys

NICENESS = 15


def lower(pid: int = 0) -> None:
    """Have a process (0: this one) give way."""
    if sys.platform == "linux":
        os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))
    else:
        os.setpriority(os.PRIO_PROCESS, pid, NICENESS)


def raise_again(pid: int = 0) -> None:
    """Undo ``lower``; PermissionError where the system does not allow it."""
    if sys.platform == "linux":
        os.sched_setscheduler(pid, os.SCHED_OTHER, os.sched_param(0))
    else:
        os.setpriority(os.PRIO_PROCESS, pid, 0)


def can_raise() -> bool:
    """Whether ``raise_again`` works here, tried in a child. Only for a process without threads."""
    pid = os.fork()
    if pid == 0:
        status = 1
        with contextlib.suppress(OSError):
            lower()
            raise_again()
            status = 0
        os._exit(status)
    return os.waitpid(pid, 0)[1] == 0
