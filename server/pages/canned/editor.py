"""The SPARQL editor, which browsers get at ``/sparql``, and its completions."""

from __future__ import annotations

from secrets import token_urlsafe

from flask import Response, g, jsonify, render_template, request

from kg.graph.namespaces import PREFIXES
from server.pages.base import ask, blueprint, canned_queries
from server.pages.term_display import local

OFFERED = ("ent", "cat", "res", "rdf", "rdfs", "owl", "xsd", "skos", "prov", "dcterms", "schema", "foaf", "geo", "void", "dcat")
"""The prefixes that the editor completes, in order."""
BEGINNING = f"""PREFIX ent: <{PREFIXES["ent"]}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>

SELECT ?date ?event ?label WHERE {{
  ?event a ent:Event ; rdfs:label ?label ; ent:earliest ?date ; ent:modality ent:asserted .
}}
ORDER BY ?date ?event
LIMIT 50
"""


@blueprint.route("/editor")
def editor() -> Response:
    """Show the editor with ``?query=``. Without scripts, it is a form that sends the query and gets CSV or JSON."""
    g.style_nonce = token_urlsafe(16)
    response = Response(
        render_template("editor.html", text=request.args.get("query") or BEGINNING, queries=list(canned_queries().values()))
    )
    response.vary.add("Accept")
    response.cache_control.no_store = True
    return response


@blueprint.route("/api/terms")
def terms() -> Response:
    """Return the editor's completions: prefixes, and our classes, properties and categories with their definitions."""
    found = [
        {
            "term": _short(str(row["term"])),
            "label": str(row.get("label", "")),
            "kind": local(row["kind"]),
            "info": str(row.get("comment", "")),
        }
        for row in ask("terms")
    ]
    return jsonify({"prefixes": {prefix: PREFIXES[prefix] for prefix in OFFERED}, "terms": found})


def _short(iri: str) -> str:
    for prefix in OFFERED:
        if iri.startswith(PREFIXES[prefix]):
            return f"{prefix}:{iri.removeprefix(PREFIXES[prefix])}"
    return f"<{iri}>"
