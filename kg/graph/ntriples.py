"""Read lines of N-Triples and N-Quads: the one module that knows where a term ends.

Only lines in the canonical form that ``kg.graph.terms`` and pyoxigraph write: one space between terms, `` .`` and a line feed at
the end (https://www.w3.org/TR/n-quads/). The graph of a build has no blank nodes; others' data may, and ``descriptions`` leaves out
those that are subjects. No IRI contains a space, so the last `` <`` of a line of N-Quads begins its graph. Most functions take bytes
and cut no more than they are asked for, since millions of lines go through them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.graph.terms import Quad, literal_text

Description = tuple[str, dict[str, list[str]]]
"""The IRI of a subject and the values of its statements by predicate: IRIs, and the texts of literals."""

_END = b" .\n"


def cut(line: bytes) -> list[bytes]:
    """Cut a line into subject, predicate and tail: the object and all that follows it. ``object_of`` and ``value`` read a tail."""
    return line.split(b" ", 2)


def object_of(tail: bytes) -> bytes:
    """Return the object in the tail of a line of N-Quads."""
    return tail[: tail.rindex(b" <")]


def subject(line: bytes) -> bytes:
    """Return the subject of a line."""
    return line[: line.index(b" ")]


def graph(line: bytes) -> bytes:
    """Return the graph of a line of N-Quads."""
    return line[line.rindex(b" <") + 1 : -len(_END)]


def statement(line: bytes) -> bytes:
    """Return a line of N-Quads up to its graph: ``subject predicate object``."""
    return line[: line.rindex(b" <")]


def triple(line: bytes) -> bytes:
    """Convert a line of N-Quads to N-Triples."""
    return statement(line) + _END


def in_graph(line: bytes, graph: bytes) -> bytes:
    """Convert a line of N-Triples to N-Quads; ``graph`` is a term."""
    return b"%b %b .\n" % (line[: -len(_END)], graph)


def graph_first(line: bytes) -> bytes:
    """Move the graph of a line of N-Quads to the front, so that lines sort by graph; ``graph_apart`` reads the result."""
    return b"%b %b .\n" % (graph(line), statement(line))


def graph_apart(line: bytes) -> tuple[bytes, bytes]:
    """Split a line of ``graph_first`` into its graph and a line of N-Triples."""
    term, _, rest = line.partition(b" ")
    return term, rest


def quad(line: bytes) -> Quad:
    """Parse a line of N-Quads: the inverse of ``Quad.line``."""
    subject, predicate, value, graph = next(quads((line,)))
    return Quad(subject, predicate, value, graph)


def quads(lines: Iterable[bytes]) -> Iterator[tuple[str, str, str, str]]:
    """Yield the four terms of each line of N-Quads."""
    for line in lines:
        subject, predicate, rest = line.decode()[: -len(_END)].split(" ", 2)
        value, graph = rest.rsplit(" ", 1)
        yield subject, predicate, value, graph


def triples(lines: Iterable[bytes]) -> Iterator[tuple[str, str, str]]:
    """Yield the three terms of each line of N-Triples."""
    for line in lines:
        subject, predicate, value = line.decode()[: -len(_END)].split(" ", 2)
        yield subject, predicate, value


def iri(term: bytes) -> str:
    """Return the IRI of a term in angle brackets, or of a tail that begins with one."""
    return term[1 : term.index(b">")].decode()


def value(tail: bytes) -> str:
    """Return the IRI, or the text of the literal, that a term is or a tail begins with."""
    return iri(tail) if tail.startswith(b"<") else literal_text(tail.decode())


def descriptions(lines: Iterable[bytes], predicates: Iterable[str]) -> Iterator[Description]:
    """Group sorted N-Quads by subject, keeping the statements with the given predicates (IRIs); subjects without any are omitted."""
    wanted = {f"<{predicate}>".encode(): predicate for predicate in predicates}
    current, said = b"", dict[str, list[str]]()
    for line in lines:
        subject, predicate, tail = cut(line)
        name = wanted.get(predicate)
        if name is None or not subject.startswith(b"<"):  # what others wrote may have blank nodes
            continue
        if subject != current:
            if said:
                yield iri(current), said
            current, said = subject, {}
        said.setdefault(name, []).append(value(tail))
    if said:
        yield iri(current), said
