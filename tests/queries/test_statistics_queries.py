"""Canned queries that read the statistics return the same rows from a store without them."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.graph.namespaces import STATISTICS
from kg.sparql.canned import CannedQuery, load_queries
from kg.store import Provenance, current_build, new_build, open_store
from tests.server.bench.data import write_shards

READERS = [query for query in load_queries().values() if STATISTICS in query.text]


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> tuple[ox.Store, ox.Store]:
    """The store of six generated articles, with and without its statistics."""
    folder = tmp_path_factory.mktemp("with-and-without")
    (folder / "shards").mkdir()
    with new_build(folder / "data") as draft:
        draft.assemble(write_shards(folder / "shards", 6), Provenance("test", "none", "none"))
    whole, without = open_store(current_build(folder / "data").store_path), ox.Store()
    statistics = ox.NamedNode(STATISTICS)
    without.bulk_extend(quad for quad in whole if quad.graph_name != statistics)
    return whole, without


def rows(store: ox.Store, text: str) -> list[tuple[str, ...]]:
    return [tuple(map(str, solution)) for solution in store.query(text, use_default_graph_as_union=True)]


def test_some_queries_read_statistics() -> None:
    assert {query.name for query in READERS} >= {"categories", "publishers", "references-by-year"}


@pytest.mark.parametrize("query", READERS, ids=lambda query: query.name)
def test_with_and_without_statistics(stores: tuple[ox.Store, ox.Store], query: CannedQuery) -> None:
    whole, without = (rows(store, query.text) for store in stores)
    assert len(whole) > 5
    assert whole == without
