"""Candidates for the names of a table, scored by the similarity of the name and the agreement with the row's other values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from kg.graph.namespaces import PREFIXES, RESOURCE
from kg.store.index.search import CLASSES, NameHit, SearchIndex, classes_in, fold
from server.pages.addresses import resource
from server.pages.reconciliation.properties import BY_ID, Json, values
from server.protocol.problems import Problem

LIMIT = 10
MOST = 50
LONGEST_NAME = 200
MOST_PROPERTIES = 10
MOST_VALUES = 10
EXACT, OTHER_NAME = 100.0, 95.0
INCOMPLETE = 90.0
"""Highest score for a name that does not match exactly."""
SHARE = 0.3
"""Share of the row's other values in the score."""
TYPES = (*CLASSES, "Agent")


@dataclass(frozen=True, slots=True)
class NameQuery:
    """One query of a batch: a name, classes, the number of candidates, and by property the values of which they should have one."""

    text: str
    kinds: tuple[str, ...]
    limit: int
    wanted: tuple[tuple[str, tuple[str, ...]], ...]


def asked(query: object) -> NameQuery:
    """Parse a query; Problem 400 if it is invalid. One of properties alone is valid, but has no candidates."""
    text = query.get("query", "" if query.get("properties") else None) if isinstance(query, Mapping) else None
    if not isinstance(query, Mapping) or not isinstance(text, str):
        raise Problem(400, "A query is an object with a text 'query'.", "See the Reconciliation Service API 0.2, 4.")
    limit = query.get("limit", LIMIT)
    if not isinstance(limit, int) or limit < 1:
        raise Problem(400, f"limit={str(limit)[:20]!r} is no number of candidates.", f"Give one from 1 to {MOST}.")
    types = query.get("type") or []
    names = [types] if isinstance(types, str) else types if isinstance(types, list) else [types]
    kinds = dict.fromkeys(kind for name in names for kind in _kinds(name)) if names else dict.fromkeys(CLASSES)
    properties = query.get("properties") or []
    given = [_property(each) for each in properties[:MOST_PROPERTIES]] if isinstance(properties, list) else []
    # A property of another service must not fail the whole batch
    wanted = tuple((name, values) for name, values in given if name in BY_ID and values)
    return NameQuery(text[:LONGEST_NAME].strip(), tuple(kinds), min(limit, MOST), wanted)


def _kinds(name: object) -> tuple[str, ...]:
    if isinstance(name, Mapping):
        name = name.get("id")
    if not isinstance(name, str):
        raise Problem(400, "A type is a text, or an object with a text 'id'.", f"There are: {', '.join(TYPES)}.")
    return kinds_of(name)


def kinds_of(name: str) -> tuple[str, ...]:
    """Return the classes that a type (a name or an IRI) stands for; none for a type of another service: nothing here is of it."""
    name = name.removeprefix(PREFIXES["ent"])
    return classes_in(name) if name in (*TYPES, "Entity") else ()


def _property(given: object) -> tuple[str, tuple[str, ...]]:
    if not isinstance(given, Mapping) or not isinstance(given.get("pid"), str):
        raise Problem(400, "A property is an object with a text 'pid'.", f"There are: {', '.join(BY_ID)}.")
    value = given.get("v", "")
    several = value if isinstance(value, list) else [value]
    return given["pid"], tuple(text for each in several[:MOST_VALUES] if (text := _value(each)))


def _value(given: object) -> str:
    if isinstance(given, Mapping):
        given = given.get("id") or given.get("name") or ""
    return str(given)[:LONGEST_NAME]


def candidates(index: SearchIndex, query: NameQuery) -> list[Json]:
    """Return the candidates of a query, best first; if exactly one has this very name, it is marked as a match."""
    found = matching(index, query.text, query.kinds, query.limit)
    if not found:
        return []
    known = values([thing.iri for thing in found]) if query.wanted else {}
    scored = [(thing, _score(query, thing, known.get(thing.iri, {}))) for thing in found]
    scored.sort(key=lambda pair: -pair[1])
    exact = [thing for thing, score in scored if score >= OTHER_NAME]
    return [
        {
            "id": thing.iri.removeprefix(RESOURCE),
            "name": thing.label,
            "type": [{"id": thing.kind, "name": thing.kind}],
            "score": round(score, 1),
            "match": exact == [thing],
            "description": description(thing),
            "features": [{"id": "name", "value": round(likeness(query.text, thing), 1)}, {"id": "events", "value": thing.events}],
        }
        for thing, score in scored
    ]


def matching(index: SearchIndex, text: str, kinds: Sequence[str], limit: int) -> list[NameHit]:
    """Return the thing whose id or IRI a text is, if there is one, and those with similar names; nothing if there are no classes."""
    if not kinds:
        return []
    identified = index.identified(iri_of(text), kinds)
    named = index.similar(text, kinds, limit)
    return [identified, *(thing for thing in named if thing.iri != identified.iri)][:limit] if identified else named


def iri_of(identifier: str) -> str:
    """Return the IRI of a thing by its id in the service, or by the IRI itself."""
    return identifier if identifier.startswith(RESOURCE) else resource(identifier)


def description(thing: NameHit) -> str:
    """Return a line about a thing."""
    also = f"; also {thing.name}" if thing.name != thing.label else ""
    return f"{thing.kind.lower()}, {thing.events} {'event' if thing.events == 1 else 'events'}{also}"


def likeness(text: str, thing: NameHit) -> float:
    """Return the similarity of a name and a text, up to 100; an id is as good as the name."""
    if iri_of(text) == thing.iri:
        return EXACT
    wanted, name = fold(text), fold(thing.name)
    if wanted == name:
        return EXACT if thing.name == thing.label else OTHER_NAME
    return INCOMPLETE * SequenceMatcher(None, wanted, name, autojunk=False).ratio()


def _score(query: NameQuery, thing: NameHit, known: Mapping[str, Sequence[Json]]) -> float:
    named = likeness(query.text, thing)
    wanted = [(name, values) for name, values in query.wanted if known.get(name)]  # unknown values count against nobody
    if not wanted:
        return named
    fitting = sum(any(_fits(value, each) for value in values for each in known[name]) for name, values in wanted)
    return named * (1 - SHARE) + 100 * SHARE * fitting / len(wanted)


def _fits(value: str, known: Mapping[str, Any]) -> bool:
    wanted = fold(value.removeprefix(RESOURCE))
    return any(wanted == fold(str(each)) or (name == "date" and str(each).startswith(wanted)) for name, each in known.items() if wanted)
