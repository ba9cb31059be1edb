"""What a list selects: filters and their SQL, cursors, and the pages that result."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.store.index.index_writer import ROLES


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
class EventChoice:
    """Reported events of which all of at most two things (IRIs) are part, of any of some categories and modalities if given,
    ``within`` a filter."""

    things: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    within: Filter = Filter()


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts of a list's facts by category, modality, basis of their date and minimum confidence, in descending order."""

    categories: tuple[tuple[str, int], ...] = ()
    modalities: tuple[tuple[str, int], ...] = ()
    bases: tuple[tuple[str, int], ...] = ()
    confidences: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ListItem:
    """One row of a list: its number, the resource, and, for an event or agreement, the roles of the subject in it."""

    number: int
    iri: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list; ``previous`` and ``next`` are the cursors of the adjacent pages, if any."""

    items: tuple[ListItem, ...] = ()
    previous: Cursor | None = None
    next: Cursor | None = None


@dataclass(frozen=True, slots=True)
class RowSelection:
    """The tables and conditions that select a list; ``number`` is the column that orders it."""

    tables: str
    number: str
    columns: str
    conditions: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)

    def where(self, condition: str, *values: object) -> RowSelection:
        """Return the selection with one more condition."""
        return RowSelection(self.tables, self.number, self.columns, [*self.conditions, condition], [*self.values, *values])


def from_clause(chosen: RowSelection) -> str:
    """Return the tables and conditions of a selection in SQL."""
    return f"FROM {chosen.tables} WHERE {' AND '.join(chosen.conditions)}"


def filtered(chosen: RowSelection, wanted: Filter) -> RowSelection:
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


def paged(found: Sequence[tuple[Any, ...]], cursor: Cursor, size: int) -> ListPage:
    """Return a page from rows selected in the cursor's direction, one more than the page shows."""
    backwards = cursor.before is not None
    more, rows = len(found) > size, list(found[:size])
    if backwards:
        rows.reverse()
    if not rows:
        return ListPage()
    items = tuple(ListItem(number, iri, _roles(bits or 0)) for number, iri, bits in rows)
    first, last = items[0].number, items[-1].number
    has_previous = more if backwards else cursor.after is not None
    has_next = backwards or more
    return ListPage(items, Cursor(before=first) if has_previous else None, Cursor(after=last) if has_next else None)


def _roles(bits: int) -> tuple[str, ...]:
    """Return the names of roles; ``participant`` only if there is no other."""
    named = tuple(name for name, bit in ROLES.items() if bits & bit and name != "participant")
    return named or (("participant",) if bits & ROLES["participant"] else ())
