"""``/ontology`` and ``/.well-known/void``: the vocabulary and the dataset's description, by content negotiation."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from kg.formats import HTML, JSONLD, NTRIPLES, RDFXML, TURTLE, Format
from kg.graph.namespaces import DUMPS, ENDPOINT
from kg.resources import resource_folder
from server.protocol.problems import Problem
from server.web.request_context import engine, form_of_request

blueprint = Blueprint("documents", __name__)

RDF = (TURTLE, NTRIPLES, RDFXML, JSONLD)
STYLED_PAGE = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The content security policy of the ontology's page, a file of ours with inline styles and without scripts."""


@blueprint.route("/ontology", strict_slashes=False)
def ontology() -> BaseResponse:
    """Send the ontology: a page for people, RDF for programs."""
    folder = resource_folder("ontology")
    form = form_of_request((HTML, *RDF))
    if form is HTML:
        page = _response((folder / "entente.html").read_bytes(), form)
        page.headers["Content-Security-Policy"] = STYLED_PAGE
        return page
    return _response(_written((folder / "entente.ttl").read_text(encoding="utf-8"), form), form)


@blueprint.route("/.well-known/void")
def void() -> BaseResponse:
    """Send the dataset's description (https://www.w3.org/TR/void/#well-known), with its addresses on this server."""
    form = form_of_request(RDF)
    description = engine().build.dumps / "void.ttl"
    if not description.is_file():
        raise Problem(503, "There is no description of the dataset yet.", "Try again in a few seconds.", headers={"Retry-After": "5"})
    return _response(_written(_here(description), form), form)


@blueprint.route("/dataset")
@blueprint.route("/software")
@blueprint.route("/build/<_key>")
def described(_key: str = "") -> BaseResponse:
    """Redirect from a resource of the dataset's description to that description."""
    response = redirect(url_for("documents.void", format=request.args.get("format")), 303)
    response.vary.add("Accept")
    return response


@blueprint.route("/category/")
def scheme() -> BaseResponse:
    """Send the scheme of the categories: its page, or the ontology that declares it."""
    form = form_of_request((HTML, *RDF))
    target = url_for("pages.categories") if form is HTML else url_for("documents.ontology", format=form.ending)
    response = redirect(target, 303)
    response.vary.add("Accept")
    return response


def _here(description: Path) -> str:
    turtle = description.read_text(encoding="utf-8")
    return turtle.replace(f"<{DUMPS}", f"<{request.url_root}dumps/").replace(f"<{ENDPOINT}>", f"<{request.url_root}sparql>")


@lru_cache(maxsize=16)
def _written(turtle: str, form: Format) -> bytes:
    """Convert Turtle to another RDF format."""
    if form is TURTLE:
        return turtle.encode()
    from rdflib import Graph

    return Graph().parse(data=turtle, format="turtle").serialize(format=form.rdflib, encoding="utf-8")


def _response(body: bytes, form: Format) -> BaseResponse:
    response = Response(body, content_type=form.content_type)
    response.vary.add("Accept")
    response.add_etag()
    return response.make_conditional(request)
