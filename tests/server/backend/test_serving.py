"""In front of a remote store: what is sent there, what is cached, credentials, and that only that address is opened."""

from __future__ import annotations

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest
import requests
from flask import Flask

from kg.store.output.remote import AddressError
from server.settings import SettingsError
from tests.server.backend.conftest import in_front_of, wait_for_index
from tests.server.backend.store import Store, running
from tests.server.backend.test_refusals import ask, lying
from tests.server.running import Running, serving

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
FORMATS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
GRAPHS = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json", "application/n-quads", "application/trig")


def describe(version: str) -> bytes:
    """Return the description of a dataset of that version, and one entity in it."""
    about = "<https://w3id.org/entente/dataset>"
    said = {
        "<http://www.w3.org/2002/07/owl#versionInfo>": f'"{version}"',
        "<http://rdfs.org/ns/void#triples>": '"5"^^<http://www.w3.org/2001/XMLSchema#integer>',
    }
    lines = [f"{about} {p} {o} {about} ." for p, o in said.items()]
    person = "<https://w3id.org/entente/resource/Ada>"
    lines.append(f"{person} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/entente/ontology#Person> {about} .")
    lines.append(f'{person} <http://www.w3.org/2000/01/rdf-schema#label> "Ada {version}" {about} .')
    return "\n".join(lines).encode()


@pytest.mark.parametrize("media_type", FORMATS)
def test_solutions_in_every_format(app: Flask, store: Store, media_type: str) -> None:
    text = "SELECT ?s ?o WHERE { ?s a ?o . ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l } ORDER BY ?s ?o LIMIT 50"
    found = ox.parse_query_results(ask(app, text, Accept=media_type).get_data(), FORMATS[media_type])
    expected = store.store.query(text, use_default_graph_as_union=True)
    assert [tuple(row) for row in found] == [tuple(row) for row in expected]


@pytest.mark.parametrize("media_type", GRAPHS)
def test_graphs_in_every_format(app: Flask, store: Store, media_type: str) -> None:
    text = "CONSTRUCT { ?s a ?o } WHERE { ?s a ?o }"
    response = ask(app, text, Accept=media_type)
    found = {quad.triple for quad in ox.parse(response.get_data(), ox.RdfFormat.from_media_type(response.mimetype))}
    assert found == set(store.store.query(text, use_default_graph_as_union=True))
    assert found


def test_which_graphs_a_query_sees(app: Flask, store: Store, quads: bytes) -> None:
    graphs = {line.rsplit(b" ", 2)[1].decode()[1:-1] for line in quads.splitlines()}
    dataset = "https://w3id.org/entente/dataset"
    inside = sum(line.endswith(f"<{dataset}> .".encode()) for line in quads.splitlines())
    client = app.test_client()

    def number(**more: str) -> int:
        response = client.get("/sparql", query_string={"query": COUNT, **more}, headers={"Accept": "application/json"})
        return int(response.get_json()["results"]["bindings"][0]["n"]["value"])

    assert number() == len(quads.splitlines())
    number(**{"default-graph-uri": dataset})
    assert store.last()[1] == {"default-graph-uri": [dataset]}
    assert client.get("/graphs", query_string={"graph": dataset}, headers={"Accept": "application/n-triples"}).text.count("\n") == inside
    assert client.get("/graphs", query_string={"graph": "http://e/none"}).status_code == 404
    assert len(graphs) > 2


def test_relative_names_are_those_of_entities(app: Flask) -> None:
    response = ask(app, "SELECT ?s WHERE { VALUES ?s { <Serbia> } ?s ?p ?o } LIMIT 1", Accept="text/csv")
    assert response.text.split() == ["s", "https://w3id.org/entente/resource/Serbia"]


def test_only_that_address_is_opened(quads: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the target of the store's redirects, nor a proxy in the environment, nor an address in a query."""
    heard: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            heard.append(str(self.rfile.readline()))
            self.close_connection = True

    with HTTPServer(("127.0.0.1", 0), Listener) as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        there = f"http://127.0.0.1:{listener.server_port}/"
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, there)
        with running(quads, there) as store, in_front_of(store.url) as app:
            assert ask(app, lying("redirect")).status_code == 502
            assert ask(app, f"SELECT * {{ SERVICE <{there}> {{ ?s ?p ?o }} }}").status_code == 403
            assert ask(app, f"SELECT * FROM <{there}> {{ ?s ?p ?o }}").status_code == 200
            assert ask(app, COUNT).status_code == 200
        listener.shutdown()
    assert heard == []


