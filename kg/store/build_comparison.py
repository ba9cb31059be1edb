"""Compare two builds by their sorted N-Quads: resources added, dropped and changed, by class."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from kg.errors import EntenteError
from kg.graph import ntriples
from kg.graph.namespaces import DATASET, ENT, PREFIXES, RDF, RDFS, STATISTICS
from kg.graph.terms import iri, literal_text

_MOST_EXAMPLES = 1000


@dataclass(frozen=True)
class Change:
    """One resource that differs: ``kind`` is added, dropped or changed; ``before`` and ``after`` are the statements found on one side
    only."""

    kind: str
    subject: str
    label: str
    term: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass
class Difference:
    """All changes counted by class and kind; the first thousand in full."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)

    def by_class(self) -> dict[str, dict[str, int]]:
        """Return class to {"added": n, "dropped": n, "changed": n}."""
        table: dict[str, dict[str, int]] = {}
        for (term, kind), number in sorted(self.counts.items()):
            table.setdefault(term, {"added": 0, "dropped": 0, "changed": 0})[kind] = number
        return table


def difference(before: Path, after: Path) -> Difference:
    """Compare two dumps in sorted N-Quads (``entente.nq.gz``), except for the dataset's description and statistics, in constant memory."""
    found = Difference()
    for subject, old, new in _side_by_side(_subjects(before), _subjects(after)):
        if old == new:
            continue
        kind = "added" if not old else "dropped" if not new else "changed"
        described = new or old
        change = Change(kind, subject, _label(described), _class(described), tuple(sorted(old - new)), tuple(sorted(new - old)))
        found.counts[change.term, kind] += 1
        if len(found.changes) < _MOST_EXAMPLES:
            found.changes.append(change)
    return found


Described = tuple[str, frozenset[str]]


def _subjects(path: Path) -> Iterator[Described]:
    """Yield each subject with its predicates and objects, whatever their graphs."""
    own = tuple(f" {iri(graph)} .\n".encode() for graph in (DATASET, STATISTICS))
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            lines = (line for line in file if not line.endswith(own))
            for subject, group in groupby(lines, key=ntriples.subject):
                yield subject.decode(), frozenset(_said(line) for line in group)
    except (OSError, ValueError, EOFError) as error:
        raise EntenteError(f"{path}: not a dump in N-Quads ({error}). Give a build's entente.nq.gz.") from error


def _said(line: bytes) -> str:
    """Return the predicate and object of a line."""
    if not line.endswith(b"> .\n"):
        raise ValueError(f"no statement in a graph: {line[:80].decode(errors='replace').strip()}")
    return ntriples.statement(line)[len(ntriples.subject(line)) + 1 :].decode()


def _side_by_side(left: Iterator[Described], right: Iterator[Described]) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    nothing: frozenset[str] = frozenset()
    old, new = next(left, None), next(right, None)
    while old or new:
        if new is None or (old is not None and old[0] + " " < new[0] + " "):
            assert old is not None
            yield old[0], old[1], nothing
            old = next(left, None)
        elif old is None or new[0] + " " < old[0] + " ":
            yield new[0], nothing, new[1]
            new = next(right, None)
        else:
            yield old[0], old[1], new[1]
            old, new = next(left, None), next(right, None)


def _label(described: frozenset[str]) -> str:
    start = f"{iri(RDFS.label)} "
    return next((literal_text(said[len(start) :]) for said in sorted(described) if said.startswith(start)), "")


def _class(described: frozenset[str]) -> str:
    """Return the local name of the most specific of Entente's classes; "other" if there is none."""
    start = f"{iri(RDF.type)} <{PREFIXES['ent']}"
    general = {term.rsplit("#", 1)[1] for term in (ENT.Entity, ENT.Fact, ENT.Agent)}
    names = sorted(said[len(start) : -1] for said in described if said.startswith(start))
    return next((name for name in names if name not in general), "other")
