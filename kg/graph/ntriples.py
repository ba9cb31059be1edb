"""Split lines of N-Quads and N-Triples into their terms.

Only lines that ``kg.graph.terms`` wrote, or pyoxigraph: one space between terms, `` .`` and a line feed at the end, no blank
nodes. Grammar: https://www.w3.org/TR/n-quads/. All functions work on bytes, since millions of lines go through them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_ESCAPE = re.compile(r"\\(?:u([0-9A-F]{4})|U([0-9A-F]{8})|(.))")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


class Parts(NamedTuple):
    """The terms of a line of N-Quads, as written."""

    subject: bytes
    predicate: bytes
    object: bytes
    graph: bytes


def parts(line: bytes) -> Parts:
    """All four terms of a line of N-Quads."""
    subject, predicate, rest = line.split(b" ", 2)
    return Parts(subject, predicate, *rest[:-3].rsplit(b" ", 1))


def triple(line: bytes) -> bytes:
    """A line of N-Quads up to its graph: ``subject predicate object``."""
    return line[: line.rindex(b" <")]


def in_graph(line: bytes, graph: bytes) -> bytes:
    """A line of N-Triples as one of N-Quads; ``graph`` is a term."""
    return b"%b %b .\n" % (line[:-3], graph)


def iri(term: bytes) -> str:
    """The IRI that a term in angle brackets names; it may be followed by more."""
    return term[1 : term.index(b">")].decode()


def value(term: bytes) -> str:
    """An IRI, or the text of a literal without datatype and language; it may be followed by the graph."""
    if term.startswith(b"<"):
        return iri(term)
    quoted = term[1 : term.rindex(b'"')].decode()
    return _ESCAPE.sub(_unescaped, quoted) if "\\" in quoted else quoted


def _unescaped(match: re.Match[str]) -> str:
    short, long, character = match.groups()
    return chr(int(short or long, 16)) if short or long else _CONTROLS.get(character, character)
