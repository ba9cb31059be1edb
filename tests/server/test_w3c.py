"""The W3C's own tests over HTTP: protocol, service description, and the reading half of the Graph Store Protocol."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
import requests
from rdflib import Dataset, Graph, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import RDF

from tests.server.conftest import build
from tests.server.running import Running, serving
from tests.server.w3c import Message, Test, read_tests

W3C = Path(__file__).parents[3] / "shared" / "w3c"
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
DATA = "http://kasei.us/2009/09/sparql/data/"
DIRECT, INDIRECT = (W3C / "graph-store-protocol" / f"manifest-{kind}.ttl" for kind in ("direct", "indirect"))
TABULAR = {"application/sparql-results+xml", "application/sparql-results+json", "text/csv", "text/tab-separated-values"}
BOOLEAN = {"application/sparql-results+xml", "application/sparql-results+json"}
RDF_TYPES = {"application/rdf+xml", "text/turtle", "application/n-triples"}

pytestmark = pytest.mark.skipif(not W3C.is_dir(), reason=f"{W3C} is not here: the W3C's tests are not ours to carry")


def manifest_tests(manifest: Path) -> list[Test]:
    return read_tests(manifest) if manifest.is_file() else []


PROTOCOL = manifest_tests(W3C / "protocol" / "manifest.ttl")


def gsp_reads() -> list[Test]:
    """Return the tests that a read-only server can pass once their graphs are loaded: what they write, they write before they read."""
    found = []
    for test in manifest_tests(INDIRECT):
        methods = [message.method for message in test.messages]
        reads = next((at for at, method in enumerate(methods) if method in ("GET", "HEAD")), len(methods))
        if set(methods[:reads]) <= {"PUT"} and set(methods[reads:]) <= {"GET", "HEAD"} and reads < len(methods):
            found.append(test)
    return found


@pytest.fixture(scope="module")
def w3c_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with the graphs named in the protocol tests and those put by the Graph Store tests."""
    folder = tmp_path_factory.mktemp("w3c")
    dataset = Dataset()
    for name in ("data1", "data2", "data3"):
        dataset.graph(URIRef(f"{DATA}{name}.rdf")).parse(W3C / "protocol" / f"{name}.nt", format="nt")
    for test in gsp_reads():
        for message in test.messages:
            if message.method == "PUT" and "graph" in parse_qs(message.query_string):
                graph = dataset.graph(URIRef(parse_qs(message.query_string)["graph"][0]))
                graph.remove((None, None, None))
                graph.parse(data=message.body, format="turtle")
    lines = [line for line in dataset.serialize(format="nquads").splitlines() if line]
    (folder / "graphs.nq").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with serving(build(folder / "data", folder / "graphs.nq"), folder / "log") as running:
        yield running


def send(running: Running, message: Message, place: str, ours: str) -> requests.Response:
    """Send a message of the tests to our address, with exactly its ``Content-Type`` header, or none."""
    url = running.url + message.path.replace(place, ours, 1)
    request = requests.Request(message.method, url, headers=dict(message.headers), data=message.body or None).prepare()
    if not any(name.lower() == "content-type" for name, _ in message.headers):
        request.headers.pop("Content-Type", None)
    request.url = url
    with requests.Session() as session:
        return session.send(request, timeout=30)


def ask(running: Running, message: Message) -> requests.Response:
    return send(running, message, "/sparql/", "sparql")


def check(response: requests.Response, message: Message) -> None:
    assert message.accepts(response.status_code), f"{response.status_code} {response.text}"
    media_type = response.headers["Content-Type"].split(";")[0]
    if message.form:
        assert media_type in {"tabular": TABULAR, "boolean": BOOLEAN, "RDF": RDF_TYPES}[message.form]
    if message.boolean is not None:
        assert response.json()["boolean"] is message.boolean


