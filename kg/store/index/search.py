"""The search index of a build: labels, other names and sentences in one SQLite file (FTS5), accents folded.

Written once by the build (``write_search``), read by the server (``SearchIndex``). Rows are numbered from the most to the
least active thing, so that the first hits that SQLite finds are the best and a search of one letter costs no more than one
of a whole name.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from kg.errors import EntenteError
from kg.store.sorting import sorted_lines

ENT = "https://w3id.org/entente/ontology#"
CLASSES = ("State", "Person", "Institution", "Place", "Agreement", "Office", "Event", "Article")
_MOST = 10**11  # more than anything is active: what is subtracted from it sorts from the most to the least
_LETTERS = str.maketrans({"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "’": "'"})
_WORD = re.compile(r"\w+")

_SCHEMA = """
CREATE TABLE thing (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, label TEXT NOT NULL, class TEXT NOT NULL,
  events INTEGER NOT NULL, mentions INTEGER NOT NULL
);
CREATE TABLE name (id INTEGER PRIMARY KEY, thing INTEGER NOT NULL REFERENCES thing, name TEXT NOT NULL, folded TEXT NOT NULL);
CREATE INDEX name_folded ON name (folded);
CREATE INDEX name_thing ON name (thing);
CREATE TABLE passage (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, text TEXT NOT NULL, article TEXT NOT NULL, section TEXT NOT NULL);
CREATE INDEX thing_class ON thing (class, id);
CREATE VIRTUAL TABLE names USING fts5 (folded, content='', tokenize='unicode61', prefix='1 2 3');
CREATE VIRTUAL TABLE passages USING fts5 (folded, content='', tokenize='unicode61', prefix='2 3');
"""


class SearchIndexError(EntenteError):
    """The search index is missing or cannot be read."""


class Solutions(Protocol):
    """What the index needs of a store: SELECT over the union of its graphs."""

    def query(self, query: str, **options: Any) -> Iterable[Sequence[Any]]:
        """The solutions of a query."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A hit among names. ``name`` is the form that matched (the label or another name)."""

    iri: str
    label: str
    kind: str
    name: str
    events: int
    mentions: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A hit among passages. ``spans`` are the matching words' offsets in ``text``."""

    iri: str
    text: str
    article: str
    section: str
    spans: tuple[tuple[int, int], ...]


def fold(text: str) -> str:
    """Lower case without accents, for comparing names as a reader would."""
    if text.isascii():
        return text.lower()
    lowered = text.casefold().translate(_LETTERS)
    apart = unicodedata.normalize("NFKD", lowered)
    marks = {ord(c): None for c in set(apart) if unicodedata.combining(c)}
    return apart.translate(marks) if marks else apart


def _indexed(name: str, folded: str) -> str:
    """A name's words for the index, from the name and its ``fold``: ``Đurić`` is found as ``duric`` and as ``djuric``."""
    spelt = name.replace("đ", "dj").replace("Đ", "Dj")
    return folded if spelt == name else f"{folded} {fold(spelt)}"


@dataclass(frozen=True)
class Contents:
    """What an index is made of. ``things``: IRI, label, class and other names; ``passages``: article, offset, IRI, text and section.

    ``events`` and ``mentions`` count by IRI; ``titles`` are the articles' labels by IRI. All are complete once ``things`` is begun.
    """

    things: Iterable[tuple[str, str, str, list[str]]]
    passages: Iterable[tuple[str, int, str, str, str]]
    events: Mapping[str, int]
    mentions: Mapping[str, int]
    titles: Mapping[str, str]


def write_search(store: Solutions, target: Path) -> None:
    """Write the index of everything in ``store`` to ``target`` (beside it first, then renamed)."""
    write_index(_asked(store), target)


