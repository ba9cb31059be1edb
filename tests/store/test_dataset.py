"""The dataset's description, compared with the content of the dump."""

from __future__ import annotations

from collections import Counter

import pyoxigraph as ox
import pytest
from rdflib import DCAT, DCTERMS, PROV, RDF, VOID, Graph, Namespace, URIRef

from kg.graph.dataset import activity_iri
from kg.graph.namespaces import ENT, RESOURCE, ontology
from kg.store import Build
from tests.store.conftest import PROVENANCE

DATASET = URIRef("https://w3id.org/entente/dataset")
SPDX = Namespace("http://spdx.org/rdf/terms#")


@pytest.fixture(scope="module")
def void(build: Build) -> Graph:
    return Graph().parse(build.dumps / "void.ttl")


@pytest.fixture(scope="module")
def dump(build: Build) -> Graph:
    return Graph().parse(build.dumps / "entente.ttl")


def test_the_number_of_triples_is_the_dumps(void: Graph, dump: Graph) -> None:
    assert int(void.value(DATASET, VOID.triples)) == len(dump)  # type: ignore[arg-type]


def test_the_description_counts_what_the_store_counts(void: Graph, dump: Graph, build: Build) -> None:
    store = ox.Store.read_only(str(build.store_path))
    said = {
        VOID.triples: len(set(dump)),
        VOID.distinctSubjects: len(set(dump.subjects())),
        VOID.properties: len(set(dump.predicates())),
        VOID.classes: len(set(dump.objects(None, RDF.type))),
    }
    assert {term: int(void.value(DATASET, term)) for term in said} == said  # type: ignore[arg-type]
    assert len(store) == len(dump)
    partitions = {
        void.value(node, VOID.property): int(void.value(node, VOID.triples)) for node in void.objects(DATASET, VOID.propertyPartition)
    }  # type: ignore[arg-type]
    assert partitions == Counter(dump.predicates())
    entities = {
        void.value(node, VOID["class"]): int(void.value(node, VOID.entities)) for node in void.objects(DATASET, VOID.classPartition)
    }  # type: ignore[arg-type]
    assert entities == Counter(dump.objects(None, RDF.type))


def test_classes_are_counted(void: Graph, dump: Graph) -> None:
    described = set(dump.subjects(RDF.type, URIRef(ENT.Entity))) | set(dump.subjects(RDF.type, URIRef(ENT.Passage)))
    assert described
    counts = {str(void.value(p, VOID["class"])): int(void.value(p, VOID.entities)) for p in void.objects(DATASET, VOID.classPartition)}  # type: ignore[arg-type]
    for term in (ENT.State, ENT.Person, ENT.Event, ENT.Agreement, ENT.Tenure, ENT.Office, ENT.Article, ENT.Passage, ENT.Citation):
        assert counts[term] == len(set(dump.subjects(RDF.type, URIRef(term)))), term


def test_properties_are_counted(void: Graph, dump: Graph) -> None:
    true = Counter(str(predicate) for predicate in dump.predicates())
    counts = {str(void.value(p, VOID.property)): int(void.value(p, VOID.triples)) for p in void.objects(DATASET, VOID.propertyPartition)}  # type: ignore[arg-type]
    for term in (ENT.actor, ENT.category, ENT.mentions, ENT.cites, ENT.text, ENT.holder):
        assert counts[term] == true[term], term


def test_example_resources_exist(void: Graph, dump: Graph) -> None:
    examples = set(void.objects(DATASET, VOID.exampleResource))
    assert len([example for example in examples if str(example).startswith(RESOURCE)]) > 5
    assert not [example for example in examples if (example, None, None) not in dump]


def test_every_dump_has_size_media_type_and_checksum(void: Graph, build: Build) -> None:
    distributions = {str(node).rsplit("/", 1)[1]: node for node in void.objects(DATASET, DCAT.distribution)}
    for said in build.manifest["dumps"]:
        node = distributions.pop(said["name"])
        assert (DATASET, VOID.dataDump, node) in void
        assert int(void.value(node, DCAT.byteSize)) == said["size"]  # type: ignore[arg-type]
        assert str(void.value(node, DCAT.mediaType)).endswith(said["media_type"])
        checksum = void.value(node, SPDX.checksum)
        assert void.value(checksum, SPDX.checksumValue).toPython().hex() == said["sha256"]  # type: ignore[union-attr]
        assert ((node, DCAT.compressFormat, None) in void) == said["name"].endswith(".gz")
    assert distributions == {}


def test_the_build_is_an_activity_that_used_the_articles(void: Graph) -> None:
    activity = URIRef(activity_iri(PROVENANCE))
    assert void.value(DATASET, PROV.wasGeneratedBy) == activity
    articles = set(void.objects(DATASET, DCTERMS.source))
    assert len(articles) == 3
    assert articles < set(void.objects(activity, PROV.used))
    assert str(void.value(activity, PROV.endedAtTime)) == "2024-01-03T00:00:00+00:00"


def test_licence_and_endpoint(void: Graph) -> None:
    assert str(void.value(DATASET, DCTERMS.license)) == "https://creativecommons.org/licenses/by-sa/4.0/"
    assert void.value(DATASET, VOID.sparqlEndpoint)
    assert void.value(DATASET, DCTERMS.rights)


def test_every_term_is_declared(void: Graph) -> None:
    used = {str(term) for term in void.predicates()} | {str(term) for term in void.objects(None, RDF.type)}
    assert sorted(used - ontology().terms) == []
