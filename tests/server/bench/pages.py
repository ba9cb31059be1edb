"""How long pages take, cold and again: `make bench-pages`, or for graphs of other sizes

    python -m tests.server.bench.pages [--articles N]... [--rounds N] [--data FOLDER] [--alone] [--output FILE]

Each round starts the server anew and asks for every page once, in another order: those are the cold times. Then each page is asked for
again, twenty times by one client and twenty times by eight. Oxigraph's own server answers the canned queries beside it, whole, as their
pages once asked them. A page that leaves a part out because it takes too long is marked, with the number of its answers that did.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from kg.pipeline.questions import default_questions
from kg.sparql.canned import load_queries
from kg.store import Build, current_build
from kg.store.index.search import SearchIndex, classes_in
from tests.server.bench import contestants
from tests.server.bench.data import build
from tests.server.bench.workload import fetch

SIZES = (225, 2250, 7500)
AGAIN = 20
ROUNDS = 20
ALTERNATIVES = 5
"""Requests of each canned query with other parameters than its defaults."""
CLIENTS = 8
PATIENCE = 60.0  # seconds after which a page counts as failed
MARK = "## Pages"
OMITTED = b'<p class="notice" role="status">On this graph '
WITH_PARAMETERS = "canned queries with parameters"
SHOWN = 8
"""The slowest of the canned queries with parameters that a report names."""


@dataclass
class Times:
    """Seconds of a page, by how it was requested; and the numbers of its failures and of answers with a part left out.

    ``processor`` is what the cold requests cost, which depends little on what else runs on the machine.
    """

    cold: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    eight: list[float] = field(default_factory=list)
    oxigraph: float | None = None
    failed: int = 0
    partial: int = 0
    processor: list[float] = field(default_factory=list)

    def add(self, to: list[float], answer: Answer) -> None:
        """Note an answer."""
        to.append(answer.seconds)
        self.failed += not answer.good
        self.partial += answer.partial


@dataclass(frozen=True)
class Answer:
    """How long a page took, the processor time, whether it is valid, and whether it says that a part of it was left out."""

    seconds: float
    processor: float
    good: bool
    partial: bool


@dataclass
class Facts:
    """The server's figures: the most seconds to be ready, MiB of its leading process, and the load of the machine meanwhile."""

    ready: list[float] = field(default_factory=list)
    memory: float = 0.0
    loads: list[float] = field(default_factory=list)
    slowest: dict[str, float] = field(default_factory=dict)


def addresses(made: Build) -> dict[str, str]:
    """Return the pages to request, by name: the largest one of each kind."""
    index = SearchIndex(made.folder / "search.sqlite")

    def most(kind: str, place: int = 0) -> str:
        return index.foremost([kind], place + 1)[place].iri

    def page(iri: str) -> str:
        return "/page/" + quote(iri.removeprefix("https://w3id.org/entente/resource/"), safe="/")

    found = {
        "home": "/",
        "state with most events": page(most("State")),
        "the same from 1990 to 1999": page(most("State")) + "?from=1990&to=1999",
        "pair": f"/dyad?{urlencode({'one': most('State'), 'other': most('State', 1)})}",
        "person": page(most("Person")),
        "institution": page(most("Institution")),
        "place": page(most("Place")),
        "agreement": page(most("Agreement")),
        "article": page(most("Article")),
        "search": f"/search?q={quote(index.foremost(['State'], 1)[0].label)}",
        "articles": "/articles",
        "categories": "/categories",
        "category": "/category/CONSULT",
        "queries": "/queries",
    }
    return found | {f"query {name}": f"/queries/{name}" for name in load_queries()}


def parameters(made: Build, number: int) -> Iterator[tuple[str, str]]:
    """Return canned queries with other values than the defaults: decades, and entities drawn from the hundred most active of their
    class."""
    index, random = SearchIndex(made.folder / "search.sqlite"), Random(7)
    for query in load_queries().values():
        wanted = [parameter for parameter in query.parameters if parameter.type == "iri"]
        dated = {"from", "to"} <= {parameter.name for parameter in query.parameters}
        known = {p.name: index.foremost(classes_in(p.entity), 100) for p in wanted}
        asked = (wanted or dated) and all(known.values())
        for turn in range(number if asked else 0):
            values = {name: random.choice(things).iri for name, things in known.items()}
            if dated and (turn % 2 or not wanted):
                decade = random.randrange(1950, 2020, 10)
                values |= {"from": f"{decade}-01-01", "to": f"{decade + 9}-12-31"}
            yield query.name, f"/queries/{query.name}?{urlencode(values)}"


def ask(server: contestants.Contestant, address: str) -> Answer:
    """Request a page and read all of it."""
    body, before, began = b"", server.scheduled(), time.perf_counter()
    try:
        with urlopen(Request(f"http://127.0.0.1:{server.port}{address}", headers={"Accept": "text/html"}), timeout=PATIENCE) as response:
            body = response.read()
    except (HTTPError, OSError):
        pass
    seconds = time.perf_counter() - began
    processor = sum(max(0.0, used - before[pid]) for pid, used in server.scheduled().items() if pid in before)
    return Answer(seconds, processor, bool(body), OMITTED in body)


