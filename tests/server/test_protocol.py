"""The endpoint's HTTP contract: every case of ``cases/protocol.toml`` on the event loop and under plain WSGI, with answers parsed."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import io
import json
import socket
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import requests
from flask import Flask
from rdflib import Dataset, Graph, Literal, Namespace, URIRef
from rdflib.namespace import XSD
from rdflib.query import Result

from server import create_app
from server.protocol.negotiation import accept_of, choose
from tests.server.conftest import CASES
from tests.server.running import Running, serving

REQUESTS: list[dict[str, Any]] = tomllib.loads((CASES / "protocol.toml").read_text(encoding="utf-8"))["case"]
MISTAKES: list[dict[str, Any]] = tomllib.loads((CASES / "syntax.toml").read_text(encoding="utf-8"))["case"]
A = "SELECT ?o WHERE { <http://example.org/a> <http://example.org/p> ?o }"
TYPED = ["application/sparql-results+json", "application/sparql-results+xml"]
QUADS = ["application/n-quads", "application/trig"]
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VALUES = {Literal("plain"), Literal('café "quoted", with comma', lang="fr"), Literal(42)}


@pytest.fixture(scope="module")
def app(small_data: Path) -> Iterator[Flask]:
    app = create_app(small_data)
    yield app
    app.extensions["entente.engine"].close()


def check(case: dict[str, Any], status: int, headers: Any, body: bytes) -> None:
    assert status == case["status"], body
    if "type" in case:
        assert headers["Content-Type"].split(";")[0] == case["type"]
    for text in case.get("holds", ()):
        assert text in body.decode()
    for name, value in case.get("headers_back", {}).items():
        assert name in headers
        assert value in ("*", headers[name])


def method(case: dict[str, Any]) -> str:
    return case.get("method") or ("POST" if "body" in case else "GET")


@pytest.mark.parametrize("case", REQUESTS, ids=lambda case: case["name"])
def test_over_http(server: Running, case: dict[str, Any]) -> None:
    body = case["body"].encode() if "body" in case else None
    response = requests.request(method(case), server.url + case["path"], headers=case.get("headers"), data=body, timeout=30)
    check(case, response.status_code, response.headers, response.content)
    assert not (method(case) == "HEAD" and response.content)


@pytest.mark.parametrize("case", REQUESTS, ids=lambda case: case["name"])
def test_under_wsgi(app: Flask, case: dict[str, Any]) -> None:
    body = case["body"].encode() if "body" in case else None
    response = app.test_client().open("/" + case["path"], method=method(case), headers=case.get("headers"), data=body)
    with response:
        check(case, response.status_code, response.headers, response.data)


@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: case["name"])
def test_a_mistake_has_its_place(server: Running, case: dict[str, Any]) -> None:
    response = server.query(case["query"])
    assert response.status_code == 400
    problem = response.json()
    assert [problem["line"], problem["column"]] == case["place"], problem
    assert case["holds"] in problem["detail"]


@pytest.mark.parametrize("body", [b"Content-Length: 60\r\n\r\nASK {}", b"Transfer-Encoding: chunked\r\n\r\nzz\r\nASK\r\n"])
def test_a_body_that_breaks_off(server: Running, body: bytes) -> None:
    place = urlsplit(server.url)
    with socket.create_connection((str(place.hostname), place.port or 80), timeout=20) as connection:
        connection.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n" + body)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 400 ")


def test_headers_that_stand_twice_are_one_list(server: Running) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
    connection.putrequest("GET", f"/sparql?query={quote(A)}")
    for value in ("text/tab-separated-values", "text/csv;q=0.5"):
        connection.putheader("Accept", value)
    connection.endheaders()
    with contextlib.closing(connection):
        assert str(connection.getresponse().headers["Content-Type"]).startswith("text/tab-separated-values")


@pytest.mark.parametrize("header", ["a/b," * 500, ";" + " " * 2000, 'a/b;x="' + '\\"' * 1000, "a/b;x=y" * 300])
def test_no_accept_header_takes_long(header: str) -> None:
    began = time.process_time()
    choose(accept_of(header), [])
    assert time.process_time() - began < 0.02


@pytest.mark.parametrize("media_type", [*TYPED, "text/csv", "text/tab-separated-values"])
def test_solutions_are_the_same_in_every_format(server: Running, media_type: str) -> None:
    response = server.query(A, headers={"Accept": media_type})
    result = Result.parse(io.BytesIO(response.content), content_type=media_type)
    kept: Callable[[Any], Any] = str if media_type == "text/csv" else lambda term: term  # CSV has no types
    assert {kept(row[0]) for row in result} == {kept(term) for term in VALUES}


@pytest.mark.parametrize("media_type", TYPED)
@pytest.mark.parametrize(("pattern", "expected"), [("{ ?s ?p 42 }", True), ("{ ?s ?p 4343 }", False)])
def test_booleans(server: Running, media_type: str, pattern: str, expected: bool) -> None:
    response = server.query(f"ASK {pattern}", headers={"Accept": media_type})
    assert Result.parse(io.BytesIO(response.content), content_type=media_type).askAnswer is expected


@pytest.mark.parametrize("media_type", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json", *QUADS])
@pytest.mark.parametrize("query", ["DESCRIBE <http://example.org/a>", "CONSTRUCT WHERE { <http://example.org/a> ?p ?o }"])
def test_graphs_are_the_same_in_every_format(server: Running, media_type: str, query: str) -> None:
    response = server.query(query, headers={"Accept": media_type})
    assert response.headers["Content-Type"].split(";")[0] == media_type
    found = Dataset() if media_type in QUADS else Graph()
    found.parse(data=response.content, format=media_type)
    a, p = URIRef("http://example.org/a"), URIRef("http://example.org/p")
    assert {triple[:3] for triple in found} == {
        *((a, p, value) for value in VALUES),
        (a, URIRef("http://example.org/knows"), URIRef("http://example.org/b")),
    }


def test_xsd_types_survive(server: Running) -> None:
    values = f'1.5 true "2008-02"^^<{XSD.gYearMonth}>'
    rows = server.query(f"SELECT ?x {{ VALUES ?x {{ {values} }} }}").json()["results"]["bindings"]
    assert [row["x"]["datatype"] for row in rows] == [str(XSD.decimal), str(XSD.boolean), str(XSD.gYearMonth)]


def test_an_address_is_decoded_once(server: Running) -> None:
    query = "SELECT ?s { ?s ?p <http://example.org/caf%C3%A9> }"
    rows = requests.get(f"{server.sparql}?query={quote(query)}", timeout=30).json()["results"]["bindings"]
    assert [row["s"]["value"] for row in rows] == ["http://example.org/b"]


def graphs_seen(server: Running, query: str, **parameters: object) -> set[str]:
    response = requests.get(server.sparql, params={"query": query, **parameters}, timeout=30)  # type: ignore[arg-type]
    return {row["x"]["value"] for row in response.json()["results"]["bindings"]}


G1, G2 = "http://example.org/g1", "http://example.org/g2"
SUBJECTS = "SELECT DISTINCT ?x {dataset} WHERE {{ ?x <http://example.org/knows> ?o }}"
GRAPHS = "SELECT DISTINCT ?x {dataset} WHERE {{ GRAPH ?x {{ ?s <http://example.org/knows> ?o }} }}"


@pytest.mark.parametrize(
    ("query", "dataset", "parameters", "expected"),
    [
        (SUBJECTS, "", {}, {"a", "b"}),
        (SUBJECTS, "", {"default-graph-uri": G1}, {"a"}),
        (SUBJECTS, "", {"default-graph-uri": [G1, G2]}, {"a", "b"}),
        (SUBJECTS, "", {"named-graph-uri": G1}, set()),
        (SUBJECTS, f"FROM <{G2}>", {}, {"b"}),
        (SUBJECTS, f"FROM NAMED <{G2}>", {}, set()),
        (SUBJECTS, f"FROM <{G2}>", {"default-graph-uri": G1}, {"a"}),
        (GRAPHS, "", {}, {"g1", "g2"}),
        (GRAPHS, "", {"named-graph-uri": G2}, {"g2"}),
        (GRAPHS, "", {"default-graph-uri": G2}, set()),
        (GRAPHS, f"FROM NAMED <{G1}>", {}, {"g1"}),
        (GRAPHS, f"FROM NAMED <{G1}>", {"named-graph-uri": G2}, {"g2"}),
    ],
)
def test_datasets(server: Running, query: str, dataset: str, parameters: dict[str, object], expected: set[str]) -> None:
    assert graphs_seen(server, query.format(dataset=dataset), **parameters) == {f"http://example.org/{name}" for name in expected}


def test_gzip(server: Running) -> None:
    query = f"SELECT * {{ ?s ?p ?o . FILTER(?s != <{A[:4]}:>) }}"
    plain = requests.get(server.sparql, params={"query": query}, headers={"Accept-Encoding": "identity"}, timeout=30)
    packed = requests.get(server.sparql, params={"query": query}, headers={"Accept-Encoding": "gzip"}, stream=True, timeout=30)
    raw = packed.raw.read()
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content) / 5
    assert packed.headers["ETag"] != plain.headers["ETag"]


def test_gzip_that_is_refused(server: Running) -> None:
    response = requests.get(server.sparql, params={"query": "ASK {}"}, headers={"Accept-Encoding": "gzip;q=0, identity"}, timeout=30)
    assert "Content-Encoding" not in response.headers


def test_unchanged_answers_are_not_sent_again(server: Running) -> None:
    first = requests.get(server.sparql, params={"query": A}, timeout=30)
    for tag in (first.headers["ETag"], f'"other", W/{first.headers["ETag"]}', "*"):
        again = requests.get(server.sparql, params={"query": A}, headers={"If-None-Match": tag}, timeout=30)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    other = requests.get(server.sparql, params={"query": A + " LIMIT 1"}, headers={"If-None-Match": first.headers["ETag"]}, timeout=30)
    assert other.status_code == 200


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "uuid()", "STRUUID()"])
def test_answers_that_change_are_not_kept(server: Running, function: str) -> None:
    first, second = (server.query(f"SELECT ({function} AS ?x) {{}}") for _ in range(2))
    assert first.headers["Cache-Control"] == "no-store"
    assert "ETag" not in first.headers
    assert first.text != second.text


def test_a_query_that_is_too_long(server: Running) -> None:
    response = server.query("ASK {} #" + "x" * 2_000_000)
    assert response.status_code == 413
    assert response.json()["hint"]


def test_many_parameters(server: Running) -> None:
    response = requests.post(server.sparql, data={f"a{i}": "1" for i in range(5000)}, timeout=30)
    assert response.status_code == 400


FORWARDED = {"X-Forwarded-Prefix": "/kg", "X-Forwarded-Host": "graph.example", "X-Forwarded-Proto": "https"}


def endpoint_named(url: str, headers: dict[str, str]) -> str:
    graph = Graph().parse(data=requests.get(url, headers=headers, timeout=30).content, format="turtle")
    return str(next(graph.objects(None, SD.endpoint)))


@pytest.fixture(scope="module")
def proxied(small_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server that trusts this machine as a proxy."""
    with serving(small_data, tmp_path_factory.mktemp("proxied") / "log", trusted_proxies="127.0.0.0/8") as running:
        yield running


