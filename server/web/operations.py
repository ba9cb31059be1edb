"""``/health``, ``/ready`` and ``/metrics``: for whoever runs the server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from server.execution import metrics
from server.protocol.problems import Problem
from server.protocol.requests import READ, Reply, problem_reply

if TYPE_CHECKING:
    from server.execution.engine import QueryEngine

PATHS = ("/health", "/ready", "/metrics")


def reply(method: str, path: str, engine: QueryEngine) -> Reply:
    """The answer at one of PATHS: health says that the server runs, ready that it can answer queries."""
    if method == "OPTIONS":
        return Reply(204, (("Allow", READ),))
    if method not in ("GET", "HEAD"):
        return problem_reply(Problem(405, f"{method} is not a method of {path}.", headers={"Allow": READ}), "")
    if path == "/metrics":
        return Reply(200, (("Content-Type", metrics.CONTENT_TYPE), ("Cache-Control", "no-store")), engine.metrics.text())
    trouble = "" if path == "/health" else engine.trouble
    state = {"status": trouble or "ok", "build": engine.serving.build.id}
    status = 503 if trouble else 200
    headers = (("Content-Type", "application/json"), ("Cache-Control", "no-store"))
    return Reply(status, headers, json.dumps(state).encode() + b"\n")
