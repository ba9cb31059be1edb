"""The tools for assistants: search, one entity, two compared, each canned query, and SPARQL. Each returns JSON with its evidence."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from flask import request, url_for

from kg.formats import JSON, NTRIPLES
from kg.graph.namespaces import RESOURCE
from kg.sparql.canned import CannedQuery
from kg.store.index.search import AGENTS, CLASSES, classes_in
from kg.store.index.selections import Cursor, Filter, ListPage
from kg.store.output.prepared_answers import Binding
from server.assistants.statements import Json, evidence, page, statements
from server.pages.base import ask, canned_queries, search_index
from server.pages.canned import results
from server.pages.canned.forms import strict
from server.pages.canned.openapi import schema_of
from server.pages.canned.picking import Choice, choose
from server.pages.paging import lists
from server.pages.things.thing import Thing
from server.protocol.jobs import Job, Query
from server.protocol.negotiation import Wanted
from server.protocol.problems import Problem
from server.settings import MIB
from server.web.request_context import engine

ROWS = 50
MOST_ROWS = 500
FACTS = 20
MOST_FACTS = 50
SUPPORTED = 20
"""Things in an answer's rows for which sentences and references are given."""
LONGEST_ANSWER = 4 * MIB
LONGEST_TEXT = 200
_RESOURCE = re.compile(rf"<({re.escape(RESOURCE)}[^>]+)>")

