"""Send a worker's answer in frames, or the reason why there is none."""

from __future__ import annotations

import json
import os
import socket
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from kg.sparql.admission import ComplexityError
from kg.sparql.services import ServiceRefused, without_keyword
from kg.sparql.syntax_errors import explain
from kg.store import oxigraph
from kg.store.filters import FormatError
from server.execution.workers.frames import BLOCK, PANICKED, FrameKind, pack

PATIENCE = 0.1  # seconds that computed rows may wait for more before they are sent
GZIP = 16 + zlib.MAX_WBITS
LEVEL = 1  # a level that costs a tenth of the query; higher ones save little on results


class TooLongError(Exception):
    """The answer exceeds its length limit."""


class Output:
    """A file for the serializer: counts, optionally compresses, and sends blocks as frames.

    An answer that fits in one block is held until it is complete, so that it can be sent with its length.
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
        """Do nothing: blocks are sent by size and age."""

    def finish(self, verdict: bytes) -> None:
        """Send the rest and mark the answer as complete."""
        if self._squeeze:
            rest = self._squeeze.flush()
            self._parts.append(rest)
            self._size += len(rest)
        if self.started:
            self._send()
            self._connection.sendall(pack(FrameKind.END, verdict))
        else:
            self._connection.sendall(pack(FrameKind.WHOLE, self._kind, verdict, *self._parts))

    def _send(self) -> None:
        if not self.started:
            self.started = True
            self._connection.sendall(pack(FrameKind.START, self._kind))
        if self._size:
            self._connection.sendall(pack(FrameKind.DATA, *self._parts))
        self._parts.clear()
        self._size = 0
        self._sent = time.monotonic()


class UnsupportedError(Exception):
    """A query that parses but that this store does not support."""


@contextmanager
def failures_told(connection: socket.socket, query: str) -> Iterator[None]:
    """Send failures of ``query`` in this block as FAILED, with the reason."""
    try:
        yield
    except TooLongError:
        failed(connection, "too-long", "")
    except LookupError as error:
        failed(connection, "not-acceptable", str(error))
    except SyntaxError as error:
        failed(connection, "syntax", *explain(query, str(error), _parse))
    except ServiceRefused as error:
        failed(connection, "service", str(error))
    except ComplexityError as error:
        failed(connection, "complex", str(error))
    except FormatError as error:
        failed(connection, "format", str(error))
    except (ValueError, OSError, RuntimeError) as error:
        failed(connection, "broken", str(error))
    except UnsupportedError as error:
        failed(connection, "unsupported", str(error))
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # pyo3's exception, which has no public name
            raise
        failed(connection, "panic", str(error))
        os._exit(PANICKED)


def _parse(text: str) -> object:
    """Parse without calling SERVICE, keeping positions in the text."""
    return oxigraph.parse(without_keyword(text))


def failed(connection: socket.socket, reason: str, detail: str, line: int | None = None, column: int | None = None) -> None:
    """Report why there is no (or no complete) answer, and the position in the query, if it is at fault."""
    connection.sendall(pack(FrameKind.FAILED, json.dumps([reason, detail, line, column]).encode()))
