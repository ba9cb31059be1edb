"""``/resource/…``, ``/page/…`` and ``/data/…``: each thing at its address, as a page for people and as data for programs."""

from __future__ import annotations

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from kg.formats import HTML, NQUADS, TRIG, TURTLE
from kg.graph.namespaces import RESOURCE
from kg.sparql.query_parameters import IRI
from server.pages.addresses import DATA, resource, spelt
from server.pages.base import ask, blueprint, filled, page_query, search_index
from server.pages.term_display import local
from server.pages.things import article_page, correcting, entity_page, fact_pages, publisher
from server.pages.things.thing import Thing
from server.protocol.problems import Problem
from server.web.request_context import engine, form_of_request

PAGES = {
    "Event": fact_pages.show_event,
    "Agreement": fact_pages.show_agreement,
    "Article": article_page.show,
    "Passage": fact_pages.show_passage,
    "Citation": fact_pages.show_citation,
    "Tenure": fact_pages.show_tenure,
    "Publisher": publisher.show,
    "Correction": correcting.record,
    "Retracted": correcting.record,
    "Statement": correcting.record,
}


@blueprint.route("/resource/<path:key>")
def thing(key: str) -> BaseResponse:
    """Redirect from a thing to the page or the data about it, by content negotiation (303 See Other, as linked data requires)."""
    form = form_of_request((HTML, *DATA, NQUADS, TRIG))
    key = known_key(key)
    ending = form.ending if form in DATA else TURTLE.ending
    target = url_for("pages.page", key=key) if form is HTML else url_for("pages.data", key=key, ending=ending)
    response = redirect(target, 303)
    response.vary.add("Accept")
    return response


@blueprint.route("/page/<path:key>")
def page(key: str) -> BaseResponse | str:
    """Show the page about a thing, by its class; other formats in ``?format=`` are redirected."""
    form = form_of_request((HTML, *DATA)) if request.args.get("format") else HTML
    known = known_key(key)
    if form is not HTML:
        return redirect(url_for("pages.data", key=known, ending=form.ending), 303)
    if known != key:
        return redirect(url_for("pages.page", key=known), 301)
    subject = Thing(resource(key), tuple(ask("about", {"thing": resource(key)})))
    return PAGES.get(subject.kind, entity_page.show)(subject)


@blueprint.route(f"/data/<path:key>.<any({','.join(form.ending for form in DATA)}):ending>")
def data(key: str, ending: str) -> Response:
    """Return what the graph states about a thing, as RDF."""
    iri = resource(known_key(key))
    content_type, body = engine().serialize(filled(page_query("data"), {"thing": iri}), ending)
    response = Response(body, content_type=content_type)
    response.headers["Link"] = (
        f'<{url_for("pages.page", key=iri.removeprefix(RESOURCE), _external=True)}>; rel="describedby"; type="text/html"'
    )
    return response


def known_key(key: str) -> str:
    """Return the key as spelt in the graph: unchanged, or with a browser's decoding undone. Problem 404 for neither."""
    spellings = [iri for iri in (resource(key), resource(spelt(key))) if IRI.fullmatch(iri)]
    known = ask("exists", {"one": spellings[0], "other": spellings[-1]}) if spellings else ()
    found = {str(row["thing"]).removeprefix(RESOURCE) for row in known}
    if not found:
        name = local(key).replace("_", " ")
        near = [hit.label for hit in search_index().similar(name, limit=3)]
        hint = f"Did you mean: {', '.join(near)}?" if near else "Search for it by another name."
        raise Problem(404, f"The graph contains nothing called {name!r}.", hint)
    return key if key in found else sorted(found)[0]
