"""The ontology and the dataset's description, parsed in every format in which they are served."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from rdflib import DCAT, VOID, Graph, URIRef
from rdflib.compare import isomorphic

from kg.graph.namespaces import PREFIXES
from kg.resources import resource_folder
from kg.store import current_build
from server import create_app

DATASET = URIRef("https://w3id.org/entente/dataset")
FORMS = {"text/turtle": "turtle", "application/ld+json": "json-ld", "application/rdf+xml": "xml", "application/n-triples": "nt"}


@pytest.fixture(scope="module")
def client(small_data: Path) -> Iterator[FlaskClient]:
    app = create_app(small_data, workers=1)
    yield app.test_client()
    app.extensions["entente.engine"].close()


@pytest.mark.parametrize(("media_type", "form"), FORMS.items())
def test_the_ontology_as_data(client: FlaskClient, media_type: str, form: str) -> None:
    answer = client.get("/ontology", headers={"Accept": media_type})
    assert answer.mimetype == media_type
    assert "Accept" in answer.headers["Vary"]
    assert isomorphic(Graph().parse(data=answer.data, format=form), Graph().parse(resource_folder("ontology") / "entente.ttl"))


def test_the_service_names_every_prefix_that_it_knows(client: FlaskClient) -> None:
    assert f"These prefixes need no declaration: {', '.join(sorted(PREFIXES))}." in client.get("/sparql").text


@pytest.mark.parametrize("path", ["/ontology", "/.well-known/void", "/sparql"])
def test_json_ld_has_a_context_and_types(client: FlaskClient, path: str) -> None:
    document = client.get(path, headers={"Accept": "application/ld+json"}).get_json(force=True)
    assert document["@context"]["rdfs"] == "http://www.w3.org/2000/01/rdf-schema#"
    assert any("@type" in node for node in document.get("@graph", [document]))
    assert "http://www.w3.org/1999/02/22-rdf-syntax-ns#type" not in str(document)


@pytest.mark.parametrize("accept", ["text/html,application/xhtml+xml,*/*;q=0.8", "*/*", ""])
def test_the_ontology_as_a_page(client: FlaskClient, accept: str) -> None:
    answer = client.get("/ontology", headers={"Accept": accept} if accept else {})
    assert answer.mimetype == "text/html"
    assert 'id="Agreement"' in answer.text


def test_a_format_by_name_and_one_that_is_none(client: FlaskClient) -> None:
    assert client.get("/ontology?format=ttl").mimetype == "text/turtle"
    assert client.get("/ontology", headers={"Accept": "image/png"}).status_code == 406


def test_unchanged_documents_are_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/ontology").headers["ETag"]
    assert client.get("/ontology", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(("media_type", "form"), FORMS.items())
def test_the_description_has_this_servers_addresses(client: FlaskClient, small_data: Path, media_type: str, form: str) -> None:
    answer = client.get("/.well-known/void", headers={"Accept": media_type}, base_url="https://graph.example/kg")
    graph = Graph().parse(data=answer.data, format=form)
    assert graph.value(DATASET, VOID.sparqlEndpoint) == URIRef("https://graph.example/kg/sparql")
    dumps = {dump["name"]: dump["size"] for dump in current_build(small_data).manifest["dumps"]}
    said = {str(node): int(graph.value(node, DCAT.byteSize)) for node in graph.objects(DATASET, DCAT.distribution)}  # type: ignore[arg-type]
    assert said == {f"https://graph.example/kg/dumps/{name}": size for name, size in dumps.items()}


def test_every_dump_that_is_described_can_be_fetched(client: FlaskClient) -> None:
    graph = Graph().parse(data=client.get("/.well-known/void").data, format="turtle")
    addresses = list(graph.objects(DATASET, VOID.dataDump))
    assert len(addresses) == 5
    for address in addresses:
        with client.get(str(address)) as answer:
            assert answer.status_code == 200
            assert len(answer.data) == int(graph.value(address, DCAT.byteSize))  # type: ignore[arg-type]


def test_the_page_may_use_its_own_styles_and_no_script(client: FlaskClient) -> None:
    policy = client.get("/ontology").headers["Content-Security-Policy"]
    assert "style-src 'unsafe-inline'" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
