"""A load generator lean enough to keep out of the way: keep-alive connections in one thread, each asking as fast as it is answered."""

from __future__ import annotations

import selectors
import socket
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

ACCEPT = "application/sparql-results+json, text/turtle;q=0.9"


@dataclass
class Tally:
    """What came back: seconds of each answer by query, failures by query, bytes, and the time that it all took."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    bytes: int = 0
    elapsed: float = 0.0

    @property
    def answers(self) -> int:
        """How many answers came."""
        return sum(map(len, self.seconds.values()))

    @property
    def rate(self) -> float:
        """Answers in a second."""
        return self.answers / self.elapsed if self.elapsed else 0.0

    def percentile(self, share: float, query: str | None = None) -> float:
        """The time within which this share of the answers came, in seconds (nan where there was none)."""
        times = sorted(self.seconds[query] if query else [t for each in self.seconds.values() for t in each])
        return times[min(len(times) - 1, int(len(times) * share))] if times else float("nan")

    def add(self, other: Tally) -> None:
        """Take in another run of the same."""
        for name, times in other.seconds.items():
            self.seconds[name] += times
        for name, count in other.failures.items():
            self.failures[name] += count
        self.bytes += other.bytes
        self.elapsed += other.elapsed


def request(host: str, path: str, query: str) -> bytes:
    """The bytes of a GET request for a query."""
    return f"GET {path}?query={quote(query)} HTTP/1.1\r\nHost: {host}\r\nAccept: {ACCEPT}\r\n\r\n".encode()


class Connection:
    """One client: sends a request, takes in its answer."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.socket: socket.socket | None = None
        self.name = ""

    def ask(self, name: str, message: bytes) -> None:
        """Send the request called ``name``."""
        if self.socket is None:
            self.socket = socket.create_connection(self.address)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.name, self.began = name, time.perf_counter()
        self.head, self.left, self.tail, self.status = b"", -1, b"", 0
        self.socket.sendall(message)

    def receive(self) -> bool | None:
        """Take what has come: None while there is more to come, else whether it was a whole answer with status 200."""
        assert self.socket
        try:
            data = self.socket.recv(1 << 18)
        except OSError:
            data = b""
        if not data:
            self.close()
            return False
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
        """Hang up."""
        if self.socket:
            self.socket.close()
            self.socket = None


def run(address: tuple[str, int], messages: Iterator[tuple[str, bytes]], clients: int, seconds: float) -> Tally:
    """Put the messages (name and bytes) with so many clients for so long; answers on their way at the end are waited for."""
    tally = Tally()
    selector = selectors.DefaultSelector()
    connections = [Connection(address) for _ in range(clients)]
    began = time.perf_counter()
    for connection in connections:
        connection.ask(*next(messages))
        selector.register(connection.socket, selectors.EVENT_READ, connection)
    while selector.get_map():
        for key, _ in selector.select(timeout=90):
            connection = key.data
            done = connection.receive()
            if done is None:
                continue
            now = time.perf_counter()
            (tally.seconds[connection.name].append(now - connection.began) if done else _fail(tally, connection.name))
            if connection.socket is None or now - began > seconds:
                selector.unregister(key.fileobj)
            if now - began > seconds:
                connection.close()
                continue
            again = connection.socket is None
            connection.ask(*next(messages))
            if again:
                selector.register(connection.socket, selectors.EVENT_READ, connection)
    tally.elapsed = time.perf_counter() - began
    selector.close()
    return tally


def _fail(tally: Tally, name: str) -> None:
    tally.failures[name] += 1
