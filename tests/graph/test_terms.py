from __future__ import annotations

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from kg.graph import terms
from kg.graph.terms import Quad

CHARACTERS = st.text(alphabet=st.characters(exclude_categories=["Cs"]))


def read(value: str) -> ox.Literal:
    (quad,) = ox.parse(Quad("<x:s>", "<x:p>", value, "<x:g>").line(), format=ox.RdfFormat.N_QUADS)
    assert isinstance(quad.object, ox.Literal)
    return quad.object


@given(CHARACTERS)
def test_any_text_is_read_back(value: str) -> None:
    assert read(terms.text(value)) == ox.Literal(value)
    assert read(terms.english(value)) == ox.Literal(value, language="en")


@given(CHARACTERS)
def test_literals_are_canonical(value: str) -> None:
    """Literals are spelt as Oxigraph spells them, so that lines sort and compare alike."""
    triple = ox.Triple(ox.NamedNode("x:s"), ox.NamedNode("x:p"), ox.Literal(value))
    assert ox.serialize([triple], format=ox.RdfFormat.N_TRIPLES).decode() == f"<x:s> <x:p> {terms.text(value)} .\n"


def test_typed() -> None:
    assert read(terms.typed("2008-02", "gYearMonth")).datatype.value == "http://www.w3.org/2001/XMLSchema#gYearMonth"


def test_half_a_character_becomes_the_replacement_character() -> None:
    assert read(terms.text("a\ud800b")).value == "a\ufffdb"


@given(CHARACTERS)
def test_the_text_of_a_literal_is_read_back(value: str) -> None:
    assert {terms.literal_text(term) for term in (terms.text(value), terms.english(value), terms.typed(value, "date"))} == {value}


def test_an_iri_is_no_literal() -> None:
    assert terms.literal_text(terms.iri('x:"a"')) == ""
