"""Common SPARQL clients with a running server: each gets what is in the graph.

Comunica and fetch-sparql-endpoint come from npm; ``make service-test`` installs them and sets ``ENTENTE_NPM``.
"""

from __future__ import annotations

import gc
import io
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pandas
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, Unauthorized

from tests.server.running import Running

NPM = Path(os.environ.get("ENTENTE_NPM", "nowhere"))
A, P, KNOWS, B = (URIRef(f"http://example.org/{name}") for name in ("a", "p", "knows", "b"))
SELECT = f"SELECT ?o WHERE {{ <{A}> <{P}> ?o }}"
VALUES = {"plain", 'café "quoted", with comma', "42"}
CONSTRUCT = f"CONSTRUCT WHERE {{ <{A}> ?p ?o }}"


# SPARQLWrapper leaves closing its connections to the garbage collector, which warns.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module", autouse=True)
def collected() -> Iterator[None]:
    """Collect what is left open before tests of other modules run, which fail for warnings."""
    yield
    gc.collect()


@pytest.fixture
def wrapper(server: Running) -> SPARQLWrapper:
    return SPARQLWrapper(server.sparql)


@pytest.mark.parametrize("method", ["GET", POST])
@pytest.mark.parametrize("way", ["urlencoded", POSTDIRECTLY])
def test_sparqlwrapper_select(wrapper: SPARQLWrapper, method: str, way: str) -> None:
    wrapper.setQuery(SELECT)
    wrapper.setMethod(method)
    if method == POST:
        wrapper.setRequestMethod(way)
    wrapper.setReturnFormat(JSON)
    assert {row["o"]["value"] for row in wrapper.queryAndConvert()["results"]["bindings"]} == VALUES


@pytest.mark.parametrize("form", [XML, CSV, TSV])
def test_sparqlwrapper_other_formats(wrapper: SPARQLWrapper, form: str) -> None:
    wrapper.setQuery(SELECT)
    wrapper.setReturnFormat(form)
    found = wrapper.queryAndConvert()
    text = found.toxml() if form == XML else found.decode()
    assert all(value.split()[0] in text for value in VALUES)


@pytest.mark.parametrize("form", [TURTLE, N3, RDFXML, XML])
def test_sparqlwrapper_construct(wrapper: SPARQLWrapper, form: str) -> None:
    wrapper.setQuery(CONSTRUCT)
    wrapper.setReturnFormat(form)
    found = wrapper.queryAndConvert()
    graph = found if isinstance(found, Graph) else Graph().parse(data=found, format="turtle")
    assert (A, KNOWS, B) in graph
    assert len(graph) == 4


def test_sparqlwrapper_is_told_what_is_wrong(wrapper: SPARQLWrapper) -> None:
    wrapper.setQuery("SELECT WHERE {")
    with pytest.raises(QueryBadFormed, match='"column"'):
        wrapper.query()


def test_sparqlwrapper_cannot_write(wrapper: SPARQLWrapper) -> None:
    wrapper.setMethod(POST)
    wrapper.setQuery("INSERT DATA { <x:a> <x:b> <x:c> }")
    with pytest.raises(Exception, match="403") as raised:
        wrapper.query()
    assert not isinstance(raised.value, Unauthorized)


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_sparqlstore(server: Running, method: str) -> None:
    store = SPARQLStore(server.sparql, method=method)
    graph = Graph(store)
    assert set(graph.objects(A, P)) == {Literal("plain"), Literal('café "quoted", with comma', lang="fr"), Literal(42)}
    assert (A, KNOWS, B) in graph
    assert {row.o for row in graph.query(f"SELECT ?o {{ <{A}> <{KNOWS}> ?o }}")} == {B}
    assert len(graph.query(CONSTRUCT).graph) == 4
    assert graph.query(f"ASK {{ <{A}> <{KNOWS}> <{B}> }}").askAnswer


def test_pandas(server: Running) -> None:
    table = pandas.read_csv(f"{server.sparql}?format=csv&query={quote(SELECT)}")
    assert set(table["o"]) == VALUES
    table = pandas.read_csv(f"{server.sparql}?query={quote(SELECT)}", storage_options={"Accept": "text/csv", "Accept-Encoding": "gzip"},
                            compression="gzip")  # fmt: skip
    assert set(table["o"]) == VALUES


def curl(*arguments: str) -> str:
    return subprocess.run(["curl", "-sS", *arguments], capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_curl(server: Running) -> None:
    table = curl("-G", server.sparql, "--data-urlencode", f"query={SELECT}", "-H", "Accept: text/tab-separated-values")
    assert set(table.split("\n")[1:-1]) == {'"plain"', '"café \\"quoted\\", with comma"@fr', "42"}
    form = curl(server.sparql, "--compressed", "--data-urlencode", f"query={SELECT}", "-H", "Accept: application/sparql-results+json")
    assert {row["o"]["value"] for row in json.loads(form)["results"]["bindings"]} == VALUES
    direct = curl(server.sparql, "-H", "Content-Type: application/sparql-query", "--data-binary", CONSTRUCT, "-H", "Accept: text/turtle")
    assert len(Graph().parse(io.StringIO(direct), format="turtle")) == 4
    assert "HTTP/1.1 200" in curl("-I", "-G", server.sparql, "--data-urlencode", "query=ASK {}")


@pytest.mark.skipif(not (NPM / "node_modules").is_dir(), reason="npm's packages are installed by `make service-test`")
@pytest.mark.parametrize("client", ["comunica", "fetch-sparql-endpoint"])
def test_javascript(server: Running, client: str) -> None:
    done = subprocess.run(["node", f"{client}.mjs", server.sparql], cwd=NPM, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found["select"]) == VALUES
    assert found["ask"] is True
    assert found["triples"] == 4
    assert "HTTP status 4" in found["error"]