def test_links_hold_behind_a_proxy(proxied: Running) -> None:
    assert endpoint_named(proxied.sparql, FORWARDED) == "https://graph.example/kg/sparql"


def test_nobody_is_trusted_unless_named(server: Running) -> None:
    assert endpoint_named(server.sparql, FORWARDED) == server.sparql


def test_names_with_underscores_are_no_headers(proxied: Running) -> None:
    for path in ("sparql", "openapi.json"):
        given = {name.replace("-", "_"): value for name, value in FORWARDED.items()}
        assert "graph.example" not in requests.get(proxied.url + path, headers=given, timeout=30).text


def test_a_public_address_is_used_whatever_is_asked(small_data: Path, tmp_path: Path) -> None:
    with serving(small_data, tmp_path / "log", public_url="https://graph.example/kg") as running:
        assert endpoint_named(running.sparql, {"Host": "evil.example"}) == "https://graph.example/kg/sparql"
        void = requests.get(running.url + ".well-known/void", headers={"Host": "evil.example"}, timeout=30)
        assert "https://graph.example/kg/sparql" in void.text
        assert "evil.example" not in void.text


@pytest.mark.parametrize("host", ["entente_web:8080", "[::1]:8080"])
def test_links_lead_to_the_host_that_was_asked(server: Running, host: str) -> None:
    assert endpoint_named(server.sparql, {"Host": host}) == f"http://{host}/sparql"


