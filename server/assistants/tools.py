"""The tools for assistants: search, one entity, two compared, and those that run queries. Each returns JSON with its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

from flask import request, url_for

from kg.store.index.search import AGENTS, classes_in
from kg.store.index.selections import Cursor, Filter, ListPage
from server.assistants.query_tools import SPARQL, query_tool
from server.assistants.statements import Json, evidence, page, statements
from server.assistants.tool_schema import AFTER, SUPPORTED, YEAR, Tool, class_schema, number_schema, object_schema, string_schema
from server.pages.base import ask, canned_queries, search_index
from server.pages.canned.picking import Choice, choose
from server.pages.paging import lists
from server.pages.things.thing import Thing
from server.protocol.problems import Problem
from server.web.request_context import engine

FACTS = 20
MOST_FACTS = 50

INSTRUCTIONS = (
    "Entente is a knowledge graph of international relations, read from encyclopedia articles by rules that can be wrong. Every answer "
    "includes the sentences and references that support it: quote the sentence and give its reference when you state a fact, and say when "
    "a statement's modality is not 'asserted' (negated, future, hypothetical, alleged). Begin with 'search' to find the graph's name "
    "for something; 'entity' describes one thing, 'compare' lists what happened between two; the query_… tools answer frequent "
    "questions; 'sparql' answers all others: read the resource 'ontology' before you write a query."
)


def tools() -> dict[str, Tool]:
    """Return every tool by name."""
    own = (_SEARCH, _ENTITY, _COMPARE, SPARQL)
    return {tool.name: tool for tool in (*own, *(query_tool(query) for query in canned_queries().values()))}


def _search(given: Mapping[str, Any]) -> Json:
    text, limit = given["text"], given.get("limit", 10)
    index = search_index()
    things = index.similar(text, classes_in(given.get("class", "")), limit)
    sentences = [sentence.iri for sentence in index.sentences(text, limit)]
    found = [{"id": t.iri, "name": t.label, "class": t.kind, "found_as": t.name, "events": t.events, "page": page(t.iri)} for t in things]
    return {
        "things": found,
        "evidence": evidence([*sentences, *(t.iri for t in things)][:SUPPORTED]),
        "page": url_for("pages.search", q=text, _external=True),
    }


_SEARCH = Tool(
    "search",
    "Search names and sentences",
    "Find people, states, institutions, places, agreements, offices, events and articles by name, and sentences by their words. Accents "
    "and capitals do not matter.",
    object_schema(
        ["text"],
        text=string_schema("A name, or words of a sentence"),
        limit=number_schema("Maximum number of things, and of sentences", 10, 50),
        **{"class": class_schema("Find only things of this class")},
    ),
    _search,
)


def _chosen(text: str, kinds: Sequence[str]) -> Choice:
    """Return the thing that is meant; Problem 404, listing candidates, if there is none or several."""
    choice = choose(text, kinds)
    if choice.iri is None:
        near = "; ".join(f"{thing.label} ({thing.kind}, {thing.iri})" for thing in choice.candidates)
        raise Problem(404, choice.problem or f"Nothing is called {text!r}.", f"Candidates: {near}" if near else "Use the tool 'search'.")
    return choice


def _period(given: Mapping[str, Any], category: str = "") -> Filter:
    since, until = (str(given.get(name, "")) for name in ("from", "to"))
    return Filter(f"{since}-01-01" if since else "", f"{until}-12-31" if until else "", category)


def _told(found: ListPage) -> list[Json]:
    return statements([item.iri for item in found.items])


def _next(found: ListPage) -> Json:
    return {"next": found.next.after} if found.next else {}


def _entity(given: Mapping[str, Any]) -> Json:
    iri = str(_chosen(given["name"], classes_in(given.get("class", ""))).iri)
    subject = Thing(iri, tuple(ask("about", {"thing": iri})))
    about: Json = {"id": iri, "name": subject.label, "class": subject.kind, "page": page(iri)}
    if subject.kind in ("Event", "Tenure"):
        return {**about, "statements": statements([iri])}
    index, limit, period = lists(), given.get("limit", FACTS), _period(given)
    happened = index.facts_of(iri, "Event", Cursor(given.get("after")), period, limit)
    events, sentences = index.totals(iri)
    about |= {
        "other_names": subject.other_names,
        "same_as": [link.href for link in subject.elsewhere],
        "total": {"events": events, "sentences": sentences},
        "events": _told(happened),
        **_next(happened),
        "evidence": evidence([iri]),
    }
    if "after" not in given:
        about["agreements"] = _told(index.facts_of(iri, "Agreement", Cursor(), period, limit))
        about["offices"] = statements([str(row["tenure"]) for row in ask("offices-of", {"thing": iri}, limit)])
        about["counterparts"] = [{"id": i, "name": n, "events": e, "conflict": c} for i, n, e, c in index.counterparts(iri, limit)]
    if subject.kind in ("Agreement", "Citation", "Passage"):
        about["statements"] = statements([iri])
    return about


_ENTITY = Tool(
    "entity",
    "Describe one thing, with its events and evidence",
    "Describe a person, state, institution, place, agreement, office or event: names, offices, counterparts, agreements, and its events "
    "in chronological order, each with its sentences and references.",
    object_schema(
        ["name"],
        name=string_schema("Its name or its full IRI", 2000),
        after=AFTER,
        to={**YEAR, "description": "Only events up to the end of this year"},
        limit=number_schema("Maximum number of events", FACTS, MOST_FACTS),
        **{
            "class": class_schema("Its class"),
            "from": {**YEAR, "description": "Only events from the start of this year on"},
        },
    ),
    _entity,
)


def _compare(given: Mapping[str, Any]) -> Json:
    one, other = (_chosen(given[name], AGENTS) for name in ("one", "other"))
    if one.iri == other.iri:
        raise Problem(400, f"Both are {one.text}.", "Name two different ones.")
    index, pair, limit = lists(), (str(one.iri), str(other.iri)), given.get("limit", FACTS)
    wanted = _period(given, given.get("category", ""))
    happened = index.between(*pair, Cursor(given.get("after")), wanted, limit)
    years: dict[int, Json] = {}
    for year, quad, events in index.years_between(*pair, wanted.category):
        years.setdefault(year, {"year": year})[quad] = events
    return {
        "one": {"id": one.iri, "name": one.text},
        "other": {"id": other.iri, "name": other.text},
        "total": index.count_between(*pair, wanted),
        "events_by_year_and_quad_class": list(years.values()),
        "events": _told(happened),
        **_next(happened),
        "agreements": _told(index.agreements_between(*pair, Cursor(), limit)) if "after" not in given else [],
        "page": url_for("pages.dyad", one=pair[0], other=pair[1], _external=True),
    }


_COMPARE = Tool(
    "compare",
    "Events and agreements between two actors",
    "List the events and agreements between two states, institutions or persons in chronological order, each with its sentences and "
    "references, and the number of events in each year.",
    object_schema(
        ["one", "other"],
        one=string_schema("The name or IRI of one", 2000),
        other=string_schema("The name or IRI of the other", 2000),
        after=AFTER,
        category={
            "type": "string",
            "pattern": "^[A-Z]+(-[a-z]+)*$",
            "maxLength": 60,
            "description": "A category's code, such as AGREE",
        },
        to={**YEAR, "description": "Only events up to the end of this year"},
        limit=number_schema("Maximum number of events", FACTS, MOST_FACTS),
        **{"from": {**YEAR, "description": "Only events from the start of this year on"}},
    ),
    _compare,
)


def answer(tool: Tool, given: Mapping[str, Any]) -> Json:
    """Return the answer of a tool, with the build that it comes from."""
    found = tool.run(given)
    return {**found, "build": engine().build.id, "licence": "CC BY-SA 4.0", "more": urljoin(request.url_root, "about")}
