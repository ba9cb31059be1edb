"""Restrict a process to connections to listed addresses: a child process decides its ``connect`` calls (Linux seccomp).

The kernel suspends the call and asks the gate (seccomp_unotify(2)), which reads the address from the caller's memory. A second
thread of the caller could change the address in between; the workers have none that clients could control.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import ipaddress
import os
import platform
import signal
import socket
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from server.execution.workers import sandbox

Place = tuple[str, int]
"""An IP address in its canonical form, and a port."""

RESOLVER = Path("/etc/resolv.conf")
DNS = 53
PR_SET_PTRACER = 0x59616D61
SET_MODE_FILTER = 1
NEW_LISTENER = 1 << 3
SECCOMP = {"x86_64": 317, "aarch64": 277}  # the kernel's system call tables
# linux/seccomp.h: struct seccomp_notif is id, pid, flags and seccomp_data (number, architecture, instruction, six arguments).
NOTIFICATION = struct.Struct("=QII iIQ6Q")
RESPONSE = struct.Struct("=QqiI")
RECEIVE, SEND = 0xC0502100, 0xC0182101
CONTINUE = 1
LONGEST_ADDRESS = 128


def places(urls: Iterable[str]) -> frozenset[Place]:
    """Resolve the addresses of these URLs and of the name servers, so that names can be resolved again. Unresolvable ones are omitted."""
    found: set[Place] = set()
    for url in urls:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        with contextlib.suppress(OSError):
            found |= {(_short(each[4][0]), port) for each in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)}
    return frozenset(found | {(server, DNS) for server in _name_servers()})


def _name_servers() -> set[str]:
    try:
        lines = RESOLVER.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return set()
    words = [line.split() for line in lines]
    found = set()
    for server in [each[1] for each in words if len(each) > 1 and each[0] == "nameserver"]:
        with contextlib.suppress(ValueError):
            found.add(_short(server))
    return found


def _short(address: object) -> str:
    found = ipaddress.ip_address(str(address).split("%", 1)[0])
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(mapped or found)


def allow_connections(allowed: frozenset[Place]) -> bool:
    """Deny this process connections to addresses not in ``allowed``, and the execution of programs (EPERM).

    Return False if the system does not support this.

    Only for a process without threads.
    """
    machine = platform.machine()
    if sys.platform != "linux" or machine not in SECCOMP:
        return False
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        ours.close()
        _keep_gate(theirs, allowed)
    theirs.close()
    with ours:
        sandbox.allow_reading_by(child, PR_SET_PTRACER)
        listener = _listener(machine)
        if listener < 0:
            return False
        socket.send_fds(ours, [b"gate"], [listener])
        os.close(listener)
        return ours.recv(1) == b"k"


def _listener(machine: str) -> int:
    """Install the filter; return the descriptor on which the kernel asks, or a negative number."""
    program = sandbox.asking_filter(machine)
    code = ctypes.create_string_buffer(b"".join(program))
    prog = ctypes.create_string_buffer(struct.pack("@HP", len(program), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    if not sandbox.give_up_privileges():
        return -1
    return int(libc.syscall(SECCOMP[machine], SET_MODE_FILTER, NEW_LISTENER, prog))


def _keep_gate(control: socket.socket, allowed: frozenset[Place]) -> None:
    """Run the gate: decide each connection. Never returns."""
    try:
        sandbox.end_with_parent(signal.SIGKILL)
        _, descriptors, _, _ = socket.recv_fds(control, 16, 1)
        if descriptors:
            control.sendall(b"k")
            control.close()
            _answer_all(descriptors[0], allowed)
    finally:
        os._exit(0)


def _answer_all(listener: int, allowed: frozenset[Place]) -> None:
    while True:
        buffer = bytearray(NOTIFICATION.size)
        try:
            fcntl.ioctl(listener, RECEIVE, buffer)
        except InterruptedError:
            continue
        except OSError:
            return
        number, pid, _, _, _, _, _, address, length, *_ = NOTIFICATION.unpack(buffer)
        answer = (0, 0, CONTINUE) if _place(pid, address, length) in allowed else (0, -errno.EPERM, 0)
        with contextlib.suppress(OSError):  # the caller may have been killed in between
            fcntl.ioctl(listener, SEND, bytearray(RESPONSE.pack(number, *answer)))


def _place(pid: int, address: int, length: int) -> Place | None:
    """Return the address that a call connects to, from the memory of its process; None if it is not an internet address."""
    try:
        with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
            memory.seek(address)
            data = memory.read(min(length, LONGEST_ADDRESS))
    except (OSError, OverflowError, ValueError):
        return None
    family = int.from_bytes(data[:2], sys.byteorder)
    port = int.from_bytes(data[2:4], "big")
    raw = data[4:8] if family == socket.AF_INET else data[8:24] if family == socket.AF_INET6 else b""
    return (_short(ipaddress.ip_address(raw)), port) if len(raw) in (4, 16) else None
