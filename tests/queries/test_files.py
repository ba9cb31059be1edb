"""Every file of ``queries/``: what it must have, and that it runs, bound and written in, with the same rows."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.sparql.canned import CannedQuery, CannedQueryError, load_queries, parse_query
from kg.sparql.rewriting import parameter_names, tokens
from kg.store import open_store

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


def run(store: ox.Store, text: str, values: dict[str, ox.NamedNode | ox.Literal] | None = None) -> tuple[list[str], list[list[str | None]]]:
    bound = {ox.Variable(name): term for name, term in (values or {}).items()}
    found = store.query(text, use_default_graph_as_union=True, substitutions=bound or None)
    return [v.value for v in found.variables], [[None if term is None else str(term) for term in row] for row in found]


def test_what_analysts_ask_is_there() -> None:
    assert set(QUERIES) >= ASKED_FOR
    assert len(QUERIES) >= 20


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_file_says_what_it_is_and_sorts_its_rows(query: CannedQuery) -> None:
    assert query.description.endswith(".")
    assert query.tags
    words = [" ".join(token.text.upper().split()) for token in tokens(query.text) if token.kind == "word"]
    assert "ORDER BY" in words
    columns = set(re.findall(r"\?(\w+)", query.text.split("WHERE")[0]))
    assert {name for key, name in query.chart.items()} <= columns
    assert (query.view == "table") == (not query.chart)


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_rows_are_the_same_bound_and_written_in(query: CannedQuery, store: ox.Store) -> None:
    variables, rows = run(store, query.text)
    wanted = {p.variable: variables.index(p.variable) for p in query.parameters if p.variable in variables}
    given = {variable: rows[0][at].strip("<>") for variable, at in wanted.items() if rows and rows[0][at]}
    names = {p.name: given[p.variable] for p in query.parameters if p.variable in given}
    if any(p.required and p.name not in names and not p.default for p in query.parameters):
        pytest.skip("its parameters are not among its columns")
    values = query.bind(names)
    terms = {
        v: ox.NamedNode(value.text) if value.kind == "iri" else ox.Literal(value.text, datatype=ox.NamedNode(value.datatype))
        for v, value in values.items()
    }
    columns, bound = run(store, query.prepare(values), terms)
    shown, inlined = run(store, query.inline(values))
    at = [columns.index(name) for name in shown]
    assert [[row[i] for i in at] for row in bound] == inlined
    assert bool(inlined) == bool(rows) or any(p.default for p in query.parameters)


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
