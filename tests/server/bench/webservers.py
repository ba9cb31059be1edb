"""Compare web servers that could run the application, with the same queries on one store."""

from __future__ import annotations

import contextlib
import os
import sys
from importlib.metadata import version
from pathlib import Path

from tests.server.bench.contestants import BIN, Contestant, entente
from tests.server.bench.measure import Figures, Plan, compare
from tests.server.bench.report import table
from tests.server.bench.workload import Question, extra

APP = "tests.server.bench.apps"
THREADS = "16"
PLAN = Plan(clients=(8,), query_seconds=2.0, mix_seconds=0, turns=2, patience=0)
WHERE = ["--host", "127.0.0.1", "--port", "PORT"]
ASGI, WSGI = f"{APP}:asgi", f"{APP}:wsgi"
COMMANDS: dict[str, tuple[str, list[str]]] = {
    "granian, ASGI": ("granian", ["granian", "--interface", "asgi", "--loop", "uvloop", *WHERE, ASGI]),
    "uvicorn, ASGI": ("uvicorn", ["uvicorn", "--loop", "uvloop", "--log-level", "error", *WHERE, ASGI]),
    "hypercorn, ASGI": ("hypercorn", ["hypercorn", "-k", "uvloop", "--bind", "127.0.0.1:PORT", ASGI]),
    "granian, WSGI": ("granian", ["granian", "--interface", "wsgi", "--blocking-threads", THREADS, *WHERE, WSGI]),
    "gunicorn, WSGI": ("gunicorn", ["gunicorn", "-k", "gthread", "--threads", THREADS, "--bind", "127.0.0.1:PORT", WSGI]),
    "waitress, WSGI": ("waitress", ["waitress-serve", "--threads", THREADS, "--listen", "127.0.0.1:PORT", WSGI]),
}


def server(name: str, data: Path, cache: bool) -> Contestant:
    """Run Entente under one of COMMANDS."""
    program, *rest = COMMANDS[name][1]
    root = Path(__file__).resolve().parents[3]
    environment = {
        "ENTENTE_BENCH_DATA": str(data),
        "ENTENTE_CACHE_SIZE": "64" if cache else "0",
        "PYTHONPATH": os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH")))),
    }
    return Contestant(f"{name}{', cache' if cache else ''}", "/sparql", [str(BIN / program), *rest], environment)


def report(data: Path, folder: Path) -> str:
    """Return the table: a query without work and one of 40 rows, with eight clients, without and with the cache."""
    figures, lines = Figures(), []
    for question in extra():
        for cache in (False, True):
            _compare(figures, question, cache, data, folder)
    for name in ("`entente serve` (granian, ASGI)", *COMMANDS):
        cells = [name if "serve" in name else f"{name} {version(COMMANDS[name][0])}"]
        for question in extra():
            for cache in (False, True):
                tally = figures.tallies[f"{question.name}{cache}", 8, name + (", cache" if cache else "")]
                cells += [f"{tally.rate:,.0f}", f"{tally.percentile(0.99) * 1000:.3g}"]
        lines.append(cells)
    heads = [cell for question in extra() for kept in ("", " from the cache") for cell in (f"{question.name}{kept}: /s", "p99 ms")]
    return table(["8 clients", *heads], lines)


def _compare(figures: Figures, question: Question, cache: bool, data: Path, folder: Path) -> None:
    ours = entente(data, cache=cache)
    ours.name = "`entente serve` (granian, ASGI)" + (", cache" if cache else "")
    with contextlib.ExitStack() as stack:
        servers = [ours, *(server(name, data, cache) for name in COMMANDS)]
        for number, each in enumerate(servers):
            stack.enter_context(each.running(folder / f"webserver-{number}.log"))
        compare(figures, servers, f"{question.name}{cache}", [question], 8, PLAN)


if __name__ == "__main__":
    print(report(Path(sys.argv[1]), Path(sys.argv[2])))
