"""Turtle and TriG as a stream, from sorted lines of N-Triples or N-Quads.

Ours and not a library's: rdflib's writer holds the whole graph in memory; pyoxigraph's writes the prefixes in an order that
changes from run to run, and escapes characters in local names (``res:A_\\(B\\)``), which is right but which Virtuoso 7.2 reads
as other IRIs. Here an IRI is abbreviated only where its local name needs no escape.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from kg.graph.namespaces import PREFIXES, RESOURCE

DUMP_PREFIXES: Mapping[str, str] = {prefix: PREFIXES[prefix] for prefix in sorted(PREFIXES) if prefix not in ("dbpedia", "wd")} | {
    folder: f"{RESOURCE}{folder}/" for folder in ("citation", "event", "passage", "tenure")
}
_TYPE = f"<{PREFIXES['rdf']}type>"
_FIRST = (_TYPE, f"<{PREFIXES['rdfs']}label>", f"<{PREFIXES['skos']}prefLabel>")
# A part of PN_LOCAL (https://www.w3.org/TR/turtle/#grammar-production-PN_LOCAL) that every parser tried reads alike.
_NAME = "A-Za-z0-9_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff"
_LOCAL = re.compile(f"[{_NAME}][{_NAME}-]*")
_NUMBER = re.compile(r'"(-?[0-9]+)"\^\^<http://www\.w3\.org/2001/XMLSchema#integer>')
_DATATYPE = re.compile(r"\^\^(<[^<>]*>)$")


def turtle(triples: Iterable[bytes], prefixes: Mapping[str, str] = DUMP_PREFIXES) -> Iterator[bytes]:
    """Lines of N-Triples, sorted, as Turtle: prefixes, then each subject with its type and label first."""
    short = _abbreviation(prefixes)
    yield from _head(prefixes)
    rows = (line.decode("utf-8").split(" ", 2) for line in triples)
    for subject, group in groupby(rows, key=itemgetter(0)):
        yield f"\n{_block(subject, group, short, '')}".encode()


def trig(lines: Iterable[bytes], prefixes: Mapping[str, str] = DUMP_PREFIXES) -> Iterator[bytes]:
    """Sorted lines of ``graph_first`` as TriG."""
    short = _abbreviation(prefixes)
    yield from _head(prefixes)
    rows = (line.decode("utf-8").split(" ", 3) for line in lines)
    for graph, in_graph in groupby(rows, key=itemgetter(0)):
        yield f"\n{short(graph)} {{\n".encode()
        for subject, group in groupby(in_graph, key=itemgetter(1)):
            yield _block(subject, (row[1:] for row in group), short, "  ").encode()
        yield b"}\n"


def graph_first(line: bytes) -> bytes:
    """A line of N-Quads with its graph before the triple, so that sorting brings together what stands in one graph."""
    start = line.rindex(b" <")
    return line[start + 1 : -2] + line[:start] + b" .\n"


def _head(prefixes: Mapping[str, str]) -> Iterator[bytes]:
    for prefix, namespace in sorted(prefixes.items()):
        yield f"@prefix {prefix}: <{namespace}> .\n".encode()


def _block(subject: str, rows: Iterable[Sequence[str]], short: Callable[[str], str], indent: str) -> str:
    """Everything about one subject, from rows of subject, predicate and the rest of the line, sorted: its type and label come first."""
    objects: dict[str, list[str]] = {predicate: [] for predicate in _FIRST}
    for _, predicate, rest in rows:
        objects.setdefault(predicate, []).append(short(rest[:-3]))
    verbs = [(short(predicate) if predicate != _TYPE else "a", values) for predicate, values in objects.items() if values]
    statements = f" ;\n{indent}    ".join(f"{verb} {', '.join(values)}" for verb, values in verbs)
    return f"{indent}{short(subject)} {statements} .\n"


def _abbreviation(prefixes: Mapping[str, str]) -> Callable[[str], str]:
    """What writes a term in N-Triples as short as Turtle allows."""
    by_namespace = {namespace: prefix for prefix, namespace in prefixes.items()}

    @lru_cache(maxsize=4096)
    def short(term: str) -> str:
        if term.startswith("<"):
            return resource(term)
        number = _NUMBER.fullmatch(term)
        return number.group(1) if number else _DATATYPE.sub(lambda match: f"^^{resource(match.group(1))}", term)

    def resource(term: str) -> str:
        address = term[1:-1]
        cut = max(address.rfind("#"), address.rfind("/")) + 1
        prefix, local = by_namespace.get(address[:cut]), address[cut:]
        return f"{prefix}:{local}" if prefix and _LOCAL.fullmatch(local) else term

    return lambda term: short(term) if term.endswith(">") else term
