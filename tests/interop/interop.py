#!/usr/bin/env python3
"""Do other stores take the Turtle dump, and do they answer as we do?

    python tests/interop/interop.py [DATA] [--only NAME] [--show QUERY]

Loads the dump of DATA (default: a graph of the annotated articles, made for this) into each engine, compares the number of
triples and the rows of every canned query, and prints a table. Exits with 1 where anything differs. `make interop` installs
what is missing and calls this.
"""

from __future__ import annotations

import argparse
import gzip
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]

from engines import ENGINES, Embedded, Engine, EngineError, n3_count, rapper_count, rdf4j_count  # noqa: E402

from kg.sparql.canned import load_queries  # noqa: E402
from kg.store import current_build  # noqa: E402
from tests.interop.rows import Row, compare, rows  # noqa: E402


def queries() -> Iterator[tuple[str, str]]:
    """Return every canned query as written, and, if it has parameters with defaults, also with these."""
    for name, canned in load_queries().items():
        yield name, canned.text
        given = {p.name: p.default for p in canned.parameters if p.default}
        if given and all(p.default or not p.required for p in canned.parameters):
            yield f"{name} (defaults)", canned.inline(canned.bind(given))


def is_sorted(query: str) -> bool:
    """Whether a query ends by sorting its rows."""
    return bool(re.search(r"ORDER\s+BY[^}]*$", query, re.IGNORECASE))


class Comparison:
    """The result of one engine for the dump and the queries."""

    def __init__(self, name: str, expected: int) -> None:
        self.name = name
        self.expected = expected
        self.triples: int | str = ""
        self.problems: dict[str, str] = {}
        self.known: dict[str, str] = {}
        self.asked = 0
        self.seconds = 0.0


def examine(engine: Engine, dump: Path, triples: int, expected: dict[str, list[Row]], texts: dict[str, str]) -> Comparison:
    """Load, count, and run all queries."""
    found = Comparison(engine.name + ("" if engine.keeps_order else " (as sets)"), triples)
    start = time.monotonic()
    try:
        with engine.start(dump):
            found.triples = engine.count()
            for name, text in texts.items() if engine.is_asked else ():
                found.asked += 1
                try:
                    in_order = engine.keeps_order and is_sorted(text)
                    problem = compare(expected[name], rows(engine.ask(text)), in_order=in_order)
                except EngineError as error:
                    problem = f"refused: {error}"
                known = engine.differences.get(name.removesuffix(" (defaults)"))
                if problem and known and not problem.startswith("refused"):
                    found.known[name] = known
                elif problem:
                    found.problems[name] = problem
    except (EngineError, OSError) as error:
        found.problems["start"] = str(error)
    found.seconds = time.monotonic() - start
    return found


def parsed(name: str, count: Callable[[], int], expected: int) -> Comparison:
    """Count what a parser reads; there are no queries to run."""
    found = Comparison(name, expected)
    start = time.monotonic()
    try:
        found.triples = count()
    except (EngineError, OSError) as error:
        found.problems["load"] = str(error)
    found.seconds = time.monotonic() - start
    return found


def parsers(dump: Path, folder: Path, triples: int) -> list[Comparison]:
    """Count what third-party parsers read from the dumps in Turtle and N-Quads."""
    quads = folder / "entente.nq"
    quads.write_bytes(gzip.decompress((dump.parent / "entente.nq.gz").read_bytes()))
    all_quads = len(set(quads.read_bytes().splitlines()))
    return [
        parsed("Redland (Turtle)", lambda: rapper_count(dump), triples),
        parsed("RDF4J (Turtle)", lambda: rdf4j_count(dump, folder), triples),
        parsed("RDF4J (N-Quads)", lambda: rdf4j_count(quads, folder), all_quads),
        parsed("N3.js (Turtle)", lambda: n3_count(dump, folder), triples),
        parsed("N3.js (N-Quads)", lambda: n3_count(quads, folder), all_quads),
    ]


def report(found: list[Comparison]) -> bool:
    """Print the table; return whether there are no failures."""
    print(f"\n{'store':<28}{'triples':>10}{'queries':>10}{'same':>8}{'seconds':>10}")
    well = True
    for engine in found:
        same = engine.asked - len(engine.problems) - len(engine.known)
        print(f"{engine.name:<28}{engine.triples:>10}{engine.asked:>10}{same:>8}{engine.seconds:>10.1f}")
        well &= engine.triples == engine.expected and not engine.problems
    for engine in found:
        if engine.triples != engine.expected:
            print(f"{engine.name}: {engine.triples} triples, not {engine.expected}")
        for name, problem in (engine.problems | {name: f"known: {reason}" for name, reason in engine.known.items()}).items():
            print(f"{engine.name}: {name}: {problem}")
    return well


def show(engines: list[Engine], dump: Path, text: str, expected: list[Row]) -> None:
    """Print, for one query, the rows found on one side only."""
    for engine in engines:
        with engine.start(dump):
            theirs = rows(engine.ask(text))
            for row in (Counter(expected) - Counter(theirs)).elements():
                print(f"- {row}")
            for row in (Counter(theirs) - Counter(expected)).elements():
                print(f"+ {row}")


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--only", default="", help="an engine, by a part of its name")
    parser.add_argument("--show", help="a query whose differing rows are wanted")
    parser.add_argument("--npm", type=Path, default=Path(tempfile.gettempdir()) / "entente-interop", help="where Comunica is installed")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="entente-interop-") as place:
        folder = Path(place)
        (folder / "npm").symlink_to(args.npm.resolve())
        dump = dump_of(args.data or gold_graph(folder / "data"))
        ours = Embedded(folder)
        with ours.start(dump):
            texts = dict(queries())
            expected = {name: rows(ours.ask(text)) for name, text in texts.items()}
        triples = len(set(dump_triples(dump)))
        engines = [engine(folder) for engine in ENGINES if args.only.lower() in engine.name.lower()]
        if args.show:
            show(engines, dump, texts[args.show], expected[args.show])
            return 0
        print(f"{dump}: {triples} triples; {len(texts)} queries, {sum(map(len, expected.values()))} rows", flush=True)
        found = [examine(engine, dump, triples, expected, texts) for engine in engines]
        return 0 if report([*found, *([] if args.only else parsers(dump, folder, triples))]) else 1


def dump_of(data: Path) -> Path:
    """Return the Turtle dump of a data folder's build."""
    return current_build(data).dumps / "entente.ttl"


def dump_triples(dump: Path) -> list[bytes]:
    """Return the build's own N-Triples."""
    return gzip.decompress((dump.parent / "entente.nt.gz").read_bytes()).splitlines()


def gold_graph(data: Path) -> Path:
    """Return a data folder with the graph of the gold annotations."""
    sys.path.insert(0, str(HERE.parent / "evaluation"))
    import gold_graph

    gold_graph.main(data)
    return data


if __name__ == "__main__":
    sys.exit(main())
