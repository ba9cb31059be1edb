"""The ontology is complete, small, and within OWL 2 DL; the categories are complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, URIRef

from kg.graph.namespaces import PREFIXES
from kg.resources import resource_folder

ENT, CAT = PREFIXES["ent"], PREFIXES["cat"]
FOLDER = resource_folder("ontology")
ONTOLOGY = Graph().parse(FOLDER / "entente.ttl")
CATEGORIES = Graph().parse(FOLDER / "categories.ttl")
BOTH = ONTOLOGY + CATEGORIES
KINDS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual, OWL.Ontology}
# The datatype map of OWL 2, https://www.w3.org/TR/owl2-syntax/#Datatype_Maps, as far as it is used here.
DATATYPES = {XSD.decimal, XSD.string, XSD.integer, XSD.boolean, RDFS.Literal}
PLOVER = "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE COERCE ASSAULT"
OURS = "STATE ELECT APPOINT LEGISLATE ESTABLISH DISSOLVE RULE SECEDE"


def kinds(term: URIRef) -> set[URIRef]:
    return {kind for kind in ONTOLOGY.objects(term, RDF.type) if kind in KINDS}  # type: ignore[misc]


def own(*wanted: URIRef) -> list[URIRef]:
    return sorted(t for t in set(ONTOLOGY.subjects()) if isinstance(t, URIRef) and t.startswith(ENT) and kinds(t) & set(wanted))


CLASSES = own(OWL.Class)
PROPERTIES = own(OWL.ObjectProperty, OWL.DatatypeProperty)
CONCEPTS = sorted(CATEGORIES.subjects(RDF.type, SKOS.Concept))


@pytest.mark.parametrize("term", [*CLASSES, *PROPERTIES, *own(OWL.NamedIndividual)], ids=lambda term: term.removeprefix(ENT))
def test_every_term_is_explained(term: URIRef) -> None:
    for predicate in (RDFS.label, RDFS.comment):
        (said,) = ONTOLOGY.objects(term, predicate)
        assert isinstance(said, Literal)
        assert said.language == "en"
    assert str(ONTOLOGY.value(term, RDFS.comment)).endswith(".")
    assert ONTOLOGY.value(term, RDFS.isDefinedBy) == URIRef("https://w3id.org/entente/ontology")


@pytest.mark.parametrize("term", [*CLASSES, *PROPERTIES], ids=lambda term: term.removeprefix(ENT))
def test_every_class_and_property_has_an_example(term: URIRef) -> None:
    assert ONTOLOGY.value(term, SKOS.example)


@pytest.mark.parametrize("term", PROPERTIES, ids=lambda term: term.removeprefix(ENT))
def test_every_property_has_a_domain_and_a_range(term: URIRef) -> None:
    (domain,) = ONTOLOGY.objects(term, RDFS.domain)
    (values,) = ONTOLOGY.objects(term, RDFS.range)
    assert OWL.Class in kinds(domain)  # type: ignore[arg-type]
    is_object = OWL.ObjectProperty in kinds(term)
    assert (OWL.Class in kinds(values) or values == OWL.Thing) == is_object  # type: ignore[arg-type]
    assert (values in DATATYPES) != is_object


def test_the_version_is_named_alike_and_follows_the_one_before() -> None:
    ontology = next(ONTOLOGY.subjects(RDF.type, OWL.Ontology))
    version = str(ONTOLOGY.value(ontology, OWL.versionInfo))
    assert str(ONTOLOGY.value(ontology, OWL.versionIRI)) == f"{ontology}/{version}"
    before = str(ONTOLOGY.value(ontology, OWL.priorVersion)).removeprefix(f"{ontology}/")
    assert [int(part) for part in before.split(".")] < [int(part) for part in version.split(".")]


def test_every_class_is_aligned_with_another_vocabulary() -> None:
    links = (RDFS.subClassOf, SKOS.closeMatch, SKOS.exactMatch)
    alone = [c for c in CLASSES if all(str(o).startswith(ENT) for link in links for o in ONTOLOGY.objects(c, link))]
    assert [c.removeprefix(ENT) for c in alone] == ["Entity", "Fact"]


def test_no_blank_nodes_and_no_lists() -> None:
    assert not [t for t in BOTH if any(isinstance(part, BNode) for part in t)]
    assert (None, RDF.first, None) not in BOTH


def test_every_predicate_and_class_used_is_declared() -> None:
    builtin = tuple(PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl"))
    used = set(BOTH.predicates()) | set(BOTH.objects(None, RDF.type))
    assert sorted(term for term in used if not str(term).startswith(builtin) and not kinds(term)) == []  # type: ignore[arg-type]


def test_what_axioms_refer_to_is_declared() -> None:
    for relation in (RDFS.subClassOf, OWL.disjointWith):
        assert all(OWL.Class in kinds(o) for o in ONTOLOGY.objects(None, relation)), relation  # type: ignore[arg-type]
    for sub, above in ONTOLOGY.subject_objects(RDFS.subPropertyOf):
        assert kinds(sub) & kinds(above), (sub, above)  # type: ignore[arg-type]


def test_no_term_is_two_kinds_of_property_or_a_class_and_a_property() -> None:
    """The separation of the vocabulary that OWL 2 DL asks for: https://www.w3.org/TR/owl2-syntax/#Typing_Constraints_of_OWL_2_DL."""
    parted = KINDS - {OWL.NamedIndividual}
    assert [t for t in set(ONTOLOGY.subjects()) if len(kinds(t) & parted) > 1] == []  # type: ignore[arg-type]


