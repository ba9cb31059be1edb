"""Lists to browse: all events by facets, and all things of a class."""

from __future__ import annotations

from flask import render_template, request

from kg.graph.namespaces import PREFIXES
from kg.store.index.search import CLASSES
from server.pages import facets
from server.pages.addresses import page_address
from server.pages.base import ask, blueprint
from server.pages.listing import ListedLink, by_year, events
from server.pages.paging import cursor, listed, lists, turn
from server.pages.term_display import local
from server.protocol.problems import Problem

BROWSED = tuple(name for name in CLASSES if name not in ("Event", "Article"))
"""The classes listed by name; events and articles have lists of their own."""
MOST_ROWS = 10_000
"""Rows of a list as CSV; the tables of ``/dumps/`` have all."""


@blueprint.route("/events")
def browse_events() -> str:
    """Show all reported events, oldest first, by facets."""
    index, wanted = lists(), facets.asked_for()
    found = index.events(cursor(), wanted)
    return render_template(
        "events.html",
        form=facets.form(wanted),
        total=index.count_events(wanted),
        most=MOST_ROWS,
        years=by_year(events(listed("events-listed", "event", found))),
        turn=turn(found),
    )


def browsed_class() -> str:
    """Return the class that a request asks for; Problem 400 if it has no list."""
    kind = request.args.get("class", BROWSED[0])
    if kind not in BROWSED:
        raise Problem(400, f"There is no list of the class {kind[:30]!r}.", f"There are: {', '.join(BROWSED)}.")
    return kind


@blueprint.route("/things")
def browse_things() -> str:
    """Show all things of a class, most active first."""
    kind, index = browsed_class(), lists()
    found, rows = index.of_class(kind, cursor())
    return render_template(
        "things.html",
        kind=kind,
        kinds_listed=[(name, index.count_class(name)) for name in BROWSED],
        rows=[(ListedLink(label, page_address(iri)), number, mentions) for iri, label, number, mentions in rows],
        total=index.count_class(kind),
        turn=turn(found),
    )


@blueprint.route("/vocabulary")
def vocabulary() -> str:
    """Show the ontology's classes, properties and values with their definitions."""
    rows = list(ask("vocabulary"))
    groups = (("Classes", "Class"), ("Properties that lead to things", "ObjectProperty"), ("Properties with values", "DatatypeProperty"))
    found = [
        (title, [row for row in rows if local(row["kind"]) == kind and str(row["term"]).startswith(PREFIXES["ent"])])
        for title, kind in groups
    ]
    named = [row for row in rows if local(row["kind"]) == "NamedIndividual" and str(row["term"]).startswith(PREFIXES["ent"])]
    return render_template("vocabulary.html", groups=[*found, ("Values", named)], local=local)
