"""RDF terms as N-Triples text, and quads of them.

A term is held in the canonical form that N-Triples and N-Quads write it in (``<iri>``, ``"text"@en``): quads are made by the
million, and text is what they end as. Grammar: https://www.w3.org/TR/n-quads/.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kg.graph.namespaces import PREFIXES

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_TO_ESCAPE = re.compile(r'[\x00-\x1f"\\\x7f\ud800-\udfff]')


class Quad(NamedTuple):
    """A statement in a named graph; every part is a term in N-Triples text."""

    subject: str
    predicate: str
    object: str
    graph: str

    def line(self) -> str:
        """The statement as a line of N-Quads, with its line end."""
        return f"{self.subject} {self.predicate} {self.object} {self.graph} .\n"


@lru_cache(maxsize=4096)
def iri(address: str) -> str:
    """An IRI as a term. The address has no character that N-Triples forbids: ``kg.graph.iris`` sees to that."""
    return f"<{address}>"


def address(term: str) -> str:
    """The address of an IRI: the inverse of ``iri``."""
    return term[1:-1]


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"


def _quoted(text: str) -> str:
    return f'"{_TO_ESCAPE.sub(_escape, text)}"'


def text(value: str) -> str:
    """A plain string."""
    return _quoted(value)


def english(value: str) -> str:
    """A string in English."""
    return _quoted(value) + "@en"


def typed(value: str, datatype: str) -> str:
    """A literal of an XML Schema type, given by its name: ``typed("2008-02", "gYearMonth")``."""
    return f"{_quoted(value)}^^<{PREFIXES['xsd']}{datatype}>"


_ESCAPED = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_PLAIN = {escape[1]: character for character, escape in _ESCAPES.items()}


def literal_text(term: str) -> str:
    """The text of a literal, whatever its language or type; empty for an IRI."""
    if not term.startswith('"'):
        return ""
    quoted = term[1 : term.rindex('"')]  # neither language nor datatype contains a quotation mark
    return _ESCAPED.sub(_unescaped, quoted) if "\\" in quoted else quoted


def _unescaped(match: re.Match[str]) -> str:
    code = match.group(1)
    return chr(int(code[1:], 16)) if len(code) > 1 else _PLAIN.get(code, code)
