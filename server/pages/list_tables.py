"""The lists and pages of the site as CSV: events by facets, of a thing or of pairs, things, sentences, hits, queries, terms, changes.

Values are written as they are; ``=1+1`` too.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from io import StringIO

from flask import Response, request

from kg.graph.namespaces import PREFIXES
from kg.sparql.query_parameters import IRI
from kg.store.index.search import CLASSES
from kg.store.index.selections import Cursor, Filter, ListItem, ListPage
from server.execution.engine import Row
from server.pages import facets
from server.pages.addresses import resource
from server.pages.base import ask, blueprint, canned_queries, search_index
from server.pages.browsing import MOST_ROWS, browsed_class
from server.pages.canned.picking import choose
from server.pages.changes import KINDS, history
from server.pages.paging import listed, lists
from server.pages.search_page import GROUPS, searched
from server.pages.term_display import local
from server.pages.things import dyad
from server.pages.things.addressing import known_key
from server.protocol.problems import Problem

_BLOCK = 1000
EVENTS = ("event", "label", "date", "earliest", "latest", "basis", "modality", "code", "categoryLabel", "quad", "quote")
PAIR = ("pair", "one", "other", "oneRoles")
HITS = ("class", "id", "name", "matched", "events", "sentences", "text", "article", "section")
MOST_HITS = 1000
"""Hits of a search in each class, and sentences."""
CORRECTIONS = ("correction", "action", "thing", "thingLabel", "author", "date", "reason")
PASSAGES = ("passage", "section", "kind", "text", "fact", "factKind", "factLabel", "modality", "category")
STATED = ("property", "value", "label")
TERMS = ("term", "kind", "label", "comment", "domain", "range", "example")
BUILD = ("build", "since", "date")
CHANGED = ("kind", "class", "iri", "label")
_NAMES = frozenset({"basis", "modality", "quad"})
"""The columns whose values are terms of the ontology, written by their local names."""


@blueprint.route("/events.csv")
def events_table() -> Response:
    """Return the first ``MOST_ROWS`` reported events, oldest first, by the facets of ``/events``; those ``?of=`` a thing with its roles."""
    wanted, of = facets.asked_for(), choose(request.args.get("of", ""), CLASSES)
    if of.text and not of.iri:
        raise Problem(404, f"of: {of.problem}", of.question)
    if not of.iri:
        return _csv("events", EVENTS, (row for _, row in _events(partial(lists().events, wanted=wanted, size=_BLOCK))))
    found = _events(partial(lists().facts_of, of.iri, "Event", wanted=wanted, size=_BLOCK))
    return _csv("events", (*EVENTS, "roles"), ((*row, " ".join(item.roles)) for item, row in found))


@blueprint.route("/dyad.csv")
def dyad_table() -> Response:
    """Return the first ``MOST_ROWS`` events of each pair on ``/dyad``, by its facets, with the roles of the first of the two."""
    one, other, also = dyad.asked_for()
    for name, each in (("one", one), ("other", other), *(("also", each) for each in also)):
        if not each.iri:
            status = 404 if each.text else 400
            raise Problem(status, f"{name}: {each.problem or 'a name or an address is needed.'}", each.question)
    return _csv("compared", (*PAIR, *EVENTS), _between(dyad.compared(one, (other, *also)), facets.asked_for()))


@blueprint.route("/things.csv")
def things_table() -> Response:
    """Return the first ``MOST_ROWS`` things of a class, most active first."""
    kind = browsed_class()
    _, rows = lists().of_class(kind, Cursor(), MOST_ROWS)
    return _csv(kind.lower(), ("id", "name", "events", "sentences"), rows)


@blueprint.route("/search.csv")
def search_table() -> Response:
    """Return the first ``MOST_HITS`` things of each class with a name that contains all words of a search, then such sentences."""
    return _csv("search", HITS, _hits(searched()))


@blueprint.route("/corrections.csv")
def corrections_table() -> Response:
    """Return the latest ``MOST_ROWS`` corrections, a row for each thing that one is about."""
    rows = ask("corrections", limit=MOST_ROWS)
    return _csv("corrections", CORRECTIONS, ([str(row.get(name, "")) for name in CORRECTIONS] for row in rows))


@blueprint.route("/changes.csv")
def changes_table() -> Response:
    """Return how many things of each class the last builds added, changed and dropped."""
    rows = (
        (*(told[name] for name in BUILD), kind, *(counts[change] for change in KINDS))
        for told in history()
        for kind, counts in sorted(told["classes"].items())
    )
    return _csv("changes", (*BUILD, "class", *KINDS), rows)


@blueprint.route("/changes/things.csv")
def changed_things_table() -> Response:
    """Return the things that the last builds added, changed and dropped, as far as builds keep their names."""
    rows = ((*(told[name] for name in BUILD), *(thing[name] for name in CHANGED)) for told in history() for thing in told.get("things", ()))
    return _csv("changed-things", (*BUILD, "change", "class", "id", "name"), rows)


@blueprint.route("/data/<path:key>.csv")
def thing_table(key: str) -> Response:
    """Return what the graph states about a thing: properties, values, and their names."""
    rows = ask("about", {"thing": resource(known_key(key))}, limit=MOST_ROWS)
    return _csv("statements", STATED, ([str(row.get(name, "")) for name in STATED] for row in rows))


@blueprint.route("/queries.csv")
def queries_table() -> Response:
    """Return the canned queries, by name."""
    rows = (
        (name, query.summary, query.description, " ".join(query.tags), " ".join(p.name for p in query.parameters))
        for name, query in sorted(canned_queries().items())
    )
    return _csv("queries", ("name", "summary", "description", "tags", "parameters"), rows)


@blueprint.route("/vocabulary.csv")
def vocabulary_table() -> Response:
    """Return the terms of the ontology: a row for each example of one, or for one without examples."""
    rows = (row for row in ask("vocabulary") if str(row["term"]).startswith(PREFIXES["ent"]))
    return _csv("vocabulary", TERMS, ([str(row.get(name, "")) for name in TERMS] for row in rows))


@blueprint.route("/passages.csv")
def passages_table() -> Response:
    """Return the first ``MOST_ROWS`` passages of an article, in order: a row for each fact read from one, or for one without facts."""
    iri = resource(request.args.get("article", ""))
    passages = list(ask("article-passages", {"thing": iri}, limit=MOST_ROWS)) if IRI.fullmatch(iri) else []
    if not passages:
        raise Problem(404, "There is no such article.", "An article is named as in the address of its page: article/…")
    facts: dict[str, list[Row]] = defaultdict(list)
    for row in ask("article-facts", {"thing": iri}):
        facts[str(row["passage"])].append(row)
    return _csv("passages", PASSAGES, _passages(passages, facts))


def _passages(passages: Iterable[Row], facts: Mapping[str, Sequence[Row]]) -> Iterator[Sequence[str]]:
    for passage in passages:
        own = [str(passage.get(name, "")) for name in PASSAGES[:4]]
        found = {str(row["fact"]): row for row in facts.get(str(passage["passage"]), ())}
        for iri, row in sorted(found.items()):
            yield (*own, iri, local(row["kind"]), str(row["label"]), local(row.get("modality")), local(row.get("category")))
        if not found:
            yield (*own, "", "", "", "", "")


def _hits(text: str) -> Iterator[Sequence[object]]:
    if not text:
        return
    index = search_index()
    for kind, _ in GROUPS:
        for hit in index.things(text, (kind,), MOST_HITS):
            yield kind, hit.iri, hit.label, hit.name, hit.events, hit.mentions, "", "", ""
    for found in index.sentences(text, MOST_HITS):
        yield "Sentence", found.iri, "", "", "", "", found.text, found.article, found.section


def _between(pairs: Iterable[dyad.Pair], wanted: Filter) -> Iterator[Sequence[str]]:
    for pair in pairs:
        for item, row in _events(partial(lists().between, pair.one, pair.other, wanted=wanted, size=_BLOCK)):
            yield (pair.name, pair.one, pair.other, " ".join(item.roles), *row)


def _events(page_at: Callable[[Cursor], ListPage]) -> Iterator[tuple[ListItem, list[str]]]:
    """Yield the first ``MOST_ROWS`` events of a list with their rows, given its pages."""
    at = Cursor()
    for _ in range(MOST_ROWS // _BLOCK):
        found = page_at(at)
        rows = {str(row["event"]): row for row in reversed(listed("events-listed", "event", found))}
        for item in found.items:
            row = rows.get(item.iri, {})
            texts = {name: str(row.get(name, "")) for name in EVENTS}
            yield item, [local(text) if name in _NAMES and text else text for name, text in texts.items()]
        if found.next is None:
            return
        at = found.next


def _csv(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)
    response = Response(text.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
