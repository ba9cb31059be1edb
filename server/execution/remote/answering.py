"""Send one query to a remote store, from a worker, and write its answer in the requested format."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from kg.sparql.admission import admitted
from kg.sparql.lexer import names_dataset
from kg.sparql.prefixes import declare_prefixes, declared_prefixes
from kg.store import oxigraph
from server.execution.refusal import Refused
from server.execution.remote.client import RemoteStore, Results
from server.execution.workers.frames import GRAPH, SOLUTIONS
from server.execution.workers.output import Output, failed, failures_told


def answer(
    store: RemoteStore, request: dict[str, Any], limits: tuple[float, int], connection: socket.socket, verdict: Callable[[], bytes]
) -> None:
    """Run the query and send the answer, or FAILED with the reason. ``limits``: its time in seconds and its length in bytes."""
    seconds, most = limits
    asked = request["query"]
    try:
        with failures_told(connection, asked):
            takes = [name for name in ("solutions", "graph") if request[name] is not None]

            def ask(text: str) -> Results:
                union = not names_dataset(text)
                return store.query(declare_prefixes(text), seconds, request["dataset"], union, takes)

            results = admitted(asked, frozenset(), oxigraph.parse, ask)
            kind, media_type = (GRAPH, request["graph"]) if results.graph else (SOLUTIONS, request["solutions"])
            output = Output(connection, kind, most, request["compress"])
            results.write(media_type, output, declared_prefixes(asked))
            output.finish(verdict())
    except Refused as refused:
        failed(connection, refused.reason, refused.detail)
