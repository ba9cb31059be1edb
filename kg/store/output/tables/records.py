"""Read what the tables need from a build's sorted N-Quads, once, and keep it on disk: memory does not grow with the graph."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from kg.graph import ntriples
from kg.graph.namespaces import DCTERMS, ENT, GEO, OA, OWL, PREFIXES, PROV, RDF, RDFS, SCHEMA, SKOS

Said = Mapping[str, list[str]]
"""The values of one subject by predicate: IRIs, and the texts of literals."""

ENTITIES = ("Person", "State", "Institution", "Place", "Agreement", "Office")
CONFIDENCE, DATE_BASIS = (PREFIXES["ent"] + name for name in ("confidence", "dateBasis"))
POINTED = ("trigger", "actor", "recipient", "mediator", "about", "place", "date")
"""The parts of an event whose words the tables contain."""
_COUNTED = ("participant", "place", "about")
_SCHEMA = "CREATE TABLE record (iri TEXT PRIMARY KEY, kind TEXT NOT NULL, said TEXT NOT NULL) WITHOUT ROWID;"


class Records:
    """The resources of a graph by IRI and by kind. A context manager, which removes its files at the end."""

    def __init__(self, nquads: Path) -> None:
        self._folder = TemporaryDirectory(dir=nquads.parent, prefix=".tables-")
        self._database = sqlite3.connect(Path(self._folder.name) / "records.sqlite")
        self._database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA}")
        self.events: Counter[str] = Counter()
        self.mentions: Counter[str] = Counter()
        with nquads.open("rb") as lines:
            self._database.executemany("INSERT INTO record VALUES (?, ?, ?)", self._rows(lines))
        self._database.execute("CREATE INDEX by_kind ON record (kind)")
        self.said = lru_cache(maxsize=65536)(self._said)

    def __enter__(self) -> Records:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.said.cache_clear()
        self._database.close()
        self._folder.cleanup()

    @property
    def folder(self) -> Path:
        """A folder for further temporary files, removed at the end."""
        return Path(self._folder.name)

    def _rows(self, lines: Iterable[bytes]) -> Iterator[tuple[str, str, str]]:
        for subject, said in ntriples.descriptions(lines, WANTED):
            kind = kind_of(said)
            if kind == "Event":
                self.events.update({who for name in _COUNTED for who in said.get(ENT[name], ())})
            if kind == "Passage":
                self.mentions.update(set(said.pop(ENT.mentions, ())))
            if kind:
                yield subject, kind, json.dumps(said, ensure_ascii=False)

    def of_kind(self, kind: str) -> Iterator[tuple[str, Said]]:
        """Yield all resources of a kind, by IRI."""
        rows = self._database.execute("SELECT iri, said FROM record WHERE kind = ? ORDER BY iri", (kind,))
        return ((iri, json.loads(said)) for iri, said in rows)

    def _said(self, iri: str) -> tuple[str, Said]:
        """Return the kind of a resource and its values by predicate; empty if it is not described."""
        row = self._database.execute("SELECT kind, said FROM record WHERE iri = ?", (iri,)).fetchone()
        return (row[0], json.loads(row[1])) if row else ("", {})

    def label(self, iri: str) -> str:
        """Return the label of a resource."""
        return first(self.said(iri)[1], RDFS.label) or iri.rsplit("/", 1)[-1].replace("_", " ")


def first(said: Said, predicate: str) -> str:
    """Return the first value of a predicate, or an empty string."""
    return next(iter(said.get(predicate, ())), "")


def kind_of(said: Said) -> str:
    """Return the table or look-up for a resource; empty for none. A reported event, unlike a named one, has a modality."""
    types = said.get(RDF.type, ())
    if ENT.Event in types:
        return "Event" if ENT.modality in said else "Named event"
    for name in (*ENTITIES, "Tenure", "Article", "Passage", "Citation"):
        if ENT[name] in types:
            return name
    if OA.TextPositionSelector in types:
        return "Words"
    return "Category" if SKOS.Concept in types else ""


WANTED = frozenset({
    *(RDF.type, RDFS.label, SKOS.altLabel, SKOS.notation, SKOS.broader, SCHEMA.sameAs, SCHEMA.url, OWL.sameAs, GEO.lat, GEO.long),
    *(PROV.wasDerivedFrom, DCTERMS.title, DCTERMS.bibliographicCitation, CONFIDENCE, DATE_BASIS),
    *(ENT[name] for name in (
        "category", "actor", "recipient", "mediator", "participant", "place", "about", "date", "earliest", "latest", "modality",
        "trigger", "quote", "amount", "cites", "party", "signatory", "holder", "office", "organization", "attested", "former",
        "country", "quadClass", "text", "inArticle", "start", "end", "revision", "mentions", "refersTo",
        *(f"{role}At" for role in POINTED),
    )),
    OA.start, OA.end,
})  # fmt: skip
