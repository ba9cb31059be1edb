"""``/ontology`` and ``/.well-known/void``: the vocabulary and the dataset's description of itself, by content negotiation."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as BaseResponse

from kg.formats import HTML, JSONLD, NTRIPLES, RDFXML, TURTLE, Format, named
from kg.resources import resource_folder
from server.protocol.negotiation import accept_of, accepted
from server.protocol.problems import Problem
from server.web.current import engine

blueprint = Blueprint("documents", __name__)

RDF = (TURTLE, NTRIPLES, RDFXML, JSONLD)
DUMPS = "https://w3id.org/entente/dumps/"
ENDPOINT = "https://w3id.org/entente/sparql"
STYLED_PAGE = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The policy for the ontology's page, which is a file of ours with its styles in it and without scripts."""


@blueprint.route("/ontology", strict_slashes=False)
def ontology() -> BaseResponse:
    """The ontology: a page for people, RDF for programs."""
    folder = resource_folder("ontology")
    form = _wanted((HTML, *RDF))
    if form is HTML:
        page = _response((folder / "entente.html").read_bytes(), form)
        page.headers["Content-Security-Policy"] = STYLED_PAGE
        return page
    return _response(_written((folder / "entente.ttl").read_text(encoding="utf-8"), form), form)


@blueprint.route("/.well-known/void")
def void() -> BaseResponse:
    """What the dataset says of itself (https://www.w3.org/TR/void/#well-known), with the addresses that it has on this server."""
    form = _wanted(RDF)
    description = engine().build.dumps / "void.ttl"
    if not description.is_file():
        raise Problem(503, "There is no description of the dataset yet.", "Try again in a few seconds.", headers={"Retry-After": "5"})
    return _response(_written(_here(description), form), form)


def _here(description: Path) -> str:
    turtle = description.read_text(encoding="utf-8")
    return turtle.replace(f"<{DUMPS}", f"<{request.url_root}dumps/").replace(f"<{ENDPOINT}>", f"<{request.url_root}sparql>")


def _wanted(forms: tuple[Format, ...]) -> Format:
    name = request.args.get("format")
    form = named(name, forms) if name else accepted(accept_of(request.headers.get("Accept", "")), forms)
    if form is None:
        known = ", ".join(form.media_type for form in forms)
        raise Problem(406, "This document is not to be had in a form that you accept.", f"There are: {known}.")
    return form


@lru_cache(maxsize=16)
def _written(turtle: str, form: Format) -> bytes:
    """Turtle in another format of RDF."""
    if form is TURTLE:
        return turtle.encode()
    from rdflib import Graph

    return Graph().parse(data=turtle, format="turtle").serialize(format=form.rdflib, encoding="utf-8")


def _response(body: bytes, form: Format) -> BaseResponse:
    response = Response(body, content_type=form.content_type)
    response.vary.add("Accept")
    response.add_etag()
    return response.make_conditional(request)
