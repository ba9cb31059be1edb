from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph

from kg.store import Build
from kg.store.output.dumps import DUMP_NAMES, WRITERS

FORMATS = {
    "entente.jsonld": ox.RdfFormat.JSON_LD,
    "entente.nq.gz": ox.RdfFormat.N_QUADS,
    "entente.nt.gz": ox.RdfFormat.N_TRIPLES,
    "entente.trig.gz": ox.RdfFormat.TRIG,
    "entente.ttl": ox.RdfFormat.TURTLE,
}


def content(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def quads(build: Build, name: str) -> set[ox.Quad]:
    return set(ox.parse(content(build.dumps / name), format=FORMATS[name]))


@pytest.mark.parametrize("name", ["entente.jsonld", "entente.nt.gz", "entente.ttl"])
def test_formats_without_graphs_hold_the_same_triples(build: Build, name: str) -> None:
    assert {quad.triple for quad in quads(build, name)} == {quad.triple for quad in quads(build, "entente.nq.gz")}


def test_formats_with_graphs_hold_the_same_quads(build: Build) -> None:
    assert quads(build, "entente.trig.gz") == quads(build, "entente.nq.gz")


def test_rdflib_reads_the_turtle(build: Build) -> None:
    assert len(Graph().parse(build.dumps / "entente.ttl")) == build.manifest["quads"]


def test_the_store_holds_what_the_dump_holds(build: Build) -> None:
    loaded = ox.Store()
    loaded.extend(quads(build, "entente.nq.gz"))  # which keeps whole numbers of every type as integers, like the store on disk
    assert set(ox.Store.read_only(str(build.store_path))) == set(loaded)


def test_no_triple_stands_in_two_graphs(build: Build) -> None:
    assert len({quad.triple for quad in quads(build, "entente.nq.gz")}) == build.manifest["quads"]


def test_the_manifest_tells_the_truth_about_each_dump(build: Build) -> None:
    said = {dump["name"]: (dump["size"], dump["sha256"]) for dump in build.manifest["dumps"]}
    assert set(said) == set(DUMP_NAMES) == set(FORMATS)
    for name, (size, digest) in said.items():
        data = (build.dumps / name).read_bytes()
        assert (len(data), sha256(data).hexdigest()) == (size, digest)


def test_the_order_of_articles_does_not_matter(build: Build, make: Callable[..., Build], shards: list[Path], tmp_path: Path) -> None:
    other = make(tmp_path, shards[::-1])
    assert other.id == build.id
    for path in sorted(build.dumps.iterdir()):
        assert (other.dumps / path.name).read_bytes() == path.read_bytes(), path.name


def test_turtle_begins_with_its_prefixes_and_is_grouped(build: Build) -> None:
    head, *blocks = content(build.dumps / "entente.ttl").decode().split("\n\n")
    prefixes = head.splitlines()
    assert prefixes == sorted(prefixes)
    assert all(line.startswith("@prefix ") for line in prefixes)
    subjects = [block.split(" ", 1)[0] for block in blocks]
    assert len(subjects) == len(set(subjects))


def many_lines(number: int) -> Iterator[bytes]:
    for n in range(number):
        yield f'<x:s{n:07}> <x:p> "{"text " * 8}{n}" <x:g{n % 7}> .\n'.encode()


def peak(tmp_path: Path, number: int) -> int:
    source = tmp_path / f"{number}.nq"
    with source.open("wb") as file:
        file.writelines(many_lines(number))
    folder = tmp_path / str(number)
    folder.mkdir()
    tracemalloc.start()
    for write in WRITERS:
        write(source, folder)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_memory_does_not_grow_with_the_graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.store.output.dumps.sorted_lines", lambda lines, folder: sorted_in_little_memory(lines, folder))
    small, large = peak(tmp_path, 6_000), peak(tmp_path, 24_000)
    assert large < small * 1.5


def sorted_in_little_memory(lines: Iterator[bytes], folder: Path) -> Iterator[bytes]:
    from kg.store.sorting import sorted_lines

    return sorted_lines(lines, folder, 100_000)
