"""Candidates for the names of a table, scored by the similarity of the name and the agreement with the row's other values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from kg.graph.namespaces import PREFIXES, RESOURCE
from kg.store.index.search import CLASSES, SearchIndex, Thing, classes_in, fold
from server.pages.reconciliation.properties import BY_ID, Json, values
from server.protocol.problems import Problem

LIMIT = 10
MOST = 50
LONGEST_NAME = 200
MOST_PROPERTIES = 10
EXACT, OTHER_NAME = 100.0, 95.0
INCOMPLETE = 90.0
"""Highest score for a name that does not match exactly."""
SHARE = 0.3
"""Share of the row's other values in the score."""
TYPES = (*CLASSES, "Agent")


@dataclass(frozen=True, slots=True)
class Asked:
    """One query of a batch: a name, classes, the number of candidates, and values that they should have."""

    text: str
    kinds: tuple[str, ...]
    limit: int
    wanted: tuple[tuple[str, str], ...]


def asked(query: object) -> Asked:
    """Parse a query; Problem 400 if it is invalid."""
    if not isinstance(query, Mapping) or not isinstance(query.get("query"), str):
        raise Problem(400, "A query is an object with a text 'query'.", "See the Reconciliation Service API 0.2, 4.")
    limit = query.get("limit", LIMIT)
    if not isinstance(limit, int) or limit < 1:
        raise Problem(400, f"limit={str(limit)[:20]!r} is no number of candidates.", f"Give one from 1 to {MOST}.")
    types = query.get("type") or []
    names = [types] if isinstance(types, str) else types if isinstance(types, list) else [types]
    kinds = dict.fromkeys(kind for name in names for kind in _kinds(name))
    properties = query.get("properties") or []
    wanted = tuple(_property(each) for each in properties[:MOST_PROPERTIES]) if isinstance(properties, list) else ()
    return Asked(query["query"][:LONGEST_NAME].strip(), tuple(kinds) or CLASSES, min(limit, MOST), wanted)


def _kinds(name: object) -> tuple[str, ...]:
    if isinstance(name, Mapping):
        name = name.get("id")
    name = name.removeprefix(PREFIXES["ent"]) if isinstance(name, str) else name  # the class's IRI, as other services have them
    if name not in (*TYPES, "Entity"):
        raise Problem(400, f"There is no type {str(name)[:40]!r}.", f"There are: {', '.join(TYPES)}.")
    return classes_in(str(name))


def _property(given: object) -> tuple[str, str]:
    if not isinstance(given, Mapping) or given.get("pid") not in BY_ID:
        name = str(given.get("pid"))[:40] if isinstance(given, Mapping) else ""
        raise Problem(400, f"There is no property {name!r}.", f"There are: {', '.join(BY_ID)}.")
    value = given.get("v", "")
    if isinstance(value, Mapping):
        value = value.get("id") or value.get("name") or ""
    return str(given["pid"]), str(value)[:LONGEST_NAME]


def candidates(index: SearchIndex, query: Asked) -> list[Json]:
    """Return the candidates of a query, best first; if exactly one has this very name, it is marked as a match."""
    found = index.similar(query.text, query.kinds, query.limit)
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


def description(thing: Thing) -> str:
    """Return a line about a thing."""
    also = f"; also {thing.name}" if thing.name != thing.label else ""
    return f"{thing.kind.lower()}, {thing.events} {'event' if thing.events == 1 else 'events'}{also}"


def likeness(text: str, thing: Thing) -> float:
    """Return the similarity of a name and a text, up to 100."""
    wanted, name = fold(text), fold(thing.name)
    if wanted == name:
        return EXACT if thing.name == thing.label else OTHER_NAME
    return INCOMPLETE * SequenceMatcher(None, wanted, name, autojunk=False).ratio()


def _score(query: Asked, thing: Thing, known: Mapping[str, Sequence[Json]]) -> float:
    named = likeness(query.text, thing)
    wanted = [(name, value) for name, value in query.wanted if value and known.get(name)]  # unknown values count against nobody
    if not wanted:
        return named
    fitting = sum(any(_fits(value, each) for each in known[name]) for name, value in wanted)
    return named * (1 - SHARE) + 100 * SHARE * fitting / len(wanted)


def _fits(value: str, known: Mapping[str, Any]) -> bool:
    wanted = fold(value.removeprefix(RESOURCE))
    return any(wanted == fold(str(each)) or (name == "date" and str(each).startswith(wanted)) for name, each in known.items() if wanted)
