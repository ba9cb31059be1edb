"""One line of JSON for each request, written by a thread so that no reader of the log can hold up an answer."""

from __future__ import annotations

import json
import threading
from collections import deque
from datetime import UTC, datetime
from typing import IO

KEPT = 20_000  # lines that may wait for a slow reader; older ones are lost then
EVERY = 0.2  # seconds between two writes


class AccessLog:
    """Lines that wait to be written to ``stream``."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._lines: deque[dict[str, object]] = deque(maxlen=KEPT)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True, name="access-log")
        self._thread.start()

    def add(self, **line: object) -> None:
        """Log a request; the time is that of now."""
        line["time"] = datetime.now(UTC)
        self._lines.append(line)

    def close(self) -> None:
        """Write what is left, unless nobody reads."""
        self._stop.set()
        self._thread.join(timeout=2)

    def _write(self) -> None:
        while not self._stop.wait(EVERY):
            self._flush()
        self._flush()

    def _flush(self) -> None:
        lines = []
        while self._lines:
            lines.append(json.dumps(self._lines.popleft(), default=_text) + "\n")
        if lines:
            try:
                self._stream.write("".join(lines))
                self._stream.flush()
            except (OSError, ValueError):
                self._lines.clear()


def _text(value: object) -> str:
    return value.isoformat(timespec="milliseconds") if isinstance(value, datetime) else str(value)
