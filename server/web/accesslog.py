"""The access log: one line of JSON per request, written by a thread so that a slow log cannot delay an answer."""

from __future__ import annotations

import json
import logging
import queue
from datetime import UTC, datetime
from logging.handlers import QueueHandler, QueueListener
from typing import IO

KEPT = 10_000  # lines that may wait for a slow reader; more are lost


class AccessLog:
    """Lines that wait to be written to ``stream``."""

    def __init__(self, stream: IO[str]) -> None:
        waiting: queue.Queue[logging.LogRecord] = queue.Queue(KEPT)
        writer = _Quiet(stream)
        writer.setFormatter(_Lines())
        self._handler = _Dropping(waiting)
        self._listener = QueueListener(waiting, writer)
        self._listener.start()

    def add(self, **line: object) -> None:
        """Log a request; the time is that of now."""
        self._handler.handle(logging.makeLogRecord({"line": line}))

    def close(self) -> None:
        """Write what is left, unless nobody reads."""
        self._handler.stop(self._listener)


class _Quiet(logging.StreamHandler[IO[str]]):
    """Loses what cannot be written, such as to a pipe that nobody reads any more."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Say nothing: where the log cannot be written, there is nobody to tell."""


class _Dropping(QueueHandler):
    """Loses what there is no room for, and leaves the formatting to the thread that writes."""

    queue: queue.Queue[logging.LogRecord]

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        return record

    def enqueue(self, record: logging.LogRecord) -> None:
        try:
            self.queue.put_nowait(record)
        except queue.Full:
            return

    def stop(self, listener: QueueListener) -> None:
        """End the listener, and wait for it for two seconds."""
        thread = listener._thread
        try:
            listener.enqueue_sentinel()
        except queue.Full:
            return
        if thread:
            thread.join(timeout=2)


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return json.dumps({**record.__dict__["line"], "time": time}, default=str)
