"""Statements of the graph as JSON for assistants, with the sentences from which they were read and the references behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin

from flask import request
from rdflib import URIRef

from kg.graph.namespaces import RESOURCE
from kg.store.index.selections import Cursor
from server.execution.engine import Row
from server.pages.addresses import page_address
from server.pages.base import ask
from server.pages.listing import ListedReference, references
from server.pages.paging import described, lists
from server.pages.term_display import labels, local

Json = dict[str, Any]
ARTICLE = f"{RESOURCE}article/"
MOST_SENTENCES = 5
"""Sentences and references given for one statement."""
MOST_MENTIONS = 2
"""Sentences given for a thing that is not a statement: the first that mention it."""
SINGLE = frozenset({"label", "modality", "date", "earliest", "latest", "dateBasis", "confidence"})
"""Properties of which a statement has one value."""


def page(iri: str) -> str:
    """Return the address of the page about a thing; its own IRI if there is none."""
    address = page_address(iri)
    return urljoin(request.url_root, address) if address else iri


def statements(iris: Sequence[str]) -> list[Json]:
    """Return events, agreements or tenures in full, in the given order."""
    said: dict[str, Json] = {iri: {"id": iri, "page": page(iri)} for iri in iris}
    for row in described("statements-described", "fact", iris):
        _say(said[str(row["fact"])], row)
    found = _support(iris)
    return [{**about, **found[iri]} for iri, about in said.items()]


def _say(about: Json, row: Row) -> None:
    name, value = local(row["property"]), str(row["value"])
    if name in SINGLE:
        about[name] = local(value) if isinstance(row["value"], URIRef) else value
        return
    shown = {"name": str(row.get("label", local(value))), "id": value} if isinstance(row["value"], URIRef) else value
    if shown not in about.setdefault(name, []):
        about[name].append(shown)


def evidence(iris: Sequence[str]) -> list[Json]:
    """Return the sentences and references that support some things.

    Those of a fact are its evidence; a sentence supports itself; an entity has the first that mention it, an article its first.
    """
    found = _support(iris)
    naming = {iri: _first_sentences(iri) for iri in iris if not found[iri]["sentences"]}
    passages = _support([passage for each in naming.values() for passage in each])
    for iri, sentences in naming.items():
        for passage in sentences:
            found[iri]["sentences"] += passages[passage]["sentences"]
            found[iri]["references"] += [each for each in passages[passage]["references"] if each not in found[iri]["references"]]
    named = labels(iris)
    told = ((iri, support) for iri, support in found.items() if support["sentences"])
    return [{"id": iri, **({"name": named[iri]} if iri in named else {}), "page": page(iri), **support} for iri, support in told]


def _first_sentences(iri: str) -> list[str]:
    """Return the first sentences that mention a thing, or of an article."""
    if iri.startswith(ARTICLE):
        return [str(row["passage"]) for row in ask("article-passages", {"thing": iri}, MOST_MENTIONS)]
    return [item.iri for item in lists().mentions_of(iri, Cursor(), MOST_MENTIONS).items]


def _support(iris: Sequence[str]) -> dict[str, Json]:
    """Return sentences and references by the IRI of what they support."""
    found: dict[str, Json] = {iri: {"sentences": [], "references": []} for iri in iris}
    for row in described("statements-sentences", "fact", list(found)):
        sentences = found[str(row["fact"])]["sentences"]
        if len(sentences) < MOST_SENTENCES:
            sentences.append(_sentence(row))
    cited: dict[str, list[Row]] = defaultdict(list)
    for row in described("statements-references", "fact", list(found)):
        cited[str(row["fact"])].append(row)
    for iri, rows in cited.items():
        found[iri]["references"] = [_reference(each) for each in references(rows)[:MOST_SENTENCES]]
    return found


def _sentence(row: Row) -> Json:
    said = {"text": row["text"], "article": row["articleLabel"], "section": row.get("section", "")}
    return {**{name: str(value) for name, value in said.items() if value}, "id": str(row["passage"]), "page": page(str(row["passage"]))}


def _reference(found: ListedReference) -> Json:
    said = {
        "title": found.title,
        "publisher": found.publisher,
        "authors": list(found.authors),
        "issued": found.issued,
        "accessed": found.accessed,
        "url": found.url or found.address,
        "archived": found.archived,
        "dead": found.dead,
        "page": urljoin(request.url_root, found.page) if found.page else "",
    }
    return {name: value for name, value in said.items() if value}
