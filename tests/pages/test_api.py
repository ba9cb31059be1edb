"""The JSON API and its OpenAPI description."""

from __future__ import annotations

import json
import re

from flask.testing import FlaskClient
from markupsafe import escape
from rdflib import RDF, RDFS, SDO, SH, Graph

from kg.sparql.canned import load_queries


def test_the_description_names_every_query_and_parameter(made_up: FlaskClient) -> None:
    described = json.loads(made_up.get("/openapi.json").data)
    assert described["openapi"].startswith("3.1")
    for name, query in load_queries().items():
        operation = described["paths"][f"/api/queries/{name}"]["get"]
        names = {p["name"] if "name" in p else p["$ref"].rpartition("/")[2] for p in operation["parameters"]}
        assert names == {p.name for p in query.parameters} | {"format", "limit", "offset"}
        assert {"200", "400", "5XX"} <= set(operation["responses"])


def test_what_is_described_is_served(made_up: FlaskClient) -> None:
    listed = json.loads(made_up.get("/api/queries").data)["queries"]
    assert [query["name"] for query in listed] == sorted(load_queries())
    for query in listed:
        assert query["href"].startswith("http://localhost/api/queries/")


def test_answers_come_in_the_form_that_is_asked_for(made_up: FlaskClient) -> None:
    assert made_up.get("/api/queries/people").mimetype == "application/sparql-results+json"
    assert made_up.get("/api/queries/people", headers={"Accept": "text/csv"}).mimetype == "text/csv"
    assert made_up.get("/api/queries/people?format=xml").mimetype == "application/sparql-results+xml"


def test_the_editor_is_told_terms_with_their_prefixes(made_up: FlaskClient) -> None:
    terms = json.loads(made_up.get("/api/terms").data)
    known = {term["term"] for term in terms["terms"]}
    assert {"ent:Event", "ent:actor", "cat:SANCTION", "cat:SANCTION-expel"} <= known
    assert terms["prefixes"]["ent"] == "https://w3id.org/entente/ontology#"


def test_a_parameter_that_stands_twice_is_refused(made_up: FlaskClient) -> None:
    twice = made_up.get("/api/queries/dyad-timeline?one=Kosovo&one=Serbia&other=Serbia")
    assert twice.status_code == 400
    assert "several parameters 'one'" in twice.get_json()["detail"]


def test_the_queries_are_examples_that_run(made_up: FlaskClient) -> None:
    response = made_up.get("/queries.ttl")
    assert response.mimetype == "text/turtle"
    graph = Graph().parse(data=response.text, format="turtle")
    examples = {str(example).rpartition("/")[2]: example for example in graph.subjects(RDF.type, SH.SPARQLExecutable)}
    assert set(examples) == set(load_queries())
    for name, example in examples.items():
        assert str(graph.value(example, SH.select)) == load_queries()[name].text
        assert graph.value(example, RDFS.comment)
        assert str(graph.value(example, SDO.target)) == "http://localhost/sparql"


def test_the_description_is_short_enough_for_an_assistant(made_up: FlaskClient) -> None:
    assert len(made_up.get("/openapi.json").data) < 60_000


def test_mistakes_are_told_once(made_up: FlaskClient) -> None:
    responses = json.loads(made_up.get("/openapi.json").data)["components"]["responses"]
    assert set(responses) == {"Rows", "Problem"}


def test_rows_are_turned_page_by_page(made_up: FlaskClient) -> None:
    whole = made_up.get("/api/queries/categories?format=csv").text.splitlines()
    parts = [made_up.get(f"/queries/categories.csv?limit=2&offset={at}").text.splitlines() for at in range(0, len(whole) - 1, 2)]
    assert [line for part in parts for line in part[1:]] == whole[1:]
    assert all(len(part) <= 3 and part[0] == whole[0] for part in parts)


def test_a_number_of_rows_is_a_whole_number(made_up: FlaskClient) -> None:
    for wrong in ("-1", "x", "1.5", "", "9999999999", "\u0663"):
        refused = made_up.get("/api/queries/categories", query_string={"limit": wrong})
        assert (refused.status_code, "limit=" in refused.get_json()["detail"]) == (400, True)


def test_a_page_shows_the_description(made_up: FlaskClient) -> None:
    described = json.loads(made_up.get("/openapi.json").data)
    text = made_up.get("/api").text
    operations = [operation for methods in described["paths"].values() for operation in methods.values()]
    assert text.count('<details class="operation"') == len(operations)
    for path, methods in described["paths"].items():
        assert f"<code>{path}</code>" in text
        for operation in methods.values():
            assert escape(operation["summary"]) in text
            for parameter in operation.get("parameters", ()):
                assert f"<code>{parameter['name']}</code>" in text if "name" in parameter else 'href="#shared"' in text
    assert '<script src="http' not in text


def test_things_have_the_formats_described(made_up: FlaskClient) -> None:
    operation = json.loads(made_up.get("/openapi.json").data)["paths"]["/data/{key}.{ending}"]["get"]
    [endings] = (p["schema"]["enum"] for p in operation["parameters"] if p["name"] == "ending")
    given = {made_up.get(f"/data/Borduria.{ending}").mimetype for ending in endings}
    assert given == set(operation["responses"]["200"]["content"])


def test_the_feed_of_a_first_build_dates_from_it(made_up: FlaskClient) -> None:
    assert made_up.get("/changes.json").get_json()["builds"] == []
    feed = made_up.get("/changes.atom").text
    assert re.search(r"<updated>20\d\d-\d\d-\d\dT[\d:.]+\+00:00</updated>", feed)
