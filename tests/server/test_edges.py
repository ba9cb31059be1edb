"""Requests of real clients that the standards' tests lack, with the answers of ``shared/cases/endpoint.md``, and similar ones."""

from __future__ import annotations

import csv
import gzip
import io
import json
import socket
import time
import xml.dom.minidom
from urllib.parse import quote, urlsplit

import pytest
import requests
from rdflib import Dataset, Graph

from kg.formats import SOLUTIONS, Format
from tests.server.running import Running

BROWSER = {"Origin": "http://x.example"}


def get(server: Running, path: str, **headers: str) -> requests.Response:
    return requests.get(server.url + path, headers=headers, timeout=60, allow_redirects=False)


def ask(server: Running, query: str, form: str, **headers: str) -> requests.Response:
    return requests.get(server.sparql, params={"query": query, "format": form}, headers=headers, timeout=60)


def raw(server: Running, request: bytes) -> bytes:
    place = urlsplit(server.url)
    with socket.create_connection((str(place.hostname), place.port or 80), timeout=30) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize(
    ("term", "field"),
    [
        ("<http://x/a,b>", "http://x/a,b"),
        ('"a,b"', "a,b"),
        ("'a\"b'", 'a"b'),
        ('"a\\nb"', "a\nb"),
        ('"=1+1"', "=1+1"),
        ('""', ""),
        ("42", "42"),
    ],
)
def test_csv_has_its_fields(server: Running, term: str, field: str) -> None:
    text = ask(server, f"SELECT ({term} AS ?x) ('y' AS ?z) ?none {{}}", "csv").content.decode()
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["x", "z", "none"], [field, "y", ""]]


LETTERS = ("/api/search?q=Thaçi", "/sparql?query=ASK%7B%7D%23ç", "/?q=ç", "/graphs?default&x=ç", "/queries/people.csv?x=ç")


@pytest.mark.parametrize("path", LETTERS)
def test_letters_that_are_not_encoded(server: Running, path: str) -> None:
    head = "GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    status = {raw(server, head.format(each).encode()).split(b" ", 2)[1] for each in (path, quote(path, safe="/?=&%"))}
    assert len(status) == 1
    assert status != {b"500"}
    assert raw(server, head.format(path).encode("latin-1")).split(b" ", 2)[1] == b"400"


@pytest.mark.parametrize(
    "path",
    ["?q=Tha%E7i", "search?q=%FF", "queries/people?x=%FF", "api/search?q=%C3", "sparql?query=ASK%7B%7D%23%FF", "graphs?default&x=%FF"],
)
def test_letters_in_another_encoding(server: Running, path: str) -> None:
    assert get(server, path).status_code == 400