def write_index(contents: Contents, target: Path) -> None:
    """Write an index to ``target`` (beside it first, then renamed). Memory holds the counts and titles, no more."""
    draft = target.with_name(target.name + ".part")
    draft.unlink(missing_ok=True)
    database = sqlite3.connect(draft)
    try:
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        with database:
            _write_things(database, contents, target.parent)
            _write_passages(database, contents, target.parent)
        database.executescript("INSERT INTO names(names) VALUES ('optimize'); INSERT INTO passages(passages) VALUES ('optimize'); ANALYZE;")
    finally:
        database.close()
    draft.replace(target)


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


def _write_passages(database: sqlite3.Connection, contents: Contents, folder: Path) -> None:
    def keyed() -> Iterator[bytes]:
        for article, start, iri, text, section in contents.passages:
            title = contents.titles.get(article, "")
            yield _sortable((title, f"{start:012}", iri), (iri, text, title, section))

    for row, (iri, text, title, section) in enumerate(_in_order(keyed(), folder), 1):
        database.execute("INSERT INTO passage VALUES (?, ?, ?, ?, ?)", (row, iri, text, title, section))
        database.execute("INSERT INTO passages (rowid, folded) VALUES (?, ?)", (row, _indexed(text, fold(text))))


def _sortable(key: tuple[str, ...], row: tuple[Any, ...]) -> bytes:
    """A line that sorts by its key and holds a row."""
    return "\x1f".join((*key, json.dumps(row))).replace("\n", " ").encode() + b"\n"


def _in_order(lines: Iterable[bytes], folder: Path) -> Iterator[Any]:
    return (json.loads(line.rsplit(b"\x1f", 1)[1]) for line in sorted_lines(lines, folder))


def _asked(store: Solutions) -> Contents:
    """What a store answers."""
    kinds = {iri: kind for kind in reversed(CLASSES) for (iri,) in _select(store, f"?s a ent:{kind}", "s")}
    labels: dict[str, str] = {}
    names: dict[str, set[str]] = defaultdict(set)
    for iri, label in _select(store, "?s rdfs:label ?label", "s", "label"):
        if iri in kinds and label:
            labels[iri] = min(label, labels.get(iri, label))
    for iri, name in _select(store, "?s skos:altLabel ?name", "s", "name"):
        if iri in labels and name:
            names[iri].add(name)
    found = _select(
        store,
        "?p a ent:Passage ; ent:text ?text ; ent:inArticle ?article ; ent:start ?start OPTIONAL { ?p ent:section ?section }",
        "article", "start", "p", "text", "section",
    )  # fmt: skip
    return Contents(
        things=((iri, label, kinds[iri], sorted(names[iri])) for iri, label in labels.items()),
        passages=((article, int(start or 0), iri, text, section) for article, start, iri, text, section in found),
        events=_counts(store, "?what ent:participant|ent:place|ent:about ?who"),
        mentions=_counts(store, "?what ent:mentions ?who"),
        titles={iri: labels[iri] for iri, kind in kinds.items() if kind == "Article" and iri in labels},
    )


