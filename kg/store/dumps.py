"""The dumps of a build, each written as a stream from sorted N-Quads: memory does not grow with the graph."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedWriter
from pathlib import Path
from typing import IO

from kg.store.oxigraph import MEDIA_TYPES, transcode
from kg.store.sorting import sorted_lines
from kg.store.turtle import trig, turtle

_CHUNK = 2**20


@dataclass(frozen=True)
class Dump:
    """A dump file: its name, media type (of the RDF inside), size in bytes and SHA-256 in hexadecimal."""

    name: str
    media_type: str
    compressed: bool
    size: int
    sha256: str


def write_dumps(nquads: Path, folder: Path) -> list[Dump]:
    """Write every format from a sorted N-Quads file; gives what was written, sorted by name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in _WRITERS.items():
        write(nquads, folder / name)
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
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=6) as compressed,
        BufferedWriter(compressed, _CHUNK) as file,
    ):
        yield file


def triples(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Sorted N-Quads to sorted N-Triples, each once."""
    previous = b""
    for line in lines:
        triple = line[: line.rindex(b" <")] + b" .\n"
        if triple != previous:
            yield triple
            previous = triple


class LineReader:
    """Lines as a binary file for those who read files."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """The next ``size`` bytes, all that are left where it is negative; fewer only at the end."""
        parts, length = [self._rest], len(self._rest)
        while size < 0 or length < size:
            line = next(self._lines, None)
            if line is None:
                break
            parts.append(line)
            length += len(line)
        data = b"".join(parts)
        cut = length if size < 0 else size
        self._rest = data[cut:]
        return data[:cut]


def _nquads(source: Path, target: Path) -> None:
    with source.open("rb") as lines, gzipped(target) as file:
        while chunk := lines.read(_CHUNK):
            file.write(chunk)


def _ntriples(source: Path, target: Path) -> None:
    with source.open("rb") as lines, gzipped(target) as file:
        file.writelines(triples(lines))


def _turtle(source: Path, target: Path) -> None:
    with source.open("rb") as lines, target.open("wb") as file:
        file.writelines(turtle(triples(lines)))


def _jsonld(source: Path, target: Path) -> None:
    with source.open("rb") as lines:
        transcode(LineReader(triples(lines)), target, ("nt", "jsonld"))  # type: ignore[arg-type]


def _trig(source: Path, target: Path) -> None:
    with source.open("rb") as lines, gzipped(target) as file:
        by_graph = sorted_lines((_graph_first(line) for line in lines), target.parent)
        file.writelines(trig(_graph_last(line) for line in by_graph))


def _graph_first(line: bytes) -> bytes:
    start = line.rindex(b" <")
    return line[start + 1 : -3] + b" " + line[:start] + b"\n"


def _graph_last(line: bytes) -> bytes:
    end = line.index(b" ")
    return line[end + 1 : -1] + b" " + line[:end] + b" .\n"


_WRITERS: Mapping[str, Callable[[Path, Path], None]] = {
    "entente.jsonld": _jsonld,
    "entente.nq.gz": _nquads,
    "entente.nt.gz": _ntriples,
    "entente.trig.gz": _trig,
    "entente.ttl": _turtle,
}
DUMP_NAMES = tuple(_WRITERS)
