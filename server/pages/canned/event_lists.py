"""Answer a canned query about events from its beginning: the search index tells which events come first, and only these are asked for.

A query that lists events (decorator ``events``) takes a time that grows with all events of its answer, of which a page shows a few.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import count

from kg.sparql.canned import EVENT
from kg.sparql.query_parameters import IRI
from kg.sparql.rewriting import among
from kg.store.index.selections import EventChoice, Filter, ListItem
from kg.store.output.prepared_answers import Binding
from server.pages.canned.forms import Asked
from server.pages.paging import lists
from server.web.request_context import engine

FIRST = 250
"""Events that are asked for first; in each further query, twice as many."""
LARGEST = 4000
"""Most events in one query."""


def choice(asked: Asked) -> EventChoice | None:
    """Return the events that the rows of an answer can be about; None if the index cannot tell."""
    listed = asked.query.events
    if listed is None:
        return None
    things = asked.query.listed_things(asked.values)
    if not lists().knows(things):
        return None
    within = Filter(asked.query.day("from", asked.values), asked.query.day("to", asked.values))
    return EventChoice(things, listed.categories, listed.modalities, within)


def first_rows(asked: Asked, chosen: EventChoice, needed: int, first: int = FIRST) -> tuple[tuple[str, ...], list[Binding], bool]:
    """Return the variables of an answer, its first rows (all, or more than ``needed``), and whether there may be more."""
    text = asked.query.inline(asked.values)
    rows, variables = list[Binding](), tuple[str, ...]()
    for events, last in _batches(chosen, first):
        iris = (item.iri for item in events if IRI.fullmatch(item.iri))
        _, body = engine().serialize(among(text, EVENT, (f"<{iri}>" for iri in iris)))
        document = json.loads(body)
        variables = tuple(document["head"]["vars"])
        rows += document["results"]["bindings"]
        if len(rows) > needed and not last:
            return variables, rows, True
    return variables, rows, False


def _batches(chosen: EventChoice, first: int) -> Iterator[tuple[Sequence[ListItem], bool]]:
    """Yield the events in growing batches (at least one, which may be empty), and whether it is the last."""
    after = 0
    for number in count():
        size = min(first * 2**number, LARGEST)
        found = lists().chosen(chosen, after, size + 1)
        yield found[:size], len(found) <= size
        if len(found) <= size:
            return
        after = found[size - 1].number
