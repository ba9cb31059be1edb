"""Lists from a build's index, page by page: the events and agreements of an entity, the sentences that mention it, articles by title.

Paging is by keyset: a page begins after a row number, so the thousandth page takes no longer than the first
(https://use-the-index-luke.com/no-offset).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.store.index.index_writer import ROLES
from kg.store.index.search import SearchIndex

PAGE = 50
MOST_COUNTED = 50_000
"""Longest list, in facts, whose facets are counted."""
CONFIDENCES = (80, 50, 30)
"""The minimum confidences that lists offer as filters, in hundredths."""
# CROSS JOIN makes SQLite keep this order of the tables, in which the rows come sorted.
_OF_THING = "part CROSS JOIN fact ON fact.id = part.fact"
_OF_PAIR = "together CROSS JOIN fact ON fact.id = together.fact CROSS JOIN part ON part.fact = fact.id AND part.kind = 'Event'"
_OF_CATEGORY = "categorized CROSS JOIN fact ON fact.id = categorized.fact"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The position of a page in a list: after or before a row number; the first page if neither is given."""

    after: int | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter on facts: possibly within an interval of days, in a category, of some quad classes, of a modality, with a date that is
    stated or inferred (``basis``), with a minimum confidence in hundredths."""

    since: str = ""
    until: str = ""
    category: str = ""
    quads: tuple[str, ...] = ()
    modality: str = ""
    basis: str = ""
    confidence: int = 0

    def __bool__(self) -> bool:
        return any((self.since, self.until, self.category, self.quads, self.modality, self.basis, self.confidence))


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts of a list's facts by category, modality, basis of their date and minimum confidence, in descending order."""

    categories: tuple[tuple[str, int], ...] = ()
    modalities: tuple[tuple[str, int], ...] = ()
    bases: tuple[tuple[str, int], ...] = ()
    confidences: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a list: its number, the resource, and, for an event or agreement, the roles of the subject in it."""

    number: int
    iri: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; ``previous`` and ``next`` are the cursors of the adjacent pages, if any."""

    items: tuple[Item, ...] = ()
    previous: Cursor | None = None
    next: Cursor | None = None


@dataclass(frozen=True, slots=True)
class _Selection:
    """The tables and conditions that select a list; ``number`` is the column that orders it."""

    tables: str
    number: str
    columns: str
    conditions: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)

    def where(self, condition: str, *values: object) -> _Selection:
        """Return the selection with one more condition."""
        return _Selection(self.tables, self.number, self.columns, [*self.conditions, condition], [*self.values, *values])


_EVENTS = _Selection("fact", "fact.id", "fact.iri, 0", ["fact.kind = 'Event'"])