@pytest.mark.parametrize("test", [t for t in PROTOCOL if not t.name.startswith("update_")], ids=lambda t: t.name)
def test_queries_and_malformed_requests(w3c_server: Running, test: Test) -> None:
    for message in test.messages:
        check(ask(w3c_server, message), message)


@pytest.mark.parametrize("test", [t for t in PROTOCOL if t.name.startswith("update_")], ids=lambda t: t.name)
def test_updates_are_refused_and_change_nothing(w3c_server: Running, test: Test) -> None:
    count = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
    before = w3c_server.query(count).text
    response = ask(w3c_server, test.messages[0])
    assert response.status_code == 403
    assert "read-only" in response.json()["detail"]
    assert w3c_server.query(count).text == before


def test_every_protocol_test_is_run() -> None:
    assert len(PROTOCOL) == 34


def test_returns_rdf(w3c_server: Running) -> None:
    response = requests.get(w3c_server.sparql, timeout=30)
    assert response.status_code == 200
    assert response.headers["Content-Type"].split(";")[0] in RDF_TYPES
    assert len(Graph().parse(data=response.content, format="turtle")) > 10


def test_has_endpoint_triple(w3c_server: Running) -> None:
    graph = Graph().parse(data=requests.get(w3c_server.sparql, timeout=30).content, format="turtle")
    assert (None, SD.endpoint, URIRef(w3c_server.sparql)) in graph


@pytest.mark.parametrize("media_type", ["text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"])
def test_conforms_to_schema(w3c_server: Running, media_type: str) -> None:
    """The Service Description recommendation requires one service with one endpoint, and its own terms used as defined."""
    response = requests.get(w3c_server.sparql, headers={"Accept": media_type}, timeout=30)
    assert response.headers["Content-Type"].split(";")[0] == media_type
    graph = Graph().parse(data=response.content, format=media_type)
    service = graph.value(predicate=RDF.type, object=SD.Service, any=False)
    assert list(graph.objects(service, SD.endpoint)) == [URIRef(w3c_server.sparql)]
    assert SD.SPARQL11Query in graph.objects(service, SD.supportedLanguage)
    assert SD.UnionDefaultGraph in graph.objects(service, SD.feature)
    dataset = graph.value(service, SD.defaultDataset)
    assert (dataset, RDF.type, SD.Dataset) in graph
    assert (graph.value(dataset, SD.defaultGraph), RDF.type, SD.Graph) in graph
    for form in graph.objects(service, SD.resultFormat):
        assert str(form).startswith("http://www.w3.org/ns/formats/")


@pytest.mark.parametrize("test", gsp_reads(), ids=lambda t: t.name)
def test_graph_store_reads(w3c_server: Running, test: Test) -> None:
    for message in test.messages:
        response = send(w3c_server, message, "/gsp", "graphs")
        if message.method == "PUT":
            assert response.status_code == 403
            continue
        assert message.accepts(response.status_code), response.text
        if message.graph and "graph=" in message.path:
            found = Graph().parse(data=response.content, format="turtle")
            assert isomorphic(found, Graph().parse(data=message.graph, format="turtle"))


def test_graph_store_manifests_are_accounted_for() -> None:
    """Of the tests that name graphs by parameter, these need writing; those that name them by path need a store under that path."""
    read = {test.name for test in gsp_reads()}
    assert {test.name for test in manifest_tests(INDIRECT)} - read == {
        "put_get_repeat_indirect",
        "put_delete_get_delete_indirect",
        "post_get_post_get_indirect",
        "post_get_new_graph",
    }
    assert len(manifest_tests(DIRECT)) == 4


def test_default_graph_is_the_union(w3c_server: Running) -> None:
    everything = Graph().parse(data=requests.get(w3c_server.url + "graphs?default", timeout=30).content, format="turtle")
    assert (URIRef(f"{DATA}data1.rdf"), RDF.type, None) in everything
    assert (URIRef(f"{DATA}data3.rdf"), RDF.type, None) in everything
