"""Write the search index of a build: names, sentences, and lists of events and agreements, in one SQLite file.

Rows are numbered in display order: things from the most to the least active, facts from the oldest to the latest (undated last),
passages in the order of their articles. So the first hits that SQLite finds are the best, a page of a list is a range of numbers,
and neither takes longer in a larger index.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

from kg.store.index.facet_table import TABLE, store_facets
from kg.store.index.search import fold
from kg.store.index.spelling import SPELT, skeleton
from kg.store.sorting import sorted_lines

_MOST = 10**11  # above any activity: subtracting from it sorts from the most to the least active
UNDATED = "9999-12-31"
"""The sort key of facts without a date, as in the canned queries."""

ROLES: Mapping[str, int] = {
    "actor": 1, "recipient": 2, "mediator": 4, "place": 8, "about": 16, "participant": 32, "party": 64, "signatory": 128,
}  # fmt: skip
"""The roles that a thing can have in a fact, as bits of one number."""

TAKES_PART = ROLES["actor"] | ROLES["recipient"] | ROLES["mediator"] | ROLES["participant"]
NEITHER = "neither"
"""The quad class of events whose category has none."""

NOT_SAID = -1
"""The confidence of facts without one."""

_TABLES = """
CREATE TABLE thing (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, label TEXT NOT NULL, class TEXT NOT NULL,
  events INTEGER NOT NULL, mentions INTEGER NOT NULL
);
CREATE TABLE name (id INTEGER PRIMARY KEY, thing INTEGER NOT NULL REFERENCES thing, name TEXT NOT NULL, folded TEXT NOT NULL);
CREATE INDEX name_folded ON name (folded);
CREATE INDEX name_thing ON name (thing);
CREATE TABLE word (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, skeleton TEXT NOT NULL);
CREATE TABLE passage (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, text TEXT NOT NULL, article TEXT NOT NULL, section TEXT NOT NULL);
CREATE TABLE mention (thing INTEGER NOT NULL, passage INTEGER NOT NULL, PRIMARY KEY (thing, passage)) WITHOUT ROWID;
CREATE TABLE fact (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL, earliest TEXT NOT NULL, latest TEXT NOT NULL,
  modality TEXT NOT NULL, quad TEXT NOT NULL, basis TEXT NOT NULL, confidence INTEGER NOT NULL
);
CREATE TABLE part (
  thing INTEGER NOT NULL, kind TEXT NOT NULL, fact INTEGER NOT NULL, roles INTEGER NOT NULL, PRIMARY KEY (thing, kind, fact)
) WITHOUT ROWID;
CREATE TABLE together (one INTEGER NOT NULL, other INTEGER NOT NULL, fact INTEGER NOT NULL, PRIMARY KEY (one, other, fact)) WITHOUT ROWID;
CREATE TABLE categorized (category TEXT NOT NULL, fact INTEGER NOT NULL, PRIMARY KEY (category, fact)) WITHOUT ROWID;
CREATE TABLE year (
  thing INTEGER NOT NULL, year INTEGER NOT NULL, quad TEXT NOT NULL, events INTEGER NOT NULL, PRIMARY KEY (thing, year, quad)
) WITHOUT ROWID;
CREATE TABLE counterpart (
  thing INTEGER NOT NULL, events INTEGER NOT NULL, other INTEGER NOT NULL, conflict INTEGER NOT NULL,
  PRIMARY KEY (thing, events DESC, other)
) WITHOUT ROWID;
CREATE TABLE category (code TEXT PRIMARY KEY, events INTEGER NOT NULL, asserted INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE names USING fts5 (folded, content='', tokenize='unicode61', prefix='1 2 3');
CREATE VIRTUAL TABLE spelling USING fts5 (framed, content='', tokenize='trigram', detail='none');
CREATE VIRTUAL TABLE passages USING fts5 (folded, content='', tokenize='unicode61', prefix='2 3');
"""
_SUMMED = """
CREATE INDEX word_skeleton ON word (skeleton, id);
INSERT INTO spelling (rowid, framed) SELECT id, '^' || word || '$' FROM word;
INSERT INTO spelling(spelling) VALUES ('optimize');
CREATE INDEX thing_class ON thing (class, id);
CREATE INDEX thing_label ON thing (class, label, id);
CREATE INDEX categorized_fact ON categorized (fact);
INSERT INTO year
  SELECT part.thing, CAST(substr(fact.earliest, 1, 4) AS INTEGER), fact.quad, COUNT(*) FROM part JOIN fact ON fact.id = part.fact
  WHERE part.kind = 'Event' AND fact.modality = 'asserted' AND fact.earliest <> '' GROUP BY 1, 2, 3;
INSERT INTO year
  SELECT 0, CAST(substr(earliest, 1, 4) AS INTEGER), quad, COUNT(*) FROM fact
  WHERE kind = 'Event' AND modality = 'asserted' AND earliest <> '' GROUP BY 2, 3;
CREATE TEMP TABLE pair AS
  SELECT together.one, together.other, COUNT(*) AS events, SUM(fact.quad IN ('verbalConflict', 'materialConflict')) AS conflict
  FROM together JOIN fact ON fact.id = together.fact WHERE fact.modality = 'asserted' GROUP BY 1, 2;
INSERT INTO counterpart SELECT one, events, other, conflict FROM pair UNION ALL SELECT other, events, one, conflict FROM pair;
INSERT INTO category
  SELECT category, COUNT(*), SUM(fact.modality = 'asserted') FROM categorized JOIN fact ON fact.id = categorized.fact GROUP BY 1;
INSERT INTO names(names) VALUES ('optimize');
INSERT INTO passages(passages) VALUES ('optimize');
"""


@dataclass(frozen=True)
class Fact:
    """A reported event or an agreement. ``categories`` are codes; ``parts`` maps the IRIs of participants to the bits of their roles.

    ``earliest`` and ``latest`` are days, or empty; ``basis`` is ``stated``, ``inferred`` or empty; ``confidence`` is in hundredths.
    """

    iri: str
    kind: str
    earliest: str = ""
    latest: str = ""
    modality: str = ""
    quad: str = NEITHER
    categories: list[str] = field(default_factory=list)
    parts: dict[str, int] = field(default_factory=dict)
    basis: str = ""
    confidence: int = NOT_SAID


@dataclass(frozen=True)
class Contents:
    """The input of an index. ``things``: IRI, label, class and other names; ``passages``: article, offset, IRI, text, section,
    mentions.

    ``events`` and ``mentions`` are counts by IRI; ``titles`` are the articles' labels by IRI. All are complete before the first of
    ``things`` is read.
    """

    things: Iterable[tuple[str, str, str, list[str]]]
    passages: Iterable[tuple[str, int, str, str, str, list[str]]]
    facts: Iterable[Fact]
    events: Mapping[str, int]
    mentions: Mapping[str, int]
    titles: Mapping[str, str]


def _indexed(name: str, folded: str) -> str:
    """Return a name's words for the index, from the name and its ``fold``: ``Đurić`` is found as ``duric`` and as ``djuric``."""
    spelt = name.replace("đ", "dj").replace("Đ", "Dj")
    return folded if spelt == name else f"{folded} {fold(spelt)}"


def write_index(contents: Contents, target: Path) -> None:
    """Write an index to ``target`` (to a temporary file, then renamed). Only counts and titles are kept in memory."""
    draft = target.with_name(target.name + ".part")
    draft.unlink(missing_ok=True)
    database = sqlite3.connect(draft)
    try:
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;" + _TABLES + TABLE)
        with database:
            _write_things(database, contents, target.parent)
            numbers = _Numbers(database)
            _write_passages(database, contents, numbers, target.parent)
            _write_facts(database, contents, numbers, target.parent)
        database.executescript(_SUMMED)
        store_facets(database)
        database.execute("ANALYZE")
    finally:
        database.close()
    draft.replace(target)


class _Numbers:
    """The row numbers of things by IRI, available once all things are written."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.of = lru_cache(maxsize=20_000)(self._look_up)

    def _look_up(self, iri: str) -> int | None:
        found = self._database.execute("SELECT id FROM thing WHERE iri = ?", (iri,)).fetchone()
        return found[0] if found else None

    def known(self, iris: Iterable[str]) -> list[int]:
        """Return the numbers of those that have one, sorted."""
        return sorted(number for number in map(self.of, iris) if number is not None)


def _write_things(database: sqlite3.Connection, contents: Contents, folder: Path) -> None:
    events, mentions = contents.events, contents.mentions

    def keyed() -> Iterator[bytes]:
        for iri, label, kind, names in contents.things:
            activity = _MOST - events.get(iri, 0) - mentions.get(iri, 0)
            yield _sortable((str(int(kind == "Event")), f"{activity:012}", label, iri), (iri, label, kind, names))

    row = 0
    for number, (iri, label, kind, names) in enumerate(_in_order(keyed(), folder), 1):
        counts = (events.get(iri, 0), mentions.get(iri, 0))
        database.execute("INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?)", (number, iri, label, kind, *counts))
        for name in [label, *sorted(set(names) - {label})]:
            row += 1
            folded = fold(name)
            database.execute("INSERT INTO name VALUES (?, ?, ?, ?)", (row, number, name, folded))
            database.execute("INSERT INTO names (rowid, folded) VALUES (?, ?)", (row, _indexed(name, folded)))
            if kind != "Event":  # the words of a headline are not names
                words = ((word, skeleton(word)) for word in SPELT.findall(folded))
                database.executemany("INSERT OR IGNORE INTO word (word, skeleton) VALUES (?, ?)", words)


def _write_passages(database: sqlite3.Connection, contents: Contents, numbers: _Numbers, folder: Path) -> None:
    def keyed() -> Iterator[bytes]:
        for article, start, iri, text, section, mentions in contents.passages:
            title = contents.titles.get(article, "")
            yield _sortable((title, f"{start:012}", iri), (iri, text, title, section, mentions))

    for row, (iri, text, title, section, mentions) in enumerate(_in_order(keyed(), folder), 1):
        database.execute("INSERT INTO passage VALUES (?, ?, ?, ?, ?)", (row, iri, text, title, section))
        database.execute("INSERT INTO passages (rowid, folded) VALUES (?, ?)", (row, _indexed(text, fold(text))))
        database.executemany("INSERT OR IGNORE INTO mention VALUES (?, ?)", [(thing, row) for thing in numbers.known(mentions)])


def _write_facts(database: sqlite3.Connection, contents: Contents, numbers: _Numbers, folder: Path) -> None:
    keyed = (_sortable((fact.earliest or UNDATED, fact.iri), astuple(fact)) for fact in contents.facts)
    for row, values in enumerate(_in_order(keyed, folder), 1):
        fact = Fact(*values)
        said = (fact.iri, fact.kind, fact.earliest, fact.latest, fact.modality, fact.quad, fact.basis, fact.confidence)
        database.execute("INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (row, *said))
        database.executemany("INSERT INTO categorized VALUES (?, ?)", [(code, row) for code in sorted(fact.categories)])
        parts = [(number, roles) for iri, roles in fact.parts.items() if (number := numbers.of(iri)) is not None]
        database.executemany("INSERT INTO part VALUES (?, ?, ?, ?)", [(thing, fact.kind, row, roles) for thing, roles in sorted(parts)])
        if fact.kind == "Event":
            together = sorted(thing for thing, roles in parts if roles & TAKES_PART)
            database.executemany("INSERT INTO together VALUES (?, ?, ?)", [(*pair, row) for pair in combinations(together, 2)])


def _sortable(key: tuple[str, ...], row: tuple[Any, ...]) -> bytes:
    """Return a line that sorts by its key and contains a row."""
    return "\x1f".join((*key, json.dumps(row))).replace("\n", " ").encode() + b"\n"


def _in_order(lines: Iterable[bytes], folder: Path) -> Iterator[Any]:
    return (json.loads(line.rsplit(b"\x1f", 1)[1]) for line in sorted_lines(lines, folder))
