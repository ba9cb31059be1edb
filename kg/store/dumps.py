"""The dumps of a build, each written as a stream from sorted N-Quads: memory does not grow with the graph."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedWriter
from pathlib import Path
from shutil import copyfileobj
from typing import IO

from kg.store.oxigraph import MEDIA_TYPES, transcode
from kg.store.sorting import sorted_lines
from kg.store.turtle import graph_first, trig, turtle

_CHUNK = 2**20
GZIP_LEVEL = 3
"""Takes less than half the time of the usual 6, for files an eighth larger."""


@dataclass(frozen=True)
class Dump:
    """A dump file: its name, media type (of the RDF inside), size in bytes and SHA-256 in hexadecimal."""

    name: str
    media_type: str
    compressed: bool
    size: int
    sha256: str


@dataclass(frozen=True)
class Sources:
    """What dumps are written from: sorted N-Quads, and their triples as sorted N-Triples."""

    nquads: Path
    ntriples: Path


def write_dumps(nquads: Path, folder: Path) -> list[Dump]:
    """Write every format from a sorted N-Quads file; gives what was written, sorted by name."""
    folder.mkdir(parents=True, exist_ok=True)
    with _without_graphs(nquads, folder) as ntriples:
        for name, write in _WRITERS.items():
            write(Sources(nquads, ntriples), folder / name)
    return [describe(folder / name) for name in sorted(_WRITERS)]


def describe(path: Path) -> Dump:
    """A dump file's facts."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    ending = path.name.split(".")[1]
    return Dump(path.name, MEDIA_TYPES[ending], path.name.endswith(".gz"), path.stat().st_size, digest)


@contextmanager
def gzipped(path: Path) -> Iterator[IO[bytes]]:
    """A compressed file without name and time in its header, so that equal content gives equal bytes."""
    with (
        path.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=GZIP_LEVEL) as compressed,
        BufferedWriter(compressed, _CHUNK) as file,
    ):
        yield file


@contextmanager
def _without_graphs(nquads: Path, folder: Path) -> Iterator[Path]:
    """A file of the sorted N-Quads' triples, each once, sorted too; removed at the end."""
    path = folder / ".triples.nt"
    try:
        with nquads.open("rb") as lines, path.open("wb") as file:
            file.writelines(triples(lines))
        yield path
    finally:
        path.unlink(missing_ok=True)


def triples(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Sorted N-Quads to sorted N-Triples, each once."""
    previous = b""
    for line in lines:
        triple = line[: line.rindex(b" <")] + b" .\n"
        if triple != previous:
            yield triple
            previous = triple


def _compress(source: Path, target: Path) -> None:
    with source.open("rb") as file, gzipped(target) as compressed:
        copyfileobj(file, compressed, _CHUNK)


def _nquads(sources: Sources, target: Path) -> None:
    _compress(sources.nquads, target)


def _ntriples(sources: Sources, target: Path) -> None:
    _compress(sources.ntriples, target)


def _turtle(sources: Sources, target: Path) -> None:
    with sources.ntriples.open("rb") as lines, target.open("wb") as file:
        file.writelines(turtle(lines))


def _jsonld(sources: Sources, target: Path) -> None:
    transcode(sources.ntriples, target, ("nt", "jsonld"))


def _trig(sources: Sources, target: Path) -> None:
    with sources.nquads.open("rb") as lines, gzipped(target) as file:
        file.writelines(trig(sorted_lines((graph_first(line) for line in lines), target.parent)))


_WRITERS: Mapping[str, Callable[[Sources, Path], None]] = {
    "entente.jsonld": _jsonld,
    "entente.nq.gz": _nquads,
    "entente.nt.gz": _ntriples,
    "entente.trig.gz": _trig,
    "entente.ttl": _turtle,
}
DUMP_NAMES = tuple(_WRITERS)