def test_an_answer_does_not_depend_on_how_letters_are_sent(server: Running) -> None:
    query = 'ASK { FILTER(STRLEN("Thaçi") = 5) }'
    sent = quote(query).replace("%C3%A7", "ç")
    answer = raw(server, f"GET /sparql?query={sent} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert b'"boolean":true' in answer


PATHS = (
    *("sparql", "graphs", "data/Kosovo.ttl", "ontology", ".well-known/void"),
    *("dumps/entente.ttl", "api/queries", "queries/people", "nowhere"),
)


@pytest.mark.parametrize("path", PATHS)
def test_other_origins_may_read(server: Running, path: str) -> None:
    assert get(server, path, **BROWSER).headers["Access-Control-Allow-Origin"] == "*"
    asked = {**BROWSER, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "accept, authorization, range, x-any"}
    preflight = requests.options(server.url + path, headers=asked, timeout=30)
    assert preflight.ok or path == "nowhere"
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert {"accept", "authorization", "range", "x-any"} <= set(preflight.headers["Access-Control-Allow-Headers"].split(", "))


def test_redirects_may_be_followed_from_other_origins(server: Running) -> None:
    redirect = get(server, "dataset", Accept="text/turtle", **BROWSER)
    assert redirect.status_code == 303
    assert redirect.headers["Access-Control-Allow-Origin"] == "*"


SILENT = (
    *("default-graph-uri=", "named-graph-uri=", "timeout=0", "timeout=", "format=", "output=", "output=json"),
    *("format=auto", "format=auto&format=json", "should-sponge=&signal_void=on&run=+Run+Query+&debug=on"),
)


@pytest.mark.parametrize("parameter", SILENT)
def test_parameters_that_say_nothing(server: Running, parameter: str) -> None:
    assert get(server, f"sparql?query=ASK%7B%7D&{parameter}").json()["boolean"] is True


@pytest.mark.parametrize("prefix", ["rdfs:label", "ent:actor", "cat:AGREE", "skos:broader", "res:Kosovo", "prov:wasDerivedFrom"])
def test_known_prefixes_need_no_declaration(server: Running, prefix: str) -> None:
    assert ask(server, f"ASK {{ ?s ?p {prefix} }}", "json").status_code == 200
    own = ask(server, f"PREFIX {prefix.split(':')[0]}: <http://own/> SELECT ({prefix} AS ?x) {{}}", "csv")
    assert own.text.splitlines()[1].startswith("http://own/")


def test_an_unknown_prefix_is_still_told(server: Running) -> None:
    answer = ask(server, "ASK { ?s ?p unknown:x }", "json")
    assert answer.status_code == 400
    assert "unknown:" in answer.json()["detail"]


TYPED = "CONSTRUCT { <http://x/s> a <http://x/C>, <http://x/D> ; <http://x/p> 'v]}' } WHERE {}"


def test_json_ld_has_types(server: Running) -> None:
    (node,) = ask(server, TYPED, "jsonld").json()["@graph"]
    assert sorted(node["@type"]) == ["http://x/C", "http://x/D"]
    assert len(Graph().parse(data=ask(server, TYPED, "jsonld").text, format="json-ld")) == 3


def test_a_type_that_is_no_node_stays_a_property(server: Running) -> None:
    (node,) = ask(server, "CONSTRUCT { <http://x/s> a 'text' } WHERE {}", "jsonld").json()["@graph"]
    assert "@type" not in node


def test_json_ld_has_prefixes(server: Running) -> None:
    document = ask(server, "PREFIX own: <http://own/> CONSTRUCT { own:s a ent:Event ; own:p <geo:1,2> } WHERE {}", "jsonld").json()
    assert {"ent": "https://w3id.org/entente/ontology#", "own": "http://own/"}.items() <= document["@context"].items()
    assert {"@id": "own:s", "@type": ["ent:Event"]} in document["@graph"]
    assert {"@context": None, "@id": "http://own/s", "http://own/p": [{"@id": "geo:1,2"}]} in document["@graph"]


def test_turtle_has_prefixes(server: Running) -> None:
    text = ask(server, "PREFIX own: <http://own/> CONSTRUCT { own:s a ent:Event } WHERE {}", "turtle").text
    assert "own:s a ent:Event" in text
    heads = [line for line in text.splitlines() if line.startswith("@prefix")]
    assert heads == sorted(heads)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("CONSTRUCT {<http://x/s> <http://x/p(1)> 'v'} WHERE {}", "rdfxml"),
        ("CONSTRUCT {<http://x/s> <http://x/p> 'a\\u0001b'} WHERE {}", "rdfxml"),
        ('SELECT ("a\\u0001b" AS ?x) {}', "xml"),
        ('SELECT ("\\uFFFE" AS ?x) {}', "xml"),
    ],
)
def test_what_xml_cannot_hold_is_an_error(server: Running, query: str, form: str) -> None:
    answer = ask(server, query, form)
    assert answer.status_code == 406
    assert answer.json()["hint"]


def test_a_carriage_return_survives_xml(server: Running) -> None:
    document = xml.dom.minidom.parseString(ask(server, 'SELECT ("a\\rb" AS ?x) {}', "xml").content)
    assert document.getElementsByTagName("literal")[0].firstChild.data == "a\rb"  # type: ignore[union-attr]


@pytest.mark.parametrize("query", ["ASK { FILTER(TRUE) }", "ASK { FILTER(!FaLsE) }", "ASK { FILTER(EXISTS {} && TRUE) }"])
def test_keywords_in_any_case(server: Running, query: str) -> None:
    assert ask(server, query, "json").json()["boolean"] is True


