"""rdflib-endpoint as its command ``serve`` runs it, in a process forked from one that has the graph: ``rdflib_server.py PORT FILE``.

It answers one query after the other and stops none, so whoever gives up on one must kill it; another then takes its place at once.
"""

from __future__ import annotations

import os
import signal
import sys

import uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint


def main() -> None:
    """Load the file, then keep one server running until SIGTERM."""
    graph = Dataset(default_union=True)
    graph.parse(sys.argv[2])
    child = 0

    def end(*_: object) -> None:
        os.kill(child, signal.SIGKILL)
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    while True:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            uvicorn.run(SparqlEndpoint(graph=graph), host="127.0.0.1", port=int(sys.argv[1]))
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