def _select(store: Solutions, pattern: str, *variables: str) -> Iterator[tuple[str, ...]]:
    prefixes = (
        f"PREFIX ent: <{ENT}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    )
    query = f"{prefixes} SELECT {' '.join('?' + v for v in variables)} WHERE {{ {pattern} }}"
    for solution in store.query(query, use_default_graph_as_union=True):
        yield tuple("" if term is None else term.value for term in solution)


def _counts(store: Solutions, pattern: str) -> dict[str, int]:
    """For each ?who, how many ?what. DISTINCT, since stores differ in whether a path's alternatives give one pair or several."""
    counted = f"{{ SELECT ?who (COUNT(DISTINCT ?what) AS ?number) WHERE {{ {pattern} }} GROUP BY ?who }}"
    return {who: int(number or 0) for who, number in _select(store, counted, "who", "number")}


_HITS = "SELECT t.iri, t.label, t.class, n.name, t.events, t.mentions FROM name n JOIN thing t ON t.id = n.thing"
_AMONG = "t.class IN (SELECT value FROM json_each(?))"


class SearchIndex:
    """A build's index, read-only. Each call opens its own connection, so any thread may call."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        if not self.path.is_file():
            raise SearchIndexError(f"{self.path} is missing: build the graph again with 'entente build'.")
        database = sqlite3.connect(f"file:{quote(str(self.path))}?mode=ro&immutable=1", uri=True)
        try:
            return database.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise SearchIndexError(f"{self.path} cannot be read ({error}): build the graph again with 'entente build'.") from None
        finally:
            database.close()

    def things(self, text: str, kinds: Sequence[str] = CLASSES, limit: int = 20) -> list[Thing]:
        """Things of these classes with a name that has all the words of ``text`` (the last may be begun only), the best first."""
        match = _match(text)
        if not match:
            return []
        sql = f"{_HITS} JOIN names ON names.rowid = n.id WHERE names MATCH ? AND {_AMONG} ORDER BY names.rowid LIMIT ?"
        begun = [Thing(*row) for row in self._rows(sql, match, json.dumps(list(kinds)), limit * 10)]
        best: dict[str, Thing] = {}
        wanted = fold(text.strip())
        for hit in sorted([*self._exact(text, kinds), *begun], key=lambda h: _closeness(wanted, h)):
            best.setdefault(hit.iri, hit)
        return list(best.values())[:limit]

    def _exact(self, text: str, kinds: Sequence[str]) -> list[Thing]:
        """Things with exactly this name, accents and case aside."""
        sql = f"{_HITS} WHERE n.folded = ? AND {_AMONG} ORDER BY n.id LIMIT 50"
        return [Thing(*row) for row in self._rows(sql, fold(text.strip()), json.dumps(list(kinds)))]

    def named(self, text: str, kinds: Sequence[str] = CLASSES) -> list[Thing]:
        """Things whose label is exactly ``text``, else those with such a name (accents and case aside)."""
        hits = self._exact(text, kinds)
        labelled = [hit for hit in hits if hit.label == text.strip()]
        return list({hit.iri: hit for hit in labelled or hits}.values())

    def foremost(self, kinds: Sequence[str], limit: int = 20) -> list[Thing]:
        """The most active things of some classes."""
        sql = f"{_HITS} WHERE n.name = t.label AND {_AMONG} ORDER BY t.id LIMIT ?"
        return [Thing(*row) for row in self._rows(sql, json.dumps(list(kinds)), limit)]

    def sentences(self, text: str, limit: int = 20) -> list[Sentence]:
        """Passages that hold all the words of ``text``."""
        match = _match(text)
        if not match:
            return []
        sql = """SELECT p.iri, p.text, p.article, p.section FROM passages JOIN passage p ON p.id = passages.rowid
                 WHERE passages MATCH ? ORDER BY rank LIMIT ?"""
        words = _WORD.findall(fold(text))
        hits = self._rows(sql, match, limit)
        return [Sentence(iri, found, article, section, _spans(found, words)) for iri, found, article, section in hits]


def _match(text: str) -> str:
    """An FTS5 expression for all the words of a text, the last as a prefix; at most twelve words."""
    words = _WORD.findall(fold(text))[:12]
    return " ".join(f'"{word}"' for word in words[:-1]) + (f' "{words[-1]}"*' if words else "")


def _closeness(wanted: str, hit: Thing) -> tuple[bool, bool, bool, int, str, str]:
    name = fold(hit.name)
    return (name != wanted, not name.startswith(wanted), hit.name != hit.label, -hit.events - hit.mentions, hit.label, hit.iri)


def _spans(text: str, words: list[str]) -> tuple[tuple[int, int], ...]:
    """Where the words (the last one as a beginning) stand in the text."""
    spans = []
    for match in _WORD.finditer(text):
        folded = fold(match[0])
        if folded in words or folded.startswith(words[-1]):
            spans.append(match.span())
    return tuple(spans)
