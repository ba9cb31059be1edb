"""What the system says of a process: its memory, and whether it has been stopped (Linux; unknown elsewhere)."""

from __future__ import annotations

import resource
from pathlib import Path

PAGE = resource.getpagesize()


def resident(pid: int) -> int:
    """Return the resident memory of a process in bytes; 0 if unknown."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def is_stopped(pid: int) -> bool:
    """Whether a process has been stopped (SIGSTOP, a debugger) and not continued."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] in (b"T", b"t")
    except (OSError, IndexError):
        return False
