"""The OpenAPI 3.1 description of the JSON API, generated from the canned queries: https://spec.openapis.org/oas/v3.1.0."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping

from kg.formats import GRAPHS, SOLUTIONS, Format
from kg.sparql.canned import CannedQuery
from kg.sparql.query_parameters import LONGEST, QueryParameter
from kg.store.index.search import CLASSES
from server.pages.addresses import DATA
from server.pages.canned.openapi_parts import Json, as_text, described, problems, ref, text
from server.pages.canned.openapi_tables import facets, tables
from server.protocol.problems import PROBLEM

RESULTS: Json = {
    "type": "object",
    "required": ["head", "results"],
    "properties": {
        "head": {"type": "object", "required": ["vars"], "properties": {"vars": {"type": "array", "items": {"type": "string"}}}},
        "results": {
            "type": "object",
            "required": ["bindings"],
            "properties": {
                "bindings": {"type": "array", "items": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Term"}}}
            },
        },
    },
}
TERM: Json = {
    "type": "object",
    "required": ["type", "value"],
    "properties": {
        "type": {"enum": ["uri", "literal", "bnode"]},
        "value": {"type": "string"},
        "datatype": {"type": "string"},
        "xml:lang": {"type": "string"},
    },
}
PROBLEM_SCHEMA: Json = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "hint": {"type": "string"},
        "line": {"type": "integer"},
        "column": {"type": "integer"},
    },
}
THING: Json = {
    "type": "object",
    "required": ["iri", "label", "class", "name", "events", "mentions", "page"],
    "properties": {
        "iri": {"type": "string"},
        "label": {"type": "string"},
        "class": {"enum": list(CLASSES)},
        "name": {"type": "string"},
        "events": {"type": "integer"},
        "mentions": {"type": "integer"},
        "page": {"type": ["string", "null"]},
    },
}
SENTENCE: Json = {
    "type": "object",
    "required": ["iri", "text", "article", "page"],
    "properties": {
        "iri": {"type": "string"},
        "text": {"type": "string"},
        "article": {"type": "string"},
        "section": {"type": "string"},
        "page": {"type": ["string", "null"]},
    },
}
PAGING = {"limit": "At most so many rows", "offset": "Leave out so many rows at the beginning; rows have a fixed order"}
ROWS: Json = {"type": "integer", "minimum": 0, "maximum": 10**9 - 1}
PROBLEMS = (
    "What went wrong, in words: a parameter that cannot be read (400), no such query or thing (404), no such format (406), a store "
    "behind the server that gave no proper answer (502), too busy (503), stopped because it took too long (504)"
)
STATUSES = ("400", "404", "406", "5XX")
SHARED = ("confidence", "from", "to")
"""Parameters that many queries share, described once."""


def description(queries: Mapping[str, CannedQuery], root: str) -> Json:
    """Describe the API for these queries, served under ``root``."""
    shared = _shared(queries)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Entente",
            "version": "1.0",
            "description": "A knowledge graph of international relations, every fact with the sentence and references that it came from.",
            "license": {"name": "CC BY-SA 4.0", "url": "https://creativecommons.org/licenses/by-sa/4.0/"},
        },
        "servers": [{"url": root}],
        "paths": {
            "/api/queries": {"get": _listing()},
            **{f"/api/queries/{name}": {"get": _operation(query, shared)} for name, query in queries.items()},
            "/api/search": {"get": _search()},
            "/data/{key}.{ending}": {"get": _thing()},
            "/changes.json": {"get": _changes()},
            **tables(),
            "/sparql": {"get": _sparql(), "post": _sparql_by_post()},
        },
        "components": {
            "schemas": {"Results": RESULTS, "Term": TERM, "Problem": PROBLEM_SCHEMA, "Thing": THING, "Sentence": SENTENCE},
            "responses": {"Rows": _results(), "Problem": _problem(PROBLEMS)},
            "parameters": {
                "format": _format(),
                **{name: described(name, about, ROWS) for name, about in PAGING.items()},
                **shared,
                **facets(),
            },
        },
    }


def _shared(queries: Mapping[str, CannedQuery]) -> dict[str, Json]:
    """Return the shared parameters: for each name in SHARED, the most common description."""
    told = {name: Counter(json.dumps(_parameter(p)) for q in queries.values() for p in q.parameters if p.name == name) for name in SHARED}
    return {name: json.loads(some.most_common(1)[0][0]) for name, some in told.items() if some}


def _operation(query: CannedQuery, shared: Mapping[str, Json]) -> Json:
    own = [_parameter(parameter) for parameter in query.parameters]
    return {
        "operationId": query.name,
        "summary": query.summary,
        "description": query.description,
        "tags": list(query.tags),
        "parameters": [
            *(ref(p["name"]) if p == shared.get(p["name"]) else p for p in own),
            *(ref(name) for name in (*PAGING, "format")),
        ],
        "responses": {"200": {"$ref": "#/components/responses/Rows"}, **problems(STATUSES)},
    }


def _results() -> Json:
    return {
        "description": "The rows",
        "content": {SOLUTIONS[0].media_type: {"schema": {"$ref": "#/components/schemas/Results"}}, **as_text(SOLUTIONS[1:])},
    }


def _problem(text: str) -> Json:
    schema: Json = {"schema": {"$ref": "#/components/schemas/Problem"}}
    plain: Json = {"schema": {"type": "string"}}
    return {"description": text, "content": {PROBLEM: schema, "application/json": schema, "text/plain": plain, "text/html": plain}}


def _thing() -> Json:
    key = "Its name in addresses: Serbia, or event/64dbb1317378fa5a. /resource/{key} leads to the same, or to its page, as Accept asks."
    return {
        "operationId": "thing",
        "summary": "What the graph says of one thing",
        "parameters": [
            {"name": "key", "in": "path", "required": True, "description": key, "schema": {"type": "string"}},
            {"name": "ending", "in": "path", "required": True, "schema": {"enum": [form.ending for form in DATA]}},
        ],
        "responses": {"200": {"description": "RDF", "content": as_text(DATA)}, **problems(("404", "503"))},
    }


def _changes() -> Json:
    content: Json = {"application/json": {"schema": {"type": "object"}}}
    return {
        "operationId": "changes",
        "summary": "What the last builds added, changed and removed",
        "responses": {"200": {"description": "The builds, the newest first", "content": content}},
    }


def _sparql() -> Json:
    return {
        "operationId": "sparql",
        "summary": "Ask a SPARQL 1.1 query (read-only)",
        "description": "SELECT and ASK give solutions, CONSTRUCT and DESCRIBE a graph. Without a query: the service description.",
        "parameters": [
            text("query", "The query; the prefixes of the graph's vocabularies need no declaration."),
            text("default-graph-uri", "A graph that the query sees as its default graph; may be repeated."),
            text("named-graph-uri", "A named graph that the query sees; may be repeated."),
            described("timeout", "Seconds that it may take, where less than the server's", {"type": "number", "minimum": 0}),
            described("format", "In place of Accept", {"enum": _names((*SOLUTIONS, *GRAPHS))}),
        ],
        "responses": {"200": _answers(), **problems(STATUSES)},
    }


def _sparql_by_post() -> Json:
    form: Json = {"type": "object", "required": ["query"], "properties": {"query": {"type": "string"}}}
    return {
        "operationId": "sparqlByPost",
        "summary": "Ask a SPARQL 1.1 query that is too long for an address",
        "requestBody": {
            "required": True,
            "content": {
                "application/sparql-query": {"schema": {"type": "string"}},
                "application/x-www-form-urlencoded": {"schema": form},
            },
        },
        "responses": {"200": _answers(), **problems(STATUSES)},
    }


def _answers() -> Json:
    found = _results()
    return {"description": "The solutions, or the graph", "content": {**found["content"], **as_text(GRAPHS)}}


def _names(formats: Iterable[Format]) -> list[str]:
    return list(dict.fromkeys(name for form in formats for name in form.names))


def _format() -> Json:
    return described("format", "In place of Accept", {"enum": _names(SOLUTIONS)})


def _parameter(parameter: QueryParameter) -> Json:
    about = f"{parameter.label}. {parameter.help}".strip()
    if parameter.type == "iri":
        about += f" An IRI, or the name of one (class {parameter.entity or 'Entity'})."
    schema = schema_of(parameter)
    if parameter.default:
        schema["default"] = int(parameter.default) if schema.get("type") == "integer" else parameter.default
    required = parameter.required and not parameter.default
    return described(parameter.name, about, schema, required=required)


def schema_of(parameter: QueryParameter) -> Json:
    """Return the JSON Schema of a parameter's values."""
    if parameter.choices:
        return {"enum": list(parameter.choices)}
    kinds: dict[str, Json] = {
        "integer": {"type": "integer", "minimum": -(10**17), "maximum": 10**17},
        "decimal": {"type": "number"},
        "double": {"type": "number"},
        "boolean": {"type": "boolean"},
        "date": {"type": "string", "format": "date"},
        "gYear": {"type": "string", "pattern": "^[0-9]{4}$"},
    }
    return dict(kinds.get(parameter.type, {"type": "string", "maxLength": LONGEST}))


def _listing() -> Json:
    schema = {"type": "object", "required": ["queries"], "properties": {"queries": {"type": "array", "items": {"type": "object"}}}}
    return {
        "operationId": "queries",
        "summary": "The canned queries",
        "responses": {"200": {"description": "Each with its parameters", "content": {"application/json": {"schema": schema}}}},
    }


def _search() -> Json:
    schema = {
        "type": "object",
        "required": ["query", "things"],
        "properties": {
            "query": {"type": "string"},
            "things": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
            "did_you_mean": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
            "sentences": {"type": "array", "items": {"$ref": "#/components/schemas/Sentence"}},
        },
    }
    return {
        "operationId": "search",
        "summary": "Search names and sentences",
        "parameters": [
            described("q", "The words to find in names and sentences", {"type": "string", "maxLength": 200}, required=True),
            described("class", "Find things of this class only", {"enum": [*CLASSES, "Agent", "Entity"]}),
            described("sentences", "Whether sentences are found too", {"enum": ["true", "false"], "default": "false"}),
        ],
        "responses": {
            "200": {"description": "What was found", "content": {"application/json": {"schema": schema}}},
            **problems(("400", "503")),
        },
    }
