"""Frame format between server and worker: a kind byte, a length and a payload.

A request is one frame: LIMITS and JSON. Its answer is one WHOLE frame, or START, any number of DATA and END, or (at any point)
FAILED. The payload of WHOLE and START begins with a byte that tells a graph from solutions; that of END, and the second byte of
WHOLE, tell whether to replace the worker because it occupies too much memory.
"""

from __future__ import annotations

import struct
from enum import IntEnum

HEADER = struct.Struct("!BI")
LIMITS = struct.Struct("!dQ")  # a query's time limit in seconds and its answer's length limit in bytes
BLOCK = 65536


class FrameKind(IntEnum):
    """The kinds of frame."""

    READY = 1
    REQUEST = 2
    WHOLE = 3
    START = 4
    DATA = 5
    END = 6
    FAILED = 7


SOLUTIONS, GRAPH = b"s", b"g"
KEEP, REPLACE = b"k", b"r"
PANICKED, OUT_OF_MEMORY = 4, 5
"""Exit statuses of a worker where the engine failed in a way that it does not come back from, and where Python got no more memory."""


def pack(kind: FrameKind, *parts: bytes) -> bytes:
    """Return the bytes of one frame."""
    return b"".join((HEADER.pack(kind, sum(map(len, parts))), *parts))


class FrameReader:
    """Splits a stream of bytes into frames: feed what has arrived, take complete frames."""

    __slots__ = ("_buffer",)

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        """Add received bytes."""
        self._buffer += data

    def take(self) -> tuple[FrameKind, bytes] | None:
        """Return the next complete frame; None if more bytes are needed."""
        if len(self._buffer) < HEADER.size:
            return None
        kind, length = HEADER.unpack_from(self._buffer)
        end = HEADER.size + length
        if len(self._buffer) < end:
            return None
        payload = bytes(memoryview(self._buffer)[HEADER.size : end])
        del self._buffer[:end]
        return FrameKind(kind), payload
