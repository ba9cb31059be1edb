"""Facets stored in the index are those that counting now would give."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kg.store import Provenance, new_build
from kg.store.index.facet_counts import stored_facets
from kg.store.index.facet_table import TABLE, store_facets
from kg.store.index.lists import Lists
from kg.store.index.search import SearchIndex
from kg.store.index.selections import Cursor, Facets, Filter
from tests.server.bench.data import write_shards


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    """An index of four generated articles with the facets of everything that has events."""
    folder = tmp_path_factory.mktemp("facets")
    (folder / "shards").mkdir()
    with new_build(folder / "data") as draft:
        draft.assemble(write_shards(folder / "shards", 4), Provenance("test", "none", "none"))
    return SearchIndex(_with_facets(folder / "data" / "current" / "search.sqlite", folder / "stored.sqlite", 1))


def _with_facets(path: Path, target: Path, stored_from: int) -> Path:
    """Copy an index and store its facets anew."""
    shutil.copy(path, target)
    with closing(sqlite3.connect(target)) as database:
        database.executescript(f"DROP TABLE facet; {TABLE}")
        store_facets(database, stored_from)
        database.commit()
    return target


def _lists(index: SearchIndex) -> Iterator[tuple[str | None, str]]:
    """Yield the lists: of all events, of some things', and of categories."""
    yield None, ""
    yield from ((thing.iri, "") for kind in ("State", "Person", "Place") for thing in index.foremost([kind], 5))
    yield from ((None, code) for code in Lists(index).categories())


def test_stored_facets_are_those_that_counting_gives(index: SearchIndex, tmp_path: Path) -> None:
    counting = SearchIndex(shutil.copy(index.path, tmp_path / "empty.sqlite"))
    with closing(sqlite3.connect(counting.path)) as database:
        database.executescript("DELETE FROM facet;")
    compared = list(_lists(index))
    assert len(compared) > 20
    for iri, code in compared:
        found = Lists(index).facets(Filter(), iri, code)
        assert found == Lists(counting).facets(Filter(), iri, code), (iri, code)
        assert found != Facets()


def test_stored_counts_are_those_of_the_lists(index: SearchIndex) -> None:
    lists = Lists(index)
    everything = lists.events(Cursor(), Filter(), size=10_000)
    assert lists.count_events(Filter()) == lists.count_facts("Event") == len(everything.items) > 100
    for code in lists.categories():
        assert lists.count_in_category(code, Filter()) == len(lists.in_category(code, Cursor(), size=10_000).items) > 0
    assert lists.count_in_category("NO-SUCH", Filter()) == 0


def test_only_long_lists_are_stored(index: SearchIndex, tmp_path: Path) -> None:
    [busy, other, *_] = index.foremost(["State"], 9)[::8] + index.foremost(["Person"], 1)
    counts = {thing.iri: Lists(index).count_of(thing.iri, "Event") for thing in (busy, other)}
    few = SearchIndex(_with_facets(index.path, tmp_path / "few.sqlite", max(counts.values())))
    numbers = {iri: few.rows("SELECT id FROM thing WHERE iri = ?", iri)[0][0] for iri in counts}
    stored = {iri for iri, number in numbers.items() if stored_facets(few, number, "")}
    assert stored == {iri for iri, number in counts.items() if number == max(counts.values())}
    assert Lists(few).facets(Filter(), other.iri) == Lists(index).facets(Filter(), other.iri)


def test_a_filter_is_counted_now(index: SearchIndex) -> None:
    whole, some = (Lists(index).facets(wanted) for wanted in (Filter(), Filter(modality="asserted")))
    assert dict(some.modalities) == {"asserted": dict(whole.modalities)["asserted"]}
