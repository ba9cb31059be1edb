"""Sandbox a worker before its first query: limit its memory, forbid sockets and other programs.

Linux enforces all of it; on other systems, the memory limit and the refusal of SERVICE by its text remain.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2
RET_ALLOW = 0x7FFF0000
RET_USER_NOTIF = 0x7FC00000
RET_EPERM = 0x00050000 | 1
# BPF: load a word, jump if equal, jump if greater or equal, return (linux/bpf_common.h).
LOAD, JUMP_EQUAL, JUMP_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
# linux/audit.h and the kernel's system call tables.
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
SYSCALLS = {
    "x86_64": {"socket": 41, "connect": 42, "execve": 59, "execveat": 322, "io_uring_setup": 425},
    "aarch64": {"socket": 198, "connect": 203, "execve": 221, "execveat": 281, "io_uring_setup": 425},
}
X32_BIT = 0x40000000
STATM = Path("/proc/self/statm")


def end_with_parent(number: signal.Signals) -> None:
    """Have the kernel signal this process when its parent ends, however it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


def limit_memory(mebibytes: int) -> None:
    """Limit this process to ``mebibytes`` more memory than now; an allocation beyond that ends it (SIGABRT)."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limit = _data_size() + mebibytes * 1024 * 1024
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def raise_stack(size: int) -> None:
    """Let the main thread's stack grow to a number of bytes, as far as the system allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    wanted = size if hard == resource.RLIM_INFINITY else min(size, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_STACK, (wanted, hard))


def _data_size() -> int:
    try:
        return int(STATM.read_bytes().split()[5]) * resource.getpagesize()
    except OSError:
        return 0


def forbid_connections() -> bool:
    """Forbid this process new sockets, connections and programs (EPERM). False if the system cannot."""
    machine = platform.machine()
    if sys.platform != "linux" or machine not in SYSCALLS:
        return False
    program = _filter(AUDIT_ARCH[machine], list(SYSCALLS[machine].values()))
    code = ctypes.create_string_buffer(b"".join(program))
    prog = struct.pack("@HP", len(program), ctypes.addressof(code))
    return give_up_privileges() and _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, prog)


def give_up_privileges() -> bool:
    """Prevent this process from ever gaining privileges by executing a program; required for installing filters."""
    return _prctl(PR_SET_NO_NEW_PRIVS, 1)


def allow_reading_by(pid: int, option: int) -> None:
    """Let a process read this one's memory where only debuggers may (Yama); elsewhere nothing changes."""
    _prctl(option, pid)


def _prctl(option: int, value: int, more: bytes | None = None) -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong]
    return bool(libc.prctl(option, value, more, 0, 0) == 0)


def asking_filter(machine: str) -> list[bytes]:
    """Return a filter that has the kernel ask about connections, and refuses other programs."""
    numbers = SYSCALLS[machine]
    refused = [number for name, number in numbers.items() if name not in ("socket", "connect")]
    return _filter(AUDIT_ARCH[machine], refused, asked=[numbers["connect"]])


def _filter(arch: int, refused: list[int], asked: Sequence[int] = ()) -> list[bytes]:
    """Return a classic BPF program over ``struct seccomp_data``: word 0 is the system call, word 4 the architecture."""

    def instruction(code: int, jump_true: int, jump_false: int, value: int) -> bytes:
        return struct.pack("=HBBI", code, jump_true, jump_false, value)

    checks = len(refused) + len(asked)
    asking = [instruction(RETURN, 0, 0, RET_USER_NOTIF)] if asked else []
    to_refusal = len(asking) + 1  # instructions between the last check and the refusal
    return [
        instruction(LOAD, 0, 0, 4),
        instruction(JUMP_EQUAL, 0, checks + 2 + to_refusal, arch),
        instruction(LOAD, 0, 0, 0),
        instruction(JUMP_AT_LEAST, checks + to_refusal, 0, X32_BIT),
        *(instruction(JUMP_EQUAL, checks - 1 - at + to_refusal, 0, number) for at, number in enumerate(refused)),
        *(instruction(JUMP_EQUAL, len(asked) - at, 0, number) for at, number in enumerate(asked)),
        instruction(RETURN, 0, 0, RET_ALLOW),
        *asking,
        instruction(RETURN, 0, 0, RET_EPERM),
    ]


def silence() -> None:
    """Send what native code prints nowhere. Its errors, such as the trace of a failed allocation, go to whoever forked this process."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(null, descriptor)
    os.close(null)
