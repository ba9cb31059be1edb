"""One worker process: it opens a store read-only and answers one query after another on its socket.

The kernel holds it to its limits: an alarm ends it when a query runs too long, a failed allocation when it wants too
much memory. Whoever waits for its answer sees the socket close.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from kg.sparql.syntax import explain
from kg.store import oxigraph
from server.execution.workers import sandbox
from server.execution.workers.frames import BLOCK, GRAPH, HEADER, KEEP, LIMITS, REPLACE, SOLUTIONS, Kind, Reader, pack

PATIENCE = 0.1  # seconds that computed rows may wait for more before they are sent
GZIP = 16 + zlib.MAX_WBITS
Respond = Callable[[dict[str, Any], tuple[float, int], socket.socket, Callable[[], bytes]], None]
"""Answers one request: what is asked, the seconds and bytes that it may take, the socket, and what gives the worker's verdict."""
LEVEL = 1  # a level that costs a tenth of the query; higher ones save little on results


class TooLongError(Exception):
    """The answer is longer than it may be."""


class Output:
    """A file that the serialiser writes to: counts, compresses if asked to, and sends blocks as frames.

    An answer that fits one block is kept until it is complete, so that it can be sent with its length.
    """

    def __init__(self, connection: socket.socket, kind: bytes, limit: int, compress: bool) -> None:
        self._connection = connection
        self._kind = kind
        self._left = limit
        self._squeeze = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP) if compress else None
        self._parts: list[bytes] = []
        self._size = 0
        self._sent = time.monotonic()
        self.started = False

    def write(self, data: bytes) -> int:
        """Take bytes of the answer."""
        length = len(data)
        self._left -= length
        if self._left < 0:
            raise TooLongError
        if self._squeeze:
            data = self._squeeze.compress(data)
        self._parts.append(data)
        self._size += len(data)
        if self._size >= BLOCK or time.monotonic() - self._sent > PATIENCE:
            self._send()
        return length

    def flush(self) -> None:
        """Nothing: blocks are sent by their size and age."""

    def finish(self, verdict: bytes) -> None:
        """Send what is left, and that the answer is complete."""
        if self._squeeze:
            rest = self._squeeze.flush()
            self._parts.append(rest)
            self._size += len(rest)
        if self.started:
            self._send()
            self._connection.sendall(pack(Kind.END, verdict))
        else:
            self._connection.sendall(pack(Kind.WHOLE, self._kind, verdict, *self._parts))

    def _send(self) -> None:
        if not self.started:
            self.started = True
            self._connection.sendall(pack(Kind.START, self._kind))
        if self._size:
            self._connection.sendall(pack(Kind.DATA, *self._parts))
        self._parts.clear()
        self._size = 0
        self._sent = time.monotonic()


def answer(
    store: Any, request: dict[str, Any], limit: int, connection: socket.socket, verdict: Callable[[], bytes]
) -> None:
    """Run one query and send its answer, or FAILED with the reason."""
    with failures_told(connection, request["query"]):
        results = _begin(store, request)
        kind, media_type = (
            (GRAPH, request["graph"]) if oxigraph.is_graph(results) else (SOLUTIONS, request["solutions"])
        )
        if media_type is None:
            raise LookupError("graph" if kind == GRAPH else "solutions")
        output = Output(connection, kind, limit, request["compress"])
        oxigraph.serialize(results, media_type, output)
        output.finish(verdict())


class UnsupportedError(Exception):
    """A query that this store cannot take, though it parses."""


def _begin(store: Any, request: dict[str, Any]) -> Any:
    try:
        return oxigraph.query(
            store, request["query"], request["substitutions"], request["dataset"], request["union"]
        )
    except ValueError as error:  # an IRI that is none
        raise UnsupportedError(str(error)) from None
    except RuntimeError as error:
        if "is not supported" in str(error):  # a function that there is not
            raise UnsupportedError(str(error)) from None
        raise


@contextmanager
def failures_told(connection: socket.socket, query: str) -> Iterator[None]:
    """What goes wrong with ``query`` inside is sent as FAILED, with its reason."""
    try:
        yield
    except TooLongError:
        failed(connection, "too-long", "")
    except LookupError as error:
        failed(connection, "not-acceptable", str(error))
    except SyntaxError as error:
        failed(connection, "syntax", *explain(query, str(error), oxigraph.kind))
    except (ValueError, OSError, RuntimeError) as error:
        failed(connection, "broken", str(error))
    except UnsupportedError as error:
        failed(connection, "unsupported", str(error))


def failed(connection: socket.socket, reason: str, detail: str, line: int | None = None, column: int | None = None) -> None:
    """Send why there is no (or no complete) answer, and where in the query that lies."""
    connection.sendall(pack(Kind.FAILED, json.dumps([reason, detail, line, column]).encode()))


def peak() -> int:
    """The most memory that this process has held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def is_elsewhere(store: str) -> bool:
    """Whether this is the address of a store of another make, and not a folder."""
    return store.startswith(("http://", "https://"))


def prepare(store: str) -> None:
    """Load what workers for this store need, before they are forked."""
    if is_elsewhere(store):
        import_module("server.execution.remote.answering")


def _here(folder: str) -> Respond:
    store = oxigraph.open_store(Path(folder), read_only=True)
    return lambda request, limits, connection, verdict: answer(store, request, limits[1], connection, verdict)


def _elsewhere(address: str) -> Respond:
    from kg.store.output.remote import Address
    from server.execution.remote.answering import answer as ask
    from server.execution.remote.client import RemoteStore

    return partial(ask, RemoteStore(Address.parse(address)))


def run(connection: socket.socket, store_path: str, options: dict[str, Any]) -> None:
    """Serve queries on ``connection`` until it closes. ``options``: ``memory``, ``keep`` (MiB), ``offline``.

    ``store_path`` is a store's folder, or the address of a store of another make.
    """
    sandbox.end_with_parent(signal.SIGKILL)
    sandbox.silence()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    respond = _elsewhere(store_path) if is_elsewhere(store_path) else _here(store_path)
    sandbox.limit_memory(options["memory"])
    if options["offline"]:
        sandbox.forbid_connections()
    ceiling = peak() + options["keep"] * 1024 * 1024

    def verdict() -> bytes:
        return REPLACE if peak() > ceiling else KEEP

    connection.sendall(pack(Kind.READY))
    reader = Reader()
    while (frame := _receive(connection, reader)) is not None:
        timeout, limit = LIMITS.unpack_from(frame)
        signal.setitimer(signal.ITIMER_REAL, timeout)
        respond(json.loads(frame[LIMITS.size :]), (timeout, limit), connection, verdict)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _receive(connection: socket.socket, reader: Reader) -> bytes | None:
    while (frame := reader.take()) is None:
        data = connection.recv(BLOCK + HEADER.size)
        if not data:
            return None
        reader.feed(data)
    return frame[1]


def main(connection: socket.socket, store_path: str, options: dict[str, Any]) -> None:
    """The whole life of a worker process; never returns."""
    status = 1
    try:
        run(connection, store_path, options)
        status = 0
    except (OSError, ValueError):
        status = 3
    finally:
        os._exit(status)
