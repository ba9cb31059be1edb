"""Record a correction in the graph: author, date, reason, and the statements that it removed.

A removed statement is kept as a deprecated ``rdf:Statement``: queries for current facts do not see it, and queries for the history
find it with the correction that invalidated it. All of this is in a graph of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.corrections.corrected_article import ArticleStatements
from kg.corrections.correction_files import Correction
from kg.corrections.times import RULE
from kg.facts import Part
from kg.graph import iris
from kg.graph.claims import claimed
from kg.graph.entity_quads import words_property
from kg.graph.namespaces import CORRECTIONS, DCTERMS, ENT, OWL, PROV, RDF, RDFS, ontology
from kg.graph.terms import Quad, address, english, iri, literal_text, text, typed
from kg.phrasing import day

NOUNS = {
    "retract": "Retraction",
    "replace": "Correction",
    "add": "Addition",
    "same": "Two names are one",
    "not_same": "One name is another",
}
_CLIPPED = 120


def correction_iri(correction: Correction) -> str:
    """Return the IRI of a correction, derived from its content."""
    return iris.hashed(RULE, correction.digest)


def correction_quads(article: ArticleStatements, correction: Correction, node: str, gone: Sequence[Quad]) -> Iterator[Quad]:
    """Describe a correction of ``node`` that removed the statements ``gone``."""
    about, graph = iri(correction_iri(correction)), iri(CORRECTIONS)
    label = f"{NOUNS[correction.action]} by {correction.author} ({day(correction.date)}): {article.label(node)}"
    said = [
        (RDF.type, iri(ENT.Correction)),
        (RDFS.label, english(_clip(label))),
        (ENT.action, text(correction.action)),
        (ENT.reason, text(correction.reason)),
        (DCTERMS.creator, text(correction.author)),
        (DCTERMS.created, typed(correction.date.isoformat(), "date")),
        *((PROV.used, passage) for passage in article.passages(correction.quote)),
    ]
    yield from (Quad(about, iri(predicate), value, graph) for predicate, value in said)
    if correction.action == "retract" and correction.target != "agreement":
        yield from _invalidated(node, about)
    else:
        yield Quad(node, iri(ENT.correctedBy), about, graph)
    if correction.action == "same":
        yield from _replaced(article, article.entity(correction.names("name")[0]), node, about)
    for quad in _telling(gone):
        yield from _superseded(article, quad, about)


def _invalidated(node: str, correction: str) -> Iterator[Quad]:
    yield Quad(node, iri(OWL.deprecated), typed("true", "boolean"), iri(CORRECTIONS))
    yield Quad(node, iri(PROV.wasInvalidatedBy), correction, iri(CORRECTIONS))


def _replaced(article: ArticleStatements, node: str, by: str, correction: str) -> Iterator[Quad]:
    """Return what is kept of a merged entity: its address still works and leads to the other."""
    graph = iri(CORRECTIONS)
    yield Quad(node, iri(RDF.type), iri(ENT.Retracted), graph)
    yield Quad(node, iri(RDFS.label), english(article.label(node)), graph)
    yield Quad(node, iri(DCTERMS.isReplacedBy), by, graph)
    yield from _invalidated(node, correction)


def _superseded(article: ArticleStatements, quad: Quad, correction: str) -> Iterator[Quad]:
    node, graph = iri(iris.hashed("statement", *quad, correction)), iri(CORRECTIONS)
    value = literal_text(quad.object) if quad.object.startswith('"') else article.label(quad.object)
    name = address(quad.predicate).rsplit("/", 1)[-1].rsplit("#", 1)[-1]
    said = [
        (RDF.type, iri(RDF.Statement)),
        (RDFS.label, english(_clip(f"{name}: {value}"))),
        (RDF.subject, quad.subject),
        (RDF.predicate, quad.predicate),
        (RDF.object, quad.object),
        (OWL.deprecated, typed("true", "boolean")),
        (PROV.wasInvalidatedBy, correction),
    ]
    return (Quad(node, iri(predicate), each, graph) for predicate, each in said)


def _telling(gone: Iterable[Quad]) -> list[Quad]:
    """Omit the statements that follow from others among them, and replace claims by what they claim."""
    plain: list[Quad] = []
    for quad in gone:
        found = claimed(quad)
        plain += [quad._replace(predicate=p, object=o) for p, o in found[1]] if found else [quad]
    objects = {(quad.subject, quad.predicate, address(quad.object)) for quad in plain}
    broader = {(s, p, up) for s, p, value in objects for up in ontology().broader.get(value, ())}
    predicates = {(quad.subject, iri(up), quad.object) for quad in plain for up in ontology().broader.get(address(quad.predicate), ())}
    # participation as such, and the words for participants, follow from the roles
    following = {iri(term) for term in (ENT.participant, *map(words_property, Part))}
    return sorted(
        quad
        for quad in set(plain)
        if (quad.subject, quad.predicate, address(quad.object)) not in broader
        and (quad.subject, quad.predicate, quad.object) not in predicates
        and quad.predicate not in following
    )


def _clip(label: str) -> str:
    label = " ".join(label.split())
    return label if len(label) <= _CLIPPED else label[: _CLIPPED - 1].rsplit(" ", 1)[0] + "…"
