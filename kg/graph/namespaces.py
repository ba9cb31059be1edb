"""Namespaces, Entente's own IRIs, and the vocabulary as Python names read from ``ontology/``: a misspelt term raises.

``ENT.actor`` and ``CAT["COERCE-arrest"]`` are IRIs (plain strings). The terms of other vocabularies are those that
``ontology/entente.ttl`` declares; the W3C's own (RDF, RDFS, OWL, XSD) are known to rdflib.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

from kg.resources import resource_folder

BASE = "https://w3id.org/entente/"
RESOURCE = BASE + "resource/"
CATEGORY = BASE + "category/"
DATASET = BASE + "dataset"
DUMPS = BASE + "dumps/"
ENDPOINT = BASE + "sparql"
SOFTWARE = BASE + "software"
BUILDS = BASE + "build/"
CORRECTIONS = BASE + "corrections"
"""The graph of the corrections."""
ONTOLOGY_GRAPH = BASE + "ontology"
ONTOLOGY_FILES = ("entente.ttl", "categories.ttl", "statistics.ttl")
STATISTICS = BASE + "statistics"
"""The graph of the statistics, and the prefix of the IRIs in it."""

PREFIXES: dict[str, str] = {
    "cat": CATEGORY,
    "dbpedia": "http://dbpedia.org/resource/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "ent": ONTOLOGY_GRAPH + "#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "res": RESOURCE,
    "schema": "https://schema.org/",
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "wd": "http://www.wikidata.org/entity/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefix to namespace, for the graph and the description of the dataset."""


class UnknownTermError(AttributeError, KeyError):
    """A term that no vocabulary declares."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Ontology:
    """The content of ``ontology/``: all declared terms; for each of Entente's own the terms that it implies; disjoint classes; ranges."""

    terms: frozenset[str]
    broader: Mapping[str, tuple[str, ...]]
    apart: frozenset[tuple[str, str]]
    ranges: Mapping[str, str]

    def disjoint(self, one: Iterable[str], other: Iterable[str]) -> bool:
        """Whether nothing can be of all these classes."""
        return any(pair in self.apart for pair in product(one, other))


@cache
def ontology() -> Ontology:
    """Return the terms of the ontology and of the vocabularies built into rdflib; read once."""
    from rdflib import DCAT, OWL, PROV, RDF, RDFS, SKOS, VOID, XSD, Graph

    graph = Graph()
    for name in ONTOLOGY_FILES:
        graph.parse(resource_folder("ontology") / name, format="turtle")
    declared = {str(subject) for subject in graph.subjects(unique=True)}
    vocabularies = (RDF, RDFS, OWL, XSD, VOID, DCAT, PROV)
    builtin = {str(vocabulary[name]) for vocabulary in vocabularies for name in (*vocabulary.__annotations__, *vocabulary._extras)}
    broader: dict[str, tuple[str, ...]] = {}
    for relation in (RDFS.subClassOf, RDFS.subPropertyOf, SKOS.broader):
        for term in set(graph.subjects(relation)):
            above = {str(t) for t in graph.transitive_objects(term, relation) if t != term}
            broader[str(term)] = tuple(sorted(t for t in above if t.startswith((PREFIXES["ent"], PREFIXES["cat"]))))
    apart = _apart({(str(one), str(other)) for one, other in graph.subject_objects(OWL.disjointWith)}, broader)
    ranges = {str(term): str(kind) for term, kind in graph.subject_objects(RDFS.range)}
    return Ontology(frozenset(declared | builtin), broader, apart, ranges)


def _apart(declared: set[tuple[str, str]], broader: Mapping[str, tuple[str, ...]]) -> frozenset[tuple[str, str]]:
    """Return the pairs of disjoint classes, in both orders: those declared, and a class with what all its subclasses are disjoint from."""
    pairs = declared | {(other, one) for one, other in declared}
    classes = {one for one, _ in pairs}
    for term in {above for one in classes for above in broader.get(one, ())}:
        below = [one for one in classes if term in broader.get(one, ())]
        inherited = {(term, other) for other in classes if all((one, other) in pairs for one in below)}
        pairs |= inherited | {(other, one) for one, other in inherited}
    return frozenset(pairs)


def with_broader(term: str) -> tuple[str, ...]:
    """Return a class, property or category with all broader ones of Entente."""
    return (term, *ontology().broader.get(term, ()))


class Vocabulary:
    """The terms of one namespace, as attributes or items; the ontology is read when the first is used."""

    def __init__(self, prefix: str) -> None:
        self.namespace = PREFIXES[prefix]
        self.prefix = prefix

    def __getattr__(self, name: str) -> str:
        iri = self.namespace + name
        if iri not in ontology().terms:
            raise UnknownTermError(f"{self.prefix}:{name} is no term of {self.namespace} that ontology/ declares.")
        self.__dict__[name] = iri
        return iri

    def __getitem__(self, name: str) -> str:
        iri: str = getattr(self, name)
        return iri

    def __contains__(self, name: str) -> bool:
        return self.namespace + name in ontology().terms


CAT = Vocabulary("cat")
DCTERMS = Vocabulary("dcterms")
ENT = Vocabulary("ent")
GEO = Vocabulary("geo")
OA = Vocabulary("oa")
OWL = Vocabulary("owl")
PROV = Vocabulary("prov")
QB = Vocabulary("qb")
RDF = Vocabulary("rdf")
RDFS = Vocabulary("rdfs")
SCHEMA = Vocabulary("schema")
SKOS = Vocabulary("skos")
VOID = Vocabulary("void")
XSD = Vocabulary("xsd")
