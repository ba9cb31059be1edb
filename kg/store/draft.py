"""A build in the making: from shards of N-Quads to a store and its dumps."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from heapq import merge
from io import BytesIO
from pathlib import Path
from typing import Any

from kg.errors import EntenteError
from kg.graph.claims import resolve
from kg.graph.dataset import DATASET, Provenance, Statistics, dataset_quads, distribution_quads
from kg.graph.namespaces import ONTOLOGY_FILES, ONTOLOGY_GRAPH
from kg.graph.terms import Quad, iri
from kg.resources import resource_folder
from kg.store import dumps, oxigraph
from kg.store.builds import Build
from kg.store.diff import difference
from kg.store.sorting import sorted_lines
from kg.store.turtle import turtle


class Draft:
    """Written to ``folder``; becomes a build when the ``new_build`` block ends. ``report`` is the caller's to fill."""

    def __init__(self, folder: Path, before: Build | None) -> None:
        self.folder = folder
        self.before = before
        self.report: dict[str, Any] = {}
        self.build: Build | None = None
        self._manifest: dict[str, Any] = {}

    @property
    def store_path(self) -> Path:
        """The store's folder, to be read once ``assemble`` is done."""
        return self.folder / "store"

    @property
    def quads(self) -> int:
        """How many quads the dumps hold, once ``assemble`` is done."""
        return int(self._manifest["quads"])

    def assemble(self, shards: Iterable[Path], provenance: Provenance) -> None:
        """Merge the shards (N-Quads of ``shard_lines``, gzipped or not, in any order) and write the store and the dumps."""
        nquads = self.folder / "sorted.nq"
        counted = Statistics()
        with nquads.open("wb") as file:
            lines = counted.watch(resolve(sorted_lines(_all_lines(shards), self.folder)))
            file.writelines(lines)
        about = (quad.line().encode("utf-8") for quad in dataset_quads(counted, provenance, dumps.DUMP_NAMES))
        digest, total = _merge_into(nquads, sorted(about))
        with ThreadPoolExecutor(1) as beside:
            loading = beside.submit(oxigraph.bulk_load, self.store_path, nquads)
            written = dumps.write_dumps(nquads, self.folder / "dumps")
            loading.result()
        nquads.unlink()
        self._describe_dumps(written)
        oxigraph.optimize(self.store_path)
        self._manifest = {"id": digest[:16], "quads": total, **asdict(provenance), "dumps": [asdict(dump) for dump in written]}

    def _describe_dumps(self, written: list[dumps.Dump]) -> None:
        said = [(d.name, d.media_type, d.compressed, d.size, d.sha256) for d in written]
        extra = "".join(quad.line() for quad in distribution_quads(said)).encode("utf-8")
        oxigraph.add(self.store_path, extra)
        description = turtle(oxigraph.graph_lines(self.store_path, DATASET))
        (self.folder / "dumps" / "void.ttl").write_bytes(b"".join(description))

    def finish(self) -> str:
        """Write the manifest and the report; gives the build's id."""
        if not self._manifest:
            raise EntenteError("A build was ended before anything was put into it.")
        if self.before and self.before.nquads.is_file():
            changed = difference(self.before.nquads, self.folder / "dumps" / "entente.nq.gz")
            self.report["changes"] = {"since": self.before.id, "classes": changed.by_class()}
        _write_json(self.folder / "report.json", self.report)
        _write_json(self.folder / "manifest.json", self._manifest)
        return str(self._manifest["id"])


def ontology_lines() -> Iterator[bytes]:
    """The ontology and the categories as lines of N-Quads in the ontology's graph."""
    for name in ONTOLOGY_FILES:
        for triple in oxigraph.ntriples(resource_folder("ontology") / name):
            yield triple.removesuffix(b" .\n") + f" {iri(ONTOLOGY_GRAPH)} .\n".encode()


def write_shard(quads: Iterable[Quad] | Iterable[bytes], path: Path) -> None:
    """Write lines of N-Quads (or quads) as a shard: beside its place, then renamed."""
    beside = path.with_name(f".{path.name}")
    with dumps.gzipped(beside) as file:
        file.writelines(quad if isinstance(quad, bytes) else quad.line().encode("utf-8") for quad in quads)
    beside.replace(path)


def _all_lines(shards: Iterable[Path]) -> Iterator[bytes]:
    yield from ontology_lines()
    for path in shards:
        data = path.read_bytes()
        yield from BytesIO(gzip.decompress(data) if path.suffix == ".gz" else data)


def _merge_into(nquads: Path, more: list[bytes]) -> tuple[str, int]:
    """Merge sorted lines into a sorted file; gives its SHA-256 and its number of lines."""
    digest, total = hashlib.sha256(), 0
    merged = nquads.with_suffix(".merged")
    with nquads.open("rb") as lines, merged.open("wb") as file:
        for line in merge(lines, more):
            digest.update(line)
            total += 1
            file.write(line)
    merged.replace(nquads)
    return digest.hexdigest(), total


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