INSTRUCTIONS = (
    "Entente is a knowledge graph of international relations, read from encyclopedia articles by rules that can be wrong. Every answer "
    "carries the sentences and references that it rests on: quote the sentence and give its reference when you tell a fact, and say when "
    "a statement's modality is not 'asserted' (negated, future, hypothetical, alleged). Begin with 'search' to learn what the graph calls "
    "something; 'entity' and 'compare' tell of one thing and of two; the query_… tools answer questions that are asked often; 'sparql' "
    "answers all others: read the resource 'ontology' before you write a query."
)


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: ``schema`` is the JSON Schema of its arguments, ``run`` returns the answer for valid ones."""

    name: str
    title: str
    description: str
    schema: Json
    run: Callable[[Mapping[str, Any]], Json]


def tools() -> dict[str, Tool]:
    """Return every tool by name."""
    own = (_SEARCH, _ENTITY, _COMPARE, _SPARQL)
    return {tool.name: tool for tool in (*own, *(_query_tool(query) for query in canned_queries().values()))}


def _object(required: Sequence[str] = (), **properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _of_class(about: str) -> Json:
    return {"enum": [*CLASSES, "Agent", "Entity"], "description": about}


def _string(about: str, longest: int = LONGEST_TEXT) -> Json:
    return {"type": "string", "minLength": 1, "maxLength": longest, "description": about}


def _number(about: str, usual: int, most: int) -> Json:
    return {"type": "integer", "minimum": 1, "maximum": most, "default": usual, "description": about}


_YEAR = {"type": ["string", "integer"], "pattern": "^[0-9]{4}$", "minimum": 1000, "maximum": 9999}
_AFTER = {"type": "integer", "minimum": 0, "maximum": 10**12, "description": "The 'next' of the answer before, for what follows it"}


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
    _object(
        ["text"],
        text=_string("A name, or words of a sentence"),
        limit=_number("How many things and sentences at most", 10, 50),
        **{"class": _of_class("Find things of this class only")},
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
    "One thing with its events and evidence",
    "What the graph tells of a person, state, institution, place, agreement, office or event: names, offices, counterparts, agreements, "
    "and its events in the order of time, each with its sentences and references.",
    _object(
        ["name"],
        name=_string("Its name or its full IRI", 2000),
        after=_AFTER,
        to={**_YEAR, "description": "Only events to the end of this year"},
        limit=_number("How many events at most", FACTS, MOST_FACTS),
        **{
            "class": _of_class("The class that it belongs to"),
            "from": {**_YEAR, "description": "Only events from this year on"},
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
    "What two did together and to one another",
    "The events and agreements between two states, institutions or persons in the order of time, each with its sentences and references, "
    "and how many there were in each year.",
    _object(
        ["one", "other"],
        one=_string("The name or IRI of one", 2000),
        other=_string("The name or IRI of the other", 2000),
        after=_AFTER,
        category={
            "type": "string",
            "pattern": "^[A-Z]+(-[a-z]+)*$",
            "maxLength": 60,
            "description": "A category's code, such as AGREE",
        },
        to={**_YEAR, "description": "Only events to the end of this year"},
        limit=_number("How many events at most", FACTS, MOST_FACTS),
        **{"from": {**_YEAR, "description": "Only events from this year on"}},
    ),
    _compare,
)


def _query_tool(query: CannedQuery) -> Tool:
    properties: Json = {}
    for parameter in query.parameters:
        about = f"{parameter.label}. {parameter.help}".strip()
        if parameter.type == "iri":
            about += f" The name or IRI of one (class {parameter.entity or 'Entity'})."
        properties[parameter.name] = {**schema_of(parameter), "description": about}
    properties["limit"] = _number("How many rows at most", ROWS, MOST_ROWS)
    properties["offset"] = {
        "type": "integer",
        "minimum": 0,
        "maximum": results.MOST,
        "default": 0,
        "description": "Rows to leave out first",
    }
    required = [parameter.name for parameter in query.parameters if parameter.required and not parameter.default]
    return Tool(
        f"query_{query.name.replace('-', '_')}",
        query.summary,
        query.description or query.summary,
        _object(required, **properties),
        lambda given: _canned(query, given),
    )


def _canned(query: CannedQuery, given: Mapping[str, Any]) -> Json:
    values = {name: _plain(value) for name, value in given.items() if name not in ("limit", "offset")}
    asked = strict(query, values)
    offset, limit = given.get("offset", 0), given.get("limit", ROWS)
    found = results.rows_of(asked, offset + limit)
    names = [name for name in found.variables if name not in asked.values and not name.startswith("_")]
    answer = _rows(names, found.rows[offset : offset + limit])
    return {
        **answer,
        "total": found.total,
        **({"more": True} if found.more else {}),
        "page": url_for("pages.query", name=query.name, _external=True, **asked.given),
    }


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _rows(variables: Sequence[str], rows: Sequence[Binding]) -> Json:
    """Return rows of SPARQL JSON with names beside the IRIs of things, and the evidence for these."""
    named = {name: f"{name}Label" for name in variables if f"{name}Label" in variables}
    columns = [name for name in variables if name not in named.values()]
    shown = [[_cell(row, name, named.get(name)) for name in columns] for row in rows]
    iris = dict.fromkeys(
        term["value"] for row in rows for term in row.values() if term["type"] == "uri" and term["value"].startswith(RESOURCE)
    )
    return {"columns": columns, "rows": shown, "evidence": evidence(list(iris)[:SUPPORTED])}


def _cell(row: Binding, name: str, label: str | None) -> object:
    if name not in row:
        return None
    value = row[name]["value"]
    return {"name": row[label]["value"], "id": value} if label and label in row else value


def _sparql(given: Mapping[str, Any]) -> Json:
    text, limit = given["query"], given.get("limit", ROWS)
    found = engine().answer(Job(Query(text), Wanted(JSON, NTRIPLES), limit=LONGEST_ANSWER))
    body = b"".join(found.chunks)
    if found.content_type == NTRIPLES.content_type:
        lines = body.decode().splitlines()
        iris = list(dict.fromkeys(iri for line in lines[:limit] for iri in _RESOURCE.findall(line)))
        return {"triples": lines[:limit], "total": len(lines), "evidence": evidence(iris[:SUPPORTED])}
    document = json.loads(body)
    if "boolean" in document:
        return {"boolean": document["boolean"], "evidence": []}
    rows = document["results"]["bindings"]
    return {**_rows(document["head"]["vars"], rows[:limit]), "total": len(rows)}


_SPARQL = Tool(
    "sparql",
    "Ask in SPARQL",
    "Answer a SPARQL 1.1 query (read-only; the default graph is the union of all). The prefixes ent: (ontology), cat: (categories), res: "
    "(resources), rdfs:, prov:, schema: and the graph's others need no declaration. Select the IRIs of events or agreements too: their "
    "sentences and references come with the answer.",
    _object(["query"], query=_string("The query", 100_000), limit=_number("How many rows or triples are shown", ROWS, MOST_ROWS)),
    _sparql,
)


def answer(tool: Tool, given: Mapping[str, Any]) -> Json:
    """Return the answer of a tool, with the build that it comes from."""
    found = tool.run(given)
    return {**found, "build": engine().build.id, "licence": "CC BY-SA 4.0", "more": urljoin(request.url_root, "about")}
