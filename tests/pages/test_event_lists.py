"""Canned queries that list events: asked for in pieces, from the index, they have the rows that they have as a whole."""

from __future__ import annotations

from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.sparql.canned import CannedQueryError, EventList, load_queries, parse_query
from kg.sparql.rewriting import among
from kg.store.output.prepared_answers import Prepared
from server.pages.base import search_index
from server.pages.canned import event_lists, results
from server.pages.canned.forms import Asked, read
from tests.pages.reading import page

LISTED = sorted(name for name, query in load_queries().items() if query.events)
NARROWER: tuple[dict[str, str], ...] = ({}, {"from": "1999-01-01", "to": "2012-06-30"}, {"confidence": "0.9"})


def _asked(name: str, more: dict[str, str]) -> list[Asked]:
    """Return the query with its examples and with other entities, each with further values where it takes them."""
    query = load_queries()[name]
    taken = {key: value for key, value in more.items() if key in {p.name for p in query.parameters}}
    things = [thing.iri for thing in search_index().foremost(["State"], 3)]
    entities = [p.name for p in query.parameters if p.type == "iri" and p.entity != "Place"]
    chosen = [dict(zip(entities, pair, strict=False)) for pair in (things, things[::-1], [things[0]] * 2)] if entities else []
    examples = query.examples(lambda _, number: things[:number]) if not any(p.entity == "Place" for p in query.parameters) else {}
    places = {p.name: search_index().foremost(["Place"], 1)[0].iri for p in query.parameters if p.entity == "Place" and p.required}
    return [read(query, {**values, **places, **taken}, suggest=False) for values in [examples, *chosen]]


@pytest.mark.parametrize("name", LISTED)
def test_pieces_make_the_whole(gold_app: Flask, gold_data: object, name: str) -> None:
    with gold_app.test_request_context("/"):
        for more in NARROWER:
            for asked in _asked(name, more):
                chosen = event_lists.choice(asked)
                assert chosen is not None
                variables, rows, cut = event_lists.first_rows(asked, chosen, results.MOST, first=5)
                whole = results.run(asked)
                assert (variables, rows, cut) == (whole.variables, list(whole.rows), False)


def test_what_the_index_does_not_know_is_asked_for_as_a_whole(gold_app: Flask) -> None:
    with gold_app.test_request_context("/"):
        asked = read(load_queries()["events-of"], {"who": "https://w3id.org/entente/resource/nobody-at-all"}, suggest=False)
        assert event_lists.choice(asked) is None
        assert results.rows_of(asked, 50).total == 0


def _stored(monkeypatch: pytest.MonkeyPatch, **more: object) -> None:
    """Let every build have this answer to the query, whatever its text."""
    answer = Prepared("", ["event"], [], 0, **more)  # type: ignore[arg-type]
    monkeypatch.setattr(results, "read_answer", lambda _folder, name, _text: answer if name in ("silent-sentences", "meetings") else None)


def test_what_overran_in_the_build_is_not_tried(gold: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    _stored(monkeypatch, overran=True)
    monkeypatch.setattr(results, "run", lambda _asked: pytest.fail("the page runs the query"))
    shown = page(gold, "/queries/silent-sentences")
    assert "did not finish" in shown.text
    assert "run it in the SPARQL editor" in shown.text
    assert " rows" in page(gold, "/queries/meetings").text, "the beginning of a list of events is always to be had"


def test_behind_the_stored_beginning_the_list_goes_on(gold_app: Flask, gold_data: object, monkeypatch: pytest.MonkeyPatch) -> None:
    with gold_app.test_request_context("/"):
        asked = read(load_queries()["meetings"], {}, suggest=False)
        whole = results.run(asked)
        _stored(monkeypatch, events=40)
        assert list(results.rows_of(asked, 50).rows) == list(whole.rows)


def test_a_long_list_says_that_there_is_more(gold: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "LISTED", 5)
    monkeypatch.setattr(results, "PAGE", 3)
    monkeypatch.setattr(event_lists, "first_rows", partial(event_lists.first_rows, first=4))
    first = page(gold, "/queries/events-of?who=Kosovo")
    assert "more than 5 rows" in first.text
    assert "about up to" in first.text
    assert "Page 1 of 2" in first.text
    assert "more than 6 rows" in page(gold, "/queries/events-of?who=Kosovo&page=2").text


def test_values_stand_first_in_the_groups_that_decide() -> None:
    query = "SELECT ?event WHERE { { SELECT ?event { ?event <p> ?x } } OPTIONAL { ?event <q> ?y } }"
    values = " VALUES ?event { <e> } "
    assert among(query, "event", ["<e>"]) == query.replace("WHERE {", f"WHERE {{{values}").replace("{ ?event <p>", f"{{{values} ?event <p>")


def test_the_decorator_is_checked() -> None:
    text = "#+ events: {of: who, categories: CONSULT}\nSELECT ?event { ?event ?p ?_who_iri }"
    assert parse_query("q", text).events == EventList(("who",), ("CONSULT",))
    for wrong in ("{of: nobody}", "{kinds: CONSULT}"):
        with pytest.raises(CannedQueryError, match="events"):
            parse_query("q", f"#+ events: {wrong}\nSELECT ?event {{ ?event ?p ?_who_iri }}")