class Lists:
    """The lists of one index."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index

    def totals(self, iri: str) -> tuple[int, int]:
        """Return the number of reported events in which a thing takes part, or that happened at it or are about it, and of passages
        that mention it."""
        found = self._index.rows("SELECT events, mentions FROM thing WHERE iri = ?", iri)
        return found[0] if found else (0, 0)

    def facts_of(self, iri: str, kind: str, cursor: Cursor, wanted: Filter | None = None, size: int = PAGE) -> Page:
        """Return a page of the events (``kind`` Event) or agreements (Agreement) in which a thing has a role, oldest first."""
        return self._page(_filtered(self._facts(iri, kind), wanted or Filter()), cursor, size)

    def count_of(self, iri: str, kind: str, wanted: Filter | None = None) -> int:
        """Count these facts."""
        return self._count(_filtered(self._facts(iri, kind), wanted or Filter()))

    def between(self, one: str, other: str, cursor: Cursor, wanted: Filter, size: int = PAGE) -> Page:
        """Return a page of the events in which both take part, oldest first, with the roles of the first."""
        return self._page(_filtered(self._pair(one, other), wanted), cursor, size)

    def count_between(self, one: str, other: str, wanted: Filter) -> int:
        """Count these events."""
        return self._count(_filtered(self._pair(one, other), wanted))

    def in_category(self, code: str, cursor: Cursor, wanted: Filter | None = None, size: int = PAGE) -> Page:
        """Return a page of the reported events of a category, oldest first."""
        return self._page(_filtered(self._category(code), wanted or Filter()), cursor, size)

    def count_in_category(self, code: str, wanted: Filter) -> int:
        """Count these events."""
        return self._count(_filtered(self._category(code), wanted))

    def events(self, cursor: Cursor, wanted: Filter, size: int = PAGE) -> Page:
        """Return a page of all reported events, oldest first."""
        return self._page(_filtered(_EVENTS, wanted), cursor, size)

    def count_events(self, wanted: Filter) -> int:
        """Count these events."""
        return self._count(_filtered(_EVENTS, wanted))

    def facets(self, wanted: Filter, iri: str | None = None, code: str = "", between: tuple[str, str] | None = None) -> Facets:
        """Count the facets of a list of events: a thing's, a category's, those between two, or all; empty if the list is too long."""
        chosen = (
            self._pair(*between) if between else self._facts(iri, "Event") if iri is not None else self._category(code) if code else _EVENTS
        )
        chosen = _filtered(chosen, wanted)
        if self._index.rows(f"SELECT 1 {_from(chosen)} LIMIT 1 OFFSET ?", *chosen.values, MOST_COUNTED):
            return Facets()
        in_categories = _Selection(
            f"{chosen.tables} CROSS JOIN categorized own ON own.fact = fact.id", "", "", chosen.conditions, chosen.values
        )
        at_least = [(least, self._count(chosen.where("fact.confidence >= ?", least))) for least in CONFIDENCES]
        return Facets(
            self._counted(in_categories, "own.category"),
            self._counted(chosen, "fact.modality"),
            self._counted(chosen.where("fact.basis <> ''"), "fact.basis"),
            tuple(pair for pair in at_least if pair[1]),
        )

    def _counted(self, chosen: _Selection, column: str) -> tuple[tuple[str, int], ...]:
        return tuple(self._index.rows(f"SELECT {column}, COUNT(*) {_from(chosen)} GROUP BY 1 ORDER BY 2 DESC, 1", *chosen.values))

    def of_class(self, kind: str, cursor: Cursor, size: int = PAGE) -> tuple[Page, list[tuple[str, str, int, int]]]:
        """Return a page of the things of a class, most active first: IRI, label, events and mentions of each."""
        found = self._page(_Selection("thing", "thing.id", "thing.iri, 0").where("thing.class = ?", kind), cursor, size)
        iris = json.dumps([item.iri for item in found.items])
        sql = "SELECT iri, label, events, mentions FROM thing WHERE iri IN (SELECT value FROM json_each(?)) ORDER BY id"
        return found, self._index.rows(sql, iris)

    def _category(self, code: str) -> _Selection:
        return _Selection(_OF_CATEGORY, "categorized.fact", "fact.iri, 0").where("categorized.category = ?", code)

    def agreements_between(self, one: str, other: str, cursor: Cursor, size: int = PAGE) -> Page:
        """Return a page of the agreements to which both are party, oldest first."""
        party = ROLES["party"]
        tables = f"{_OF_THING} CROSS JOIN part also ON also.fact = part.fact AND also.kind = part.kind"
        chosen = _Selection(tables, "part.fact", "fact.iri, 0").where(
            "part.thing = ? AND part.kind = 'Agreement' AND part.roles & ? AND also.thing = ? AND also.roles & ?",
            self._number(one), party, self._number(other), party,
        )  # fmt: skip
        return self._page(chosen, cursor, size)

    def mentions_of(self, iri: str, cursor: Cursor, size: int = PAGE) -> Page:
        """Return a page of the passages that mention a thing, in text order."""
        chosen = _Selection("mention CROSS JOIN passage ON passage.id = mention.passage", "mention.passage", "passage.iri, 0")
        return self._page(chosen.where("mention.thing = ?", self._number(iri)), cursor, size)

    def years(self, iri: str | None = None) -> list[tuple[int, str, int]]:
        """Return year, quad class and number of the events that happened: all, or those that involve a thing."""
        number = 0 if iri is None else self._number(iri)
        return self._index.rows("SELECT year, quad, events FROM year WHERE thing = ? ORDER BY 1, 2", number)

    def years_between(self, one: str, other: str, category: str = "") -> list[tuple[int, str, int]]:
        """Return year, quad class and number of the events that happened in which both take part."""
        chosen = _filtered(self._pair(one, other), Filter(category=category))
        chosen = chosen.where("fact.modality = 'asserted' AND fact.earliest <> ''")
        sql = f"SELECT CAST(substr(fact.earliest, 1, 4) AS INTEGER), fact.quad, COUNT(*) {_from(chosen)} GROUP BY 1, 2 ORDER BY 1, 2"
        return self._index.rows(sql, *chosen.values)

    def categories_between(self, one: str, other: str) -> list[str]:
        """Return the category codes of the events in which both take part."""
        sql = (
            "SELECT DISTINCT categorized.category FROM together CROSS JOIN categorized ON categorized.fact = together.fact "
            "WHERE together.one = ? AND together.other = ? ORDER BY 1"
        )
        return [code for (code,) in self._index.rows(sql, *sorted((self._number(one), self._number(other))))]

    def categories(self) -> dict[str, tuple[int, int]]:
        """Return, for each category code, the number of its reported events and of those that happened."""
        return {code: (events, asserted) for code, events, asserted in self._index.rows("SELECT code, events, asserted FROM category")}

    def counterparts(self, iri: str, size: int) -> list[tuple[str, str, int, int]]:
        """Return those who take part in most events together with a thing: IRI, label, events that happened, and those of conflict
        among them."""
        return self._index.rows(
            "SELECT thing.iri, thing.label, counterpart.events, counterpart.conflict "
            "FROM counterpart JOIN thing ON thing.id = counterpart.other "
            "WHERE counterpart.thing = ? ORDER BY counterpart.events DESC, counterpart.other LIMIT ?",
            self._number(iri), size,
        )  # fmt: skip

    def links(self, iris: Sequence[str], size: int) -> list[tuple[str, str, str, str, int]]:
        """Return the pairs among some things that share events that happened, closest first: IRI and label of each, number of events."""
        return self._index.rows(
            "SELECT one.iri, one.label, other.iri, other.label, pair.events FROM thing one "
            "JOIN counterpart pair ON pair.thing = one.id JOIN thing other ON other.id = pair.other "
            "WHERE one.iri IN (SELECT value FROM json_each(?1)) AND other.iri IN (SELECT value FROM json_each(?1)) AND one.iri < other.iri "
            "ORDER BY pair.events DESC, one.id, other.id LIMIT ?2",
            json.dumps(list(iris)), size,
        )  # fmt: skip

    def foremost_of(self, iris: Sequence[str], size: int) -> list[tuple[str, str, int]]:
        """Return the most active among some things: IRI, label, and the number of reported events that involve them."""
        sql = "SELECT iri, label, events FROM thing WHERE iri IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ?"
        return self._index.rows(sql, json.dumps(list(iris)), size)

    def count_facts(self, kind: str) -> int:
        """Count the reported events (``kind`` Event), whether they happened or not, or the agreements (Agreement)."""
        return int(self._index.rows("SELECT COUNT(*) FROM fact WHERE kind = ?", kind)[0][0])

    def count_class(self, kind: str) -> int:
        """Count the things of a class."""
        return int(self._index.rows("SELECT COUNT(*) FROM thing WHERE class = ?", kind)[0][0])

    def by_label(self, kind: str, cursor: Cursor, size: int = PAGE) -> Page:
        """Return a page of the things of a class, ordered by label."""
        backwards = cursor.before is not None
        key = cursor.before if backwards else cursor.after
        chosen = _Selection("thing", "thing.label", "thing.iri").where("class = ?", kind)
        if key is not None:
            behind = "(label, id) > (SELECT label, id FROM thing WHERE id = ?)"
            chosen = chosen.where(behind.replace(">", "<") if backwards else behind, key)
        order = "label DESC, id DESC" if backwards else "label, id"
        found = self._index.rows(f"SELECT id, iri, 0 {_from(chosen)} ORDER BY {order} LIMIT ?", *chosen.values, size + 1)
        return _paged(found, cursor, size)

    def _number(self, iri: str) -> int:
        found = self._index.rows("SELECT id FROM thing WHERE iri = ?", iri)
        return int(found[0][0]) if found else -1

    def _facts(self, iri: str, kind: str) -> _Selection:
        chosen = _Selection(_OF_THING, "part.fact", "fact.iri, part.roles")
        return chosen.where("part.thing = ? AND part.kind = ?", self._number(iri), kind)

    def _pair(self, one: str, other: str) -> _Selection:
        numbers = self._number(one), self._number(other)
        chosen = _Selection(_OF_PAIR, "together.fact", "fact.iri, part.roles")
        return chosen.where("together.one = ? AND together.other = ? AND part.thing = ?", min(numbers), max(numbers), numbers[0])

    def _page(self, chosen: _Selection, cursor: Cursor, size: int) -> Page:
        backwards = cursor.before is not None
        key = cursor.before if backwards else cursor.after
        if key is not None:
            chosen = chosen.where(f"{chosen.number} {'<' if backwards else '>'} ?", key)
        sql = f"SELECT {chosen.number}, {chosen.columns} {_from(chosen)} ORDER BY {chosen.number} {'DESC' if backwards else 'ASC'} LIMIT ?"
        return _paged(self._index.rows(sql, *chosen.values, size + 1), cursor, size)

    def _count(self, chosen: _Selection) -> int:
        return int(self._index.rows(f"SELECT COUNT(*) {_from(chosen)}", *chosen.values)[0][0])


def _from(chosen: _Selection) -> str:
    return f"FROM {chosen.tables} WHERE {' AND '.join(chosen.conditions)}"


def _filtered(chosen: _Selection, wanted: Filter) -> _Selection:
    """Add the conditions of a filter. Dates compare as in the canned queries: a fact without a date matches no limit."""
    if wanted.since:
        chosen = chosen.where("fact.latest >= ?", wanted.since)
    if wanted.until:
        chosen = chosen.where("fact.earliest <> '' AND fact.earliest <= ?", wanted.until)
    if wanted.category:
        chosen = chosen.where("EXISTS (SELECT 1 FROM categorized WHERE category = ? AND categorized.fact = fact.id)", wanted.category)
    if wanted.modality:
        chosen = chosen.where("fact.modality = ?", wanted.modality)
    if wanted.basis:
        chosen = chosen.where("fact.basis = ?", wanted.basis)
    if wanted.confidence:
        chosen = chosen.where("fact.confidence >= ?", wanted.confidence)
    if wanted.quads:
        chosen = chosen.where("fact.quad IN (SELECT value FROM json_each(?))", json.dumps(wanted.quads))
    return chosen


def _paged(found: Sequence[tuple[Any, ...]], cursor: Cursor, size: int) -> Page:
    """Return a page from rows selected in the cursor's direction, one more than the page shows."""
    backwards = cursor.before is not None
    more, rows = len(found) > size, list(found[:size])
    if backwards:
        rows.reverse()
    if not rows:
        return Page()
    items = tuple(Item(number, iri, _roles(bits or 0)) for number, iri, bits in rows)
    first, last = items[0].number, items[-1].number
    has_previous = more if backwards else cursor.after is not None
    has_next = backwards or more
    return Page(items, Cursor(before=first) if has_previous else None, Cursor(after=last) if has_next else None)


def _roles(bits: int) -> tuple[str, ...]:
    """Return the names of roles; ``participant`` only if there is no other."""
    named = tuple(name for name, bit in ROLES.items() if bits & bit and name != "participant")
    return named or (("participant",) if bits & ROLES["participant"] else ())
