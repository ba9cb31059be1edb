"""How long pages take, cold and again: `make bench-pages`, or for graphs of other sizes

    python -m tests.server.bench.pages [--articles N]... [--rounds N] [--data FOLDER] [--output FILE]

Each round starts the server anew and asks for every page once, in another order: those are the cold times. Then each page is asked for
again, by one client and by eight. Oxigraph's own server answers the canned queries beside it, whole, as their pages once asked them.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
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
CLIENTS = 8
PATIENCE = 60.0  # seconds after which a page counts as failed
MARK = "## Pages"


@dataclass
class Times:
    """Seconds of a page, by how it was requested; and its number of failures."""

    cold: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    eight: list[float] = field(default_factory=list)
    oxigraph: float | None = None
    failed: int = 0


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


def ask(root: str, address: str) -> tuple[float, bool]:
    """Return the seconds until a page is complete, and whether it is valid."""
    began = time.perf_counter()
    try:
        with urlopen(Request(root + address, headers={"Accept": "text/html"}), timeout=PATIENCE) as response:
            good = bool(response.read())
    except (HTTPError, OSError):
        good = False
    return time.perf_counter() - began, good


def measure(data: Path, rounds: int, folder: Path) -> tuple[dict[str, Times], dict[str, float]]:
    """Return the times of every page, and figures of the server: seconds to be ready, MiB of its main process."""
    made = current_build(data)
    pages = addresses(made)
    times, facts = defaultdict[str, Times](Times), dict[str, float]()
    random = Random(1)
    for number in range(rounds):
        server = contestants.entente(data, cache=True)
        server.environment = {}
        began = time.perf_counter()
        with server.running(folder / "entente.log"):
            facts["ready"] = max(facts.get("ready", 0.0), time.perf_counter() - began)
            root = f"http://127.0.0.1:{server.port}"
            for name in random.sample(list(pages), len(pages)):
                seconds, good = ask(root, pages[name])
                times[name].cold.append(seconds)
                times[name].failed += not good
            if number == rounds - 1:
                _again(root, pages, times)
                for name, address in parameters(made, 5):
                    seconds, good = ask(root, address)
                    times["canned queries with parameters"].cold.append(seconds)
                    times["canned queries with parameters"].failed += not good
                    print(f"  {seconds * 1000:7.0f} ms {name} with parameters{'' if good else ' FAILED'}", flush=True)
                assert server.process
                facts["memory"] = contestants.proportional(contestants.descendants(server.process.pid)[0]) / 2**20
    _oxigraph(made, data, times, folder)
    return dict(times), facts


def _again(root: str, pages: dict[str, str], times: dict[str, Times]) -> None:
    for name, address in pages.items():
        times[name].again += [ask(root, address)[0] for _ in range(AGAIN)]
        with ThreadPoolExecutor(CLIENTS) as pool:
            times[name].eight += [seconds for seconds, _ in pool.map(lambda _, address=address: ask(root, address), range(AGAIN))]


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
    """Return a percentile of the page's times in milliseconds."""
    if not values:
        return ""
    ordered = sorted(values)
    if percent == 50:
        return f"{statistics.median(ordered) * 1000:,.0f}"
    return f"{ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1000:,.0f}"


def report(times: dict[str, Times], facts: dict[str, float], quads: int, rounds: int) -> str:
    """Return the table of one graph."""
    lines = [
        f"### {quads:,} quads",
        "",
        f"{rounds} starts; ready after {facts['ready']:.1f} s at most; {facts['memory']:.0f} MiB in the leading process at the end.",
        "",
        "| page | cold p50 ms | p95 | again p50 | p95 | 8 clients p50 | p95 | Oxigraph, whole query |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, each in times.items():
        cells = [share(values, percent) for values in (each.cold, each.again, each.eight) for percent in (50, 95)]
        cells.append("" if each.oxigraph is None else f"{each.oxigraph * 1000:,.0f}")
        lines.append(f"| {name}{f' ({each.failed} failed)' if each.failed else ''} | {' | '.join(cells)} |")
    medians = [statistics.median(each.cold) for each in times.values()]
    return "\n".join([*lines, "", f"Median of the cold medians: {statistics.median(medians) * 1000:.0f} ms.", ""])


def main() -> int:
    """Measure each size; print the tables, or replace those in a report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, action="append")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data", type=Path, help="data folder of one graph that is there already")
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    sections, failed = [], 0
    with tempfile.TemporaryDirectory() as scratch:
        for number in [0] if arguments.data else arguments.articles or SIZES:
            data = arguments.data or Path(scratch) / str(number)
            if not arguments.data:
                build(data, number)
            times, facts = measure(data, arguments.rounds, Path(scratch))
            quads = json.loads((data / "current" / "manifest.json").read_text(encoding="utf-8"))["quads"]
            sections.append(report(times, facts, quads, arguments.rounds))
            failed += sum(each.failed for each in times.values())
            print(sections[-1], flush=True)
    if arguments.output:
        kept = re.split(rf"^{MARK}$", arguments.output.read_text(encoding="utf-8"), flags=re.MULTILINE)[0].rstrip()
        about = " ".join((__doc__ or "").split("\n\n")[-1].split())
        arguments.output.write_text("\n".join([kept, "", MARK, "", about, "", *sections]), encoding="utf-8")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
