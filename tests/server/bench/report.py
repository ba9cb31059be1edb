"""The benchmark's figures as Markdown."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.server.bench.load import Tally
from tests.server.bench.measure import Figures

NATIVE, PLAIN, CACHED = "Oxigraph", "Entente, no cache", "Entente"
CANNED, SHORT, HEAVY = "all canned queries", "short canned queries", "heavy canned queries"
CHOICES = """Entente runs on granian over ASGI in one process, with queries on the event loop and pages in threads. It communicates with its
workers through pairs of Unix sockets: the event loop can wait for a socket without a thread, a full socket buffer blocks the worker until a
slow client has read, and the end of a worker is noticed immediately. Shared memory is faster for long answers, but each worker would have
to reserve memory for the longest possible answer."""
READING = """A canned query is called heavy if Oxigraph's server takes 50 ms or more for it. A mix requests its queries with equal frequency
for five seconds; with 8 clients, the three servers are measured in turn, three times. A single query is requested for one second.
rdflib-endpoint processes one query at a time, so its figures are the processor time of a single run of each query; a query was stopped
after 40 s and is counted as if answered then.

Slow queries have a scheduler time slice of 100 ms (`server/execution/workers/priority.py`), because frequent preemption among eight
processes costs a tenth of the processor time through cache misses, and queries that have run for longest have the lowest priority. As a
result, half of the heavy answers arrive sooner than from Oxigraph's server, and the slowest one percent later. Slow queries also yield to
other programs, so measure on an otherwise idle machine."""
NOTHING = Tally()
AT = 8  # numbers of clients for which targets are set


@dataclass(frozen=True)
class Told:
    """Further input of the report: the number of quads, versions, the queries, the short ones among them, and rdflib-endpoint's
    processor seconds for each query, or until it was stopped."""

    quads: int
    versions: dict[str, str]
    queries: list[str]
    short: list[str]
    clients: tuple[int, ...]
    rdflib: dict[str, float] = field(default_factory=dict)
    given_up: set[str] = field(default_factory=set)
    rdflib_memory: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    choices: str = ""


def report(figures: Figures, told: Told) -> str:
    """Return the whole report."""
    parts = [
        f"Measured on {datetime.now(UTC):%Y-%m-%d} on {_machine()}, by `make bench-server`. {_versions(told)}",
        READING,
        "## Targets\n\n" + targets(figures, told),
        *(f"## {name[0].upper()}{name[1:]}\n\n" + mix(figures, told, name) for name in (CANNED, SHORT, HEAVY)),
        "## What a request costs\n\n" + "\n\n".join(mix(figures, told, name) for name in ("ASK {}", "40 rows")),
        *(f"## Each query, {_clients(n)}\n\n" + each(figures, told, n) for n in told.clients if _has_queries(figures, told, n)),
        "## The load generator\n\n" + generator(figures),
        *(["## Choices\n\n" + CHOICES + "\n\n" + told.choices] if told.choices else []),
    ]
    return "\n\n".join(parts) + "\n"


def targets(figures: Figures, told: Told) -> str:
    """Return the issue's targets, as ratios of answers per second, and the measurements."""
    at = AT if AT in told.clients else max(told.clients)
    rows = [
        ("canned-query mix without the cache, to Oxigraph's server", 0.7, figures.ratio(CANNED, at, PLAIN, NATIVE)),
        ("canned-query mix with the cache, to Oxigraph's server", 2.0, figures.ratio(CANNED, at, CACHED, NATIVE)),
        ("heavy queries without the cache, to Oxigraph's server", 0.95, figures.ratio(HEAVY, at, PLAIN, NATIVE)),
    ]
    if told.rdflib:
        rows.append(("canned-query mix without the cache, to rdflib-endpoint", 20.0, figures.rate(CANNED, at, PLAIN) / rdflib_rate(told)))
    lines = ([what, f"≥ {least:g}", f"{found:.2f}", "yes" if found >= least else "**no**"] for what, least, found in rows)
    return table([f"At {_clients(at)}", "target", "measured", "reached"], lines)


def rdflib_rate(told: Told) -> float:
    """Return an upper bound of its answers per second: it has one thread, and queries that were stopped count as answered then."""
    return len(told.rdflib) / sum(told.rdflib.values())


