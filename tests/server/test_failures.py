"""What a client is told when a query fails inside: the kind of failure, and nothing of the machine."""

from __future__ import annotations

import json
import logging

import pytest

from kg.formats import JSON
from server.execution.workers.exchange import Exchange
from server.execution.workers.frames import Kind, pack
from server.protocol.jobs import Job, Query
from server.protocol.negotiation import Wanted
from server.protocol.problems import Problem

PLACE = "/srv/secret/data/builds/0/store/000014.sst"


@pytest.mark.parametrize("reason", ["broken", "panic"])
def test_the_reason_is_logged_and_not_told(reason: str, caplog: pytest.LogCaptureFixture) -> None:
    exchange = Exchange(Job(Query("ASK {}"), Wanted(JSON, None)), 1.0, 1000)
    frame = pack(Kind.FAILED, json.dumps([reason, f"Corruption in {PLACE}", None, None]).encode())
    with caplog.at_level(logging.ERROR), pytest.raises(Problem) as raised:
        list(exchange.feed(frame))
    assert raised.value.status == 500
    assert "secret" not in raised.value.text()
    assert "memory" not in raised.value.text()
    assert PLACE in caplog.text
