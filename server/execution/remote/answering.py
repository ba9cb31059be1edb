"""A worker that asks a store of another make: one query, its answer in the form that is wanted."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from server.execution.remote.client import RemoteStore
from server.execution.remote.refusal import Refused
from server.execution.workers.frames import GRAPH, SOLUTIONS
from server.execution.workers.worker import Output, failed, failures_told


def answer(
    store: RemoteStore, request: dict[str, Any], limits: tuple[float, int], connection: socket.socket, verdict: Callable[[], bytes]
) -> None:
    """Ask and send the answer, or FAILED with the reason. ``limits``: the seconds it may take and the bytes it may be long."""
    seconds, most = limits
    try:
        with failures_told(connection, request["query"]):
            takes = [name for name in ("solutions", "graph") if request[name] is not None]
            results = store.query(request["query"], seconds, request["substitutions"], request["dataset"], request["union"], takes)
            kind, media_type = (GRAPH, request["graph"]) if results.graph else (SOLUTIONS, request["solutions"])
            output = Output(connection, kind, most, request["compress"])
            results.write(media_type, output)
            output.finish(verdict())
    except Refused as refused:
        failed(connection, refused.reason, refused.detail)
