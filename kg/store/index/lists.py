"""Lists from a build's index, page by page: the events and agreements of an entity, the sentences that mention it, articles by title.

Paging is by keyset: a page begins after a row number, so the thousandth page takes no longer than the first
(https://use-the-index-luke.com/no-offset).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from kg.store.index.facet_counts import counted_facets, stored_count, stored_facets
from kg.store.index.index_writer import ROLES
from kg.store.index.search import SearchIndex
from kg.store.index.selections import Cursor, EventChoice, Facets, Filter, ListItem, ListPage, RowSelection, filtered, from_clause, paged

PAGE = 50
# CROSS JOIN makes SQLite keep this order of the tables, in which the rows come sorted.
_OF_THING = "part CROSS JOIN fact ON fact.id = part.fact"
_OF_PAIR = "together CROSS JOIN fact ON fact.id = together.fact CROSS JOIN part ON part.fact = fact.id AND part.kind = 'Event'"
_OF_CATEGORY = "categorized CROSS JOIN fact ON fact.id = categorized.fact"


_EVENTS = RowSelection("fact", "fact.id", "fact.iri, 0", ["fact.kind = 'Event'"])


class Lists:
    """The lists of one index."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index

    def totals(self, iri: str) -> tuple[int, int]:
        """Return the number of reported events in which a thing takes part, or that happened at it or are about it, and of passages
        that mention it."""
        found = self._index.rows("SELECT events, mentions FROM thing WHERE iri = ?", iri)
        return found[0] if found else (0, 0)

    def facts_of(self, iri: str, kind: str, cursor: Cursor, wanted: Filter | None = None, size: int = PAGE) -> ListPage:
        """Return a page of the events (``kind`` Event) or agreements (Agreement) in which a thing has a role, oldest first."""
        return self._page(filtered(self._facts(iri, kind), wanted or Filter()), cursor, size)

    def count_of(self, iri: str, kind: str, wanted: Filter | None = None) -> int:
        """Count these facts."""
        return self._count(filtered(self._facts(iri, kind), wanted or Filter()))

    def between(self, one: str, other: str, cursor: Cursor, wanted: Filter, size: int = PAGE) -> ListPage:
        """Return a page of the events in which both take part, oldest first, with the roles of the first."""
        return self._page(filtered(self._pair(one, other), wanted), cursor, size)

    def count_between(self, one: str, other: str, wanted: Filter) -> int:
        """Count these events."""
        return self._count(filtered(self._pair(one, other), wanted))

    def in_category(self, code: str, cursor: Cursor, wanted: Filter | None = None, size: int = PAGE) -> ListPage:
        """Return a page of the reported events of a category, oldest first."""
        return self._page(filtered(self._category(code), wanted or Filter()), cursor, size)

    def count_in_category(self, code: str, wanted: Filter) -> int:
        """Count these events."""
        return self._counted(self._category(code), wanted, code)

    def events(self, cursor: Cursor, wanted: Filter, size: int = PAGE) -> ListPage:
        """Return a page of all reported events, oldest first."""
        return self._page(filtered(_EVENTS, wanted), cursor, size)

    def count_events(self, wanted: Filter) -> int:
        """Count these events."""
        return self._counted(_EVENTS, wanted)

    def knows(self, iris: Iterable[str]) -> bool:
        """Whether the index lists the events of all these things."""
        return all(self._number(iri) >= 0 for iri in iris)

    def chosen(self, choice: EventChoice, after: int, size: int) -> list[ListItem]:
        """Return the first events of a choice whose row numbers are greater than ``after``, oldest first."""
        found: dict[int, ListItem] = {}
        for selection in self._choices(choice):
            for item in self._page(selection, Cursor(after=after), size).items:
                found.setdefault(item.number, item)
        return [found[number] for number in sorted(found)[:size]]

    def count_chosen(self, choice: EventChoice) -> int:
        """Count the events of a choice; one that has several of its categories counts for each."""
        return sum(map(self._count, self._choices(choice)))

    def _choices(self, choice: EventChoice) -> list[RowSelection]:
        """Return selections that together contain the events of a choice; of categories alone, each is a range of an index."""
        things = tuple(dict.fromkeys(choice.things))
        if choice.categories and not things:
            found = [self._category(code) for code in choice.categories]
        else:
            found = [self._pair(*things) if len(things) > 1 else self._facts(things[0], "Event") if things else _EVENTS]
            if choice.categories:
                some = (
                    "EXISTS (SELECT 1 FROM categorized WHERE category IN (SELECT value FROM json_each(?)) AND categorized.fact = fact.id)"
                )
                found = [each.where(some, json.dumps(choice.categories)) for each in found]
        if choice.modalities:
            found = [each.where("fact.modality IN (SELECT value FROM json_each(?))", json.dumps(choice.modalities)) for each in found]
        return [filtered(each, choice.within) for each in found]

    def facets(self, wanted: Filter, iri: str | None = None, code: str = "", between: tuple[str, str] | None = None) -> Facets:
        """Count the facets of a list of events: a thing's, a category's, those between two, or all; empty if the list is too long."""
        chosen = (
            self._pair(*between) if between else self._facts(iri, "Event") if iri is not None else self._category(code) if code else _EVENTS
        )
        found = None if wanted or between else stored_facets(self._index, 0 if iri is None else self._number(iri), code)
        return found or counted_facets(self._index, filtered(chosen, wanted))

    def of_class(self, kind: str, cursor: Cursor, size: int = PAGE) -> tuple[ListPage, list[tuple[str, str, int, int]]]:
        """Return a page of the things of a class, most active first: IRI, label, events and mentions of each."""
        found = self._page(RowSelection("thing", "thing.id", "thing.iri, 0").where("thing.class = ?", kind), cursor, size)
        iris = json.dumps([item.iri for item in found.items])
        sql = "SELECT iri, label, events, mentions FROM thing WHERE iri IN (SELECT value FROM json_each(?)) ORDER BY id"
        return found, self._index.rows(sql, iris)

    def _category(self, code: str) -> RowSelection:
        return RowSelection(_OF_CATEGORY, "categorized.fact", "fact.iri, 0").where("categorized.category = ?", code)

    def agreements_between(self, one: str, other: str, cursor: Cursor, size: int = PAGE) -> ListPage:
        """Return a page of the agreements to which both are party, oldest first."""
        party = ROLES["party"]
        tables = f"{_OF_THING} CROSS JOIN part also ON also.fact = part.fact AND also.kind = part.kind"
        chosen = RowSelection(tables, "part.fact", "fact.iri, 0").where(
            "part.thing = ? AND part.kind = 'Agreement' AND part.roles & ? AND also.thing = ? AND also.roles & ?",
            self._number(one), party, self._number(other), party,
        )  # fmt: skip
        return self._page(chosen, cursor, size)

    def mentions_of(self, iri: str, cursor: Cursor, size: int = PAGE) -> ListPage:
        """Return a page of the passages that mention a thing, in text order."""
        chosen = RowSelection("mention CROSS JOIN passage ON passage.id = mention.passage", "mention.passage", "passage.iri, 0")
        return self._page(chosen.where("mention.thing = ?", self._number(iri)), cursor, size)

    def years(self, iri: str | None = None) -> list[tuple[int, str, int]]:
        """Return year, quad class and number of the events that happened: all, or those that involve a thing."""
        number = 0 if iri is None else self._number(iri)
        return self._index.rows("SELECT year, quad, events FROM year WHERE thing = ? ORDER BY 1, 2", number)

    def years_between(self, one: str, other: str, category: str = "") -> list[tuple[int, str, int]]:
        """Return year, quad class and number of the events that happened in which both take part."""
        chosen = filtered(self._pair(one, other), Filter(category=category))
        chosen = chosen.where("fact.modality = 'asserted' AND fact.earliest <> ''")
        sql = f"SELECT CAST(substr(fact.earliest, 1, 4) AS INTEGER), fact.quad, COUNT(*) {from_clause(chosen)} GROUP BY 1, 2 ORDER BY 1, 2"
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
        among = json.dumps(list(iris))
        return self._index.rows(
            "SELECT one.iri, one.label, other.iri, other.label, pair.events FROM thing one "
            "JOIN counterpart pair ON pair.thing = one.id JOIN thing other ON other.id = pair.other "
            "WHERE one.iri IN (SELECT value FROM json_each(?)) AND other.iri IN (SELECT value FROM json_each(?)) AND one.iri < other.iri "
            "ORDER BY pair.events DESC, one.id, other.id LIMIT ?",
            among, among, size,
        )  # fmt: skip

    def foremost_of(self, iris: Sequence[str], size: int) -> list[tuple[str, str, int]]:
        """Return the most active among some things: IRI, label, and the number of reported events that involve them."""
        sql = "SELECT iri, label, events FROM thing WHERE iri IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ?"
        return self._index.rows(sql, json.dumps(list(iris)), size)

    def count_facts(self, kind: str) -> int:
        """Count the reported events (``kind`` Event), whether they happened or not, or the agreements (Agreement)."""
        if kind == "Event":
            return self.count_events(Filter())
        return int(self._index.rows("SELECT COUNT(*) FROM fact WHERE kind = ?", kind)[0][0])

    def count_class(self, kind: str) -> int:
        """Count the things of a class."""
        return int(self._index.rows("SELECT COUNT(*) FROM thing WHERE class = ?", kind)[0][0])

    def by_label(self, kind: str, cursor: Cursor, size: int = PAGE) -> ListPage:
        """Return a page of the things of a class, ordered by label."""
        backwards = cursor.before is not None
        key = cursor.before if backwards else cursor.after
        chosen = RowSelection("thing", "thing.label", "thing.iri").where("class = ?", kind)
        if key is not None:
            behind = "(label, id) > (SELECT label, id FROM thing WHERE id = ?)"
            chosen = chosen.where(behind.replace(">", "<") if backwards else behind, key)
        order = "label DESC, id DESC" if backwards else "label, id"
        found = self._index.rows(f"SELECT id, iri, 0 {from_clause(chosen)} ORDER BY {order} LIMIT ?", *chosen.values, size + 1)
        return paged(found, cursor, size)

    def _number(self, iri: str) -> int:
        found = self._index.rows("SELECT id FROM thing WHERE iri = ?", iri)
        return int(found[0][0]) if found else -1

    def _facts(self, iri: str, kind: str) -> RowSelection:
        chosen = RowSelection(_OF_THING, "part.fact", "fact.iri, part.roles")
        return chosen.where("part.thing = ? AND part.kind = ?", self._number(iri), kind)

    def _pair(self, one: str, other: str) -> RowSelection:
        numbers = self._number(one), self._number(other)
        chosen = RowSelection(_OF_PAIR, "together.fact", "fact.iri, part.roles")
        return chosen.where("together.one = ? AND together.other = ? AND part.thing = ?", min(numbers), max(numbers), numbers[0])

    def _page(self, chosen: RowSelection, cursor: Cursor, size: int) -> ListPage:
        backwards = cursor.before is not None
        key = cursor.before if backwards else cursor.after
        if key is not None:
            chosen = chosen.where(f"{chosen.number} {'<' if backwards else '>'} ?", key)
        order = f"ORDER BY {chosen.number} {'DESC' if backwards else 'ASC'}"
        sql = f"SELECT {chosen.number}, {chosen.columns} {from_clause(chosen)} {order} LIMIT ?"
        return paged(self._index.rows(sql, *chosen.values, size + 1), cursor, size)

    def _counted(self, chosen: RowSelection, wanted: Filter, listed: str = "") -> int:
        """Count all events, or those of the category ``listed``, that match a filter."""
        return self._count(filtered(chosen, wanted)) if wanted else stored_count(self._index, 0, listed)

    def _count(self, chosen: RowSelection) -> int:
        return int(self._index.rows(f"SELECT COUNT(*) {from_clause(chosen)}", *chosen.values)[0][0])
