"""The tools that run queries: one for each canned query, and SPARQL."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from kg.formats import JSON, NTRIPLES
from kg.graph.namespaces import RESOURCE
from kg.sparql.canned import CannedQuery
from kg.store.output.prepared_answers import Binding
from server.assistants.statements import Json, evidence
from server.assistants.tool_schema import SUPPORTED, Tool, number_schema, object_schema, string_schema
from server.pages.canned import results
from server.pages.canned.forms import strict
from server.pages.canned.openapi import schema_of
from server.protocol.jobs import Job, Query
from server.protocol.negotiation import Wanted
from server.settings import MIB
from server.web.request_context import engine

ROWS = 50
MOST_ROWS = 500
LONGEST_ANSWER = 4 * MIB
_RESOURCE = re.compile(rf"<({re.escape(RESOURCE)}[^>]+)>")


def query_tool(query: CannedQuery) -> Tool:
    """Return the tool that runs a canned query; its arguments are the query's parameters, ``limit`` and ``offset``."""
    properties: Json = {}
    for parameter in query.parameters:
        about = f"{parameter.label}. {parameter.help}".strip()
        if parameter.type == "iri":
            about += f" The name or IRI of one (class {parameter.entity or 'Entity'})."
        properties[parameter.name] = {**schema_of(parameter), "description": about}
    properties["limit"] = number_schema("Maximum number of rows", ROWS, MOST_ROWS)
    properties["offset"] = {
        "type": "integer",
        "minimum": 0,
        "maximum": results.MOST,
        "default": 0,
        "description": "Number of rows to skip",
    }
    required = [parameter.name for parameter in query.parameters if parameter.required and not parameter.default]
    return Tool(
        f"query_{query.name.replace('-', '_')}",
        query.summary,
        query.description or query.summary,
        object_schema(required, **properties),
        lambda given: _canned(query, given),
    )


def _canned(query: CannedQuery, given: Mapping[str, Any]) -> Json:
    values = {name: _plain(value) for name, value in given.items() if name not in ("limit", "offset")}
    asked = strict(query, values)
    offset, limit = given.get("offset", 0), given.get("limit", ROWS)
    found = results.rows_of(asked, offset + limit)
    names = [name for name in found.variables if name not in asked.values and not name.startswith("_")]
    answer = _rows(names, found.rows[offset : offset + limit])
    return {
        **answer,
        "total": found.total,
        **({"more": True} if found.more else {}),
        "page": url_for("pages.query", name=query.name, _external=True, **asked.given),
    }


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _rows(variables: Sequence[str], rows: Sequence[Binding]) -> Json:
    """Return rows of SPARQL JSON with names beside the IRIs of things, and the evidence for these."""
    named = {name: f"{name}Label" for name in variables if f"{name}Label" in variables}
    columns = [name for name in variables if name not in named.values()]
    shown = [[_cell(row, name, named.get(name)) for name in columns] for row in rows]
    iris = dict.fromkeys(
        term["value"] for row in rows for term in row.values() if term["type"] == "uri" and term["value"].startswith(RESOURCE)
    )
    return {"columns": columns, "rows": shown, "evidence": evidence(list(iris)[:SUPPORTED])}


def _cell(row: Binding, name: str, label: str | None) -> object:
    if name not in row:
        return None
    value = row[name]["value"]
    return {"name": row[label]["value"], "id": value} if label and label in row else value


def _sparql(given: Mapping[str, Any]) -> Json:
    text, limit = given["query"], given.get("limit", ROWS)
    found = engine().answer(Job(Query(text), Wanted(JSON, NTRIPLES), limit=LONGEST_ANSWER))
    body = b"".join(found.chunks)
    if found.content_type == NTRIPLES.content_type:
        lines = body.decode().splitlines()
        iris = list(dict.fromkeys(iri for line in lines[:limit] for iri in _RESOURCE.findall(line)))
        return {"triples": lines[:limit], "total": len(lines), "evidence": evidence(iris[:SUPPORTED])}
    document = json.loads(body)
    if "boolean" in document:
        return {"boolean": document["boolean"], "evidence": []}
    rows = document["results"]["bindings"]
    return {**_rows(document["head"]["vars"], rows[:limit]), "total": len(rows)}


SPARQL = Tool(
    "sparql",
    "Run a SPARQL query",
    "Answer a SPARQL 1.1 query (read-only; the default graph is the union of all). The prefixes ent: (ontology), cat: (categories), res: "
    "(resources), rdfs:, prov:, schema: and the graph's others need no declaration. Select the IRIs of events or agreements too: their "
    "sentences and references come with the answer.",
    object_schema(
        ["query"], query=string_schema("The query", 100_000), limit=number_schema("Maximum number of rows or triples", ROWS, MOST_ROWS)
    ),
    _sparql,
)
