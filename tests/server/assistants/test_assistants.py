"""The Model Context Protocol through the SDK's own client: every tool answers, and every answer has sentences and references."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
import requests
from flask import Flask
from mcp.client import Client
from rdflib import Graph

from kg.sparql.canned import load_queries
from kg.store.index.search import SearchIndex, classes_in
from server.protocol.problems import Problem
from server.web.front import mcp_over_http
from tests.server.assistants.conftest import over_pipes
from tests.server.running import ROOT, Running

RESOURCE = "https://w3id.org/entente/resource/"
Use = Callable[..., Any]


async def _told(client: Client) -> tuple[dict[str, Any], dict[str, str]]:
    async with client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        resources = (await client.list_resources()).resources
        texts = {str(each.uri): (await client.read_resource(str(each.uri))).contents[0].text for each in resources}
        return tools, texts


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_tools_are_listed(embassy: Running, mode: str) -> None:
    tools, texts = anyio.run(_told, Client(embassy.url + "mcp", mode=mode))
    assert set(tools) == {"search", "entity", "compare", "sparql", *(f"query_{name.replace('-', '_')}" for name in load_queries())}
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools.values())
    timeline = tools["query_dyad_timeline"].input_schema
    assert {"one", "other", "limit"} <= set(timeline["properties"])
    assert timeline["required"] == ["one", "other"]
    graph = Graph().parse(data=texts["https://w3id.org/entente/ontology"], format="turtle")
    assert len(graph) > 200


def test_the_same_over_pipes(gold_data: Path) -> None:
    async def run() -> Any:
        async with over_pipes(gold_data) as client:
            return (await client.list_tools()).tools, await client.call_tool("search", {"text": "Thaci"})

    tools, found = anyio.run(run)
    assert len(tools) == len(load_queries()) + 4
    assert found.structured_content["things"][0]["name"] == "Hashim Thaçi"


def supported(answer: dict[str, Any]) -> None:
    """Check that every piece of evidence has a sentence that is in the graph."""
    assert answer["evidence"]
    assert all(sentence["text"] and sentence["article"] for about in answer["evidence"] for sentence in about["sentences"])


def test_search(use: Use, embassy: Running) -> None:
    answer = use("search", text="thaci", **{"class": "Person"})
    assert answer["things"][0]["id"] == f"{RESOURCE}Hashim_Tha%C3%A7i" or answer["things"][0]["id"] == f"{RESOURCE}Hashim_Thaçi"
    assert answer["things"][0]["page"].startswith(embassy.url)
    supported(answer)
    assert any(about["references"] for about in use("search", text="Brussels Agreement")["evidence"])


def test_an_entity_with_its_events_and_their_evidence(use: Use) -> None:
    first = use("entity", name="Kosovo", limit=5)
    assert (first["name"], first["class"]) == ("Kosovo", "State")
    assert len(first["events"]) == 5
    assert first["total"]["events"] > 20
    for event in first["events"]:
        assert event["sentences"]
        assert event["label"]
        assert event["modality"]
        assert any(who["name"] == "Kosovo" for role in ("actor", "recipient", "place", "about", "mediator") for who in event.get(role, []))
    assert first["counterparts"][0]["name"] == "Serbia"
    second = use("entity", name="Kosovo", limit=5, after=first["next"])
    assert not {event["id"] for event in first["events"]} & {event["id"] for event in second["events"]}
    cited = [event for event in first["events"] + second["events"] if event["references"]]
    assert cited
    assert all(reference.get("title") or reference.get("url") for event in cited for reference in event["references"])


def test_an_entity_between_two_years(use: Use) -> None:
    dates = [event["earliest"] for event in use("entity", name="Kosovo", limit=50, to=2013, **{"from": "2013"})["events"]]
    assert dates
    assert all(date.startswith("2013") for date in dates)


def test_an_event_by_its_address(use: Use) -> None:
    event = use("entity", name="Serbia", limit=1)["events"][0]
    assert use("entity", name=event["id"])["statements"] == [event]


def test_two_compared(use: Use) -> None:
    answer = use("compare", one="Armenia", other="Turkey", limit=10)
    assert answer["total"] >= len(answer["events"]) == 10
    assert all(event["sentences"] for event in answer["events"])
    assert answer["agreements"]
    assert sum(n for year in answer["events_by_year_and_quad_class"] for name, n in year.items() if name != "year") > 10
    assert use("compare", one="Turkey", other="Turkey") == "400 Bad Request: Both are Turkey.\nName two different ones."


@pytest.mark.parametrize("name", load_queries())
def test_each_canned_query_with_evidence(use: Use, gold_data: Path, name: str) -> None:
    query = load_queries()[name]
    index = SearchIndex(gold_data / "current" / "search.sqlite")
    given = query.examples(lambda entity, number: [thing.iri for thing in index.foremost(classes_in(entity), number)])
    answer = use(f"query_{name.replace('-', '_')}", **given, limit=10)
    assert len(answer["rows"]) == min(answer["total"], 10)
    assert all(len(row) == len(answer["columns"]) for row in answer["rows"])
    assert not [column for column in answer["columns"] if column.startswith("_") or column.endswith("Label")]
    cells = [cell for row in answer["rows"] for cell in row]
    told = [
        cell for cell in map(json.dumps, cells) if RESOURCE in cell and f"{RESOURCE}publisher/" not in cell
    ]  # no sentence is about a publisher
    if told:
        supported(answer)


def test_rows_are_paged(use: Use) -> None:
    all_of_them = use("query_people", limit=20)["rows"]
    assert use("query_people", limit=10, offset=10)["rows"] == all_of_them[10:]


def test_sparql_with_evidence(use: Use) -> None:
    answer = use("sparql", query="SELECT ?e ?label { ?e a ent:Event ; rdfs:label ?label ; ent:actor res:Kosovo } ORDER BY ?e LIMIT 3")
    assert len(answer["rows"]) == 3
    assert [row[0] for row in answer["rows"]] == [about["id"] for about in answer["evidence"]]
    supported(answer)
    assert use("sparql", query="ASK { ?s a ent:State }")["boolean"] is True
    graph = use("sparql", query="CONSTRUCT WHERE { ?e ent:actor res:Serbia }", limit=2)
    assert len(graph["triples"]) == 2
    supported(graph)


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("sparql", {"query": "SELECT * { ?s ?p }"}, ["400", "line 1"]),
        ("sparql", {"query": "DELETE WHERE { ?s ?p ?o }"}, ["400", "update"]),
        ("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"}, ["SERVICE"]),
        ("sparql", {"query": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"}, ["503", "limit"]),
        ("sparql", {}, ["query", "required"]),
        ("entity", {"name": "Nobody at all"}, ["404", "Nobody at all"]),
        ("entity", {"name": "Kosovo", "limit": 5000}, ["limit", "5000", "maximum"]),
        ("entity", {"name": "Kosovo", "colour": "red"}, ["colour"]),
        ("entity", {"name": "Kosovo", "from": "yesterday"}, ["from"]),
        ("query_dyad_timeline", {"one": "Kosovo", "other": "Nobody at all"}, ["Nobody at all"]),
        ("unlink", {}, ["unlink"]),
    ],
)
def test_mistakes_are_explained(use: Use, name: str, arguments: dict[str, object], words: list[str]) -> None:
    told = use(name, **arguments)
    assert isinstance(told, str)
    assert [word for word in words if word.casefold() in told.casefold()] == words
    assert len(told) < 1000


def test_what_is_no_request_is_refused_and_nothing_is_kept(embassy: Running) -> None:
    accept = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
    assert requests.post(embassy.url + "mcp", data="{", headers=accept, timeout=20).status_code == 400
    assert requests.post(embassy.url + "mcp", data=b"[" * 100_000, headers=accept, timeout=20).status_code == 400
    assert requests.post(embassy.url + "mcp", data=b"x" * 2**21, headers=accept, timeout=20).status_code == 413
    assert requests.get(embassy.url + "mcp", headers={"Accept": "text/event-stream"}, timeout=20).status_code == 405
    assert requests.delete(embassy.url + "mcp", timeout=20).status_code == 405


def test_pages_of_other_origins_may_ask(embassy: Running) -> None:
    asked = {
        "Origin": "http://x.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "mcp-protocol-version",
    }
    allowed = requests.options(embassy.url + "mcp", headers=asked, timeout=20)
    assert allowed.headers["Access-Control-Allow-Origin"] == "*"
    assert "mcp-protocol-version" in allowed.headers["Access-Control-Allow-Headers"]


def test_a_browser_is_told_what_this_is(embassy: Running) -> None:
    shown = requests.get(embassy.url + "mcp", headers={"Accept": "text/html"}, timeout=20)
    assert shown.url == embassy.url + "about#assistants"


def test_without_the_sdk_it_is_said_what_to_install(gold_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = "import sys; sys.modules['mcp'] = None; from kg.cli import main; main(prog_name='entente')"
    done = subprocess.run(
        [sys.executable, "-c", program, "mcp", "--data", str(gold_data)], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "entente: The Model Context Protocol needs a package that is not installed: pip install 'entente[mcp]'."
    ]
    monkeypatch.setitem(sys.modules, "mcp", None)
    with pytest.raises(Problem, match=r"entente\[mcp\]") as refused:
        mcp_over_http(Flask("server"), 1000)
    assert refused.value.status == 501
