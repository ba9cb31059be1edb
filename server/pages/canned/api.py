"""``/api``: the canned queries as a JSON API, and its OpenAPI description."""

from __future__ import annotations

from flask import Response, jsonify, request, url_for

from kg.formats import SOLUTIONS, TURTLE
from kg.sparql.canned import CannedQuery
from kg.sparql.query_parameters import QueryParameter
from server.pages.base import blueprint, canned_queries
from server.pages.canned.catalogue import answer_to, canned
from server.pages.canned.openapi import description
from server.web.request_context import form_of_request


@blueprint.route("/api/queries")
def api_queries() -> Response:
    """Return all canned queries with their parameters."""
    return jsonify({"queries": [_described(query) for query in canned_queries().values()]})


def _described(query: CannedQuery) -> dict[str, object]:
    return {
        "name": query.name,
        "summary": query.summary,
        "description": query.description,
        "tags": list(query.tags),
        "view": query.view,
        "parameters": [_parameter(p) for p in query.parameters],
        "href": url_for("pages.api_query", name=query.name, _external=True),
        "page": url_for("pages.query", name=query.name, _external=True),
    }


def _parameter(parameter: QueryParameter) -> dict[str, object]:
    about = {
        "name": parameter.name,
        "label": parameter.label,
        "help": parameter.help,
        "type": parameter.type,
        "class": parameter.entity,
        "required": parameter.required,
        "default": parameter.default,
        "choices": list(parameter.choices),
    }
    return {name: value for name, value in about.items() if value not in ("", [])}


@blueprint.route("/api/queries/<name>")
def api_query(name: str) -> Response:
    """Return the answer of a canned query: SPARQL results in JSON, or as Accept or ``?format=`` requests."""
    query = canned(name)
    form = form_of_request(SOLUTIONS)
    response = answer_to(query, form.ending)
    response.vary.add("Accept")
    return response


@blueprint.route("/openapi.json")
def openapi() -> Response:
    """Return the OpenAPI description of the API."""
    return jsonify(description(canned_queries(), request.script_root or "/"))


@blueprint.route("/queries.ttl")
def queries_as_examples() -> Response:
    """Return the canned queries as SPARQL examples (https://github.com/sib-swiss/sparql-examples): text, comment, keywords, endpoint."""
    from rdflib import RDF, RDFS, SDO, SH, Graph, Literal, URIRef

    graph = Graph()
    graph.bind("sh", SH)
    graph.bind("schema", SDO)
    endpoint = URIRef(url_for("sparql.sparql", _external=True))
    for query in canned_queries().values():
        example = URIRef(url_for("pages.query", name=query.name, _external=True))
        for kind in (SH.SPARQLExecutable, SH.SPARQLSelectExecutable):
            graph.add((example, RDF.type, kind))
        graph.add((example, RDFS.label, Literal(query.summary, lang="en")))
        graph.add((example, RDFS.comment, Literal(query.description or query.summary, lang="en")))
        graph.add((example, SH.select, Literal(query.text)))
        graph.add((example, SDO.target, endpoint))
        for tag in query.tags:
            graph.add((example, SDO.keywords, Literal(tag)))
    return Response(graph.serialize(format="turtle"), content_type=TURTLE.content_type)
