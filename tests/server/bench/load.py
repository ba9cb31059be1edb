"""A load generator with little overhead: persistent connections in one thread, each sending as fast as it is answered."""

from __future__ import annotations

import selectors
import socket
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import quote

ACCEPT = "application/sparql-results+json, text/turtle;q=0.9"
Message = tuple[str, bytes]


@dataclass
class Tally:
    """The results: seconds of each answer by query, failures by query, bytes, elapsed time, and the generator's own processor time."""

    seconds: dict[str, list[float]] = field(default_factory=partial(defaultdict, list))
    failures: dict[str, int] = field(default_factory=partial(defaultdict, int))
    bytes: int = 0
    elapsed: float = 0.0
    own_cpu: float = 0.0

    @property
    def answers(self) -> int:
        """The number of answers."""
        return sum(map(len, self.seconds.values()))

    @property
    def rate(self) -> float:
        """Answers per second."""
        return self.answers / self.elapsed if self.elapsed else 0.0

    def percentile(self, share: float) -> float:
        """Return a percentile of the answers' times in seconds (nan if there are none)."""
        times = sorted(t for each in self.seconds.values() for t in each)
        return times[min(len(times) - 1, int(len(times) * share))] if times else float("nan")

    def add(self, other: Tally) -> None:
        """Add the results of another run."""
        for name, times in other.seconds.items():
            self.seconds[name] += times
        for name, count in other.failures.items():
            self.failures[name] += count
        self.bytes += other.bytes
        self.elapsed += other.elapsed
        self.own_cpu += other.own_cpu


def request(host: str, path: str, query: str) -> bytes:
    """Return the bytes of a GET request for a query."""
    return f"GET {path}?query={quote(query)} HTTP/1.1\r\nHost: {host}\r\nAccept: {ACCEPT}\r\n\r\n".encode()


class Connection:
    """One client: sends a request, receives its answer."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.socket: socket.socket | None = None
        self.name = ""
        self.bytes = 0

    def ask(self, name: str, message: bytes) -> bool:
        """Send the request called ``name``; return whether that took a new connection."""
        new = self.socket is None
        if self.socket is None:
            self.socket = socket.create_connection(self.address)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.name, self.began = name, time.perf_counter()
        self.head, self.left, self.tail, self.status = b"", -1, b"", 0
        self.socket.sendall(message)
        return new

    def receive(self) -> bool | None:
        """Receive data: return None until the answer is complete, then whether it is a whole answer with status 200."""
        assert self.socket
        try:
            data = self.socket.recv(1 << 18)
        except OSError:
            data = b""
        if not data:
            return False
        self.bytes += len(data)
        if not self.status:
            self.head += data
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return None
            data = self._start(self.head[:end].lower(), self.head[end + 4 :])
        return self._done(data)

    def _start(self, head: bytes, rest: bytes) -> bytes:
        self.status = int(head[9:12])
        at = head.find(b"content-length:")
        self.left = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else -1
        return rest

    def _done(self, data: bytes) -> bool | None:
        if self.left >= 0:
            self.left -= len(data)
            complete = self.left <= 0
        else:
            self.tail = (self.tail + data)[-5:]
            complete = self.tail == b"0\r\n\r\n"
        return self.status == 200 if complete else None

    def close(self) -> None:
        """Close the connection."""
        if self.socket:
            self.socket.close()
            self.socket = None


def run(address: tuple[str, int], messages: Iterator[Message], clients: int, patience: float = 600) -> Tally:
    """Send the messages from a number of clients. A request without an answer for ``patience`` seconds has failed."""
    tally = Tally()
    selector = selectors.DefaultSelector()
    connections = [Connection(address) for _ in range(clients)]
    began, cpu = time.perf_counter(), time.process_time()
    for connection in connections:
        _ask_next(connection, messages, selector)
    while selector.get_map():
        ready = selector.select(timeout=patience)
        for connection in [key.data for key, _ in ready] or [key.data for key in selector.get_map().values()]:
            done = connection.receive() if ready else False
            if done is None:
                continue
            if done:
                tally.seconds[connection.name].append(time.perf_counter() - connection.began)
            else:
                tally.failures[connection.name] += 1
                _drop(connection, selector)
            _ask_next(connection, messages, selector)
    tally.elapsed, tally.own_cpu = time.perf_counter() - began, time.process_time() - cpu
    tally.bytes = sum(connection.bytes for connection in connections)
    selector.close()
    return tally


def _ask_next(connection: Connection, messages: Iterator[Message], selector: selectors.BaseSelector) -> None:
    message = next(messages, None)
    if message is None:
        _drop(connection, selector)
    elif connection.ask(*message):
        assert connection.socket
        selector.register(connection.socket, selectors.EVENT_READ, connection)


def _drop(connection: Connection, selector: selectors.BaseSelector) -> None:
    if connection.socket:
        selector.unregister(connection.socket)
        connection.close()