def measure(data: Path, rounds: int, folder: Path, alone: bool) -> tuple[dict[str, Times], Facts]:
    """Return the times of every page and the server's figures; ``alone``: without Oxigraph's server beside it."""
    made = current_build(data)
    pages = addresses(made)
    times, facts = {name: Times() for name in pages}, Facts()
    random = Random(1)
    for number in range(rounds):
        server = contestants.entente(data, cache=True)
        server.environment = {}
        began = time.perf_counter()
        with server.running(folder / "entente.log"):
            facts.ready.append(time.perf_counter() - began)
            for name in random.sample(list(pages), len(pages)):
                answer = ask(server, pages[name])
                times[name].add(times[name].cold, answer)
                times[name].processor.append(answer.processor)
            facts.loads.append(os.getloadavg()[0])
            if number == rounds - 1:
                _again(server, pages, times)
                times[WITH_PARAMETERS] = _chosen(server, made, facts)
                assert server.process
                facts.memory = contestants.proportional(contestants.descendants(server.process.pid)[0]) / 2**20
                facts.loads.append(os.getloadavg()[0])
    if not alone:
        _oxigraph(made, data, times, folder)
    return times, facts


def _again(server: contestants.Contestant, pages: dict[str, str], times: dict[str, Times]) -> None:
    for name, address in pages.items():
        each = times[name]
        for _ in range(AGAIN):
            each.add(each.again, ask(server, address))
        with ThreadPoolExecutor(CLIENTS) as pool:
            for answer in pool.map(lambda _, address=address: ask(server, address), range(AGAIN)):
                each.add(each.eight, answer)


def _chosen(server: contestants.Contestant, made: Build, facts: Facts) -> Times:
    """Time the canned queries with other parameters than their defaults."""
    found = Times()
    for name, address in parameters(made, ALTERNATIVES):
        answer = ask(server, address)
        found.add(found.cold, answer)
        found.processor.append(answer.processor)
        facts.slowest[name] = max(answer.seconds, facts.slowest.get(name, 0.0))
    return found


def _oxigraph(made: Build, data: Path, times: dict[str, Times], folder: Path) -> None:
    server = contestants.native(data)
    with server.running(folder / "oxigraph.log"):
        for question in default_questions(made.folder / "search.sqlite"):
            began = time.perf_counter()
            try:
                fetch(server.endpoint, question.text, PATIENCE)
            except OSError:
                continue
            times[f"query {question.name}"].oxigraph = time.perf_counter() - began


def share(values: Sequence[float], percent: int) -> str:
    """Return a percentile of the page's times in milliseconds (nearest rank)."""
    if not values:
        return ""
    ordered = sorted(values)
    if percent == 50:
        return f"{statistics.median(ordered) * 1000:,.0f}"
    return f"{ordered[-(-len(ordered) * percent // 100) - 1] * 1000:,.0f}"


def report(times: dict[str, Times], facts: Facts, quads: int) -> str:
    """Return the table of one graph."""
    lines = [
        f"### {quads:,} quads",
        "",
        f"{len(facts.ready)} starts; ready after {share(facts.ready, 50)} ms (p50), {share(facts.ready, 95)} ms (p95); "
        f"{facts.memory:.0f} MiB in the leading process at the end. Load average {min(facts.loads):.1f} to {max(facts.loads):.1f} on "
        f"{os.cpu_count()} processors.",
        "",
        "| page | cold p50 ms | p95 | of processor p50 | again p50 | p95 | 8 clients p50 | p95 | Oxigraph, whole query |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, each in times.items():
        cells = [share(values, percent) for values in (each.cold, each.again, each.eight) for percent in (50, 95)]
        cells.insert(2, share(each.processor, 50))
        cells.append("" if each.oxigraph is None else f"{each.oxigraph * 1000:,.0f}")
        counted = ", ".join(f"{number} {what}" for number, what in ((each.failed, "failed"), (each.partial, "partial")) if number)
        lines.append(f"| {name}{f' ({counted})' if counted else ''} | {' | '.join(cells)} |")
    medians = [statistics.median(each.cold) for each in times.values() if each.cold]
    slowest = sorted(facts.slowest.items(), key=lambda pair: -pair[1])[:SHOWN]
    return "\n".join(
        [
            *lines,
            "",
            f"Median of the cold medians: {statistics.median(medians) * 1000:.0f} ms. Slowest with parameters: "
            + ", ".join(f"`{name}` {seconds * 1000:,.0f} ms" for name, seconds in slowest)
            + ".",
            "",
        ]
    )


def main() -> int:
    """Measure each size; print the tables, or replace those in a report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, action="append")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--data", type=Path, help="data folder of one graph that is there already")
    parser.add_argument("--alone", action="store_true", help="without Oxigraph's server beside it")
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    sections, failed = [], 0
    with tempfile.TemporaryDirectory() as scratch:
        for number in [0] if arguments.data else arguments.articles or SIZES:
            data = arguments.data or Path(scratch) / str(number)
            if not arguments.data:
                build(data, number)
            times, facts = measure(data, arguments.rounds, Path(scratch), arguments.alone)
            quads = json.loads((data / "current" / "manifest.json").read_text(encoding="utf-8"))["quads"]
            sections.append(report(times, facts, quads))
            failed += sum(each.failed for each in times.values())
            print(sections[-1], flush=True)
    if arguments.output:
        kept = re.split(rf"^{MARK}$", arguments.output.read_text(encoding="utf-8"), flags=re.MULTILINE)[0].rstrip()
        about = " ".join((__doc__ or "").split("\n\n")[-1].split())
        arguments.output.write_text("\n".join([kept, "", MARK, "", about, "", *sections]), encoding="utf-8")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
