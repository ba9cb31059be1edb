"""A build in progress: from shards of N-Quads to a store and its dumps."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from heapq import merge
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from kg.corrections.applying import Corrector
from kg.errors import EntenteError
from kg.graph.claims import resolve
from kg.graph.dataset import DatasetCounts, Provenance, dataset_quads, distribution_quads
from kg.graph.namespaces import DATASET, ENT, ONTOLOGY_FILES, ONTOLOGY_GRAPH
from kg.graph.ntriples import in_graph
from kg.graph.terms import Quad, iri
from kg.resources import resource_folder
from kg.store import oxigraph
from kg.store.build_comparison import difference
from kg.store.builds import Build
from kg.store.index.indexing import index_build
from kg.store.output import dumps
from kg.store.output.prepared_answers import Question, digest_of, write_answers
from kg.store.output.tables.description import croissant, csvw
from kg.store.output.turtle import turtle
from kg.store.parallel import Beside, InTurn, timed
from kg.store.seals import seal
from kg.store.sorting import merge_into, sorted_lines
from kg.store.statistics.counting import Statistics

T = TypeVar("T")
MOST_TOLD = 20
"""Builds in the history of changes."""
MOST_THINGS = 100
"""Resources named per build in that history."""
WORTH_PROCESSES = 8 * 2**20
"""Size of the N-Quads, in bytes, from which writing dumps in other processes is worth starting these."""


class Draft:
    """A build that is written to ``folder`` and becomes current when the ``new_build`` block ends. The caller fills ``report``.

    ``seconds`` has the time of each step of ``assemble``, including the time of other processes.
    """

    def __init__(self, folder: Path, before: Build | None) -> None:
        self.folder = folder
        self.before = before
        self.report: dict[str, Any] = {}
        self.seconds: dict[str, float] = {}
        self.build: Build | None = None
        self._manifest: dict[str, Any] = {}

    @property
    def store_path(self) -> Path:
        """The store's folder, complete after ``assemble``."""
        return self.folder / "store"

    @property
    def quads(self) -> int:
        """The number of quads in the dumps, known after ``assemble``."""
        return int(self._manifest["quads"])

    def assemble(
        self,
        shards: Iterable[Path],
        provenance: Provenance,
        beside: Beside | None = None,
        corrector: Corrector | None = None,
        questions: Callable[[Path], Sequence[Question]] = lambda _: (),
        linked: Callable[[Iterable[bytes]], Iterable[bytes]] | None = None,
    ) -> None:
        """Merge the shards (N-Quads of ``shard_lines``, gzipped or not, in any order); write the store, the dumps and the search index.

        ``corrector`` changes the statements of the shards before they are merged, and ``linked`` adds to them. ``questions`` derives,
        from the search index, the queries whose answers are stored with the build; those that time out are listed in the report.
        Dumps and index of a large graph are written ``beside`` this process while it loads the store; by default, all steps run here
        one after the other.
        """
        nquads, folder = self.folder / "sorted.nq", self.folder / "dumps"
        lines = _all_lines(shards, corrector)
        digest, total = self._took("sort", *timed(self._sort, linked(lines) if linked else lines, provenance, nquads))
        folder.mkdir()
        others = InTurn() if beside is None or nquads.stat().st_size < WORTH_PROCESSES else beside
        dumped = [others.submit(timed, write, nquads, folder) for write in dumps.WRITERS]
        tabled = others.submit(timed, dumps.write_tables, nquads, folder)
        indexed = others.submit(timed, index_build, nquads, self.folder / "search.sqlite")
        self._took("load", *timed(self._load, nquads))
        written = [dump for some in dumped for dump in self._took("dumps", *some.result())]
        tables = sorted(self._took("dumps", *tabled.result()), key=lambda table: table.name)
        self._took("search", *indexed.result())
        asked = questions(self.folder / "search.sqlite")
        apart = nquads.stat().st_size >= WORTH_PROCESSES
        self.report["unanswered"] = self._took("answers", *timed(write_answers, self.store_path, asked, self.folder, apart=apart))
        nquads.unlink()
        written.sort(key=lambda dump: dump.name)
        self._describe_dumps(written)
        about = {"dumps": [asdict(dump) for dump in written], "tables": [asdict(table) for table in tables], "questions": digest_of(asked)}
        self._manifest = {"id": digest[:16], "quads": total, **asdict(provenance), **about}
        self._describe_tables()

    def _took(self, what: str, result: T, seconds: float) -> T:
        self.seconds[what] = self.seconds.get(what, 0.0) + seconds
        return result

    def _sort(self, lines: Iterable[bytes], provenance: Provenance, nquads: Path) -> tuple[str, int]:
        """Write the sorted lines with their statistics and description; return the SHA-256 and the number of lines."""
        inventory, counted = DatasetCounts(), self.folder / "statistics.nq"
        with closing(Statistics(self.folder)) as statistics:
            with nquads.open("wb") as file:
                file.writelines(inventory.watch(statistics.watch(resolve(sorted_lines(lines, self.folder)))))
            with counted.open("wb") as file:
                file.writelines(inventory.watch(statistics.lines()))
            if statistics.specimen:
                inventory.examples[iri(ENT.Event)] = statistics.specimen
        about = sorted(quad.line().encode("utf-8") for quad in dataset_quads(inventory, provenance, dumps.DUMP_NAMES))
        with counted.open("rb") as file:
            digest = merge_into(nquads, merge(about, file))
        counted.unlink()
        return digest, inventory.triples + len(about)

    def _load(self, nquads: Path) -> None:
        """Load and compact the store, while other processes write the dumps."""
        oxigraph.bulk_load(self.store_path, nquads)
        oxigraph.optimize(self.store_path)

    def _describe_dumps(self, written: list[dumps.Dump]) -> None:
        """Write the description as a separate document, with what the dumps cannot contain: their own sizes and checksums."""
        said = [(d.name, d.media_type, d.compressed, d.size, d.sha256) for d in written]
        extra = (f"{q.subject} {q.predicate} {q.object} .\n".encode() for q in distribution_quads(said))
        description = turtle(sorted([*oxigraph.graph_lines(self.store_path, DATASET), *extra]))
        (self.folder / "dumps" / "void.ttl").write_bytes(b"".join(description))

    def _describe_tables(self) -> None:
        """Describe the columns of the tables in CSVW and Croissant."""
        files = [*self._manifest["tables"], *self._manifest["dumps"]]
        folder = self.folder / "dumps"
        _write_json(folder / "tables.csvw.json", csvw())
        _write_json(folder / "croissant.json", croissant(files, self._manifest["id"], self._manifest["software"]))

    def finish(self) -> str:
        """Write the manifest and the report; return the build's id."""
        if not self._manifest:
            raise EntenteError("A build ended before anything was added to it.")
        if self.before and self.before.nquads.is_file():
            changes = {"since": self.before.id, **self._changes(self.before)}
            self.report["changes"] = {name: value for name, value in changes.items() if name != "things"}
            self.report["history"] = [self._told(changes), *_history(self.before)][:MOST_TOLD]
        seal(self.folder)
        _write_json(self.folder / "report.json", self.report)
        _write_json(self.folder / "manifest.json", self._manifest)
        return str(self._manifest["id"])

    def _changes(self, before: Build) -> dict[str, Any]:
        """Return the changes since the previous build; a damaged dump there must not prevent the new build."""
        try:
            found = difference(before.nquads, self.folder / "dumps" / "entente.nq.gz")
            named = [change for change in found.changes if change.label][:MOST_THINGS]
            things = [{"kind": c.kind, "class": c.term, "label": c.label, "iri": c.subject.strip("<>")} for c in named]
            return {"classes": found.by_class(), "things": things}
        except EntenteError as error:
            return {"classes": {}, "problem": str(error)}

    def _told(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Return the changes as an entry of the builds' history."""
        return {"build": self._manifest["id"], "date": datetime.now(UTC).isoformat(timespec="seconds"), **changes}


def _history(before: Build) -> list[Any]:
    """Return the history of the previous build, which includes those before it."""
    try:
        return list(before.report.get("history", ()))
    except EntenteError:
        return []


def ontology_lines() -> Iterator[bytes]:
    """Yield the ontology and the categories as N-Quads in the ontology's graph."""
    for name in ONTOLOGY_FILES:
        for triple in oxigraph.ntriples(resource_folder("ontology") / name):
            yield in_graph(triple, iri(ONTOLOGY_GRAPH).encode())


def write_shard(quads: Iterable[Quad] | Iterable[bytes], path: Path) -> None:
    """Write N-Quads (lines or quads) as a shard: to a temporary file, then renamed."""
    beside = path.with_name(f".{path.name}")
    with dumps.gzipped(beside) as file:
        file.writelines(quad if isinstance(quad, bytes) else quad.line().encode("utf-8") for quad in quads)
    beside.replace(path)


def _all_lines(shards: Iterable[Path], corrector: Corrector | None) -> Iterator[bytes]:
    yield from ontology_lines()
    readers = (partial(_shard_lines, path) for path in shards)
    if corrector:
        yield from corrector.lines(list(readers))
    else:
        yield from chain.from_iterable(reader() for reader in readers)


def _shard_lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a shard, decompressed only as far as they are consumed."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        yield from file


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