def test_escapes_in_names(server: Running) -> None:
    answer = ask(server, "PREFIX r: <http://x/> SELECT (r:Tha\\u00E7i AS ?x) ('\\u00E7' AS ?y) {}", "csv")
    assert answer.content.decode().splitlines()[1] == "http://x/Thaçi,ç"


@pytest.mark.parametrize("length", [8_000, 65_000])
def test_long_queries_by_get(server: Running, length: int) -> None:
    assert get(server, f"sparql?query=ASK%7B%7D%23{'x' * length}").status_code == 200


def test_an_address_that_is_too_long_has_a_reason(server: Running) -> None:
    answer = get(server, f"sparql?query=ASK%7B%7D%23{'x' * 65_450}")
    assert answer.status_code == 414
    assert "POST" in answer.json()["hint"]


@pytest.mark.parametrize("ending", ["nq", "trig"])
def test_named_graphs_load_by_address(server: Running, ending: str) -> None:
    dataset = Dataset()
    dataset.parse(f"{server.url}dumps/entente.{ending}")
    assert len(list(dataset.graphs())) > 1
    packed = requests.get(f"{server.url}dumps/entente.{ending}", headers={"Accept-Encoding": "gzip"}, timeout=30, stream=True)
    assert packed.headers["Content-Encoding"] == "gzip"
    plain = requests.get(f"{server.url}dumps/entente.{ending}", headers={"Accept-Encoding": "identity"}, timeout=30)
    assert gzip.decompress(packed.raw.read()) == plain.content


HEADS = ("dumps/entente.nq", "dumps/entente.ttl", "about", "queries/people.csv", "static/entente.css", "ontology", "sparql?query=ASK%7B%7D")


@pytest.mark.parametrize("path", HEADS)
def test_head_tells_what_get_would(server: Running, path: str) -> None:
    """The same length, or none (RFC 9110, 9.3.2), and no body."""
    kept = {"Accept-Encoding": "identity"}
    head = requests.head(server.url + path, headers=kept, timeout=30)
    whole = requests.get(server.url + path, headers=kept, timeout=30)
    assert head.content == b""
    assert (head.status_code, head.headers["Content-Type"]) == (200, whole.headers["Content-Type"])
    assert head.headers.get("Content-Length") in (None, str(len(whole.content)))


def test_the_dumps_have_a_page(server: Running) -> None:
    for path in ("dumps", "dumps/"):
        assert requests.get(server.url + path, timeout=30).status_code == 200


@pytest.mark.parametrize("path", ["dataset", "software", "build/8793ba6a8e32fb62", "category/"])
def test_names_that_the_data_uses_lead_somewhere(server: Running, path: str) -> None:
    found = requests.get(server.url + path, headers={"Accept": "text/turtle"}, timeout=30)
    assert found.status_code == 200
    assert found.headers["Content-Type"].startswith("text/turtle")


@pytest.mark.parametrize("form", SOLUTIONS, ids=lambda form: form.ending)
def test_pages_with_several_forms(server: Running, form: Format) -> None:
    content_type = form.media_type
    by_name = get(server, f"queries/people?format={form.ending}")
    by_header = get(server, "queries/people", Accept=content_type)
    assert by_name.headers["Content-Type"].startswith(content_type)
    assert by_name.content == by_header.content
    assert get(server, "queries/people", Accept="text/html").headers["Content-Type"].startswith("text/html")


def test_a_form_that_there_is_not(server: Running) -> None:
    for path in ("queries/people", "ontology", "api/queries/people", ".well-known/void"):
        answer = get(server, f"{path}?format=nonsense")
        assert answer.status_code == 406
        assert "There are" in answer.json()["hint"]


