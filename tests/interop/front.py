#!/usr/bin/env python3
"""Does the server in front of another store give the same answers as with its own?

    python tests/interop/front.py [DATA]

Publishes the graph of DATA (default: a graph of the annotated articles, made for this) to each store, counts its triples, serves in
front of it, and compares every canned query, every kind of page and some queries with those of the server with its own store.
`make interop` calls this. Exits with 1 where anything differs.
"""

from __future__ import annotations

import argparse
import gzip
import os
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]

from engines import EngineError, OxigraphServer, Served, SmallVirtuoso, Virtuoso  # noqa: E402
from flask import Flask  # noqa: E402
from interop import gold_graph  # noqa: E402

from kg.store import Build, current_build, open_store  # noqa: E402
from kg.store.builds import UNKNOWN  # noqa: E402
from kg.store.index.asking import write_search  # noqa: E402
from kg.store.output.publish import publish  # noqa: E402
from server import create_app  # noqa: E402
from tests.interop.behind import DIFFERENT, GRAPHS, QUERIES, addresses, canned, difference, query_difference  # noqa: E402

STORES: tuple[type[Served], ...] = (OxigraphServer, Virtuoso, SmallVirtuoso)
INDEX_SECONDS = 120
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?g), 'https://w3id.org/entente/')) }"


def wait_for_index(app: Flask) -> None:
    """Wait until the search index of the store is complete."""
    engine = app.extensions["entente.engine"]
    deadline = time.monotonic() + INDEX_SECONDS
    while engine.serving.build.id == UNKNOWN or not (engine.serving.build.folder / "search.sqlite").is_file():
        if time.monotonic() > deadline:
            raise EngineError(engine.watch.trouble or engine.watch.problem or "the index took too long")
        time.sleep(0.1)


def examine(store: Served, build: Build, ours: Flask) -> tuple[int, int, dict[str, str]]:
    """Publish, count, serve, compare: return the number of triples, the number of comparisons, and the differences."""
    with store.empty() as (address, protocol):
        publish(build.nquads, address, protocol)
        triples = int(store.ask(COUNT)["results"]["bindings"][0]["n"]["value"])
        theirs = create_app("no-such-folder", sparql_backend=store.endpoint, access_log=False, page_timeout=60, query_timeout=60)
        try:
            wait_for_index(theirs)
            paths = [path for path in (*addresses(ours), *canned()) if path not in DIFFERENT]
            found = {path: difference(ours, theirs, path) for path in paths}
            found |= {text: query_difference(ours, theirs, text) for text in (*QUERIES, *GRAPHS)}
        finally:
            theirs.extensions["entente.engine"].close()
    return triples, len(found), {what: problem for what, problem in found.items() if problem}


def main() -> int:
    """Run the comparison; return 0 if there are no differences."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, nargs="?")
    data = parser.parse_args().data
    well = True
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = f"{folder}/cache"
        build = current_build(data or gold_graph(Path(folder) / "data"))
        if not (build.folder / "search.sqlite").exists():
            write_search(open_store(build.store_path), build.folder / "search.sqlite")
        with gzip.open(build.nquads) as lines:
            expected = sum(1 for _ in lines)
        ours = create_app(build.folder.parents[1], access_log=False, page_timeout=60)
        print(f"\n{'in front of':<28}{'triples':>10}{'compared':>10}{'same':>8}{'seconds':>10}")
        for kind in STORES:
            begun = time.monotonic()
            triples, compared, problems = examine(kind(Path(folder)), build, ours)
            print(f"{kind.name:<28}{triples:>10}{compared:>10}{compared - len(problems):>8}{time.monotonic() - begun:>10.1f}", flush=True)
            well &= triples == expected and not problems
            for what, problem in problems.items():
                print(f"  {what}: {problem}")
        ours.extensions["entente.engine"].close()
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
