"""The queries answered in advance for each build: every canned query with its default parameters."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kg.sparql.canned import EVENT, CannedQuery, load_queries
from kg.sparql.query_parameters import IRI, Value
from kg.sparql.rewriting import among
from kg.store.index.lists import Lists
from kg.store.index.search import SearchIndex, classes_in
from kg.store.index.selections import EventChoice, Filter
from kg.store.output.prepared_answers import KEPT_ROWS, Question


def default_questions(index: Path, most_events: int = KEPT_ROWS) -> list[Question]:
    """Return every canned query as its page first runs it; the most active entities of the index fill parameters that must be chosen.

    Of a query that lists more than ``most_events`` events, only these are asked for, so that it takes no longer in a larger graph.
    """
    found = SearchIndex(index)

    def foremost(entity: str, number: int) -> list[str]:
        return [thing.iri for thing in found.foremost(classes_in(entity), number)]

    questions = []
    for query in load_queries().values():
        given = query.examples(foremost)
        if all(not p.required or p.default or p.name in given for p in query.parameters):
            questions.append(_question(query, query.bind(given), Lists(found), most_events))
    return questions


def _question(query: CannedQuery, values: Mapping[str, Value], lists: Lists, most_events: int) -> Question:
    text = query.inline(values)
    things = query.listed_things(values)
    if query.events is None or not lists.knows(things):
        return Question(query.name, text)
    within = Filter(query.day("from", values), query.day("to", values))
    chosen = EventChoice(things, query.events.categories, query.events.modalities, within)
    first = lists.chosen(chosen, 0, most_events + 1)
    if len(first) <= most_events:
        return Question(query.name, text)
    events = (f"<{item.iri}>" for item in first[:most_events] if IRI.fullmatch(item.iri))
    return Question(query.name, text, among(text, EVENT, events), lists.count_chosen(chosen))
