"""Entente beside Oxigraph's own server and rdflib-endpoint: `make bench-server`, or with QUICK=1 in two minutes on a small graph.

    python -m tests.server.bench.run [--quick] [--data DATA] [--part NAME]... [--figures FILE] [--output FILE]

The full run takes half an hour. It can be made in parts that add to the same file of figures: ``rdflib``, ``mix-N`` and
``queries-N`` for each number of clients, and ``choices``; a part that was broken off goes on where it was. Exits with 1 where a
request fails or two servers answer differently.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pickle
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.server.bench import contestants, transports, webservers, workload
from tests.server.bench.contestants import Contestant
from tests.server.bench.data import ARTICLES, build
from tests.server.bench.measure import Figures, Plan, compare
from tests.server.bench.report import AT, CANNED, HEAVY, SHORT, Told, report
from tests.server.bench.workload import Question

HEAVY_FROM = 0.05  # seconds of a heavy query on Oxigraph's server
FULL = Plan(clients=(1, 8, 32), query_seconds=1.0, mix_seconds=5.0, turns=3, patience=40)
QUICK = Plan(clients=(1, 8), query_seconds=0.2, mix_seconds=2.0, turns=2, patience=5)
QUICK_ARTICLES = 8


@dataclass
class Record:
    """All measurements so far, of this run and of other parts."""

    figures: Figures = field(default_factory=Figures)
    seconds: dict[str, float] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    different: list[str] = field(default_factory=list)
    rdflib: dict[str, float] = field(default_factory=dict)
    given_up: set[str] = field(default_factory=set)
    rdflib_memory: int = 0
    choices: str = ""
    path: Path | None = None

    def save(self) -> None:
        """Save the measurements for the next part."""
        if self.path:
            self.path.write_bytes(pickle.dumps(self))


def main() -> int:
    """Measure, write, and return whether anything was wrong."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are ended too
    arguments = _arguments()
    plan = QUICK if arguments.quick else FULL
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        data = arguments.data or folder / "data"
        if not (data / "current").exists():
            print(f"Making a graph of {QUICK_ARTICLES if arguments.quick else ARTICLES} articles ...", flush=True)
            build(data, QUICK_ARTICLES if arguments.quick else ARTICLES)
        record = _load(arguments.figures)
        record.path = arguments.figures
        cells = [f"{kind}-{clients}" for kind in ("mix", "queries") for clients in plan.clients]
        parts = arguments.part or ["rdflib", *cells, *([] if arguments.quick else ["choices"])]
        questions = _measure(record, parts, plan, data, folder)
        if "rdflib" in parts:
            _rdflib(record, questions, contestants.rdflib(data, folder), folder, plan.patience)
        if "choices" in parts:
            record.choices = (
                f"### Web servers\n\n{webservers.report(data, folder)}\n\n### Transports between server and worker\n\n{transports.report()}"
            )
            record.save()
        told = _told(record, questions, plan, data)
    text = report(record.figures, told)
    arguments.output.write_text(f"# Performance of the endpoint\n\n{text}", encoding="utf-8") if arguments.output else print(text)
    if record.different:
        print("Answers differ:", ", ".join(record.different), file=sys.stderr)
    return bool(record.different or any(record.figures.failures().values()))


def _measure(record: Record, parts: list[str], plan: Plan, data: Path, folder: Path) -> list[Question]:
    """Run the parts that need Oxigraph's server and Entente; return the canned queries."""
    servers = [contestants.native(data), contestants.entente(data, cache=False), contestants.entente(data, cache=True)]
    with contextlib.ExitStack() as stack:
        for number, server in enumerate(servers):
            stack.enter_context(server.running(folder / f"{number}.log"))
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        questions = workload.canned(servers[0].endpoint)
        if {part.split("-")[0] for part in parts} & {"mix", "queries"}:
            _check(record, questions, servers)
        for clients in sorted(plan.clients, key=lambda count: count != AT):
            if f"mix-{clients}" in parts:
                for name, chosen in _mixes(record, questions).items():
                    _compare(record, servers, name, chosen, clients, plan)
                for each in workload.extra():
                    _compare(record, servers, each.name, [each], clients, plan)
            if f"queries-{clients}" in parts:
                for each in sorted(questions, key=lambda question: record.seconds[question.name]):
                    _compare(record, servers, each.name, [each], clients, replace(plan, turns=1))
    return questions


