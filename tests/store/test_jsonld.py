"""Compacted JSON-LD says what the triples say, to rdflib and to Oxigraph."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph
from rdflib.compare import isomorphic

from kg.graph.namespaces import PREFIXES
from kg.store import jsonld
from kg.store.filters import FormatError
from kg.store.oxigraph import serialize

JSONLD = "application/ld+json"
DECLARED = {
    **{"own": "http://own/", "inner": "http://own/inner#", "urn": "http://x/"},
    **{"": "http://empty/", "word": "http://own/w", "mail": "mailto:"},
}
"""Prefixes of a query, of which some are none in JSON-LD."""
# Schemes that are prefixes of the context, namespaces alone, and rests that look like the beginning of an authority
IRIS = st.sampled_from([
    "http://own/a", "http://own/inner#b", "http://own/", "http://own//c", "http://own/w:x", "http://empty/a", "mailto:a@b.example",
    "geo:1,2", "urn:isbn:1", "own://x/y", "own:x", "res:Serbia", "schema:name", "x:y", *(f"{PREFIXES['res']}{name}" for name in "ab:"),
    f"{PREFIXES['ent']}actor", PREFIXES["ent"], f"{PREFIXES['rdf']}type", f"{PREFIXES['rdf']}JSON", "http://x/日本/é",
]).map(ox.NamedNode)  # fmt: skip
BLANK = st.sampled_from("ab").map(ox.BlankNode)
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8)
LITERALS = st.one_of(
    TEXTS.map(ox.Literal),
    TEXTS.map(lambda text: ox.Literal(text, language="en-gb")),
    st.builds(lambda text, kind: ox.Literal(text, datatype=kind), TEXTS, IRIS.filter(lambda iri: "type" not in iri.value)),
    st.sampled_from(["true", "007", "2013-04-19"]).map(lambda text: ox.Literal(text, datatype=ox.NamedNode(PREFIXES["xsd"] + "token"))),
)
TRIPLES = st.lists(st.builds(ox.Triple, IRIS | BLANK, IRIS, IRIS | BLANK | LITERALS), max_size=20)


def written(triples: Iterable[ox.Triple], prefixes: Mapping[str, str] | None = None) -> bytes:
    output = BytesIO()
    serialize(triples, JSONLD, output, prefixes)
    return output.getvalue()


@given(TRIPLES)
def test_oxigraph_reads_the_same_triples(triples: list[ox.Triple]) -> None:
    read = {quad.triple for quad in ox.parse(written(triples, DECLARED), ox.RdfFormat.JSON_LD)}
    assert read == set(triples)


@given(TRIPLES)
def test_rdflib_reads_the_same_triples(triples: list[ox.Triple]) -> None:
    lines = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    assert isomorphic(Graph().parse(data=written(triples, DECLARED), format="json-ld"), Graph().parse(data=lines, format="nt"))


@pytest.mark.parametrize("window", [0, 2**20])
def test_names_are_compact(window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonld, "WINDOW", window)
    lines = b"""<https://w3id.org/entente/resource/a> <http://www.w3.org/2000/01/rdf-schema#label> "A"@en .
        <https://w3id.org/entente/resource/b> <http://own/p> "B" .
        <https://w3id.org/entente/resource/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/entente/ontology#State> .
        <https://w3id.org/entente/resource/a> <http://own/p> "2013"^^<http://www.w3.org/2001/XMLSchema#gYear> ."""
    triples = [quad.triple for quad in ox.parse(lines, ox.RdfFormat.N_TRIPLES)]
    document = json.loads(written(triples, DECLARED))
    assert document["@context"] == {**PREFIXES, "own": "http://own/", "inner": "http://own/inner#", "urn": "http://x/"}
    by_subject = [
        {
            "@id": "res:a",
            "@type": ["ent:State"],
            "own:p": [{"@type": "xsd:gYear", "@value": "2013"}],
            "rdfs:label": [{"@language": "en", "@value": "A"}],
        },
        {"@id": "res:b", "own:p": ["B"]},
    ]
    assert document["@graph"] == by_subject if window else len(document["@graph"]) == 4


def test_a_document_without_triples_is_one() -> None:
    assert json.loads(written([]))["@graph"] == []


def test_a_long_answer_is_written_while_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonld, "WINDOW", 1000)
    output, seen = BytesIO(), []

    def triples() -> Iterator[ox.Triple]:
        for number in range(2000):
            seen.append(output.tell())
            yield ox.Triple(ox.NamedNode(f"http://x/{number}"), ox.NamedNode("http://x/p"), ox.Literal("x" * 100))

    serialize(triples(), JSONLD, output)
    assert max(100 * number - place for number, place in enumerate(seen)) < 20_000


@pytest.mark.parametrize(
    "value",
    [
        ox.Literal("a", language="ar", direction=ox.BaseDirection.RTL),
        ox.Triple(ox.NamedNode("http://x/s"), ox.NamedNode("http://x/p"), ox.Literal("a")),
    ],
)
def test_what_only_rdf_1_2_has_is_refused(value: ox.Literal | ox.Triple) -> None:
    with pytest.raises(FormatError, match="it contains a"):
        written([ox.Triple(ox.NamedNode("http://x/s"), ox.NamedNode("http://x/p"), value)])
