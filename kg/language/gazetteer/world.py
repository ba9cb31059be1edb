"""The gazetteer: states with their demonyms and capitals, organizations, regions and persons, looked up by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from kg.facts import Kind
from kg.language.gazetteer.knowledge_files import read_table
from kg.language.gazetteer.names import bare_title, fold
from kg.language.gazetteer.places import City, Places


@dataclass(frozen=True, slots=True)
class KnownName:
    """An entry of the gazetteer.

    ``group`` is its table: ``state``, ``historical``, ``territory``, ``region``, ``area``, ``organisation`` or ``person``.
    ``country`` is the key of the state that contains a region, "" if there are several.
    """

    key: str
    kind: Kind
    group: str
    forms: tuple[str, ...]
    adjectives: tuple[str, ...] = ()
    ethnic: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()
    houses: tuple[str, ...] = ()
    code: str = ""
    country: str = ""


_REMEMBERED = 2**16  # cache of words, which are looked up again and again
_SHORT = ("UN ", "EU ", "US ", "UK ")  # also written with points
_KINDS = {"state": Kind.STATE, "historical": Kind.STATE, "territory": Kind.PLACE, "region": Kind.PLACE}


def _entry(key: str, kind: Kind, group: str, row: Mapping[str, Any]) -> KnownName:
    names = [key, bare_title(key), *row.get("official", ()), *row.get("forms", ())]
    names += [f"{name[0]}.{name[1]}.{name[2:]}" for name in names if name[:3] in _SHORT]
    return KnownName(
        key=key,
        kind=kind,
        group=group,
        forms=tuple(dict.fromkeys(names)),
        adjectives=tuple(row.get("adjectives", ())),
        ethnic=tuple(row.get("ethnic", ())),
        people=tuple(row.get("people", ())),
        prefixes=tuple(row.get("prefix", ())),
        seats=(*row.get("capital", row.get("seat", ())), *row.get("house", ())),
        houses=tuple(row.get("house", ())),
        code=row.get("code", ""),
    )


def _entries() -> Iterator[KnownName]:
    for group, rows in read_table("states").items():
        for key, row in rows.items():
            yield _entry(key, _KINDS[group], group, row)
    for key, row in read_table("organisations").items():
        yield _entry(key, Kind.INSTITUTION, "organisation", row)
    tables = read_table("regions")
    for country, regions in tables["regions"].items():
        for key in regions:
            yield replace(_entry(key, Kind.PLACE, "area", {}), country=country)
    for key, forms in read_table("persons")["persons"].items():
        yield _entry(key, Kind.PERSON, "person", {"forms": forms})
    for key, forms in tables["waters"].items():
        yield _entry(key, Kind.PLACE, "area", {"forms": forms})


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    index: dict[str, list[str]] = defaultdict(list)
    for form, key in pairs:
        if key not in index[fold(form)]:
            index[fold(form)].append(key)
    return {form: tuple(keys) for form, keys in index.items()}


class Gazetteer:
    """Look-ups by spelling (`fold`ed, case kept). If a form has several owners, present states come first."""

    def __init__(self, places: Places | None = None):
        self.entries: dict[str, KnownName] = {}
        for entry in _entries():
            first = self.entries.setdefault(entry.key, entry)
            if entry.country and not first.country:
                self.entries[entry.key] = replace(first, country=entry.country)
        known = self.entries.values()
        self._names = _index((form, e.key) for e in known for form in e.forms)
        self._adjectives = _index((a, e.key) for e in known for a in e.adjectives)
        self._ethnic = _index((a, e.key) for e in known for a in e.ethnic)
        self._citizens = _index((a, e.key) for e in known if e.kind is Kind.STATE for a in e.people if a.removesuffix("s") not in e.ethnic)
        self._people = _index((a, e.key) for e in known for a in (*e.people, *(f"{x}s" for x in e.ethnic)))
        citizens = self._citizens
        own = ((word, word) for e in known for word in (*e.people, *(f"{x}s" for x in e.ethnic)) if fold(word) not in citizens)
        tables = read_table("peoples")
        peoples = [*tables["nation"].items(), *tables["people"].items()]
        self._groups = _index([*((form, key) for key, forms in peoples for form in (key, *forms)), *own])
        self._nations = frozenset(tables["nation"])
        self._prefixes = _index((a, e.key) for e in known for a in e.prefixes)
        self._seats = _index((a, e.key) for e in known for a in e.seats)
        self._by_code = {e.code: e.key for e in known if e.code}
        self._places = places or Places()
        self.is_people = lru_cache(maxsize=_REMEMBERED)(self._is_people)

    def named(self, form: str) -> KnownName | None:
        """Return the state, territory, region or organization with a name or page title."""
        keys = self._names.get(fold(form))
        return self.entries[keys[0]] if keys else None

    def state(self, form: str) -> str | None:
        """Return the key of the state with that name."""
        entry = self.named(form)
        return entry.key if entry is not None and entry.kind is Kind.STATE else None

    def nationality(self, word: str, ethnic: bool = False) -> str | None:
        """Return the state or territory of a nationality word; words for peoples ("Serb") only with ``ethnic``."""
        keys = self._adjectives.get(fold(word)) or (self._ethnic.get(fold(word)) if ethnic else None)
        return keys[0] if keys else None

    def people(self, word: str) -> str | None:
        """Return the state whose citizens a plural names ("Turks")."""
        keys = self._people.get(fold(word))
        return keys[0] if keys else None

    def group(self, form: str) -> str | None:
        """Return the people with a name, by the title of its page ("Serbs", "Māori people")."""
        keys = self._groups.get(fold(form))
        return keys[0] if keys else None

    def people_of(self, state: str, adjective: str) -> str:
        """Return the title of the page on the people of a state: "Albanians", "Japanese people"."""
        people = self.entries[state].people
        return people[0] if people else f"{adjective} people"

    def is_nation(self, people: str) -> bool:
        """Whether a people, by the title of its page, concludes treaties as such without a state: the Cherokee."""
        return people in self._nations

    def _is_people(self, word: str) -> bool:
        """Whether a word denotes a people, a nationality or a region of the world."""
        entry = self.named(word)
        return bool(self.people(word) or self.nationality(word, ethnic=True)) or (entry is not None and entry.group == "region")

    def prefix(self, word: str) -> str | None:
        """Return the state of a combining form ("Sino")."""
        keys = self._prefixes.get(fold(word))
        return keys[0] if keys else None

    def seat_of(self, city: str) -> tuple[str, ...]:
        """Return the states and organizations whose seat a city is."""
        return self._seats.get(fold(city), ())

    def state_of_code(self, code: str) -> str | None:
        """Return the key of the state with that ISO 3166 code."""
        return self._by_code.get(code)

    def namesakes(self, form: str) -> tuple[KnownName, ...]:
        """Return everything known under a form, present states first."""
        return tuple(self.entries[key] for key in self._names.get(fold(form), ()))

    def cities(self, name: str) -> tuple[City, ...]:
        """Return the populated places with that name, largest first."""
        return self._places.find(bare_title(name))

    def forms(self) -> Iterator[tuple[str, str, str]]:
        """Return every (form, key, table) to search for in texts: names, adjectives, ethnic words, peoples, citizens, seats, groups.

        ``citizens`` are the plurals among ``people`` that do not name a people living elsewhere too ("Serbians", not "Serbs").
        """
        for table, index in (
            ("name", self._names),
            ("adjective", self._adjectives),
            ("ethnic", self._ethnic),
            ("people", self._people),
            ("citizens", self._citizens),
            ("seat", self._seats),
            ("group", self._groups),
        ):
            for form, keys in index.items():
                yield form, keys[0], table