def _compare(record: Record, servers: list[Contestant], name: str, chosen: list[Question], clients: int, plan: Plan) -> None:
    """Measure what has not been measured yet; in turns where there are targets."""
    if not chosen or (name, clients, servers[-1].name) in record.figures.tallies:
        return
    compare(record.figures, servers, name, chosen, clients, plan if clients == AT else replace(plan, turns=1))
    rates = ", ".join(f"{server.name} {record.figures.rate(name, clients, server.name):.1f}/s" for server in servers)
    print(f"{name}, {clients} clients: {rates}", flush=True)
    record.save()


def _check(record: Record, questions: list[Question], servers: list[Contestant]) -> None:
    """Check that all return the same rows, measure the first answers, and leave them in the cache."""
    if record.seconds:
        for text in (text for question in questions for text in question.texts):
            workload.fetch(servers[-1].endpoint, text)
        return
    for question in questions:
        for text in question.texts:
            began = time.perf_counter()
            first = workload.fetch(servers[0].endpoint, text)
            record.seconds[question.name] = min(record.seconds.get(question.name, 1e9), time.perf_counter() - began)
            record.rows[question.name] = len(workload.solutions(first))
            for other in servers[1:]:
                if not workload.same(first, workload.fetch(other.endpoint, text)):
                    record.different.append(f"{question.name} ({other.name})")


def _mixes(record: Record, questions: list[Question]) -> dict[str, list[Question]]:
    heavy = [question for question in questions if record.seconds[question.name] >= HEAVY_FROM]
    return {CANNED: questions, SHORT: [question for question in questions if question not in heavy], HEAVY: heavy}


def _rdflib(record: Record, questions: list[Question], server: Contestant, folder: Path, patience: float) -> None:
    """Run each query once, one after the other: it cannot run two at once. Those that take ``patience`` seconds of processor time are
    stopped."""
    with server.running(folder / "rdflib.log"):
        for question in questions:
            before = server.cpu()
            with ThreadPoolExecutor(1) as pool:
                asked = pool.submit(workload.fetch, server.endpoint, question.texts[0])
                while not asked.done() and server.cpu() - before < patience:
                    time.sleep(0.01)
                record.rdflib[question.name] = server.cpu() - before
                late = not asked.done()
                if late or asked.exception():
                    record.given_up.add(question.name)
                if late:
                    server.begin_again(folder / "rdflib.log")
            record.rdflib_memory = max(record.rdflib_memory, server.memory())
            more = "more than " if question.name in record.given_up else ""
            print(f"{question.name}, rdflib-endpoint: {more}{record.rdflib[question.name]:.3g} s", flush=True)
            record.save()


def _told(record: Record, questions: list[Question], plan: Plan, data: Path) -> Told:
    quads = json.loads((data / "current" / "manifest.json").read_text())["quads"]
    names = [question.name for question in questions]
    short = [name for name in names if record.seconds.get(name, HEAVY_FROM) < HEAVY_FROM]
    versions = contestants.versions()
    told = Told(quads, versions, names, short, plan.clients, record.rdflib, record.given_up, record.rdflib_memory)
    return replace(told, rows=record.rows, choices=record.choices)


def _load(path: Path | None) -> Record:
    return pickle.loads(path.read_bytes()) if path and path.exists() else Record()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--part", action="append")
    parser.add_argument("--figures", type=Path)
    parser.add_argument("--output", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
