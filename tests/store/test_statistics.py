"""The statistics of a build equal what its graph answers, whatever fits in memory."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.graph.cubes import CUBES, Cube
from kg.graph.namespaces import ENT, QB, STATISTICS
from kg.store import Build, Provenance, current_build, new_build, open_store
from kg.store.statistics import counting
from kg.store.statistics.tallies import Join, Tally
from tests.server.bench.data import write_shards

EXPECTED = tomllib.loads(Path(__file__).with_name("statistics.toml").read_text(encoding="utf-8"))
Row = tuple[str, ...]


def build(folder: Path, articles: int) -> Build:
    """Build a number of generated articles."""
    (folder / "shards").mkdir(parents=True)
    with new_build(folder / "data") as draft:
        draft.assemble(write_shards(folder / "shards", articles), Provenance("test", "none", "none"))
    return current_build(folder / "data")


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A build of five generated articles, two of them about one state."""
    return build(tmp_path_factory.mktemp("statistics"), 6)


@pytest.fixture(scope="module")
def store(made_up: Build) -> ox.Store:
    """Its store."""
    return open_store(made_up.store_path)


def rows(store: ox.Store, query: str, names: Row) -> Iterator[Row]:
    for solution in store.query(query, use_default_graph_as_union=True):
        yield tuple(str(solution[name]) for name in names)


@pytest.mark.parametrize("cube", CUBES, ids=lambda cube: cube.name)
def test_every_count_is_what_the_graph_says(store: ox.Store, cube: Cube) -> None:
    names = (*cube.dimensions, *cube.measures)
    parts = " ; ".join(f"<{ENT[name]}> ?{name}" for name in names)
    counted = Counter(rows(store, f"SELECT * {{ GRAPH <{STATISTICS}> {{ ?o <{QB.dataSet}> <{cube.iri}> ; {parts} }} }}", names))
    asked = Counter(rows(store, EXPECTED["prefixes"] + EXPECTED["cubes"][cube.name], names))
    assert len(asked) > 5
    assert counted == asked


def test_every_observation_has_each_of_its_components_once(store: ox.Store) -> None:
    found = Counter((quad.subject, quad.predicate) for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(STATISTICS)))
    assert set(found.values()) == {1}


def test_little_memory_gives_the_same_bytes(made_up: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "Tally", lambda folder: Tally(folder, most_keys=7))
    again = build(tmp_path, 6)
    assert again.id == made_up.id
    assert again.nquads.read_bytes() == made_up.nquads.read_bytes()


def test_a_tally_counts_beyond_its_memory(tmp_path: Path) -> None:
    with closing(Tally(tmp_path, most_keys=2)) as tally:
        for key in (b"b", b"a", b"c", b"b", b"d", b"a", b"b"):
            tally.add(key)
        assert list(tally.totals()) == [(b"a", 2), (b"b", 3), (b"c", 1), (b"d", 1)]


def test_a_join_pairs_what_shares_a_key_once(tmp_path: Path) -> None:
    with closing(Join(tmp_path)) as join:
        for key, value in ((b"k", b"1"), (b"k", b"2"), (b"m", b"1"), (b"alone", b"9")):
            join.left(key, value)
        for key, value in ((b"k", b"x"), (b"m", b"x"), (b"unasked", b"z")):
            join.right(key, value)
        assert list(join.distinct()) == [(b"x", b"1"), (b"x", b"2")]
