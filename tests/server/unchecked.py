"""Run a query in a worker's sandbox without checking it first, to test the sandbox alone."""

from __future__ import annotations

from pathlib import Path

from kg.store import oxigraph
from server.execution.workers import sandbox


def run(store: str, text: str) -> None:
    """Print "ran", and the answer of the query."""
    opened = oxigraph.open_store(Path(store))
    assert sandbox.forbid_connections()
    print("ran")
    try:
        results = opened.query(text)
        print(results if oxigraph.is_boolean(results) else list(results))
    except (SyntaxError, OSError, RuntimeError, ValueError) as error:
        print(type(error).__name__)
