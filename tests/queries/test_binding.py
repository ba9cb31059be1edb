"""Parameters: what a variable's name declares, which values are valid, and that a value cannot escape its place."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.sparql.query_parameters import ParameterError, Value, parameter
from kg.sparql.rewriting import inline, limited, parameter_names, tokens

CASES = tomllib.loads((Path(__file__).parent / "parameters.toml").read_text(encoding="utf-8"))
E = "http://e/"


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    for i in range(5):
        store.add(ox.Quad(ox.NamedNode(f"{E}s{i}"), ox.NamedNode(f"{E}p"), ox.Literal(i), ox.NamedNode(f"{E}g")))
    return store


def names(store: ox.Store, text: str) -> list[str]:
    return [str(row["s"]) for row in store.query(text, use_default_graph_as_union=True)]


@pytest.mark.parametrize("case", CASES["variable"], ids=lambda case: case["name"])
def test_a_variable_says_its_parameter(case: dict[str, object]) -> None:
    found = parameter(str(case["name"]))
    assert (found.name, found.type, found.required) == (case["parameter"], case["type"], case["required"])


@pytest.mark.parametrize("case", [c for c in CASES["value"] if "term" in c], ids=lambda case: f"{case['variable']}={case['text']}")
def test_a_value_is_read(case: dict[str, str]) -> None:
    assert parameter(case["variable"]).read(case["text"]).sparql() == case["term"]


@pytest.mark.parametrize("case", [c for c in CASES["value"] if "term" not in c], ids=lambda case: f"{case['variable']}={case['text']}")
def test_a_wrong_value_is_refused(case: dict[str, str]) -> None:
    with pytest.raises(ParameterError):
        parameter(case["variable"]).read(case["text"])


@pytest.mark.parametrize("case", CASES["query"], ids=lambda case: case["text"])
def test_values_are_written_in_wherever_a_parameter_stands(case: dict[str, object], store: ox.Store) -> None:
    terms = {name: str(ox.Literal(value)) for name, value in dict(case["values"]).items()}
    assert names(store, inline(str(case["text"]), terms)) == [f"<{E}{name}>" for name in case["rows"]]


@pytest.mark.parametrize("iri", ["http://e/a> ?p ?o", "http://e/a b", "http://e/\\u003E", "http://e/\x00", "http://e/{a}"])
def test_what_would_end_an_iri_is_no_value(iri: str) -> None:
    with pytest.raises(ParameterError, match="is not an IRI"):
        Value(iri, "iri").sparql()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_a_string_never_leaves_its_literal(text: str) -> None:
    """Whatever the text, the query that contains it parses and returns the text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    query = inline("SELECT ?_word ?s WHERE { BIND(1 AS ?s) FILTER(?_word = ?_word) }", {"_word": Value(text).sparql()})
    [row] = list(ox.Store().query(query))
    assert row[0] == ox.Literal(text)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="?$_abc {}()<>\"'#\\\n:.;SELECT WHERE", max_size=80))
def test_tokens_are_the_text_again(text: str) -> None:
    assert "".join(token.text for token in tokens(text)) == text


def test_what_stands_in_strings_comments_and_addresses_is_no_parameter() -> None:
    text = "SELECT ?s WHERE { ?s <http://e/?_a_iri> \"?_b\" ; a '?_c' . # ?_d\n }"
    assert parameter_names(text) == ()
    assert inline(text, {"_a_iri": "<x>", "_b": '"y"', "_c": '"z"', "_d": '"w"'}) == text


def test_a_page_of_a_list_is_cut_by_limit() -> None:
    assert limited("SELECT ?s { ?s ?p ?o } LIMIT 100", 10, 20).endswith("LIMIT 10 OFFSET 20")
    assert limited("SELECT ?s { { SELECT ?s { ?s ?p ?o } LIMIT 5 } }", 10).count("LIMIT") == 1
    assert limited("SELECT ?s { ?s ?p ?o }", 3).rstrip().endswith("LIMIT 3 OFFSET 0")
