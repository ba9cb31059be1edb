"""RDF terms as N-Triples text, and quads of such terms.

A term is kept in the canonical form of N-Triples and N-Quads (``<iri>``, ``"text"@en``): quads are made by the million and end as
text. Grammar: https://www.w3.org/TR/n-quads/.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kg.graph.namespaces import PREFIXES

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_TO_ESCAPE = re.compile(r'[\x00-\x1f"\\\x7f\ud800-\udfff]')


class Quad(NamedTuple):
    """A statement in a named graph; all parts are terms in N-Triples text."""

    subject: str
    predicate: str
    object: str
    graph: str

    def line(self) -> str:
        """Return the statement as a line of N-Quads, line feed included."""
        return f"{self.subject} {self.predicate} {self.object} {self.graph} .\n"


@lru_cache(maxsize=4096)
def iri(address: str) -> str:
    """Return an IRI as a term. ``kg.graph.iris`` guarantees that it contains no character that N-Triples forbids."""
    return f"<{address}>"


def address(term: str) -> str:
    """Return the IRI in a term: the inverse of ``iri``."""
    return term[1:-1]


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"


def _quoted(text: str) -> str:
    return f'"{_TO_ESCAPE.sub(_escape, text)}"'


def text(value: str) -> str:
    """Return a plain string literal."""
    return _quoted(value)


def english(value: str) -> str:
    """Return an English string literal."""
    return _quoted(value) + "@en"


def typed(value: str, datatype: str) -> str:
    """Return a literal of an XML Schema type, given by local name: ``typed("2008-02", "gYearMonth")``."""
    return f"{_quoted(value)}^^<{PREFIXES['xsd']}{datatype}>"


_ESCAPED = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_PLAIN = {escape[1]: character for character, escape in _ESCAPES.items()}


def literal_text(term: str) -> str:
    """Return the text of a literal, whatever its language or datatype; empty for an IRI."""
    if not term.startswith('"'):
        return ""
    quoted = term[1 : term.rindex('"')]  # neither language nor datatype contains a quotation mark
    return _ESCAPED.sub(_unescaped, quoted) if "\\" in quoted else quoted


def _unescaped(match: re.Match[str]) -> str:
    code = match.group(1)
    return chr(int(code[1:], 16)) if len(code) > 1 else _PLAIN.get(code, code)
