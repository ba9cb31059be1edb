"""Every shape accepts a valid graph and detects one that violates it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDFS, Graph, Literal, URIRef

from kg.errors import EntenteError
from kg.graph import article_quads
from kg.graph.namespaces import ENT, ONTOLOGY_FILES, PREFIXES, RESOURCE
from kg.resources import resource_folder
from kg.store import current_build
from kg.store.shacl import Violation, check, read_graph, violations
from tests.graph.examples import article, facts

CASES = tomllib.loads(Path(__file__).with_name("broken.toml").read_text(encoding="utf-8"))["case"]
MESSAGES = set(re.findall(r'sh:message "([^"]+)"', (resource_folder("ontology") / "shapes.ttl").read_text(encoding="utf-8")))
HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())


@pytest.fixture(scope="module")
def sound() -> Graph:
    """The example's graph with the categories, which a dump includes."""
    lines = (f"{q.subject} {q.predicate} {q.object} ." for q in article_quads(article(), facts()))
    graph = Graph().parse(data="\n".join(lines), format="nt")
    return graph.parse(resource_folder("ontology") / ONTOLOGY_FILES[1])


@pytest.fixture(scope="module")
def nodes(sound: Graph) -> dict[str, URIRef]:
    """Names used in the cases for the nodes whose IRIs are hashes."""

    def subject(term: str, value: Any) -> URIRef:
        found = sound.value(None, URIRef(term), value)
        assert isinstance(found, URIRef)
        return found

    return {
        "SIGNING": subject(ENT.trigger, Literal("sign")),
        "TENURE": subject(ENT.holder, URIRef(RESOURCE + "Rufus_T._Firefly")),
        "PASSAGE": subject(ENT.start, Literal(0)),
        "WORDS": subject(PREFIXES["oa"] + "exact", Literal("signed")),
        "CITATION": subject(RDFS.label, Literal("They sign", lang="en")),
        "ARTICLE": URIRef(RESOURCE + "article/Freedonia–Sylvania_relations"),
    }


def test_a_sound_graph_passes(sound: Graph) -> None:
    assert violations(sound) == []


def test_every_message_is_tried() -> None:
    assert MESSAGES - {case["message"] for case in CASES} == set()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['node']} {case['message']}")
def test_a_broken_graph_is_caught(case: dict[str, Any], sound: Graph, nodes: dict[str, URIRef]) -> None:
    broken = Graph()
    for triple in sound:
        broken.add(triple)
    for subject, predicate in case.get("drop", ()):
        broken.remove((node(subject, nodes), node(predicate, nodes), None))
    added = re.sub(r"\b(SIGNING|TENURE|PASSAGE|CITATION|ARTICLE|WORDS)\b", lambda m: f"<{nodes[m.group()]}>", case.get("add", ""))
    broken.parse(data=HEAD + added, format="turtle")
    label = str(sound.value(nodes[case["node"]], RDFS.label)) if case["node"] in nodes else case["node"]
    found = violations(broken)
    assert case["message"] in {violation.message for violation in found if violation.label.startswith(label)}
    assert {violation.message for violation in found} == {case["message"], *case.get("also", ())}


def node(name: str, nodes: dict[str, URIRef]) -> URIRef:
    if name in nodes:
        return nodes[name]
    prefix, local = name.split(":", 1)
    return URIRef(PREFIXES[prefix] + local)


def test_a_violation_is_said_in_words(sound: Graph) -> None:
    broken = Graph()
    for triple in sound:
        broken.add(triple)
    broken.add((URIRef(RESOURCE + "Klopstokia"), URIRef(ENT.country), URIRef(RESOURCE + "League_of_Leagues")))
    (found, *_) = violations(broken)
    assert isinstance(found, Violation)
    assert str(found).startswith("Klopstokia: lies in something that is no single state of the graph")
    assert str(found).endswith("<https://w3id.org/entente/resource/Klopstokia>")


@pytest.mark.parametrize("data", ["gold_data", "seed_data"])
def test_builds_have_no_violations(data: str, request: pytest.FixtureRequest) -> None:
    assert check(current_build(request.getfixturevalue(data)).dumps / "entente.ttl") == []


@pytest.mark.parametrize("name", ["entente.ttl", "entente.nt.gz", "entente.nq.gz", "entente.trig.gz", "entente.jsonld"])
def test_every_dump_can_be_read(name: str, gold_data: Path) -> None:
    build = current_build(gold_data)
    assert len(read_graph(build.dumps / name)) == build.manifest["quads"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.txt", "", "not an RDF file by its name"),
        ("x.ttl", "<a> <b>", "is not valid turtle"),
        ("x.nt.gz", "no gzip", "cannot be read"),
    ],
)
def test_what_cannot_be_read_says_so(tmp_path: Path, name: str, content: str, message: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(EntenteError, match=message):
        check(tmp_path / name)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(EntenteError, match=r"missing\.ttl: cannot be read"):
        check(tmp_path / "missing.ttl")
