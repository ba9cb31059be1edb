"""Every file of ``queries/``: its required parts, that it runs, and that inlined values select rows of the whole answer."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.sparql.canned import CannedQuery, CannedQueryError, load_queries, parse_query
from kg.sparql.rewriting import parameter_names, tokens
from kg.store import open_store
from server.pages.base import QUERIES as PAGE_QUERIES

QUERIES = load_queries()
ASKED_FOR = set(
    """
    acted-on agreement-facts agreement-status agreements agreements-between arrests-and-expulsions arrests-of
    changed-position claims-without-reference co-participation dead-references dyad-timeline events-at-place
    events-by-publisher first-and-last-contact institutions longest-in-office mediators mediators-between
    meetings office-events office-holders people places planned publishers publishers-compared quad-counts
    quotes-of sanctions silent-sentences single-source statements states visits-of
    """.split()  # noqa: SIM905
)


@pytest.fixture(scope="module")
def store(gold_data: Path) -> ox.Store:
    return open_store((gold_data / "current").resolve() / "store")


def run(store: ox.Store, text: str) -> tuple[list[str], list[list[str | None]]]:
    found = store.query(text, use_default_graph_as_union=True)
    return [v.value for v in found.variables], [[None if term is None else str(term) for term in row] for row in found]


def test_what_analysts_ask_is_there() -> None:
    assert set(QUERIES) >= ASKED_FOR


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_file_says_what_it_is_and_sorts_its_rows(query: CannedQuery) -> None:
    assert query.description.endswith(".")
    assert query.tags
    words = [" ".join(token.text.upper().split()) for token in tokens(query.text) if token.kind == "word"]
    assert "ORDER BY" in words
    columns = set(re.findall(r"\?(\w+)", query.text.split("WHERE")[0]))
    assert {name for key, name in query.chart.items()} <= columns
    assert (query.view == "table") == (not query.chart)


PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(PAGE_QUERIES.glob("*.rq"))}
TOGETHER = re.compile(r"OPTIONAL \{ (\?\w+) [^{}.]*;[^{}]*\}")


@pytest.mark.parametrize("text", [*PAGES.values(), *(query.text for query in QUERIES.values())], ids=[*PAGES, *QUERIES])
def test_optional_statements_of_one_thing_stand_alone(text: str) -> None:
    """Oxigraph (0.5.13) looks up one optional statement for each row, but joins two together by reading all statements of both
    predicates."""
    where = text.index("WHERE")
    found = [match for match in TOGETHER.finditer(text) if re.search(rf"{re.escape(match[1])}\b", text[where : match.start()])]
    assert not found, f"write an OPTIONAL of its own for each: {found[0][0]}"


CHOOSERS = [
    query
    for query in QUERIES.values()
    if (needed := [p for p in query.parameters if p.required and not p.default])
    and all(f"?{p.variable}" in query.text.partition("WHERE")[0].split() for p in needed)
]
"""Queries that show the selected values as columns, so that each answer is a part of the one with nothing selected."""


@pytest.mark.parametrize("query", CHOOSERS, ids=lambda query: query.name)
def test_what_is_chosen_are_the_rows_that_show_it(query: CannedQuery, store: ox.Store) -> None:
    variables, rows = run(store, query.text)
    at = {p: variables.index(p.variable) for p in query.parameters if p.variable in variables}
    if not rows:
        pytest.skip("the annotated articles tell of nothing of the kind")
    for chosen in [rows[0], rows[len(rows) // 2], rows[-1]]:
        given = {p.name: str(chosen[place]).strip("<>") for p, place in at.items()}
        shown, found = run(store, query.inline(query.bind(given)))
        assert shown == [variable for variable in variables if variable not in {p.variable for p in at}]
        kept = [variables.index(variable) for variable in shown]
        assert found == [[row[i] for i in kept] for row in rows if all(row[place] == chosen[place] for place in at.values())]


INTERVALS = [query for query in QUERIES.values() if {"from", "to"} <= {p.name for p in query.parameters}]


@pytest.mark.parametrize("query", INTERVALS, ids=lambda query: query.name)
def test_days_leave_out_what_was_certainly_before_or_after(query: CannedQuery, store: ox.Store) -> None:
    """Optional parameters are left open, required ones taken from the middle row."""
    variables, rows = run(store, query.text)
    if not rows:
        pytest.skip("the annotated articles tell of nothing of the kind")
    first, last = "2011-01-01", "2013-12-31"
    column = {name: variables.index(name) for name in ("earliest", "latest")}

    def day(row: list[str | None], name: str, open_ended: str) -> str:
        return str(row[column[name]] or f'"{open_ended}"').split('"')[1]

    middle = rows[len(rows) // 2]
    chosen = {p.name: str(middle[variables.index(p.variable)]).strip("<>") for p in query.parameters if p.required and not p.default}
    shown, of_chosen = run(store, query.inline(query.bind(chosen)))
    column = {name: shown.index(name) for name in column}
    wanted = [row for row in of_chosen if day(row, "latest", "0001-01-01") >= first and day(row, "earliest", "9999-12-31") <= last]
    _, found = run(store, query.inline(query.bind({**chosen, "from": first, "to": last})))
    assert found == wanted


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_rows_come_in_one_order(query: CannedQuery, store: ox.Store) -> None:
    assert run(store, query.text) == run(store, query.text)
    _, rows = run(store, query.text)
    assert len({tuple(row) for row in rows}) == len(rows), "a row comes twice"


@pytest.mark.parametrize(("source", "says"), [
    ("#+ summary: a: b\nSELECT ?x WHERE { ?x a ?y }", "YAML"),
    ("#+ - a\nSELECT ?x WHERE { ?x a ?y }", "mapping"),
    ("#+ view: pie\nSELECT ?x WHERE { ?x a ?y }", "timeline"),
    ("ASK { ?x a ?y }", "SELECT"),
    ("SELECT * WHERE { ?x a ?_y_iri }", "name the columns"),
    ("#+ defaults:\n#+   - colour: blue\nSELECT ?x WHERE { ?x a ?_y_iri }", "no parameter"),
])  # fmt: skip
def test_a_file_that_is_wrong_says_why(source: str, says: str) -> None:
    with pytest.raises(CannedQueryError, match=says):
        parse_query("wrong", source)


def test_a_file_as_grlc_users_write_it_is_read() -> None:
    query = parse_query(
        "theirs",
        """#+ summary: Theirs
#+ tags: [x]
#+ defaults:
#+   - state: http://e/s
#+ enumerate:
#+   - kind: [a, b]
PREFIX ent: <http://e/>
SELECT ?x WHERE { ?x ent:p ?_state_iri ; ent:k ?__kind ; ent:d ?d . FILTER(!BOUND(?__from_date) || ?d > ?__from_date) }""",
    )
    assert [(p.name, p.type, p.required, p.default, p.choices) for p in query.parameters] == [
        ("state", "iri", True, "http://e/s", ()),
        ("kind", "string", False, "", ("a", "b")),
        ("from", "date", False, "", ()),
    ]
    assert parameter_names(query.text) == ("_state_iri", "__kind", "__from_date")
