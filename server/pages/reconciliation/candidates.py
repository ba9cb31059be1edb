"""Candidates for the names of a table, with scores: how near each name is, and how well the row's other values fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from kg.graph.namespaces import RESOURCE
from kg.store.index.search import CLASSES, SearchIndex, Thing, classes_in, fold
from server.pages.reconciliation.properties import BY_ID, Json, values
from server.protocol.problems import Problem

LIMIT = 10
MOST = 50
LONGEST_NAME = 200
MOST_PROPERTIES = 10
EXACT, OTHER_NAME = 100.0, 95.0
INCOMPLETE = 90.0
"""The most for a name that is not quite what was asked for."""
SHARE = 0.3
"""How much of a score the row's other values make."""
TYPES = (*CLASSES, "Agent")


@dataclass(frozen=True, slots=True)
class Asked:
    """One query of a batch: a name, the classes that are wanted, how many candidates, and values that they should have."""

    text: str
    kinds: tuple[str, ...]
    limit: int
    wanted: tuple[tuple[str, str], ...]


def asked(query: object) -> Asked:
    """A query as it came; Problem 400 where it is none."""
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
    """The candidates of a query, the best first; one that alone has exactly this name is called a match."""
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
    """A line about a thing."""
    also = f"; also {thing.name}" if thing.name != thing.label else ""
    return f"{thing.kind.lower()}, {thing.events} {'event' if thing.events == 1 else 'events'}{also}"


def likeness(text: str, thing: Thing) -> float:
    """How near the name is to the text, to 100."""
    wanted, name = fold(text), fold(thing.name)
    if wanted == name:
        return EXACT if thing.name == thing.label else OTHER_NAME
    return INCOMPLETE * SequenceMatcher(None, wanted, name, autojunk=False).ratio()


def _score(query: Asked, thing: Thing, known: Mapping[str, Sequence[Json]]) -> float:
    named = likeness(query.text, thing)
    wanted = [(name, value) for name, value in query.wanted if value and known.get(name)]  # what is not known speaks against nobody
    if not wanted:
        return named
    fitting = sum(any(_fits(value, each) for each in known[name]) for name, value in wanted)
    return named * (1 - SHARE) + 100 * SHARE * fitting / len(wanted)


def _fits(value: str, known: Mapping[str, Any]) -> bool:
    wanted = fold(value.removeprefix(RESOURCE))
    return any(wanted == fold(str(each)) or (name == "date" and str(each).startswith(wanted)) for name, each in known.items() if wanted)
