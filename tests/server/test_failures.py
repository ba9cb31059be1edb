"""What clients learn when a query fails internally: the kind of failure, and nothing about the machine."""

from __future__ import annotations

import json
import logging
import signal
import socket
import time

import pytest

from kg.formats import JSON
from server.execution.workers.frames import OUT_OF_MEMORY, FrameKind, pack
from server.execution.workers.processes import Worker
from server.execution.workers.worker_exchange import WorkerExchange
from server.protocol.jobs import Job, Query
from server.protocol.negotiation import Wanted
from server.protocol.problems import Problem

ABORTED = -signal.SIGABRT
PLACE = "/srv/secret/data/builds/0/store/000014.sst"


@pytest.mark.parametrize("reason", ["broken", "panic"])
def test_the_reason_is_logged_and_not_told(reason: str, caplog: pytest.LogCaptureFixture) -> None:
    exchange = WorkerExchange(Job(Query("ASK {}"), Wanted(JSON, None)), 1.0, 1000)
    frame = pack(FrameKind.FAILED, json.dumps([reason, f"Corruption in {PLACE}", None, None]).encode())
    with caplog.at_level(logging.ERROR), pytest.raises(Problem) as raised:
        list(exchange.feed(frame))
    assert raised.value.status == 500
    assert "secret" not in raised.value.text()
    assert "memory" not in raised.value.text()
    assert PLACE in caplog.text


@pytest.mark.parametrize(
    ("status", "said", "memory"),
    [
        (ABORTED, "memory allocation of 4294967296 bytes failed\n", True),
        (ABORTED, "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\n", True),
        (OUT_OF_MEMORY, "", True),
        (ABORTED, "thread '<unnamed>' panicked at lib/plan.rs:1:\nnot implemented\n", False),
        (ABORTED, "", False),
    ],
)
def test_why_a_worker_was_lost(status: int, said: str, memory: bool, caplog: pytest.LogCaptureFixture) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        worker = Worker(1, ours)
        worker.began = time.monotonic()
        worker.status, worker.said = status, said
        problem = WorkerExchange(Job(Query("ASK {}"), Wanted(JSON, None)), 5.0, 1000).lost(worker)
    assert (problem.status, "memory" in problem.detail) == ((503, True) if memory else (500, False))
    assert memory or " ".join(said.split()) in caplog.text
