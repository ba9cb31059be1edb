"""Canned queries on small hand-made graphs, in two engines: the rows are exactly the expected ones."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import Graph

from kg.graph.namespaces import PREFIXES, RESOURCE
from kg.resources import resource_folder
from kg.sparql.canned import load_queries

SAID = tomllib.loads(Path(__file__).with_name("hand-made.toml").read_text(encoding="utf-8"))
QUERIES = load_queries()
HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
TURTLE = HEAD + SAID["graphs"]["relations"]
CASES = pytest.mark.parametrize("case", SAID["case"], ids=lambda case: f"{case['query']} {case['values']}")


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    store.load(TURTLE, format=ox.RdfFormat.TURTLE)
    store.load(path=str(resource_folder("ontology") / "categories.ttl"), format=ox.RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph().parse(data=TURTLE, format="turtle").parse(resource_folder("ontology") / "categories.ttl")


def asked(case: dict[str, Any]) -> str:
    query = QUERIES[case["query"]]
    iris = {p.name for p in query.parameters if p.type == "iri"}
    return query.inline(query.bind({name: RESOURCE + value if name in iris else value for name, value in case["values"].items()}))


def short(value: object) -> str:
    return "" if value is None else str(value).removeprefix(RESOURCE).removeprefix(PREFIXES["cat"])


@CASES
def test_oxigraph_gives_the_rows(case: dict[str, Any], store: ox.Store) -> None:
    found = store.query(asked(case))
    assert isinstance(found, ox.QuerySolutions)
    rows = [[short(row[name].value if row[name] is not None else None) for name in case["columns"]] for row in found]
    assert rows == case["rows"]


@CASES
def test_rdflib_gives_the_rows(case: dict[str, Any], graph: Graph) -> None:
    rows = [[short(getattr(row, name)) for name in case["columns"]] for row in graph.query(asked(case))]
    assert rows == case["rows"]


@CASES
def test_a_download_has_the_querys_own_columns(case: dict[str, Any], store: ox.Store) -> None:
    """Parameters are not among them, and they are the same whether optional ones are given or not."""
    found = store.query(asked(case))
    assert isinstance(found, ox.QuerySolutions)
    columns = [variable.value for variable in found.variables]
    assert not [name for name in columns if name.startswith("_")]
    query = QUERIES[case["query"]]
    required = {p.name: RESOURCE + "A" for p in query.parameters if p.required and p.type == "iri"}
    bare = store.query(query.inline(query.bind(required)))
    assert isinstance(bare, ox.QuerySolutions)
    assert columns == [variable.value for variable in bare.variables]