@pytest.mark.parametrize(("path", "named", "given"), [
    ("articles", "csv", 406),
    ("about", "ttl", 406),
    ("search?q=x", "json", 406),
    ("queries/people.csv", "json", 406),
    ("dumps/entente.ttl", "jsonld", 406),
    ("articles", "html", 200),
    ("api/search", "json", 200),
    ("queries/people.csv", "csv", 200),
    ("articles", "", 200),
])  # fmt: skip
def test_a_format_asked_for_by_name_is_never_ignored(server: Running, path: str, named: str, given: int) -> None:
    answer = get(server, f"{path}{'&' if '?' in path else '?'}format={named}")
    assert answer.status_code == given
    assert given == 200 or "There are" in answer.json()["hint"]


def test_the_editor_by_name(server: Running) -> None:
    for name in ("html", "text/html"):
        assert get(server, f"sparql?query=ASK%7B%7D&format={name}").headers["Content-Type"].startswith("text/html")
    assert get(server, "sparql?query=ASK%7B%7D&format=json", Accept="text/html").json()["boolean"] is True


def test_the_api_is_described(server: Running) -> None:
    document = get(server, "openapi.json").json()
    assert set(document["paths"]["/sparql"]) == {"get", "post"}
    search = document["paths"]["/api/search"]["get"]
    assert all(parameter["description"] for parameter in search["parameters"])
    assert "sentences" in search["responses"]["200"]["content"]["application/json"]["schema"]["properties"]
    assert json.dumps(document).count("too busy") == 1


def test_crawlers_are_told(server: Running) -> None:
    robots = get(server, "robots.txt").text
    assert "Disallow: /sparql" in robots
    xml.dom.minidom.parseString(get(server, "sitemap.xml").content)


@pytest.mark.parametrize("hosts", [(), (b"a", b"b"), (b"a, b",), (b"a b",), (b"a:b",), (b'"><script>',)])
def test_a_request_has_one_host(server: Running, hosts: tuple[bytes, ...]) -> None:
    lines = b"".join(b"Host: " + host + b"\r\n" for host in hosts)
    for path in (b"/health", b"/sparql", b"/about"):
        answer = raw(server, b"GET " + path + b" HTTP/1.1\r\n" + lines + b"Connection: close\r\n\r\n")
        assert answer.split(b" ", 2)[1] == b"400"


def test_a_body_in_too_many_pieces(server: Running) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert raw(server, head + b"1\r\n \r\n" * 20_000 + b"0\r\n\r\n").split(b" ", 2)[1] == b"400"


def test_long_paths_are_cut_in_the_log(server: Running) -> None:
    get(server, "cut" * 10_000)
    end = time.monotonic() + 10
    while (at := server.log.read_text().find('"/cutcut')) < 0 and time.monotonic() < end:
        time.sleep(0.1)
    assert 1000 < server.log.read_text()[at + 1 :].index('"') <= 1024


def test_data_runs_nothing_in_a_browser(server: Running) -> None:
    for path in (
        "health",
        "ready",
        "metrics",
        "robots.txt",
        "static/entente.css",
        "sparql?query=ASK%7B%7D",
        "dumps/entente.ttl",
        "ontology?format=ttl",
        "nowhere",
        "openapi.json",
        "queries/people.csv",
    ):
        headers = get(server, path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_any_answer_counts_only_where_there_is_one(server: Running) -> None:
    for query, status in (("ASK { this is none", 400), ("ASK { ?any ?answer ?counts }", 304)):
        for _ in range(2):
            answer = requests.get(server.sparql, params={"query": query}, headers={"If-None-Match": "*"}, timeout=30)
            assert answer.status_code == status


def test_long_headers_are_read_in_part(server: Running) -> None:
    """The event loop reads them."""
    query = "sparql?query=ASK%7B%7D"
    tag = get(server, query).headers["ETag"]
    assert get(server, query, **{"If-None-Match": '"a",' * 400 + tag}).status_code == 304
    assert get(server, query, **{"If-None-Match": "," * 50_000 + tag}).status_code == 200
    sent = "application/sparql-query" + ";a=b" * 10_000 + ";charset=latin-1"
    assert requests.post(server.sparql, b"ASK {}", headers={"Content-Type": sent}, timeout=60).status_code == 200
    assert get(server, f"{query}&format={'x,' * 20_000}csv").status_code == 406
