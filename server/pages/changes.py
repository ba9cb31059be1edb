"""``/changes``: what the latest builds added, changed and removed, as a page, as JSON, and as an Atom feed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, render_template, url_for

from kg.errors import EntenteError
from server.pages.addresses import page_address
from server.pages.base import blueprint
from server.web.request_context import engine

BEGINNING = "1970-01-01T00:00:00+00:00"
KINDS = ("added", "changed", "dropped")


def history() -> list[Mapping[str, Any]]:
    """Return the latest builds, most recent first: id, previous build, date, counts by class, and things by name."""
    try:
        return list(engine().build.report.get("history", ()))
    except EntenteError:
        return []


def _made() -> str:
    """Return the time of the current build; in front of a remote store, which has none, the beginning of time."""
    try:
        return engine().build.made.isoformat()
    except EntenteError:
        return BEGINNING


@blueprint.route("/changes")
def changes() -> str:
    """Show the changes."""
    return render_template("changes.html", history=history(), kinds_of_change=KINDS, address=page_address)


@blueprint.route("/changes.json")
def changes_data() -> Response:
    """Return the changes as JSON."""
    return jsonify({"builds": history()})


@blueprint.route("/changes.atom")
def changes_feed() -> Response:
    """Return the changes as a feed, one entry per build (RFC 4287); before a second build it dates from the first."""
    told = history()
    updated = told[0]["date"] if told else _made()
    here = url_for("pages.changes", _external=True)
    body = render_template("changes.atom", history=told, kinds_of_change=KINDS, here=here, updated=updated)
    return Response(body, mimetype="application/atom+xml")
