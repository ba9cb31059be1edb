from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.graph import ntriples
from kg.graph.terms import Quad, address, english, iri, text, typed

CHARACTERS = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
OBJECTS = st.one_of(
    st.builds(text, CHARACTERS),
    st.builds(english, CHARACTERS),
    st.builds(typed, CHARACTERS, st.just("date")),
    st.builds(iri, st.sampled_from(["x:o", "x:\u00a0\u2003", "x:%3C"])),
)


@given(OBJECTS)
@pytest.mark.parametrize("subject", ["<x:s>", "<x:\u2003s>"])
def test_every_part_of_a_line_of_nquads(subject: str, value: str) -> None:
    quad = Quad(subject, "<x:p>", value, "<x:g>")
    line = quad.line().encode()
    first, predicate, tail = ntriples.cut(line)
    assert ntriples.quad(line) == quad
    assert (first, predicate, ntriples.object_of(tail), ntriples.graph(line)) == tuple(term.encode() for term in quad)
    assert ntriples.subject(line) == first
    assert ntriples.statement(line).decode() == f"{subject} <x:p> {value}"


@given(OBJECTS)
def test_a_triple_and_its_graph_are_joined_and_taken_apart(value: str) -> None:
    line, triple = Quad("<x:s>", "<x:p>", value, "<x:g>").line().encode(), f"<x:s> <x:p> {value} .\n".encode()
    assert ntriples.triple(line) == triple
    assert ntriples.in_graph(triple, b"<x:g>") == line
    assert ntriples.graph_apart(ntriples.graph_first(line)) == (b"<x:g>", triple)
    assert list(ntriples.triples([triple])) == [("<x:s>", "<x:p>", value)]


@pytest.mark.parametrize("text_of", [text, english, lambda value: typed(value, "date")])
@pytest.mark.parametrize("value", ["", 'a "b" <c> .', "back\\slash", "\n\t\x07", "Đurić"])
def test_the_value_at_the_head_of_a_tail(value: str, text_of: object) -> None:
    assert callable(text_of)
    term = text_of(value)
    assert ntriples.value(term.encode()) == ntriples.value(f"{term} <x:g> .\n".encode()) == value


def test_the_iri_at_the_head_of_a_tail() -> None:
    assert ntriples.value(b"<x:a> <x:g> .\n") == ntriples.iri(b"<x:a>") == address("<x:a>") == "x:a"


def test_descriptions_keep_the_wanted_predicates() -> None:
    quads = [
        Quad("<x:a>", "<x:p>", "<x:o>", "<x:g>"),
        Quad("<x:a>", "<x:p>", text("1"), "<x:h>"),
        Quad("<x:a>", "<x:q>", english("two"), "<x:g>"),
        Quad("<x:b>", "<x:r>", "<x:o>", "<x:g>"),
        Quad("<x:c>", "<x:q>", "<x:o>", "<x:g>"),
    ]
    lines = [quad.line().encode() for quad in quads]
    assert list(ntriples.descriptions(lines, ["x:p", "x:q"])) == [("x:a", {"x:p": ["x:o", "1"], "x:q": ["two"]}), ("x:c", {"x:q": ["x:o"]})]


def test_blank_nodes_have_no_description() -> None:
    lines = [b"_:b <x:p> <x:o> <x:g> .\n", b"<x:a> <x:p> _:b <x:g> .\n"]
    assert list(ntriples.descriptions(lines, ["x:p"])) == [("x:a", {"x:p": [""]})]
