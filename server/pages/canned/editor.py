"""The SPARQL editor, which browsers get at ``/sparql``; and what it completes from."""

from __future__ import annotations

from secrets import token_urlsafe

from flask import Response, g, jsonify, render_template, request

from server.pages.base import ask, blueprint, canned_queries
from server.pages.term_display import local

PREFIXES = {
    "ent": "https://w3id.org/entente/ontology#",
    "cat": "https://w3id.org/entente/category/",
    "res": "https://w3id.org/entente/resource/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": "http://www.w3.org/ns/prov#",
    "dcterms": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "void": "http://rdfs.org/ns/void#",
    "dcat": "http://www.w3.org/ns/dcat#",
}
BEGINNING = """PREFIX ent: <https://w3id.org/entente/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?date ?event ?label WHERE {
  ?event a ent:Event ; rdfs:label ?label ; ent:earliest ?date ; ent:modality ent:asserted .
}
ORDER BY ?date ?event
LIMIT 50
"""


@blueprint.route("/editor")
def editor() -> Response:
    """The editor's page, with ``?query=`` in it. Without scripts it is a form that sends the query and gets CSV or JSON."""
    g.style_nonce = token_urlsafe(16)
    response = Response(
        render_template("editor.html", text=request.args.get("query") or BEGINNING, queries=list(canned_queries().values()))
    )
    response.vary.add("Accept")
    response.cache_control.no_store = True
    return response


@blueprint.route("/api/terms")
def terms() -> Response:
    """What the editor completes: prefixes, our classes, properties and categories with what they mean."""
    found = [
        {
            "term": _short(str(row["term"])),
            "label": str(row.get("label", "")),
            "kind": local(row["kind"]),
            "info": str(row.get("comment", "")),
        }
        for row in ask("terms")
    ]
    return jsonify({"prefixes": PREFIXES, "terms": found})


def _short(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return f"<{iri}>"