def test_properties_relate_what_they_are_declared_for() -> None:
    wanted = {OWL.ObjectProperty: URIRef, OWL.DatatypeProperty: Literal}
    declared = [(triple, kind) for triple in BOTH for kind in kinds(triple[1]) if kind in wanted]  # type: ignore[arg-type]
    assert declared
    assert [triple for triple, kind in declared if not isinstance(triple[2], wanted[kind])] == []  # type: ignore[index]


def test_subclasses_and_subproperties_have_no_cycles() -> None:
    for relation in (RDFS.subClassOf, RDFS.subPropertyOf, SKOS.broader):
        for term in set(BOTH.subjects(relation)):
            above = set(BOTH.transitive_objects(BOTH.value(term, relation), relation))
            assert term not in above, term


def test_every_term_of_the_public_interface_is_there(shared: Path) -> None:
    text = (shared / "ONTOLOGY.md").read_text(encoding="utf-8")
    named = {ENT + name for name in re.findall(r"`ent:(\w+)`", text)}
    assert len(named) > 40
    assert sorted(named - {str(subject) for subject in ONTOLOGY.subjects()}) == []


def test_the_categories_are_the_ones_agreed_on() -> None:
    top = {str(concept).removeprefix(CAT) for concept in CATEGORIES.subjects(SKOS.topConceptOf, URIRef(CAT))}
    assert top == set(PLOVER.split()) | set(OURS.split())
    assert set(CATEGORIES.objects(URIRef(CAT), SKOS.hasTopConcept)) == set(CATEGORIES.subjects(SKOS.topConceptOf, URIRef(CAT)))


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda concept: concept.removeprefix(CAT))
def test_every_category_is_complete(concept: URIRef) -> None:
    code = concept.removeprefix(CAT)
    assert [str(n) for n in CATEGORIES.objects(concept, SKOS.notation)] == [code]
    assert CATEGORIES.value(concept, SKOS.inScheme) == URIRef(CAT)
    for predicate in (SKOS.prefLabel, RDFS.label, SKOS.definition, SKOS.example):
        assert len(list(CATEGORIES.objects(concept, predicate))) == 1, predicate
    root = code.split("-", 1)[0]
    assert (len(list(CATEGORIES.objects(concept, URIRef(ENT + "quadClass")))) == 1) == (root in PLOVER.split())


@pytest.mark.parametrize("concept", [c for c in CONCEPTS if "-" in c.removeprefix(CAT)], ids=lambda concept: concept.removeprefix(CAT))
def test_every_mode_is_narrower_than_its_category(concept: URIRef) -> None:
    parent = URIRef(CAT + concept.removeprefix(CAT).split("-", 1)[0])
    assert list(CATEGORIES.objects(concept, SKOS.broader)) == [parent]
    assert (parent, SKOS.narrower, concept) in CATEGORIES


@pytest.mark.parametrize("code", PLOVER.split())
def test_every_category_of_plover_has_its_cameo_code(code: str) -> None:
    assert CATEGORIES.value(URIRef(CAT + code), URIRef(ENT + "cameo"))


def test_labels_are_unique() -> None:
    labels = [str(label) for concept in CONCEPTS for label in CATEGORIES.objects(concept, SKOS.prefLabel)]
    assert sorted(label for label in set(labels) if labels.count(label) > 1) == []


def test_the_documentation_is_of_this_ontology() -> None:
    """Fixed by running ``make ontology-docs``."""
    import importlib.util

    pytest.importorskip("pylode")
    spec = importlib.util.spec_from_file_location("document", FOLDER / "document.py")
    assert spec
    assert spec.loader
    document = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(document)
    assert (FOLDER / "entente.html").read_text(encoding="utf-8") == document.documentation(), "run 'make ontology-docs'"
