"""A store that is down, slow, broken or lying: one clear sentence, the right status, and never a partial answer as complete."""

from __future__ import annotations

import socket
import time

import pytest
from flask import Flask

from tests.server.backend.conftest import in_front_of
from tests.server.backend.store import Store

CASES = {
    "silent": (504, "stopped"),
    "drip": (504, "stopped"),
    "endless": (503, "exceeds the limit on its length"),
    "html": (502, "answered with text/html"),
    "redirect": (502, "not followed"),
    "refused": (400, "Virtuoso 37000 Error SP031: not implemented"),
    "failed": (502, "500 Internal Server Error"),
    "busy": (503, "busy"),
    "slow": (504, "took too long"),
    "timed-out": (504, "Transaction timed out"),
    "estimate": (503, "a limit of its own"),
    "locked": (502, "does not let this server in"),
    "garbage": (502, "cannot be parsed"),
    "cut-length": (502, "broke off"),
    "cut-chunks": (502, "broke off"),
    "cut-json": (502, "cannot be parsed"),
    "boolean": (502, "a boolean"),
    "part": (504, "a part of the answer"),
    "rows": (502, "at most 3 rows"),
    "graph-cut-length": (502, "broke off"),
    "graph-cut-chunks": (502, "broke off"),
    "graph-unframed": (502, "the length of its answer"),
}


def ask(app: Flask, text: str, **headers: str):
    return app.test_client().post("/sparql", data={"query": text}, headers={"Accept": "*/*", **headers})


def lying(name: str) -> str:
    form = "CONSTRUCT { ?s ?p ?o }" if name.startswith("graph") else "SELECT ?s"
    return f"{form} WHERE {{ ?s ?p ?o FILTER(STR(?s) != 'lie:{name}') }}"


@pytest.mark.parametrize(("name", "status", "sentence"), [(name, *case) for name, case in CASES.items()], ids=CASES)
def test_what_is_no_whole_answer_is_none(app: Flask, name: str, status: int, sentence: str) -> None:
    begun = time.monotonic()
    response = ask(app, lying(name))
    if response.status_code == 200:  # it had begun, so the web server closes the connection
        with pytest.raises(Exception, match=sentence):
            response.get_data()
        return
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    problem = response.get_json()
    assert sentence in problem["detail"], problem
    assert len(problem["detail"].splitlines()) == 1
    assert time.monotonic() - begun < 1.5 + 1
    assert response.headers["Cache-Control"] == "no-store"
    assert ("Retry-After" in response.headers) == (name == "busy")


def test_an_answer_no_longer_than_its_own_limit_is_whole(app: Flask) -> None:
    assert ask(app, lying("rows") + " LIMIT 3", Accept="text/csv").text.split() == ["s", "http://e/0", "http://e/1", "http://e/2"]
    assert ask(app, lying("rows") + " LIMIT 4").status_code == 502


def test_graphs_that_virtuoso_cuts_without_a_word_are_noticed(app: Flask, store: Store) -> None:
    assert ask(app, lying("graph-rows")).status_code == 200
    store.server_header = "Virtuoso/07.20.3229 (Linux)"
    try:
        response = ask(app, lying("graph-rows"))
        assert (response.status_code, "at most 3 rows" in response.get_json()["detail"]) == (502, True)
        text, sent = store.last()
        assert (text.split()[0], sent["timeout"]) == ("SELECT", ["1500"])
    finally:
        store.server_header = "Fake/1.0"
        ask(app, "ASK {}")


def test_a_page_says_it_as_a_page(app: Flask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/sparql"
    with in_front_of(address) as down:
        client = down.test_client()
        for path in ("/", "/page/Serbia", "/queries/people", "/search?q=x", "/articles"):
            response = client.get(path, headers={"Accept": "text/html"})
            assert (response.status_code, response.mimetype) == (503, "text/html"), path
            assert "cannot be reached (Connection refused)" in response.text, path
            assert response.headers["Retry-After"], path
        assert client.get("/health").status_code == 200
        ready = client.get("/ready")
        assert (ready.status_code, "cannot be reached" in ready.get_json()["status"]) == (503, True)
        assert "entente_store_up 0.0" in client.get("/metrics").text
        assert client.get("/ontology", headers={"Accept": "text/turtle"}).status_code == 200


def test_what_does_not_parse_never_reaches_the_store(app: Flask, store: Store) -> None:
    before = len(store.requests)
    wrong = ask(app, "SELECT ?s WHERE {\n ?s ?p }")
    assert (wrong.status_code, wrong.get_json()["line"], wrong.get_json()["column"]) == (400, 2, 8)
    service = "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"
    for text in (service, "LOAD <http://127.0.0.1:1/>", "DROP ALL", 'define get:soft "soft" SELECT * {}'):
        assert ask(app, text).status_code in (400, 403)
    assert ask(app, "SELECT * {}", Accept="image/png").status_code == 406
    assert app.test_client().post("/sparql", data="DROP ALL", content_type="application/sparql-update").status_code == 403
    assert [text for text, _, _ in store.requests[before:] if "dataset" not in text] == []
