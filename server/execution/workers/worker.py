"""One worker process: it opens a store read-only and answers one query after another on its socket.

The kernel enforces its limits: an alarm kills it when a query runs too long, a failed allocation when it wants too much memory.
Whoever waits for its answer sees the socket close.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from kg.sparql.admission import admitted
from kg.sparql.lexer import names_dataset
from kg.sparql.prefixes import declared_prefixes
from kg.store import oxigraph
from server.execution.workers import gate, sandbox
from server.execution.workers.frames import (
    BLOCK,
    GRAPH,
    HEADER,
    KEEP,
    LIMITS,
    OUT_OF_MEMORY,
    REPLACE,
    SOLUTIONS,
    FrameKind,
    FrameReader,
    pack,
)
from server.execution.workers.output import Output, UnsupportedError, failures_told
from server.execution.workers.priority import Rank, lowered

Respond = Callable[[dict[str, Any], tuple[float, int], socket.socket, Callable[[], bytes]], None]
"""Answers one request: the query, its limits in seconds and bytes, the socket, and a function that tells whether to replace the worker."""
STACK = 120 * 1024 * 1024
"""Maximum stack in bytes, for deeply nested queries: Linux leaves at least 128 MiB free below the stack."""


class LocalStore:
    """Answers from the store in a folder."""

    def __init__(self, folder: str, services: frozenset[str]) -> None:
        self._store = oxigraph.open_store(Path(folder), read_only=True)
        self._services = services

    def answer(self, request: dict[str, Any], limits: tuple[float, int], connection: socket.socket, verdict: Callable[[], bytes]) -> None:
        """Run one query and send its answer, or FAILED with the reason."""
        text = request["query"]
        with failures_told(connection, text):
            results = admitted(text, self._services, oxigraph.parse, lambda query: self._begin(query, request))
            graph = oxigraph.is_graph(results)
            kind, media_type = (GRAPH, request["graph"]) if graph else (SOLUTIONS, request["solutions"])
            if media_type is None:
                raise LookupError("graph" if graph else "solutions")
            output = Output(connection, kind, limits[1], request["compress"])
            oxigraph.serialize(results, media_type, output, declared_prefixes(text) if graph else None)
            output.finish(verdict())

    def _begin(self, text: str, request: dict[str, Any]) -> Any:
        try:
            return oxigraph.query(self._store, text, request["dataset"], not names_dataset(text))
        except ValueError as error:  # an invalid IRI
            raise UnsupportedError(str(error)) from None
        except RuntimeError as error:
            if "is not supported" in str(error):  # an unknown function
                raise UnsupportedError(str(error)) from None
            raise


def peak() -> int:
    """Return the peak memory of this process in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def is_remote(store: str) -> bool:
    """Whether this is the address of a remote store, not a folder."""
    return store.startswith(("http://", "https://"))


def prepare(store: str) -> None:
    """Load what workers for this store need, before they are forked."""
    if is_remote(store):
        import_module("server.execution.remote.answering")


def _remote(address: str) -> Respond:
    from kg.store.output.remote import Address
    from server.execution.remote.answering import answer as ask
    from server.execution.remote.client import RemoteStore

    return partial(ask, RemoteStore(Address.parse(address)))


def run(connection: socket.socket, store_path: str, options: dict[str, Any], rank: Rank) -> None:
    """Serve queries on ``connection`` until it closes. ``options``: ``memory``, ``keep`` (MiB), ``services``.

    ``store_path`` is a store's folder, or the address of a remote store; it is opened with a rank.
    """
    sandbox.end_with_parent(signal.SIGKILL)
    sandbox.silence()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    remote, services = is_remote(store_path), frozenset(options["services"])
    with lowered(rank):
        respond = _remote(store_path) if remote else LocalStore(store_path, services).answer
    sandbox.limit_memory(options["memory"])
    sandbox.raise_stack(STACK)
    if remote or services:
        gate.allow_connections(gate.places([store_path] if remote else services))
    else:
        sandbox.forbid_connections()
    ceiling = peak() + options["keep"] * 1024 * 1024

    def verdict() -> bytes:
        return REPLACE if peak() > ceiling else KEEP

    connection.sendall(pack(FrameKind.READY))
    reader = FrameReader()
    while (frame := _receive(connection, reader)) is not None:
        timeout, limit = LIMITS.unpack_from(frame)
        signal.setitimer(signal.ITIMER_REAL, timeout)
        respond(json.loads(frame[LIMITS.size :]), (timeout, limit), connection, verdict)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _receive(connection: socket.socket, reader: FrameReader) -> bytes | None:
    while (frame := reader.take()) is None:
        data = connection.recv(BLOCK + HEADER.size)
        if not data:
            return None
        reader.feed(data)
    return frame[1]


def main(connection: socket.socket, store_path: str, options: dict[str, Any], rank: Rank) -> None:
    """Run a worker process; never returns."""
    status = 1
    try:
        run(connection, store_path, options, rank)
        status = 0
    except (OSError, ValueError):
        status = 3
    except MemoryError:
        status = OUT_OF_MEMORY
    finally:
        os._exit(status)