def test_a_forwarded_host_that_is_none_is_not_shown(proxied: Running) -> None:
    assert endpoint_named(proxied.sparql, {"X-Forwarded-Host": '"><script>'}) == proxied.sparql


@pytest.mark.parametrize("prefix", ["//evil.example", "/a b", '/x"><script>', "javascript:alert(1)"])
def test_a_prefix_that_is_none_is_ignored(proxied: Running, prefix: str) -> None:
    assert endpoint_named(proxied.sparql, {"X-Forwarded-Prefix": prefix}) == proxied.sparql


def test_metrics(server: Running) -> None:
    server.query("ASK {}")
    server.query("ASK {")
    text = requests.get(server.url + "metrics", timeout=30).text
    values = {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if not line.startswith("#")}
    assert values['entente_queries_total{outcome="answered"}'] >= 1
    assert values['entente_queries_total{outcome="invalid"}'] >= 1
    assert values['entente_query_seconds_bucket{le="+Inf"}'] >= 2
    assert values["entente_workers"] >= 2
    for name in ("queries_running", "queries_waiting", "workers_killed", "cache_bytes", 'queries_total{outcome="cached"}'):
        assert f"entente_{name}" in values


def test_access_log(server: Running) -> None:
    server.query("ASK { <http://example.org/logged> ?p ?o }")
    time.sleep(0.5)
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    last = [line for line in lines if line["path"] == "/sparql"][-1]
    assert {"time", "client", "method", "status", "bytes", "ms", "query"} <= set(last)
    assert "example.org/logged" not in json.dumps(last)
