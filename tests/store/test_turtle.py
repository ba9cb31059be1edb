from __future__ import annotations

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from kg.graph import terms
from kg.graph.namespaces import ENT, PREFIXES, RDF, RDFS, RESOURCE
from kg.store.output.turtle import blocks, head, trig, turtle

NAMES = st.text(alphabet="abc01-_.~!()/%é–Āⰰ日:", min_size=1, max_size=6).map(lambda name: name.replace("%", "%25"))
BASES = st.sampled_from([RESOURCE, PREFIXES["ent"], f"{RESOURCE}event/", "https://x.example/"])
IRIS = st.builds(lambda base, name: f"<{base}{name}>", BASES, NAMES)
LITERALS = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8).map(terms.text),
    st.text(max_size=4, alphabet="ab\n\t\"\\'^@<>").map(terms.english),
    st.integers().map(lambda number: terms.typed(str(number), "integer")),
    st.sampled_from([("true", "boolean"), ("2008-02", "gYearMonth"), ("1.5", "decimal"), ("007", "integer")]).map(
        lambda typed: terms.typed(*typed)
    ),
)
TRIPLES = st.lists(st.tuples(IRIS, IRIS, IRIS | LITERALS).map(lambda triple: f"{' '.join(triple)} .\n".encode()), max_size=20).map(
    lambda lines: sorted(set(lines))
)


def read(data: bytes, kind: ox.RdfFormat) -> set[ox.Quad]:
    return set(ox.parse(data, format=kind))


@given(TRIPLES)
def test_turtle_says_the_same_as_ntriples(lines: list[bytes]) -> None:
    written = b"".join(turtle(lines))
    assert read(written, ox.RdfFormat.TURTLE) == read(b"".join(lines), ox.RdfFormat.N_TRIPLES)


@given(TRIPLES, st.lists(st.sampled_from(["<x:g>", f"<{RESOURCE}event/g>"]), min_size=20, max_size=20))
def test_trig_says_the_same_as_nquads(lines: list[bytes], graphs: list[str]) -> None:
    quads = sorted(line[:-2] + f"{graph} .\n".encode() for graph, line in zip(graphs, lines, strict=False))
    written = [block for _, in_graphs in blocks(quads) for block in in_graphs]
    assert read(b"".join(trig(sorted(written))), ox.RdfFormat.TRIG) == read(b"".join(quads), ox.RdfFormat.N_QUADS)


@given(TRIPLES, st.lists(st.sampled_from(["<x:g>", "<x:h>"]), min_size=20, max_size=20))
def test_turtle_of_quads_is_that_of_their_triples(lines: list[bytes], graphs: list[str]) -> None:
    quads = {line[:-2] + f"{graph} .\n".encode() for graph, line in zip(graphs, lines, strict=False)}
    twice = sorted(quads | {line[:-2] + b"<x:g> .\n" for line in lines[:3]})
    assert head() + b"".join(block for block, _ in blocks(twice)) == b"".join(turtle(lines))


def test_it_is_pleasant_to_read() -> None:
    one, label = f"<{RESOURCE}event/0a1b>", terms.english("They sign")
    lines = sorted(
        f"{subject} {predicate} {value} .\n".encode()
        for subject, predicate, value in [
            (one, f"<{ENT.actor}>", f"<{RESOURCE}Sylvania>"),
            (one, f"<{ENT.actor}>", f"<{RESOURCE}Freedonia_(state)>"),
            (one, f"<{RDFS.label}>", label),
            (one, f"<{RDF.type}>", f"<{ENT.Event}>"),
            (one, f"<{ENT.start}>", terms.typed("12", "integer")),
            (one, f"<{ENT.date}>", terms.typed("1933", "gYear")),
        ]
    )
    text = b"".join(turtle(lines)).decode()
    assert text.split("\n\n")[1] == (
        "event:0a1b a ent:Event ;\n"
        '    rdfs:label "They sign"@en ;\n'
        "    ent:actor <https://w3id.org/entente/resource/Freedonia_(state)>, res:Sylvania ;\n"
        '    ent:date "1933"^^xsd:gYear ;\n'
        "    ent:start 12 .\n"
    )


def test_nothing_needs_an_escape_that_virtuoso_reads_otherwise() -> None:
    line = f"<{RESOURCE}A_(b)/c> <{ENT.about}> <{RESOURCE}event/x.y> .\n".encode()
    assert b"\\" not in b"".join(turtle([line]))