def mix(figures: Figures, told: Told, workload: str) -> str:
    """Return one workload at every number of clients."""
    lines = []
    for clients in told.clients:
        for name in (NATIVE, PLAIN, CACHED):
            tally = figures.tallies.get((workload, clients, name))
            if tally is None or not tally.answers:
                continue
            memory = figures.memory[workload, clients, name] / 2**20
            ratio = figures.ratio(workload, clients, name, NATIVE)
            lines.append([str(clients), name, _number(tally.rate), *_times(tally.percentile(0.5), tally.percentile(0.99)),
                          f"{memory:.0f}", _number(ratio)])  # fmt: skip
    if workload == CANNED and told.rdflib:
        lines.insert(len(lines) // len(told.clients), _rdflib(told, figures.rate(CANNED, told.clients[0], NATIVE) or math.nan))
    return table([workload, "", "answers/s", "p50 ms", "p99 ms", "MiB", "ratio"], lines)


def _rdflib(told: Told, native: float) -> list[str]:
    took = sorted(told.rdflib.values())
    return [
        "1",
        f"rdflib-endpoint, at best ({len(told.given_up)} of {len(took)} given up)",
        f"{rdflib_rate(told):.3g}",
        *_times(took[len(took) // 2], took[-1]),
        f"{told.rdflib_memory / 2**20:.0f}",
        f"{rdflib_rate(told) / native:.2g}",
    ]


def each(figures: Figures, told: Told, clients: int) -> str:
    """Return every query by itself at one number of clients."""
    lines = []
    for query in told.queries:
        cells = [query, str(told.rows.get(query, ""))]
        for name in (NATIVE, PLAIN, CACHED):
            tally = figures.tallies.get((query, clients, name), NOTHING)
            cells += [_number(tally.rate or math.nan), *_times(tally.percentile(0.5), tally.percentile(0.99))]
        cells += [_number(figures.ratio(query, clients, name, NATIVE)) for name in (PLAIN, CACHED)]
        if clients == 1 and told.rdflib:
            took = told.rdflib.get(query, float("nan"))
            cells.append(("> " if query in told.given_up else "") + _times(took)[0])
        lines.append(cells)
    heads = ["query", "rows", *(f"{name} {what}" for name in (NATIVE, "no cache", "cache") for what in ("/s", "p50 ms", "p99 ms"))]
    heads += ["ratio", "with cache"]
    return table([*heads, *(["rdflib-endpoint ms of processor"] if clients == 1 and told.rdflib else [])], lines)


def generator(figures: Figures) -> str:
    """Return the load of the generator at the highest rate, and the failures, if any."""
    tallies = [(tally.rate, key, tally) for key, tally in figures.tallies.items() if tally.elapsed]
    rate, (workload, clients, name), tally = max(tallies)
    failed = figures.failures()
    share = tally.own_cpu / tally.elapsed
    failures = ", ".join(f"{name}: {count}" for name, count in failed.items() if count) or "none"
    return (
        f"One process, pinned to the last processor; the servers use all processors. Its highest load was {_number(rate)} answers/s "
        f"({workload}, {_clients(clients)}, {name}), at {share:.0%} of its processor. Failed requests: {failures}."
    )


def _has_queries(figures: Figures, told: Told, clients: int) -> bool:
    return any((query, clients, NATIVE) in figures.tallies for query in told.queries)


def table(heads: list[str], lines: Iterable[list[str]]) -> str:
    """Return a Markdown table; all columns but the first are numbers unless their heading says otherwise."""
    rule = ["---"] + ["---:"] * (len(heads) - 1)
    return "\n".join("| " + " | ".join(line) + " |" for line in (heads, rule, *lines))


def _times(*seconds: float) -> list[str]:
    return [_number(value * 1000) for value in seconds]


def _number(value: float) -> str:
    if math.isnan(value):
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _clients(count: int) -> str:
    return "1 client" if count == 1 else f"{count} clients"


def _versions(told: Told) -> str:
    listed = ", ".join(f"{name} {version}" for name, version in told.versions.items())
    return f"{told.quads:,} quads. {listed}."


def _machine() -> str:
    models = [line.split(":")[1].strip() for line in _read("/proc/cpuinfo").splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{models[0] if models else platform.machine()}, {os.cpu_count()} processors, {memory:.0f} GiB, Linux {platform.release()}"


def _read(path: str) -> str:
    return Path(path).read_text() if Path(path).exists() else ""