def test_a_name_and_password_are_given_and_never_shown(capfd: pytest.CaptureFixture[str], cache: Path) -> None:
    with running(describe("1")) as store:
        store.password = "Basic " + base64.b64encode(b"reader:open:sesame").decode()
        address = store.url.replace("//", "//reader:open%3Asesame@")
        with in_front_of(address) as app:
            wait_for_index(app)
            assert ask(app, COUNT, Accept="text/csv").text.split() == ["n", "4"]
            store.password = "Basic other"
            refused = ask(app, COUNT)
            time.sleep(0.5)
            said = refused.text + app.test_client().get("/ready").text + app.test_client().get("/metrics").text + repr(app.config)
        assert (refused.status_code, "does not let this server in" in refused.text) == (502, True)
    said += "".join(capfd.readouterr())
    kept = [path for path in cache.rglob("*") if path.is_file() and b"sesame" in path.read_bytes()]
    assert ("sesame" in said.replace(repr(address), ""), kept) == (False, [])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"sparql_backend": "localhost:3030/ds"}, "not an address"),
        ({"sparql_backend": "http://reader:secret@host:port/"}, "not an address"),
        ({"sparql_backend": "http://127.0.0.1:1/", "services": "http://e/"}, "--services"),
    ],
)
def test_a_wrong_setting_says_so_and_no_password(settings: dict[str, str], message: str) -> None:
    from server import create_app

    with pytest.raises((AddressError, SettingsError), match=message) as error:
        create_app("no-such-folder", **settings)
    assert "secret" not in str(error.value)


def test_a_parameter_of_the_address_is_sent_along() -> None:
    with running(describe("1")) as store, in_front_of(f"{store.url}?key=k&default-graph-uri=http%3A%2F%2Fg") as app:
        ask(app, "SELECT * { ?s ?p ?o } LIMIT 1")
        sent = store.last("{ ?s ?p ?o } LIMIT 1")[1]
        assert (sent["key"], sent["default-graph-uri"]) == (["k"], ["http://g"])
        ask(app, "SELECT * FROM <http://other> { ?s ?p ?o } LIMIT 2")
        assert store.last("{ ?s ?p ?o } LIMIT 2")[1] == {"key": ["k"]}


def test_another_version_there_is_another_build_here() -> None:
    with running(describe("1")) as store, in_front_of(store.url) as app:
        wait_for_index(app)
        client = app.test_client()
        first = ask(app, COUNT)
        assert ask(app, COUNT, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
        asked = len(store.requests)
        assert ask(app, COUNT).data == first.data
        assert all("dataset" in text for text, _, _ in store.requests[asked:])
        assert client.get("/api/search?q=ada").get_json()["things"][0]["label"] == "Ada 1"
        store.store.clear()
        store.store.load(describe("2"), ox.RdfFormat.N_QUADS)
        deadline = time.monotonic() + 20
        while client.get("/api/search?q=ada").get_json()["things"][0]["label"] != "Ada 2":
            assert time.monotonic() < deadline
            time.sleep(0.05)
        second = ask(app, COUNT, **{"If-None-Match": first.headers["ETag"]})
        assert (second.status_code, second.headers["X-Build"] != first.headers["X-Build"]) == (200, True)


def test_what_names_no_version_is_not_remembered() -> None:
    with running(b"<http://e/s> <http://e/p> <http://e/o> .") as store, in_front_of(store.url) as app:
        first = ask(app, COUNT, Accept="text/csv")
        assert ("ETag" in first.headers, first.headers["Cache-Control"]) == (False, "no-store")
        store.store.add(ox.Quad(ox.NamedNode("http://e/a"), ox.NamedNode("http://e/b"), ox.NamedNode("http://e/c")))
        assert ask(app, COUNT, Accept="text/csv").text.split() == ["n", "2"]


def test_a_store_that_comes_back_is_answered_from() -> None:
    with running(describe("1")) as store:
        port = store.server_port
        address = store.url
    with in_front_of(address) as app:
        client = app.test_client()
        assert (client.get("/ready").status_code, ask(app, COUNT).status_code) == (503, 503)
        with running(describe("1"), port=port) as back:
            deadline = time.monotonic() + 20
            while client.get("/ready").status_code != 200:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            assert ask(app, COUNT).status_code == 200
            wait_for_index(app)
            assert back.requests


def broken(server: Running, query: str) -> bool:
    """Whether the answer breaks off, or is an error if none of it had been sent when the store's broke off."""
    try:
        return server.query(query, headers={"Accept": "text/csv"}).status_code in (502, 503)
    except requests.exceptions.ChunkedEncodingError:
        return True


def test_on_a_port_long_answers_break_off_and_hang_ups_reach_the_store(tmp_path: Path) -> None:
    with running(describe("1")) as store, serving(tmp_path, tmp_path / "log", sparql_backend=store.url, query_timeout=20) as server:
        assert broken(server, lying("cut-late"))
        assert server.query(COUNT, headers={"Accept": "text/csv"}).text.split() == ["n", "4"]
        with pytest.raises(requests.exceptions.ReadTimeout):
            requests.post(server.sparql, data={"query": lying("silent")}, timeout=1)
        assert store.closed.wait(5)
        store.closed.clear()
        endless = {"query": lying("endless"), "format": "csv"}
        with requests.post(server.sparql, data=endless, stream=True, timeout=10) as response:
            assert next(response.iter_content(1000)).startswith(b"s\r\nhttp://e/s")
        assert store.closed.wait(5)
        assert json.loads(server.log.read_text().splitlines()[0])["path"]
