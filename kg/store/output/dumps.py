"""Write the dumps of a build, each streamed from sorted N-Quads in constant memory."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedWriter
from pathlib import Path
from shutil import copyfileobj
from typing import IO

from kg.formats import GRAPHS, TABULAR, named
from kg.graph import ntriples
from kg.store.output.turtle import blocks, head, trig
from kg.store.oxigraph import transcode
from kg.store.sorting import sorted_lines

_CHUNK = 2**20
GZIP_LEVEL = 3
"""Takes less than half the time of the default 6, for files an eighth larger."""


@dataclass(frozen=True)
class Dump:
    """A dump file: its name, media type (of the uncompressed content), size in bytes and SHA-256 in hexadecimal."""

    name: str
    media_type: str
    compressed: bool
    size: int
    sha256: str


def describe(path: Path) -> Dump:
    """Describe a dump file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    form = named(path.name.split(".")[1], (*GRAPHS, *TABULAR))
    assert form is not None, path
    return Dump(path.name, form.media_type, path.name.endswith(".gz"), path.stat().st_size, digest)


@contextmanager
def gzipped(path: Path) -> Iterator[IO[bytes]]:
    """Open a gzip file without name and time in its header, so that equal content gives equal bytes."""
    with (
        path.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=GZIP_LEVEL) as compressed,
        BufferedWriter(compressed, _CHUNK) as file,
    ):
        yield file


def triples(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Convert sorted N-Quads to sorted N-Triples without duplicates."""
    previous = b""
    for line in lines:
        triple = ntriples.triple(line)
        if triple != previous:
            yield triple
            previous = triple


def _compress(source: Path, target: Path) -> None:
    with source.open("rb") as file, gzipped(target) as compressed:
        copyfileobj(file, compressed, _CHUNK)


def _write_nquads(nquads: Path, folder: Path) -> list[Dump]:
    _compress(nquads, folder / "entente.nq.gz")
    return [describe(folder / "entente.nq.gz")]


def write_tables(nquads: Path, folder: Path) -> list[Dump]:
    """Write the tables of ``kg.store.output.tables``: CSV and Parquet, not RDF, and therefore no dumps in the sense of VoID."""
    from kg.store.output.tables.writing import write_tables

    return [describe(path) for path in write_tables(nquads, folder)]


def _write_triples(nquads: Path, folder: Path) -> list[Dump]:
    """Write N-Triples, and JSON-LD from them."""
    plain, packed, jsonld = folder / ".triples.nt", folder / "entente.nt.gz", folder / "entente.jsonld"
    try:
        with nquads.open("rb") as lines, plain.open("wb") as file:
            file.writelines(triples(lines))
        _compress(plain, packed)
        transcode(plain, jsonld, ("nt", "jsonld"))
    finally:
        plain.unlink(missing_ok=True)
    return [describe(packed), describe(jsonld)]


def _write_blocks(nquads: Path, folder: Path) -> list[Dump]:
    """Write Turtle and TriG."""
    whole, by_graph = folder / "entente.ttl", folder / "entente.trig.gz"

    def lines(turtle_file: IO[bytes], quads: Iterable[bytes]) -> Iterator[bytes]:
        for block, in_graphs in blocks(quads):
            turtle_file.write(block)
            yield from in_graphs

    with nquads.open("rb") as quads, whole.open("wb") as turtle_file, gzipped(by_graph) as trig_file:
        turtle_file.write(head())
        trig_file.writelines(trig(sorted_lines(lines(turtle_file, quads), folder)))
    return [describe(whole), describe(by_graph)]


WRITERS: Sequence[Callable[[Path, Path], list[Dump]]] = (_write_blocks, _write_triples, _write_nquads)
"""The functions that write dumps from sorted N-Quads into a folder, slowest first."""
DUMP_NAMES = ("entente.jsonld", "entente.nq.gz", "entente.nt.gz", "entente.trig.gz", "entente.ttl")
