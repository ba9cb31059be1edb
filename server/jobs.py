"""A query as it is asked for, and what makes two of them the same."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rdflib import BNode, Literal, URIRef
from rdflib.term import Identifier

from server.negotiation import GRAPHS, SOLUTIONS, Wanted

# An answer that holds the time or chance is another one each time.
CHANGING = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|SERVICE)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Query:
    """A query's text, the terms put for its variables (as ``encode_terms`` writes them), and its dataset.

    Without ``default_graphs`` and ``named_graphs`` it sees all graphs, and their union as the default graph if ``union``;
    a query whose text has FROM says itself what it sees, and is not a ``union``.
    """

    text: str
    substitutions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    union: bool = True

    @property
    def selects(self) -> bool:
        """Whether it sees only the graphs that are named beside it."""
        return bool(self.default_graphs or self.named_graphs)


@dataclass(frozen=True, slots=True)
class Job:
    """A query and the answer's form.

    ``timeout`` in seconds and ``limit`` in bytes count where they are lower than the settings; ``guard`` is an ASK query that
    must hold, or the answer is 404 with ``guard_detail``.
    """

    query: Query
    wanted: Wanted
    compress: bool = False
    timeout: float | None = None
    limit: int | None = None
    guard: Query | None = None
    guard_detail: str = ""

    @property
    def key(self) -> str:
        """The same for jobs that have the same answer on the same build, to the byte."""
        wanted = (self.wanted.solutions, self.wanted.graph)
        parts = [
            self.query.text,
            sorted(self.query.substitutions.items()),
            self.query.default_graphs,
            self.query.named_graphs,
            [form and form.media_type for form in wanted],
        ]
        digest = hashlib.blake2b(json.dumps(parts).encode(), digest_size=12).hexdigest()
        return digest + ("-gz" if self.compress else "")

    @property
    def cacheable(self) -> bool:
        """Whether the answer depends on nothing but the build."""
        return not CHANGING.search(self.query.text)

    def formats(self) -> str:
        """What the client could ask for, for a message."""
        names = [form.media_type for form in (*SOLUTIONS, *GRAPHS)]
        return f"Send Accept or ?format= with one of: {', '.join(names)}"


def encode_terms(terms: Mapping[str, Identifier]) -> dict[str, tuple[str, ...]]:
    """rdflib terms as tuples of strings: kind, value, and a literal's datatype and language (empty where it has none)."""
    return {name.removeprefix("?"): _encode(term) for name, term in terms.items()}


def _encode(term: Identifier) -> tuple[str, ...]:
    if isinstance(term, URIRef):
        return ("iri", str(term))
    if isinstance(term, BNode):
        return ("bnode", str(term))
    if isinstance(term, Literal):
        return ("literal", str(term), str(term.datatype or ""), term.language or "")
    raise TypeError(f"{term!r} is not an RDF term that a query can hold")
