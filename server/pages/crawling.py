"""Files that search engines and browsers request on their own: ``/robots.txt``, ``/sitemap.xml`` with its parts, ``/favicon.ico``."""

from __future__ import annotations

from urllib.parse import urljoin

from flask import Response, current_app, render_template, request, send_from_directory, url_for

from server.pages.addresses import page_address
from server.pages.base import blueprint, canned_queries, search_index
from server.protocol.problems import Problem

PART = 5_000
"""Addresses in one part of the sitemap; the protocol allows 50,000."""


@blueprint.route("/robots.txt")
def robots() -> Response:
    """Allow crawlers pages and data, but nothing that runs a query."""
    closed = ("sparql", "graphs", "api/", "search", "queries/*?", "dyad?", "metrics")
    lines = ["User-agent: *", *(f"Disallow: {request.script_root}/{path}" for path in closed)]
    return Response("\n".join([*lines, f"Sitemap: {url_for('pages.sitemap', _external=True)}", ""]), mimetype="text/plain")


@blueprint.route("/sitemap.xml")
def sitemap() -> Response:
    """Return the index of the sitemap (https://www.sitemaps.org/protocol.html): the site's own pages, then things, most active first."""
    parts = [url_for("pages.sitemap_part", number=number, _external=True) for number in range(_parts() + 1)]
    return Response(render_template("sitemap-index.xml", parts=parts), mimetype="application/xml")


def _parts() -> int:
    [(last,)] = search_index().rows("SELECT COALESCE(MAX(id), 0) FROM thing")
    return -(-int(last) // PART)


@blueprint.route("/sitemap-<int:number>.xml")
def sitemap_part(number: int) -> Response:
    """Return one part of the sitemap; Problem 404 if it does not exist."""
    if number > _parts():
        raise Problem(404, f"The sitemap has no part {number}.", "See /sitemap.xml.")
    if number == 0:
        own = [url_for(f"pages.{name}") for name in ("home", "queries", "categories", "articles", "about", "dumps", "corrections")]
        addresses = [*own, *(url_for("pages.query", name=name) for name in canned_queries())]
    else:
        rows = search_index().rows("SELECT iri FROM thing WHERE id > ? AND id <= ? ORDER BY id", (number - 1) * PART, number * PART)
        addresses = [address for (iri,) in rows if (address := page_address(iri))]
    body = render_template("sitemap.xml", addresses=[urljoin(request.url_root, each) for each in addresses])
    return Response(body, mimetype="application/xml")


@blueprint.route("/favicon.ico")
def favicon() -> Response:
    """Return the icon, for clients that do not read it from the page."""
    response = send_from_directory(str(current_app.static_folder), "favicon.ico", mimetype="image/vnd.microsoft.icon", max_age=86_400)
    response.cache_control.public = True
    return response
