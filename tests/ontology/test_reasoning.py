"""Reasoners find no contradiction in the ontology and the graphs, and would detect one."""

from __future__ import annotations

import gzip
import re
import shutil
from pathlib import Path

import pytest
from rdflib import OWL, RDF, Graph, URIRef

from kg.graph import article_quads
from kg.graph.namespaces import ENT, ONTOLOGY_FILES, RESOURCE, with_broader
from kg.resources import resource_folder
from kg.store import current_build
from tests.graph.examples import article, facts

CONTRADICTION = f"<{RESOURCE}Freedonia> <{RDF.type}> <{ENT.Person}> ."


@pytest.fixture(scope="module")
def sound() -> Graph:
    graph = Graph()
    for name in ONTOLOGY_FILES:
        graph.parse(resource_folder("ontology") / name)
    return graph.parse(data="\n".join(f"{q.subject} {q.predicate} {q.object} ." for q in article_quads(article(), facts())), format="nt")


def closed(graph: Graph, more: str = "") -> Graph:
    """Return the closure under the rules of OWL 2 RL."""
    import owlrl

    closure = Graph()
    for triple in graph:
        closure.add(triple)
    closure.parse(data=more, format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closure)
    return closure


def errors(graph: Graph) -> list[object]:
    return [o for s, p, o in graph if "error" in str(p).lower()]


def test_owl_rl_finds_no_contradiction_and_nothing_of_ours_that_is_not_written_out(sound: Graph) -> None:
    closure = closed(sound)
    assert errors(closure) == []
    terms = {str(t) for t in sound.subjects(RDF.type, OWL.Class)} & set(with_broader(ENT.State) + with_broader(ENT.Event))
    missing = [(s, t) for t in terms for s in closure.subjects(RDF.type, URIRef(t)) if (s, RDF.type, URIRef(t)) not in sound]
    assert [subject for subject, _ in missing if str(subject).startswith(RESOURCE)] == []


def test_owl_rl_finds_a_contradiction(sound: Graph) -> None:
    assert errors(closed(sound, CONTRADICTION))


def hermit(path: Path) -> list[str]:
    """Return the unsatisfiable classes; raise if the ontology is inconsistent."""
    owlready2 = pytest.importorskip("owlready2")
    if shutil.which("java") is None:
        pytest.skip("HermiT needs Java")
    world = owlready2.World()
    with world.get_ontology(path.as_uri()).load():
        owlready2.sync_reasoner_hermit(world, debug=0)
    return [str(unsatisfiable) for unsatisfiable in world.inconsistent_classes()]


def for_hermit(ntriples: str, target: Path) -> Path:
    """Convert dates to strings: HermiT supports only the datatypes of the OWL 2 datatype map, which lacks dates."""
    dates = r'("[^"]*")\^\^<http://www\.w3\.org/2001/XMLSchema#(?:date|gYear|gYearMonth)>'
    target.write_text(re.sub(dates, r"\1", ntriples), encoding="utf-8")
    return target


def test_hermit_finds_ontology_and_graph_consistent(gold_data: Path, tmp_path: Path) -> None:
    ntriples = gzip.decompress((current_build(gold_data).dumps / "entente.nt.gz").read_bytes()).decode("utf-8")
    assert hermit(for_hermit(ntriples, tmp_path / "graph.nt")) == []


def test_hermit_finds_a_contradiction(sound: Graph, tmp_path: Path) -> None:
    owlready2 = pytest.importorskip("owlready2")
    path = for_hermit(sound.serialize(format="nt") + CONTRADICTION + "\n", tmp_path / "graph.nt")
    with pytest.raises(owlready2.base.OwlReadyInconsistentOntologyError):
        hermit(path)
