"""Convert the references of an article to citations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from kg.graph import iris
from kg.graph.entity_quads import date_literal
from kg.graph.namespaces import DCTERMS, ENT, RDF, RDFS, SCHEMA, with_broader
from kg.graph.publishers import publisher_of, publisher_quads
from kg.graph.terms import Quad, english, iri, text, typed
from kg.wikitext.article import Reference

_ISO_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d{2})?)?")
_LABEL_LENGTH = 80


def citation_quads(reference: Reference, node: str, graph: str) -> Iterator[Quad]:
    """Describe a citation, its publisher included."""

    def say(predicate: str, *objects: str) -> Iterator[Quad]:
        return (Quad(node, iri(broader), value, graph) for value in objects for broader in with_broader(predicate))

    yield from say(RDF.type, *(iri(broader) for broader in with_broader(ENT.Citation)))
    address, archive = iris.address(reference.url), iris.address(reference.archived_at)
    label = reference.title or reference.text or reference.url or reference.name or "Reference without text"
    yield from say(RDFS.label, english(clipped(label)))
    plain = {
        DCTERMS.title: reference.title,
        DCTERMS.publisher: reference.publisher,
        DCTERMS.language: reference.language,
        DCTERMS.bibliographicCitation: "" if reference.title else reference.text,
        ENT.page: reference.page,
    }
    for predicate, value in plain.items():
        if value:
            yield from say(predicate, text(value))
    publisher = publisher_of(reference)
    if publisher is not None:
        yield from say(SCHEMA.publisher, iri(publisher.iri))
        yield from publisher_quads(publisher, reference.publisher, graph)
    yield from say(DCTERMS.creator, *(text(author) for author in reference.authors if author))
    for predicate, value in ((DCTERMS.issued, reference.issued), (ENT.accessed, reference.accessed)):
        if value:
            yield from say(predicate, date_literal(value) if is_date(value) else text(value))
    if reference.dead:
        yield from say(ENT.dead, typed("true", "boolean"))
    for predicate, link in ((SCHEMA.url, address), (ENT.archivedAt, archive)):
        if link:
            yield from say(predicate, iri(link))


def citation_iri(reference: Reference) -> str:
    """Return an IRI derived from what the reference says; of one that says nothing, from its name and number."""
    fields = (reference.url, reference.title, reference.publisher, *reference.authors, reference.issued)
    more = (reference.accessed, reference.archived_at, reference.language, reference.text, *filter(None, (reference.page,)))
    named = () if any((*fields, *more)) else (reference.name, str(reference.index))
    return iris.hashed("citation", *fields, *more, *named)


def clipped(label: str) -> str:
    """Shorten a label at a space."""
    label = " ".join(label.split())
    return label if len(label) <= _LABEL_LENGTH else label[: _LABEL_LENGTH - 1].rsplit(" ", 1)[0] + "…"


def is_date(value: str) -> bool:
    """Return whether a text is a year, month or day as ISO 8601 writes it."""
    if not _ISO_DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        return False
    return True
