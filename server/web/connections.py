"""Watch the connections of the web server: how many each address has, which are idle, which client does not read.

Granian accepts connections itself and has no limit per address. This thread inspects the process's own descriptors (Linux): it
closes idle connections of an address that has more than its share, sets the write timeout on the listening socket, from which
accepted ones inherit it, and closes a connection on demand, after which it returns free memory to the system. On other systems it
does nothing, and the web server's own limits remain.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import resource
import socket
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from server.protocol.forwarded import network_of

LOOK = 0.2  # seconds between two inspections
REST = 20  # times the duration of an inspection until the next one: with thousands of connections it takes a tenth of a second
TRIM_EVERY = 3.0  # seconds between two returns of free memory to the system
TRIM_FOR = 30.0  # seconds in which the buffers of a client that does not read become free after its connection is closed
FULL = 0.7  # share of all connections from which idle ones of the largest address are closed
DESCRIPTORS = Path("/proc/self/fd")
RESERVED = 512  # descriptors for workers, files and answers
MOST = 8192  # connections, whatever the system allows
WANTED = 65536  # descriptors that are requested
Peer = tuple[str, int]
log = logging.getLogger(__name__)


def raise_descriptor_limit() -> int:
    """Raise the soft limit of open files to the hard one; return the number of connections possible then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(hard, WANTED)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    soft = WANTED if soft == resource.RLIM_INFINITY else soft
    return max(soft // 2 if soft < 2 * RESERVED else min(soft - RESERVED, MOST), 16)


@dataclass(frozen=True, slots=True)
class Connection:
    """An accepted connection: its peer, and our own descriptor for it."""

    peer: Peer
    descriptor: int


class Connections:
    """The connections to a port of this process."""

    def __init__(self, port: int, each: int, most: int, write_time: float, exempt: Callable[[str], bool]) -> None:
        """Limits: ``each`` connections per address, ``most`` in total; ``exempt`` tells which addresses (proxies) may exceed them."""
        self._port = port
        self._each = each
        self._most = most
        self._write_time = write_time
        self._exempt = exempt
        self._busy: Counter[Peer] = Counter()
        self._doomed: set[Peer] = set()
        self._seen: dict[Peer, float] = {}
        self._listening = False
        self._trim_at = self._trim_until = 0.0
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True, name="connections")
        if DESCRIPTORS.is_dir():
            self._thread.start()

    def begin(self, peer: Peer) -> None:
        """Record that a request has arrived on a connection."""
        self._busy[peer] += 1

    def end(self, peer: Peer) -> None:
        """Record that a request is answered."""
        if self._busy[peer] <= 1:
            self._busy.pop(peer, None)
        else:
            self._busy[peer] -= 1

    def drop(self, peer: Peer) -> None:
        """Close a connection whose client does not read."""
        self._doomed.add(peer)
        self._wake.set()

    def close(self) -> None:
        """Stop the thread."""
        self._stop.set()
        self._wake.set()

    def _watch(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(LOOK)
            self._wake.clear()
            began = time.thread_time()
            try:
                self._look()
            except OSError as error:
                log.warning("The connections cannot be inspected: %s", error)
            if self._trim_at < min(time.monotonic(), self._trim_until):
                self._trim_at = time.monotonic() + TRIM_EVERY
                _trim()
            self._stop.wait(REST * (time.thread_time() - began))

    def _look(self) -> None:
        names = os.listdir(DESCRIPTORS)  # noqa: PTH208
        if self._listening and len(names) <= self._each and not self._doomed:
            return
        found = self._connections(names)
        try:
            doomed, self._doomed = self._doomed, set()
            now = time.monotonic()
            if doomed:
                self._trim_until = now + TRIM_FOR
            self._seen = {connection.peer: self._seen.get(connection.peer, now) for connection in found}
            for connection in [*(c for c in found if c.peer in doomed), *self._surplus(found)]:
                _shut(connection.descriptor)
        finally:
            for connection in found:
                os.close(connection.descriptor)

    def _connections(self, names: list[str]) -> list[Connection]:
        found = []
        for name in names:
            with contextlib.suppress(OSError):
                descriptor = os.dup(int(name))
                peer = self._peer(descriptor)
                if peer is None:
                    os.close(descriptor)
                else:
                    found.append(Connection(peer, descriptor))
        return found

    def _peer(self, descriptor: int) -> Peer | None:
        """Return the peer of an accepted connection to the port; None for anything else."""
        try:
            probe = socket.socket(fileno=descriptor)
        except OSError:
            return None
        try:
            if probe.family not in (socket.AF_INET, socket.AF_INET6) or probe.getsockname()[1] != self._port:
                return None
            if probe.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                self._prepare(probe)
                return None
            host, port = probe.getpeername()[:2]
            return host, port
        except OSError:
            return None
        finally:
            probe.detach()

    def _prepare(self, listening: socket.socket) -> None:
        """Have the system end connections whose peer does not read for some time, or is gone."""
        if not self._listening:
            with contextlib.suppress(OSError, AttributeError):
                listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(self._write_time * 1000))
            self._listening = True

    def _surplus(self, found: list[Connection]) -> list[Connection]:
        """Return the idle connections beyond an address's share, newest first; of the largest address if there are too many in total."""
        by_network: dict[str, list[Connection]] = defaultdict(list)
        for connection in found:
            by_network[network_of(connection.peer[0])].append(connection)
        surplus: list[Connection] = []
        for connections in by_network.values():
            if len(connections) > self._each and not self._exempt(connections[0].peer[0]):
                surplus += self._idle(connections)[: len(connections) - self._each]
        left = len(found) - len(surplus)
        if left > self._most * FULL and not surplus:
            largest = max(by_network.values(), key=len)
            surplus += self._idle(largest)[: int(left - self._most * FULL)]
        return surplus

    def _idle(self, connections: list[Connection]) -> list[Connection]:
        idle = [connection for connection in connections if connection.peer not in self._busy]
        return sorted(idle, key=lambda connection: self._seen.get(connection.peer, 0.0), reverse=True)


def _shut(descriptor: int) -> None:
    shutting = socket.socket(fileno=descriptor)
    try:
        with contextlib.suppress(OSError):
            shutting.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        with contextlib.suppress(OSError):
            shutting.shutdown(socket.SHUT_RDWR)
    finally:
        shutting.detach()


def _trim() -> None:
    """Have glibc return free memory to the system: it keeps the buffers of unread answers, freed between others, otherwise."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
