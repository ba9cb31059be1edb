"""The search index of a store: the same from one that returns all rows at once and from those that truncate; never an incomplete one."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kg.store import current_build, open_store
from kg.store.index.asking import write_search
from kg.store.output.remote import Address
from server.execution.refusal import Refused
from server.execution.remote.client import RemoteStore
from server.execution.remote.mirror import MirrorError, Reader
from tests.server.backend.store import Store, running
from tests.server.running import ROOT

TABLES = ("thing", "name", "passage")


@pytest.fixture
def cutting(quads: bytes) -> Iterator[Store]:
    """A separate store, to be modified."""
    with running(quads) as found:
        yield found


def held(index: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(index)) as database:
        return {table: database.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in TABLES}


@pytest.mark.parametrize(("most", "says_so"), [(0, True), (150, True), (150, False)], ids=["all", "cut", "cut without a word"])
def test_the_index_is_that_of_the_graph(cutting: Store, gold_data: Path, tmp_path: Path, most: int, says_so: bool) -> None:
    write_search(open_store(current_build(gold_data).store_path), tmp_path / "here")
    cutting.most_rows, cutting.says_so = most, says_so
    write_search(Reader(RemoteStore(Address.parse(cutting.url)), 20), tmp_path / "there")
    assert held(tmp_path / "there") == held(tmp_path / "here")


def test_pages_that_do_not_add_up_make_no_index(cutting: Store, tmp_path: Path) -> None:
    """A store that truncates, says so, and returns the same rows whatever the OFFSET."""
    cutting.most_rows = 150
    ask = Reader(RemoteStore(Address.parse(cutting.url)), 20)
    read = ask._read
    ask._read = lambda query: read(query.partition(" OFFSET ")[0])  # type: ignore[method-assign]
    with pytest.raises(MirrorError, match="of them different"):
        write_search(ask, tmp_path / "index")
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("rows", [[], [("many",)], [(None,)], [("1",), ("2",)], [("1", "2")]])
def test_a_store_that_cannot_count_makes_no_index(cutting: Store, tmp_path: Path, rows: list[tuple[str | None, ...]]) -> None:
    ask = Reader(RemoteStore(Address.parse(cutting.url)), 20)
    read = ask._read
    ask._read = lambda query: rows if "COUNT(*)" in query else read(query)  # type: ignore[method-assign]
    cutting.most_rows = 150
    with pytest.raises(Refused, match="count solutions"):
        write_search(ask, tmp_path / "index")


GREEDY = """
from server.execution.remote import mirror

class Greedy:
    known = {}
    def __init__(self, *_): pass
    def look(self):
        bytearray(mirror.MEMORY * 2 * 2**20)
        raise SystemExit

mirror.Mirror, mirror.MEMORY = Greedy, 64
mirror.main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process's memory so")
def test_a_store_cannot_make_the_process_take_all_memory() -> None:
    told = json.dumps({"address": "http://localhost/", "folder": "", "timeout": 1, "poll": 1}) + "\n"
    done = subprocess.run([sys.executable, "-c", GREEDY], input=told, capture_output=True, text=True, cwd=ROOT, check=False, timeout=60)
    assert done.returncode != 0
    assert "MemoryError" in done.stderr
