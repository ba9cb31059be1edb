"""``/health``, ``/ready`` and ``/metrics``: endpoints for operators."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from server.execution import metrics
from server.protocol.headers import PROTECTION
from server.protocol.problems import Problem, Reply, problem_reply
from server.protocol.requests import READ

if TYPE_CHECKING:
    from server.execution.engine import QueryEngine

PATHS = ("/health", "/ready", "/metrics")
PRIVATE = (("Cache-Control", "no-store"), *PROTECTION)


async def reply(method: str, path: str, engine: QueryEngine) -> Reply:
    """Answer a request to one of PATHS, on the event loop."""
    probed = path == "/ready" and method in ("GET", "HEAD") and not engine.trouble
    return answer(method, path, engine, await asyncio.to_thread(engine.probe) if probed else "")


def answer(method: str, path: str, engine: QueryEngine, wrong: str) -> Reply:
    """Return the answer at one of PATHS: whether the server need not be restarted (health) and can answer queries (ready).

    ``wrong`` is the finding of the engine's probe, if it was made.
    """
    if method == "OPTIONS":
        return Reply(204, (("Allow", READ), *PROTECTION))
    if method not in ("GET", "HEAD"):
        return problem_reply(Problem(405, f"{method} is not a method of {path}.", headers={"Allow": READ}), "")
    if path == "/metrics":
        return Reply(200, (("Content-Type", metrics.CONTENT_TYPE), *PRIVATE), engine.metrics.text())
    trouble = engine.broken if path == "/health" else engine.trouble or wrong
    state = {"status": trouble or "ok", "build": engine.serving.build.id}
    status = 503 if trouble else 200
    return Reply(status, (("Content-Type", "application/json"), *PRIVATE), json.dumps(state).encode() + b"\n")
