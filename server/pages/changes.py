"""``/changes``: what the latest builds added, changed and removed, as a page, as JSON, and as an Atom feed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, render_template, url_for

from kg.errors import EntenteError
from server.pages.addresses import page_address
from server.pages.base import blueprint
from server.web.request_context import engine

KINDS = ("added", "changed", "dropped")


def _history() -> list[Mapping[str, Any]]:
    """Return the latest builds, most recent first: id, previous build, date, counts by class, and things by name."""
    try:
        return list(engine().build.report.get("history", ()))
    except EntenteError:
        return []


@blueprint.route("/changes")
def changes() -> str:
    """Show the changes."""
    return render_template("changes.html", history=_history(), kinds_of_change=KINDS, address=page_address)


@blueprint.route("/changes.json")
def changes_data() -> Response:
    """Return the changes as JSON."""
    return jsonify({"builds": _history()})


@blueprint.route("/changes.atom")
def changes_feed() -> Response:
    """Return the changes as a feed, one entry per build (RFC 4287)."""
    body = render_template("changes.atom", history=_history(), kinds_of_change=KINDS, here=url_for("pages.changes", _external=True))
    return Response(body, mimetype="application/atom+xml")
