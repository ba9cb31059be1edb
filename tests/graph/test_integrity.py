"""Invariants of every graph, checked on one with every kind of fact and on the seed's."""

from __future__ import annotations

import gzip
from collections import Counter, defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.extraction.fact_spans import SUPPLIED
from kg.graph.namespaces import CAT, ENT, OA, PREFIXES, RDF, RDFS, RESOURCE, SCHEMA, SKOS, ontology
from kg.store import current_build


@pytest.fixture(scope="module", params=["gold_data", "seed_data"])
def quads(request: pytest.FixtureRequest) -> list[ox.Quad]:
    """Parse all quads strictly: an IRI that RFC 3987 does not allow is an error."""
    return quads_of(request.getfixturevalue(request.param))


@pytest.fixture(scope="module")
def extracted(seed_data: Path) -> list[ox.Quad]:
    """The quads of a graph extracted from text: facts made from annotations have no spans."""
    return quads_of(seed_data)


def quads_of(data: Path) -> list[ox.Quad]:
    return list(ox.parse(gzip.decompress(current_build(data).nquads.read_bytes()), format=ox.RdfFormat.N_QUADS))


def values(quads: list[ox.Quad], predicate: str) -> dict[str, list[ox.Literal | ox.NamedNode]]:
    found = defaultdict(list)
    for quad in quads:
        if quad.predicate.value == predicate:
            found[quad.subject.value].append(quad.object)
    return found


def test_there_is_something_to_check(quads: list[ox.Quad]) -> None:
    kinds = {quad.object.value for quad in quads if quad.predicate.value == RDF.type}
    assert {ENT.Person, ENT.State, ENT.Institution, ENT.Place, ENT.Event, ENT.Article, ENT.Passage, ENT.Citation} <= kinds
    assert len(quads) > 5000


def test_no_blank_nodes(quads: list[ox.Quad]) -> None:
    assert not [quad for quad in quads if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)]


def test_every_resource_that_is_referred_to_is_described(quads: list[ox.Quad]) -> None:
    described = {quad.subject.value for quad in quads}
    objects = {quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode)}
    ours = (RESOURCE, PREFIXES["ent"], PREFIXES["cat"])
    assert sorted(o for o in objects - described if o.startswith(ours) and o not in ours) == []


def test_a_page_has_one_node(quads: list[ox.Quad]) -> None:
    pages = Counter(page.value for nodes in values(quads, SCHEMA.sameAs).values() for page in nodes)
    assert [page for page, nodes in pages.items() if nodes > 1] == []


def test_everything_has_one_english_label(quads: list[ox.Quad]) -> None:
    labels = values(quads, RDFS.label)
    ours = {quad.subject.value for quad in quads if quad.subject.value.startswith(RESOURCE)}
    wrong = [node for node in ours if [label.language for label in labels[node]] != ["en"]]  # type: ignore[union-attr]
    assert wrong == []


def test_other_names_differ_from_the_label_and_from_each_other(quads: list[ox.Quad]) -> None:
    labels = values(quads, RDFS.label)
    for node, names in values(quads, SKOS.altLabel).items():
        texts = [name.value for name in names]
        assert len(set(texts)) == len(texts), node
        assert labels[node][0].value not in texts, node


def test_categories_are_of_the_scheme_and_written_with_their_broader_ones(quads: list[ox.Quad]) -> None:
    for node, categories in values(quads, ENT.category).items():
        found = {category.value for category in categories}
        assert all(CAT[iri.removeprefix(PREFIXES["cat"])] == iri for iri in found), node
        assert all(broader in found for iri in found for broader in ontology().broader.get(iri, ())), node


def test_participants_are_written_out(quads: list[ox.Quad]) -> None:
    participants, events = values(quads, ENT.participant), values(quads, ENT.modality)
    for role in (ENT.actor, ENT.recipient, ENT.mediator):
        told = {node: set(who) for node, who in values(quads, role).items() if node in events}
        assert told
        assert {node: who for node, who in told.items() if not who <= set(participants[node])} == {}


def test_superclasses_are_written_out(quads: list[ox.Quad]) -> None:
    for node, kinds in values(quads, RDF.type).items():
        found = {kind.value for kind in kinds}
        assert all(broader in found for kind in found for broader in ontology().broader.get(kind, ())), node


def test_every_term_is_declared(quads: list[ox.Quad]) -> None:
    used = {quad.predicate.value for quad in quads}
    used |= {quad.object.value for quad in quads if quad.predicate.value == RDF.type}
    assert sorted(used - ontology().terms) == []


def test_a_triple_stands_in_one_graph(quads: list[ox.Quad]) -> None:
    assert len({quad.triple for quad in quads}) == len(quads)


def test_words_are_where_the_graph_says_they_are(extracted: list[ox.Quad]) -> None:
    texts, starts, ends, exact = (values(extracted, term) for term in (ENT.text, OA.start, OA.end, OA.exact))
    words = [(quad.subject.value, quad.object.value) for quad in extracted if quad.predicate.value == OA.refinedBy]
    assert len(words) > 300
    for passage, word in words:
        start, end = int(starts[word][0].value), int(ends[word][0].value)
        assert texts[passage][0].value[start:end] == exact[word][0].value


def test_every_event_has_the_words_of_its_trigger_and_of_whom_its_sentence_names(extracted: list[ox.Quad]) -> None:
    """All but those who take part by what the article as a whole says."""
    rules = {event: found[0].value for event, found in values(extracted, ENT.rule).items()}
    events = {event for event in values(extracted, ENT.modality) if not any(rule in rules[event] for rule in SUPPLIED)}
    assert set(values(extracted, ENT.modality)) - set(values(extracted, ENT.triggerAt)) == set()
    refers = values(extracted, ENT.refersTo)
    for role in ("actor", "recipient", "mediator"):
        said = {(event, who.value) for event, found in values(extracted, ENT[role]).items() if event in events for who in found}
        words = values(extracted, ENT[f"{role}At"])
        told = {(event, who.value) for event, found in words.items() for word in found for who in refers[word.value]}
        assert len(said & told) > 0.95 * len(said) > 0, role
