"""``/ontology`` and ``/.well-known/void``: the vocabulary and the dataset's description, by content negotiation."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from kg.formats import HTML, JSONLD, NTRIPLES, RDFXML, TURTLE, Format
from kg.graph.namespaces import BASE, DUMPS, ENDPOINT
from kg.resources import resource_folder
from kg.sparql.query_parameters import IRI
from server.protocol.problems import Problem
from server.web.request_context import engine, form_of_request

blueprint = Blueprint("documents", __name__)

_VERSION = re.compile(r"\d{1,3}(?:\.\d{1,3}){2}")
RDF = (TURTLE, NTRIPLES, RDFXML, JSONLD)
STYLED_PAGE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
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


@blueprint.route("/ontology/<version>")
def ontology_version(version: str) -> BaseResponse:
    """Redirect from a version of the ontology, this or a prior one, to the ontology as it is; Problem 404 for anything else."""
    if not _VERSION.fullmatch(version):
        raise Problem(404, f"The ontology has no version {version[:20]!r}.", f"Its address is {request.url_root}ontology.")
    return _see_other(url_for("documents.ontology", format=request.args.get("format")))


@blueprint.route("/statistics")
@blueprint.route("/statistics/<path:key>")
def statistics(key: str = "") -> BaseResponse:
    """Redirect from a data set, structure or observation of the statistics to what the endpoint says of it."""
    iri = f"{BASE}statistics/{key}".rstrip("/")
    if not IRI.fullmatch(iri):
        raise Problem(404, "There are no such statistics.", f"They are described at {request.url_root}statistics.")
    return _see_other(url_for("sparql.sparql", query=f"DESCRIBE <{iri}>", format=request.args.get("format")))


def _see_other(target: str) -> BaseResponse:
    response = redirect(target, 303)
    response.vary.add("Accept")
    return response


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
    return _see_other(url_for("documents.void", format=request.args.get("format")))


@blueprint.route("/category/")
def scheme() -> BaseResponse:
    """Send the scheme of the categories: its page, or the ontology that declares it."""
    form = form_of_request((HTML, *RDF))
    target = url_for("pages.categories") if form is HTML else url_for("documents.ontology", format=form.ending)
    return _see_other(target)


def _here(description: Path) -> str:
    turtle = description.read_text(encoding="utf-8")
    return turtle.replace(f"<{DUMPS}", f"<{request.url_root}dumps/").replace(f"<{ENDPOINT}>", f"<{request.url_root}sparql>")


@lru_cache(maxsize=16)
def _written(turtle: str, form: Format) -> bytes:
    """Convert Turtle to another RDF format, with the same prefixes where it has any."""
    if form is TURTLE:
        return turtle.encode()
    from rdflib import Graph

    graph = Graph(bind_namespaces="none").parse(data=turtle, format="turtle")
    return graph.serialize(format=form.rdflib, encoding="utf-8", auto_compact=True)


def _response(body: bytes, form: Format) -> BaseResponse:
    response = Response(body, content_type=form.content_type)
    response.vary.add("Accept")
    response.add_etag()
    return response.make_conditional(request)
