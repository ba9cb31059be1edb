"""The Reconciliation API 0.2, used as OpenRefine does."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from flask.testing import FlaskClient

from kg.graph.namespaces import RESOURCE
from tests.pages.reading import page


def reconciled(client: FlaskClient, *queries: dict[str, Any], post: bool = True) -> list[list[dict[str, Any]]]:
    """Return the candidates of each query, sent in one batch."""
    batch = {"queries": json.dumps({f"q{i}": query for i, query in enumerate(queries)})}
    response = client.post("/reconcile", data=batch) if post else client.get("/reconcile", query_string=batch)
    assert response.status_code == 200, response.text
    return [response.get_json()[f"q{i}"]["result"] for i in range(len(queries))]


def test_the_manifest_leads_to_services_that_answer(made_up: FlaskClient) -> None:
    manifest = made_up.get("/reconcile", headers={"Origin": "http://127.0.0.1:3333"})
    assert manifest.headers["Access-Control-Allow-Origin"] == "*"
    told = manifest.get_json()
    assert "0.2" in told["versions"]
    assert told["identifierSpace"] == "https://w3id.org/entente/resource/"
    services = [*told["suggest"].values(), told["extend"]["propose_properties"]]
    for service in services:
        assert (
            made_up.get(service["service_url"] + service["service_path"], query_string={"prefix": "r", "type": "State"}).status_code == 200
        )
    for template in (told["view"]["url"], told["preview"]["url"]):
        assert "Ruritania" in page(made_up, template.replace("{{id}}", "Ruritania")).text


@pytest.mark.parametrize("post", [True, False])
def test_a_batch_of_names(made_up: FlaskClient, post: bool) -> None:
    first, second, none = reconciled(
        made_up,
        {"query": "Ruritania", "limit": 3},
        {"query": "djuric", "type": "Person", "type_strict": "should"},
        {"query": "zzzz"},
        post=post,
    )
    assert (first[0]["id"], first[0]["match"], first[0]["score"]) == ("Ruritania", True, 100)
    assert first[0]["type"] == [{"id": "State", "name": "State"}]
    assert len(first) <= 3
    assert [candidate["name"] for candidate in second] == ["Rudolf Đurić"]
    assert none == []
    assert all(a["score"] >= b["score"] for a, b in pairwise(first))


def test_misspelt_names_are_candidates_and_no_matches(made_up: FlaskClient) -> None:
    [found] = reconciled(made_up, {"query": "Borduira", "type": "State"})
    assert (found[0]["id"], found[0]["match"]) == ("Borduria", False)
    assert 50 < found[0]["score"] < 95


def test_other_values_of_the_row_tell_namesakes_apart(made_up: FlaskClient) -> None:
    right, wrong = reconciled(
        made_up,
        {"query": "Strelsau", "type": "Place", "properties": [{"pid": "country", "v": "Ruritania"}]},
        {"query": "Strelsau", "type": "Place", "properties": [{"pid": "country", "v": {"id": "Borduria"}}]},
    )
    assert (right[0]["score"], right[0]["match"]) == (100, True)
    assert (wrong[0]["score"], wrong[0]["match"]) == (70, False)


def test_one_of_several_values_is_enough(made_up: FlaskClient) -> None:
    several = ["Borduria", {"id": "Ruritania", "name": "Ruritania"}]
    [found] = reconciled(made_up, {"query": "Strelsau", "type": "Place", "properties": [{"pid": "country", "v": several}]})
    assert (found[0]["score"], found[0]["match"]) == (100, True)


def test_properties_of_other_services_are_ignored(made_up: FlaskClient) -> None:
    plain, mapped = reconciled(made_up, {"query": "Strelsau"}, {"query": "Strelsau", "properties": [{"pid": "P17", "v": "Ruritania"}]})
    assert plain == mapped != []


@pytest.mark.parametrize("name", ["Treaty_of_Strelsau", RESOURCE + "Treaty_of_Strelsau"])
def test_an_id_finds_its_thing(made_up: FlaskClient, name: str) -> None:
    [found] = reconciled(made_up, {"query": name})
    assert (found[0]["id"], found[0]["match"], found[0]["score"]) == ("Treaty_of_Strelsau", True, 100)
    suggested = made_up.get("/reconcile/suggest/entity", query_string={"prefix": name}).get_json()["result"]
    assert suggested[0]["id"] == "Treaty_of_Strelsau"


def test_suggestions_continue_at_a_cursor(made_up: FlaskClient) -> None:
    every = made_up.get("/reconcile/suggest/type?prefix=").get_json()["result"]
    assert made_up.get("/reconcile/suggest/type?prefix=&cursor=3").get_json()["result"] == every[3:] != []


def test_a_batch_may_be_too_large(made_up: FlaskClient) -> None:
    assert made_up.post("/reconcile", data={"queries": json.dumps({f"q{i}": {"query": "x"} for i in range(51)})}).status_code == 413


def test_columns_are_added(made_up: FlaskClient) -> None:
    proposed = made_up.get("/reconcile/properties?type=Agreement").get_json()["properties"]
    assert {"id": "party", "name": "party"} in proposed
    assert made_up.get("/reconcile/properties?type=Agreement&limit=2").get_json()["properties"] == proposed[:2]
    asked = {"ids": ["Treaty_of_Strelsau", "Nothing"], "properties": [{"id": "party"}, {"id": "date"}, {"id": "place"}]}
    told = made_up.post("/reconcile", data={"extend": json.dumps(asked)}).get_json()
    assert [each["id"] for each in told["meta"]] == ["party", "date", "place"]
    row = told["rows"]["Treaty_of_Strelsau"]
    assert row["party"] == [{"id": "Borduria", "name": "Borduria"}, {"id": "Ruritania", "name": "Ruritania"}]
    assert row["date"] == [{"date": "1996-05-03T00:00:00Z"}]
    assert told["rows"]["Nothing"] == {"party": [], "date": [], "place": []}
    place = {"ids": ["Szohôd"], "properties": [{"id": "latitude"}]}
    assert made_up.post("/reconcile", data={"extend": json.dumps(place)}).get_json()["rows"]["Szohôd"]["latitude"] == [{"float": 44.8}]


def test_a_type_of_another_service_has_no_candidates_and_fails_no_batch(made_up: FlaskClient) -> None:
    none, either, known = reconciled(
        made_up,
        {"query": "Ruritania", "type": "Q6256"},
        {"query": "Ruritania", "type": ["Q6256", {"id": "State"}]},
        {"query": "Ruritania", "type": "https://w3id.org/entente/ontology#State"},
    )
    assert none == []
    assert [found["id"] for found in either] == [found["id"] for found in known]
    assert known[0]["id"] == "Ruritania"
    assert made_up.get("/reconcile/properties?type=Q6256").get_json() == {"type": "Q6256", "properties": []}


def test_a_property_of_another_service_is_an_empty_column(made_up: FlaskClient) -> None:
    asked = {"ids": ["Treaty_of_Strelsau"], "properties": [{"id": "P17"}, {"id": "date"}]}
    told = made_up.post("/reconcile", data={"extend": json.dumps(asked)}).get_json()
    assert told["meta"] == [{"id": "P17", "name": "P17"}, {"id": "date", "name": "date"}]
    assert told["rows"] == {"Treaty_of_Strelsau": {"P17": [], "date": [{"date": "1996-05-03T00:00:00Z"}]}}


def test_suggestions(made_up: FlaskClient) -> None:
    def first(path: str, prefix: str) -> Any:
        return made_up.get(f"/reconcile/suggest/{path}", query_string={"prefix": prefix}).get_json()["result"][0]

    assert first("entity", "rurit")["id"] == "Ruritania"
    assert first("entity", "Bordurya")["notable"] == [{"id": "State", "name": "State"}]
    assert first("type", "per") == {"id": "Person", "name": "Person"}
    assert first("property", "sign") == {"id": "signatory", "name": "signatory"}


def test_a_preview_may_stand_in_a_frame(made_up: FlaskClient) -> None:
    shown = made_up.get("/reconcile/preview", query_string={"id": "%3Cscript%3Ealert(1)%3C/script%3E"}, headers={"Accept": "text/html"})
    assert "frame-ancestors *" in shown.headers["Content-Security-Policy"]
    assert "<script>alert" not in shown.text
    assert made_up.get("/reconcile/preview?id=Nothing").status_code == 404
    assert made_up.get("/reconcile/preview", query_string={"id": RESOURCE + "Ruritania"}).status_code == 200


@pytest.mark.parametrize("asked", [
    {"queries": "{"},
    {"queries": "[" * 20_000},
    {"queries": "[]"},
    {"queries": '{"q0": {}}'},
    {"queries": '{"q0": {"query": "x", "type": 5}}'},
    {"queries": r'{"q0": {"query": "\ud800"}}'},
    {"queries": r'{"\udfff": {"query": "x"}}'},
    {"extend": r'{"ids": ["\ud800"], "properties": []}'},
    {"queries": '{"q0": {"query": "x", "type": [{"name": "State"}]}}'},
    {"queries": '{"q0": {"query": "x", "limit": "many"}}'},
    {"queries": '{"q0": {"query": "x", "properties": ["colour"]}}'},
    {"extend": '{"ids": ["Ruritania"]}'},
    {"extend": '{"ids": ["Ruritania"], "properties": ["colour"]}'},
    {"extend": '{"ids": ["Ruritania"], "properties": [{"id": 5}]}'},
    {"extend": json.dumps({"ids": ["Ruritania"], "properties": [{"id": "x" * 201}]})},
    {"extend": json.dumps({"ids": list(map(str, range(201))), "properties": []})},
])  # fmt: skip
def test_what_is_no_batch_is_refused(made_up: FlaskClient, asked: dict[str, str]) -> None:
    refused = made_up.post("/reconcile", data=asked)
    assert refused.status_code == 400
    assert len(refused.get_json()["detail"]) < 200
