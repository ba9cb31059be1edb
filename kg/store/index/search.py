"""Search a build's index: names and sentences by their words, accents folded (SQLite, FTS5).

``kg.store.index.index_writer`` describes the layout of the index, ``kg.store.index.lists`` reads its lists.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kg.errors import EntenteError
from kg.graph.namespaces import PREFIXES
from kg.store.index.spelling import near

ENT = PREFIXES["ent"]
CLASSES = ("State", "Person", "Institution", "Place", "Agreement", "Office", "Event", "Article", "Publisher")
AGENTS = ("State", "Institution", "Person")
_LETTERS = str.maketrans({"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "’": "'"})
_WORD = re.compile(r"\w+")
RANKED = 2_000
"""Passages that are ranked among those that contain the words of a search: a common word may be in a million."""


def classes_in(name: str) -> tuple[str, ...]:
    """Return the classes of the index that are within a class of the ontology; all of them for an unknown one."""
    if name == "Agent":
        return AGENTS
    return (name,) if name in CLASSES else CLASSES


class SearchIndexError(EntenteError):
    """The search index is missing or cannot be read."""


@dataclass(frozen=True, slots=True)
class NameHit:
    """A hit among names. ``name`` is the form that matched (the label or another name)."""

    iri: str
    label: str
    kind: str
    name: str
    events: int
    mentions: int


@dataclass(frozen=True, slots=True)
class SentenceHit:
    """A hit among passages. ``spans`` are the offsets of the matching words in ``text``."""

    iri: str
    text: str
    article: str
    section: str
    spans: tuple[tuple[int, int], ...]


def fold(text: str) -> str:
    """Fold a name for comparison: lower case, without accents."""
    if text.isascii():
        return text.lower()
    lowered = text.casefold().translate(_LETTERS)
    apart = unicodedata.normalize("NFKD", lowered)
    marks = {ord(c): None for c in set(apart) if unicodedata.combining(c)}
    return apart.translate(marks) if marks else apart


_HITS = "SELECT t.iri, t.label, t.class, n.name, t.events, t.mentions FROM name n JOIN thing t ON t.id = n.thing"
_AMONG = "t.class IN (SELECT value FROM json_each(?))"
_FIRST_EVENT = "SELECT MIN(id) FROM name WHERE thing = (SELECT MIN(id) FROM thing WHERE class = 'Event')"
_BEFORE_EVENTS = f"AND names.rowid < COALESCE(({_FIRST_EVENT}), {2**62})"
"""Events come last among the things, and tens of thousands of their labels may contain a state's name."""


class SearchIndex:
    """A build's index, read-only. Each call opens its own connection, so any thread may call."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT on the index; SearchIndexError if it cannot be read."""
        if not self.path.is_file():
            raise SearchIndexError(f"{self.path} is missing: build the graph again with 'entente build'.")
        database = sqlite3.connect(f"file:{quote(str(self.path))}?mode=ro&immutable=1", uri=True)
        try:
            return database.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise SearchIndexError(f"{self.path} cannot be read ({error}): build the graph again with 'entente build'.") from None
        finally:
            database.close()

    def things(self, text: str, kinds: Sequence[str] = CLASSES, limit: int = 20) -> list[NameHit]:
        """Return things of these classes with a name that contains all words of ``text`` (the last as a prefix), best first."""
        match = _match(text)
        if not match:
            return []
        within = "" if "Event" in kinds else _BEFORE_EVENTS
        sql = f"{_HITS} JOIN names ON names.rowid = n.id WHERE names MATCH ? AND {_AMONG} {within} ORDER BY names.rowid LIMIT ?"
        begun = [NameHit(*row) for row in self.rows(sql, match, json.dumps(list(kinds)), limit * 10)]
        best: dict[str, NameHit] = {}
        wanted = fold(text.strip())
        for hit in sorted([*self._exact(text, kinds), *begun], key=lambda h: _closeness(wanted, h)):
            best.setdefault(hit.iri, hit)
        return list(best.values())[:limit]

    def similar(self, text: str, kinds: Sequence[str] = CLASSES, limit: int = 20) -> list[NameHit]:
        """Return the same or, if there are none, things with a name that contains similar words."""
        return self.things(text, kinds, limit) or near(self, _WORD.findall(fold(text)), kinds, limit)

    def _exact(self, text: str, kinds: Sequence[str]) -> list[NameHit]:
        """Return the things with exactly this name, ignoring accents and case."""
        sql = f"{_HITS} WHERE n.folded = ? AND {_AMONG} ORDER BY n.id LIMIT 50"
        return [NameHit(*row) for row in self.rows(sql, fold(text.strip()), json.dumps(list(kinds)))]

    def named(self, text: str, kinds: Sequence[str] = CLASSES) -> list[NameHit]:
        """Return the things whose label is exactly ``text``, else those with such a name, ignoring accents and case."""
        hits = self._exact(text, kinds)
        labelled = [hit for hit in hits if hit.label == text.strip()]
        return list({hit.iri: hit for hit in labelled or hits}.values())

    def identified(self, iri: str, kinds: Sequence[str] = CLASSES) -> NameHit | None:
        """Return the thing with this IRI."""
        rows = self.rows("SELECT iri, label, class, label, events, mentions FROM thing WHERE iri = ?", iri)
        return next((NameHit(*row) for row in rows if row[2] in kinds), None)

    def foremost(self, kinds: Sequence[str], limit: int = 20) -> list[NameHit]:
        """Return the most active things of some classes."""
        sql = "SELECT id, iri, label, class, label, events, mentions FROM thing WHERE class = ? ORDER BY id LIMIT ?"
        found = merge(*(self.rows(sql, kind, limit) for kind in kinds))
        return [NameHit(*row[1:]) for row in islice(found, limit)]

    def sentences(self, text: str, limit: int = 20) -> list[SentenceHit]:
        """Return the best among the first ``RANKED`` passages that contain all words of ``text``."""
        match = _match(text)
        if not match:
            return []
        sql = """SELECT p.iri, p.text, p.article, p.section
                 FROM (SELECT rowid, rank FROM passages WHERE passages MATCH ? LIMIT ?) hit JOIN passage p ON p.id = hit.rowid
                 ORDER BY hit.rank, hit.rowid LIMIT ?"""
        words = _WORD.findall(fold(text))
        hits = self.rows(sql, match, RANKED, limit)
        return [SentenceHit(iri, found, article, section, _spans(found, words)) for iri, found, article, section in hits]


def _match(text: str) -> str:
    """Return an FTS5 expression for all words of a text, the last as a prefix; at most twelve words."""
    words = _WORD.findall(fold(text))[:12]
    return " ".join(f'"{word}"' for word in words[:-1]) + (f' "{words[-1]}"*' if words else "")


def _closeness(wanted: str, hit: NameHit) -> tuple[bool, bool, bool, int, str, str]:
    name = fold(hit.name)
    return (name != wanted, not name.startswith(wanted), hit.name != hit.label, -hit.events - hit.mentions, hit.label, hit.iri)


def _spans(text: str, words: list[str]) -> tuple[tuple[int, int], ...]:
    """Return the spans of the words (the last as a prefix) in a text."""
    spans = []
    for match in _WORD.finditer(text):
        folded = fold(match[0])
        if folded in words or folded.startswith(words[-1]):
            spans.append(match.span())
    return tuple(spans)
