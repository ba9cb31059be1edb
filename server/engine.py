"""The one way to the graph: every query of the endpoint, the pages and the API goes through a QueryEngine.

Terms on this side are rdflib's. pyoxigraph stays behind ``kg.store``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import current_app
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Identifier

from server.negotiation import GRAPHS, SOLUTIONS, Wanted, named

Row = dict[str, Identifier]


@dataclass(frozen=True, slots=True)
class Query:
    """One query: its text, the values put for its variables, and its dataset (empty: all graphs, their union as default)."""

    text: str
    substitutions: Mapping[str, Identifier] = field(default_factory=dict)
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    timeout: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A serialised answer: its content type, its bytes as they come, and the build that gave it."""

    content_type: str
    chunks: Iterator[bytes]
    build: str


@dataclass(frozen=True, slots=True)
class Rows:
    """The solutions of a SELECT: ``rows`` map variable names (without ``?``) to terms; unbound ones are absent."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]
    build: str

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


class QueryEngine:
    """Answers queries on the current build of a data folder."""

    def __init__(self, data: Path, settings: Mapping[str, Any]) -> None:
        self.data = data
        self.settings = settings

    def answer(self, query: Query, wanted: Wanted) -> Answer:
        """The answer in the wanted format for its kind; Problem where there is none to give."""
        from server.interim import answer

        return answer(self.data, query, wanted)

    def serialize(
        self, query: str, substitutions: Mapping[str, Identifier] | None = None, format: str = "json"
    ) -> tuple[str, bytes]:
        """Content type and bytes of an answer; ``format`` is a media type or a name such as ``csv`` or ``turtle``."""
        wanted = Wanted(named(format, SOLUTIONS), named(format, GRAPHS))
        answer = self.answer(self._for_page(query, substitutions), wanted)
        return answer.content_type, b"".join(answer.chunks)

    def select(self, query: str, substitutions: Mapping[str, Identifier] | None = None) -> Rows:
        """The solutions of a SELECT query, with ``substitutions`` put for its variables."""
        answer = self.answer(self._for_page(query, substitutions), Wanted(SOLUTIONS[0], None))
        document = json.loads(b"".join(answer.chunks))
        rows = tuple({name: _term(value) for name, value in row.items()} for row in document["results"]["bindings"])
        return Rows(tuple(document["head"]["vars"]), rows, answer.build)

    def ask(self, query: str, substitutions: Mapping[str, Identifier] | None = None) -> bool:
        """The answer of an ASK query."""
        answer = self.answer(self._for_page(query, substitutions), Wanted(SOLUTIONS[0], None))
        return bool(json.loads(b"".join(answer.chunks))["boolean"])

    def graph(self, query: str, substitutions: Mapping[str, Identifier] | None = None) -> Graph:
        """The graph of a CONSTRUCT or DESCRIBE query."""
        answer = self.answer(self._for_page(query, substitutions), Wanted(None, GRAPHS[1]))
        return Graph().parse(data=b"".join(answer.chunks), format="nt")

    def _for_page(self, query: str, substitutions: Mapping[str, Identifier] | None) -> Query:
        return Query(query, dict(substitutions or {}), timeout=self.settings["page_timeout"])


def _term(value: dict[str, str]) -> Identifier:
    """An rdflib term for one value of SPARQL 1.1 Query Results JSON."""
    if value["type"] == "uri":
        return URIRef(value["value"])
    if value["type"] == "bnode":
        return BNode(value["value"])
    datatype = value.get("datatype")
    return Literal(value["value"], lang=value.get("xml:lang"), datatype=URIRef(datatype) if datatype else None)


def engine() -> QueryEngine:
    """The running application's engine."""
    return current_app.extensions["entente.engine"]
