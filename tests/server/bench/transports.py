"""Compare ways to transfer a query to a worker process and its answer back.

A child answers each request with the number of bytes requested; one request at a time, as for a worker.
"""

from __future__ import annotations

import mmap
import multiprocessing
import os
import resource
import socket
import struct
import time
from collections.abc import Callable

from tests.server.bench.report import table

SIZES = {"100 B": 100, "11 kB (40 rows)": 11_000, "1 MB": 1_000_000}
SECONDS = 0.7
LENGTH = struct.Struct("!I")
REQUEST = 300  # bytes of a request
ROOM = 2 << 20  # bytes of shared memory
Ends = tuple["End", "End"]


class End:
    """One end of a connection: sends and receives whole messages."""

    def __init__(self, send: Callable[[bytes], object], receive: Callable[[], bytes]) -> None:
        self.send = send
        self.receive = receive


def framed(write: Callable[[bytes], int | None], read: Callable[[int], bytes]) -> End:
    """Messages over a byte stream, each preceded by its length."""

    def send(message: bytes) -> None:
        view = memoryview(LENGTH.pack(len(message)) + message)
        while view:
            view = view[write(view) or len(view) :]

    def receive() -> bytes:
        data = read(65536)
        if len(data) < LENGTH.size:
            raise EOFError
        parts, left = [data[LENGTH.size :]], LENGTH.unpack_from(data)[0] - len(data) + LENGTH.size
        while left > 0:
            parts.append(read(min(left, 1 << 18)))
            left -= len(parts[-1])
        return b"".join(parts)

    return End(send, receive)


def unix_sockets() -> Ends:
    """A pair of Unix sockets."""
    one, other = socket.socketpair()
    return framed(one.send, one.recv), framed(other.send, other.recv)


def pipes() -> Ends:
    """A pipe each way."""
    there, back = os.pipe(), os.pipe()
    return (
        framed(lambda data: os.write(there[1], data), lambda size: os.read(back[0], size)),
        framed(lambda data: os.write(back[1], data), lambda size: os.read(there[0], size)),
    )


def loopback() -> Ends:
    """A TCP connection over loopback."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        one = socket.create_connection(server.getsockname())
        other, _ = server.accept()
    for end in (one, other):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return framed(one.send, one.recv), framed(other.send, other.recv)


def shared_memory() -> Ends:
    """Memory mapped by both, with a byte through a pipe as a signal."""
    block, there, back = mmap.mmap(-1, ROOM), os.pipe(), os.pipe()

    def end(write: int, read: int) -> End:
        def send(message: bytes) -> None:
            block[: LENGTH.size] = LENGTH.pack(len(message))
            block[LENGTH.size : LENGTH.size + len(message)] = message
            os.write(write, b"!")

        def receive() -> bytes:
            os.read(read, 1)
            return block[LENGTH.size : LENGTH.size + LENGTH.unpack_from(block)[0]]

        return End(send, receive)

    return end(there[1], back[0]), end(back[1], there[0])


def connection() -> Ends:
    """multiprocessing.Pipe with raw bytes."""
    one, other = multiprocessing.Pipe()
    return End(one.send_bytes, one.recv_bytes), End(other.send_bytes, other.recv_bytes)


def pickled() -> Ends:
    """multiprocessing.Pipe with pickled objects."""
    one, other = multiprocessing.Pipe()
    return End(one.send, one.recv), End(other.send, other.recv)


def queues() -> Ends:
    """multiprocessing.Queue, one in each direction: pickled, sent by a thread, read under a lock, as in process pools."""
    there, back = multiprocessing.Queue(), multiprocessing.Queue()
    return End(there.put, back.get), End(back.put, there.get)


WAYS = {
    "pair of Unix sockets (what Entente uses)": unix_sockets,
    "two pipes": pipes,
    "TCP over loopback": loopback,
    "shared memory, a pipe to notify": shared_memory,
    "multiprocessing.Pipe, bytes": connection,
    "multiprocessing.Pipe, pickled": pickled,
    "multiprocessing.Queue, two": queues,
}


def measure(make: Callable[[], Ends], size: int) -> tuple[float, float]:
    """Return round trips per second, and microseconds of processor time of one on both sides."""
    ours, theirs = make()
    child = os.fork()
    if child == 0:
        _serve(theirs)
    request = str(size).encode().ljust(REQUEST)
    for _ in range(20):
        ours.send(request)
        assert len(ours.receive()) == size
    count, began, cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - began < SECONDS:
        ours.send(request)
        ours.receive()
        count += 1
    elapsed, cpu = time.perf_counter() - began, time.process_time() - cpu
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ours.send(b"0".ljust(REQUEST))
    os.waitpid(child, 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    theirs_cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return count / elapsed, (cpu + theirs_cpu) / count * 1e6


def _serve(end: End) -> None:
    while size := int(end.receive()):
        end.send(b"x" * size)
    os._exit(0)


def report() -> str:
    """Return the table of all ways."""
    lines = []
    for name, make in WAYS.items():
        cells = [name]
        for size in SIZES.values():
            rate, cpu = measure(make, size)
            cells += [f"{rate:,.0f}", f"{cpu:,.0f}"]
        lines.append(cells)
    heads = [cell for name in SIZES for cell in (f"{name}: /s", "µs of processor")]
    return table(["request of 300 bytes, answer of", *heads], lines)


if __name__ == "__main__":
    print(report())
