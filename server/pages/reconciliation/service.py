"""``/reconcile``: the manifest, batches of queries and of extensions, suggestions, and a preview of each thing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Response, g, jsonify, render_template, request, url_for

from kg.graph.namespaces import ONTOLOGY_GRAPH, RESOURCE
from kg.sparql.query_parameters import IRI
from kg.store.index.search import CLASSES, fold
from kg.store.index.selections import Cursor
from server.pages.base import ask, blueprint, search_index
from server.pages.paging import listed, lists
from server.pages.reconciliation.candidates import TYPES, asked, candidates, description, iri_of, kinds_of, matching
from server.pages.reconciliation.properties import BY_ID, PROPERTIES, Json, values
from server.pages.things.thing import Thing
from server.protocol.problems import Problem

MOST_QUERIES = 50
MOST_IDS = 200
SUGGESTED = 20
LONGEST_PREFIX = 200
LONGEST_ID = 200


@blueprint.route("/reconcile", methods=["GET", "POST"])
def reconcile() -> Response:
    """Answer a batch of queries, or of things to extend; without either, describe the service."""
    if "queries" in request.values:
        return jsonify(_queries(_object("queries")))
    if "extend" in request.values:
        return jsonify(_extended(_object("extend")))
    return jsonify(_manifest())


def _manifest() -> Json:
    root = request.url_root.rstrip("/")
    page = url_for("pages.page", key="K", _external=True)[:-1]
    preview = url_for("pages.reconcile_preview", _external=True)
    suggest: dict[str, Json] = {
        name: {"service_url": root, "service_path": f"/reconcile/suggest/{name}"} for name in ("entity", "type", "property")
    }
    return {
        "versions": ["0.2"],
        "name": "Entente",
        "identifierSpace": RESOURCE,
        "schemaSpace": f"{ONTOLOGY_GRAPH}#",
        "defaultTypes": [{"id": kind, "name": kind} for kind in CLASSES if kind not in ("Event", "Article")],
        "view": {"url": f"{page}{{{{id}}}}"},
        "preview": {"url": f"{preview}?id={{{{id}}}}", "width": 430, "height": 240},
        "suggest": suggest,
        "extend": {"propose_properties": {"service_url": root, "service_path": "/reconcile/properties"}, "property_settings": []},
        "batchSize": 20,
        "documentation": url_for("pages.about", _external=True),
    }


def _object(name: str) -> dict[str, Any]:
    """Parse a parameter that is a JSON object; Problem 400 if it is invalid."""
    try:
        found = json.loads(request.values[name])
        json.dumps(found, ensure_ascii=False).encode()  # fails for half a surrogate pair, which no text in the graph can hold
    except (ValueError, RecursionError) as error:
        raise Problem(400, f"{name} is not JSON ({type(error).__name__}).", "Send an object as JSON.") from None
    if not isinstance(found, dict):
        raise Problem(400, f"{name} is not a JSON object.", "Send an object as JSON.")
    return found


def _queries(given: dict[str, Any]) -> Json:
    if len(given) > MOST_QUERIES:
        raise Problem(413, f"There are {len(given)} queries.", f"Send at most {MOST_QUERIES} at once.")
    index = search_index()
    return {name: {"result": candidates(index, asked(query))} for name, query in given.items()}


def _extended(given: dict[str, Any]) -> Json:
    ids, properties = given.get("ids"), given.get("properties")
    if not isinstance(ids, list) or not isinstance(properties, list) or len(ids) > MOST_IDS or len(properties) > len(PROPERTIES):
        raise Problem(400, "An extension has lists of ids and of properties.", f"Send at most {MOST_IDS} ids at once.")
    names = [_property_id(each) for each in properties]
    iris = {str(each): iri_of(str(each)) for each in ids}
    known = values([iri for iri in iris.values() if IRI.fullmatch(iri)])
    rows = {each: {name: known.get(iri, {}).get(name, []) for name in names} for each, iri in iris.items()}
    return {"meta": [_column(name) for name in names], "rows": rows}


def _property_id(given: object) -> str:
    name = given.get("id") if isinstance(given, dict) else None
    if not isinstance(name, str) or len(name) > LONGEST_ID:
        raise Problem(400, "A property to extend by is an object with a text 'id'.", f"There are: {', '.join(BY_ID)}.")
    return name


def _column(name: str) -> Json:
    """Describe a column of an extension; that of a property of another service is there, without values, under its id."""
    return BY_ID[name].described() if name in BY_ID else {"id": name, "name": name}


@blueprint.route("/reconcile/properties")
def reconcile_properties() -> Response:
    """Return the properties with which a column of things of a class can be extended."""
    kind, limit = request.args.get("type", ""), request.args.get("limit", "")
    found = [each.described() for each in PROPERTIES if not kind or set(each.classes) & set(kinds_of(kind))]
    return jsonify({"type": kind, "properties": found[: int(limit) if limit.isascii() and limit.isdigit() and len(limit) < 4 else None]})


def _suggested(find: Callable[[str], list[Json]]) -> Response:
    prefix = request.args.get("prefix", "").strip()[:LONGEST_PREFIX].replace("\x00", "")
    cursor = request.args.get("cursor", "0")
    start = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 4 else 0
    return jsonify({"result": find(prefix)[start : start + SUGGESTED]})


@blueprint.route("/reconcile/suggest/entity")
def reconcile_entities() -> Response:
    """Suggest things whose names begin with, or resemble, a text."""
    return _suggested(
        lambda prefix: [
            {
                "id": hit.iri.removeprefix(RESOURCE),
                "name": hit.label,
                "description": description(hit),
                "notable": [{"id": hit.kind, "name": hit.kind}],
            }
            for hit in matching(search_index(), prefix, CLASSES, 10 * SUGGESTED)
        ]
    )


@blueprint.route("/reconcile/suggest/type")
def reconcile_types() -> Response:
    """Suggest classes whose names begin with a text."""
    return _suggested(lambda prefix: [{"id": kind, "name": kind} for kind in TYPES if fold(kind).startswith(fold(prefix))])


@blueprint.route("/reconcile/suggest/property")
def reconcile_property_names() -> Response:
    """Suggest properties whose names contain a text."""
    return _suggested(lambda prefix: [each.described() for each in PROPERTIES if fold(prefix) in fold(f"{each.id} {each.name}")])


@blueprint.route("/reconcile/preview")
def reconcile_preview() -> str:
    """Show a thing in a small frame of another page: its name, class, other names, and the first sentence that mentions it."""
    iri = iri_of(request.args.get("id", ""))
    subject = Thing(iri, tuple(ask("about", {"thing": iri})) if IRI.fullmatch(iri) else ())
    if not subject.rows:
        raise Problem(404, "The graph contains nothing with this id.", "An id is the part after 'resource/' in an address.")
    g.embedded = True
    events, mentions = lists().totals(iri)
    rows = listed("passages-listed", "passage", lists().mentions_of(iri, Cursor(), 1))
    return render_template("preview.html", thing=subject, events=events, mentions=mentions, row=rows[0] if rows else None)
