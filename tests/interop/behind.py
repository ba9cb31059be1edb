"""Compare the server in front of a remote store with one on its own store: every answer, and every page's text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import unified_diff

import pyoxigraph as ox
from flask import Flask

from kg.sparql.canned import load_queries
from tests.interop.rows import compare, rows
from tests.pages.reading import Page, get, links

CLASSES = ("State", "Person", "Institution", "Place", "Agreement", "Office", "Tenure", "Event", "Article", "Passage", "Citation")
FIRST = "SELECT ?thing WHERE { ?thing a <https://w3id.org/entente/ontology#%s> } ORDER BY ?thing LIMIT 1"
QUERIES = (
    "SELECT ?c (COUNT(?s) AS ?n) WHERE { ?s a ?c FILTER(STRSTARTS(STR(?c), 'https://w3id.org/')) } GROUP BY ?c ORDER BY ?c",
    "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o . ?s a <https://w3id.org/entente/ontology#Event> } } GROUP BY ?g ORDER BY ?g",
    "SELECT * WHERE { <Serbia> ?property ?value } ORDER BY ?property ?value",
    "ASK { ?s a <https://w3id.org/entente/ontology#Event> }",
    "ASK { <https://w3id.org/entente/resource/Nobody> ?p ?o }",
    "SELECT ?s FROM <https://w3id.org/entente/ontology> WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o",
)
GRAPHS = ("CONSTRUCT { ?s a ?o } WHERE { ?s a ?o FILTER(STRSTARTS(STR(?o), 'https://w3id.org/entente/ontology#')) }",)
DIFFERENT = ("/about",)
"""Pages that differ by nature: those about dumps."""


def addresses(embedded: Flask) -> Iterator[str]:
    """Return pages of every kind: lists, search, one resource of each class with its data, two states."""
    yield from ("/", "/queries", "/categories", "/articles", "/search?q=minister", "/category/CONSULT", "/category/ACCUSE", "/page/Nobody")
    engine = embedded.extensions["entente.engine"]
    for name in CLASSES:
        for row in engine.select(FIRST % name):
            key = str(row["thing"]).removeprefix("https://w3id.org/entente/resource/")
            yield from (f"/page/{key}", f"/data/{key}.nt")
    client = embedded.test_client()
    dyad = next(link for link in sorted(links(Page(get(client, "/dyad").text), "/dyad")) if "one=" in link)
    yield from (dyad, f"{dyad}&from=2010&to=2014", "/api/search?q=pri&sentences=true", "/api/suggest?q=se")


def canned() -> Iterator[str]:
    """Return the page of each canned query, with its initial values."""
    yield from (f"/queries/{name}" for name in load_queries())


def difference(ours: Flask, theirs: Flask, path: str) -> str:
    """Return what differs between the two answers at an address; empty if nothing does."""
    left, right = (get(app.test_client(), path) for app in (ours, theirs))
    if left.status_code != right.status_code:
        return f"{left.status_code} and {right.status_code}: {' '.join(Page(right.text).text.split())[:300]}"
    if left.mimetype == "application/n-triples":
        return _changed(sorted(set(left.text.splitlines())), sorted(set(right.text.splitlines())))
    if left.mimetype != "text/html":
        return _changed(left.text.splitlines(), right.text.splitlines())
    return _changed(_lines(left.text, ours), _lines(right.text, theirs)) or _downloads(ours, theirs, left.text, path)


def _downloads(ours: Flask, theirs: Flask, html: str, path: str) -> str:
    """Compare the answer of a canned query as offered for download in JSON."""
    offered = sorted(link for link in links(Page(html), path) if re.match(r"/queries/[a-z-]+\.json", link))
    for link in offered:
        left, right = (get(app.test_client(), link).get_json() for app in (ours, theirs))
        if found := compare(rows(left), rows(right), in_order=True):
            return f"{link}: {found}"
    return ""


def query_difference(ours: Flask, theirs: Flask, text: str) -> str:
    """Return what differs between the two answers to a query."""
    headers = {"Accept": "application/sparql-results+json, application/n-triples"}
    left, right = (app.test_client().post("/sparql", data={"query": text}, headers=headers) for app in (ours, theirs))
    if left.status_code != right.status_code:
        return f"{left.status_code} and {right.status_code}: {right.text[:300]}"
    if left.mimetype == "application/n-triples":
        return _changed(*(sorted({str(quad) for quad in ox.parse(answer.data, ox.RdfFormat.N_TRIPLES)}) for answer in (left, right)))
    if "boolean" in left.get_json():
        return "" if left.get_json()["boolean"] == right.get_json()["boolean"] else "another boolean"
    return compare(rows(left.get_json()), rows(right.get_json()), in_order="ORDER BY" in text)


def _lines(html: str, app: Flask) -> list[str]:
    """Return a page's text and links without what differs by nature: the build's name and the query's time."""
    text = Page(html).text.replace(app.extensions["entente.engine"].build.id, "BUILD")
    text = re.sub(r"[\d.,]+\s?ms\b", "N ms", text)
    return [line.strip() for line in text.splitlines() if line.strip()] + sorted(links(Page(html), "/"))


def _changed(left: list[str], right: list[str]) -> str:
    lines = [line for line in unified_diff(left, right, lineterm="", n=0) if not line.startswith(("---", "+++", "@@"))]
    return " | ".join(line[:200] for line in lines[:4])
