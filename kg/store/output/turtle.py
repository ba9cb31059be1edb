"""Serialize Turtle and TriG as streams, from sorted lines of N-Triples or N-Quads.

No library fits: rdflib's serializer keeps the whole graph in memory; pyoxigraph's writes the prefixes in an order that changes from
run to run and escapes characters in local names (``res:A_\\(B\\)``), which is correct, but which Virtuoso 7.2 reads as other IRIs.
Here an IRI is abbreviated only if its local name needs no escape.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from kg.graph import ntriples
from kg.graph.namespaces import PREFIXES, RESOURCE
from kg.graph.terms import address

DUMP_PREFIXES: Mapping[str, str] = {prefix: PREFIXES[prefix] for prefix in sorted(PREFIXES) if prefix not in ("dbpedia", "wd")} | {
    folder: f"{RESOURCE}{folder}/" for folder in ("citation", "event", "passage", "tenure")
}
_TYPE = f"<{PREFIXES['rdf']}type>"
_LINE_END = "\x1e"  # the line end inside a block while it is sorted as one line; N-Quads never contain this character unescaped
_FIRST = (_TYPE, f"<{PREFIXES['rdfs']}label>", f"<{PREFIXES['skos']}prefLabel>")
# The part of PN_LOCAL (https://www.w3.org/TR/turtle/#grammar-production-PN_LOCAL) on which all parsers tried agree.
_NAME = "A-Za-z0-9_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff"
_LOCAL = re.compile(f"[{_NAME}][{_NAME}-]*")
_NUMBER = re.compile(r'"(-?[0-9]+)"\^\^<http://www\.w3\.org/2001/XMLSchema#integer>')
_DATATYPE = re.compile(r"\^\^(<[^<>]*>)$")


def turtle(triples: Iterable[bytes], prefixes: Mapping[str, str] = DUMP_PREFIXES) -> Iterator[bytes]:
    """Serialize sorted N-Triples as Turtle: prefixes, then each subject with its type and label first."""
    short = _abbreviation(prefixes)
    yield head(prefixes)
    for subject, group in groupby(ntriples.triples(triples), key=itemgetter(0)):
        yield f"\n{_block(subject, [(predicate, value) for _, predicate, value in group], short)}".encode()


def blocks(quads: Iterable[bytes], prefixes: Mapping[str, str] = DUMP_PREFIXES) -> Iterator[tuple[bytes, list[bytes]]]:
    """Yield each subject of sorted N-Quads as Turtle, and as lines, one per graph, which ``trig`` takes sorted.

    One pass serves both formats, since nearly every subject is in one graph only and is written alike in both.
    """
    short = _abbreviation(prefixes)
    for subject, group in groupby(ntriples.quads(quads), key=itemgetter(0)):
        graphs: dict[str, list[tuple[str, str]]] = {}
        everything: list[tuple[str, str]] = []
        for _, predicate, value, graph in group:
            everything.append(statement := (predicate, value))
            graphs.setdefault(graph, []).append(statement)
        if len(graphs) == 1:
            block = _block(subject, everything, short)
            yield f"\n{block}".encode(), [_in_graph(graph, subject, block)]
        else:
            block = _block(subject, list(dict.fromkeys(everything)), short)
            yield f"\n{block}".encode(), [_in_graph(graph, subject, _block(subject, said, short)) for graph, said in graphs.items()]


def trig(lines: Iterable[bytes], prefixes: Mapping[str, str] = DUMP_PREFIXES) -> Iterator[bytes]:
    """Serialize the sorted lines of ``blocks`` as TriG."""
    short = _abbreviation(prefixes)
    yield head(prefixes)
    line_end = _LINE_END.encode()
    rows = (line.split(b" ", 2) for line in lines)
    for graph, in_graph in groupby(rows, key=itemgetter(0)):
        yield f"\n{short(graph.decode())} {{\n".encode()
        for _, _, block in in_graph:
            yield block.replace(line_end, b"\n  ")
        yield b"}\n"


def head(prefixes: Mapping[str, str] = DUMP_PREFIXES) -> bytes:
    """Return the prefix declarations with which both formats begin."""
    return "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(prefixes.items())).encode()


def _in_graph(graph: str, subject: str, block: str) -> bytes:
    one_line = block[:-1].replace("\n", _LINE_END)
    return f"{graph} {subject}   {one_line}\n".encode()


def _block(subject: str, said: Sequence[tuple[str, str]], short: Callable[[str], str]) -> str:
    """Serialize one subject from its sorted predicates and objects: type and label come first."""
    objects: dict[str, list[str]] = {predicate: [] for predicate in _FIRST}
    for predicate, value in said:
        objects.setdefault(predicate, []).append(short(value))
    verbs = [(short(predicate) if predicate != _TYPE else "a", values) for predicate, values in objects.items() if values]
    statements = " ;\n    ".join([f"{verb} {', '.join(values)}" for verb, values in verbs])
    return f"{short(subject)} {statements} .\n"


def _abbreviation(prefixes: Mapping[str, str]) -> Callable[[str], str]:
    """Return a function that abbreviates a term in N-Triples as far as Turtle allows."""
    by_namespace = {namespace: prefix for prefix, namespace in prefixes.items()}

    @lru_cache(maxsize=4096)
    def short(term: str) -> str:
        if term.startswith("<"):
            return resource(term)
        number = _NUMBER.fullmatch(term)
        return number.group(1) if number else _DATATYPE.sub(lambda match: f"^^{resource(match.group(1))}", term)

    def resource(term: str) -> str:
        name = address(term)
        cut = max(name.rfind("#"), name.rfind("/")) + 1
        prefix, local = by_namespace.get(name[:cut]), name[cut:]
        return f"{prefix}:{local}" if prefix and _LOCAL.fullmatch(local) else term

    return lambda term: short(term) if term.endswith(">") else term
