"""The lists of the site as CSV hold what their pages hold."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from urllib.parse import quote_plus, unquote

import pytest
from flask.testing import FlaskClient
from rdflib import Graph, URIRef

from kg.graph.namespaces import RESOURCE
from kg.sparql.canned import load_queries
from server.pages import list_tables
from server.pages.canned.picking import COMPARED
from server.pages.facets import PARAMETERS
from tests.pages.reading import page

HOSTILE = "%253Cscript%253Ealert(1)%253C/script%253E"


def rows(client: FlaskClient, path: str) -> list[Mapping[str, str]]:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (200, "text/csv")
    return list(csv.DictReader(response.text.splitlines()))


@pytest.mark.parametrize("facets", ["", "category=CONSULT", "from=2009&to=2010&modality=asserted"])
def test_events_by_facets(gold: FlaskClient, monkeypatch: pytest.MonkeyPatch, facets: str) -> None:
    monkeypatch.setattr(list_tables, "_BLOCK", 50)  # so that there are several
    found = rows(gold, f"/events.csv?{facets}")
    shown = page(gold, f"/events?{facets}")
    assert f"{len(found):,} event" in shown.text
    assert len({row["event"] for row in found}) == len(found) > 0
    assert all(row["label"] and row["modality"] in ("asserted", "negated", "future", "hypothetical") for row in found)
    dated = [row["earliest"] for row in found if row["earliest"]]
    assert dated == sorted(dated)
    assert {a["href"].partition("?")[0] for tag, a in shown.tags if tag == "a" and ".csv" in a.get("href", "")} == {"/events.csv"}


@pytest.mark.parametrize("facets", ["", "?category=CONSULT", "?from=2012&modality=asserted"])
@pytest.mark.parametrize("thing", ["Kosovo", "Hashim_Thaçi", "Brussels"])
def test_events_of_a_thing(gold: FlaskClient, thing: str, facets: str) -> None:
    """The table that the thing's page links to has the events that the page counts, by its facets, with the thing's roles."""
    shown = page(gold, f"/page/{thing}{facets}")
    links = [a["href"] for tag, a in shown.tags if tag == "a" and a.get("href", "").startswith("/events.csv")]
    if not links:
        assert "No event fits" in shown.text
        return
    found = rows(gold, links[0])
    assert re.search(rf"\b{len(found)} (of \d+ )?events?\b", shown.text)
    assert all(row["roles"] for row in found)


def test_events_of_nothing_known(gold: FlaskClient) -> None:
    answer = gold.get("/events.csv?of=Kossovo")
    assert (answer.status_code, answer.get_json()["hint"][:12]) == (404, "Did you mean")


@pytest.mark.parametrize(
    "key",
    ["Ruritania", "event/e1", "Treaty_of_Strelsau", "tenure/t1", "passage/p4", "citation/c2", HOSTILE],
)
def test_every_page_of_a_thing_has_its_statements_as_a_table(made_up: FlaskClient, key: str) -> None:
    (link,) = [href for href in csv_links(made_up, f"/page/{key}") if href.startswith("/data/")]
    found = rows(made_up, link)
    stated = Graph().parse(data=made_up.get(link.replace(".csv", ".nt")).data, format="nt")
    subject = URIRef(RESOURCE + unquote(link.removeprefix("/data/").removesuffix(".csv")))
    assert len(found) == len(set(stated.predicate_objects(subject))) > 1
    assert {row["property"] for row in found} == {str(each) for each in stated.predicates(subject)}


def test_queries_and_terms(made_up: FlaskClient) -> None:
    assert csv_links(made_up, "/queries") == {"/queries.csv"}
    assert csv_links(made_up, "/vocabulary") == {"/vocabulary.csv"}
    assert {row["name"] for row in rows(made_up, "/queries.csv")} == set(load_queries())
    terms = rows(made_up, "/vocabulary.csv")
    shown = page(made_up, "/vocabulary").text
    assert all(row["comment"] in shown for row in terms)
    assert len({row["term"] for row in terms}) > 50


@pytest.mark.parametrize("facets", ["", "&modality=asserted", "&category=CONSULT&from=2010", "&quad=materialConflict&quad=neither"])
def test_events_of_all_pairs_compared(gold: FlaskClient, monkeypatch: pytest.MonkeyPatch, facets: str) -> None:
    """The table that the page links to has the events that it lists for each pair, and says of which."""
    monkeypatch.setattr(list_tables, "_BLOCK", 50)
    pairs = {"Kosovo and Serbia": "Serbia", "Kosovo and Albania": "Albania"}
    (link,) = csv_links(gold, f"/dyad?one=Kosovo&other=Serbia&also=Albania{facets}")
    found = rows(gold, link)
    assert {row["pair"] for row in found} <= set(pairs)
    assert facets or {row["pair"] for row in found} == set(pairs)
    for name, other in pairs.items():
        shown = page(gold, f"/dyad?one=Kosovo&other={other}{facets}")
        own = [row for row in found if row["pair"] == name]
        assert re.search(rf"\b{len(own)} (of \d+ )?events?\b", shown.text) or not own
        assert all(row["one"].endswith("/Kosovo") and row["other"].endswith(f"/{other}") and row["oneRoles"] for row in own)
        assert len({row["event"] for row in own}) == len(own)


def test_one_pair_is_a_table_of_its_own(gold: FlaskClient) -> None:
    (link,) = csv_links(gold, "/dyad?one=Kosovo&other=Serbia&also=Nowhere+at+all&also=&also=Serbia")
    assert {row["pair"] for row in rows(gold, link)} == {"Kosovo and Serbia"}


@pytest.mark.parametrize(("given", "status", "told"), [
    ("one=Kosovo", 400, "other: a name or an address is needed"),
    ("one=&other=Serbia", 400, "one: a name or an address is needed"),
    ("one=Kosovo&other=Sebria", 404, "Did you mean: Serbia"),
    ("one=Kosovo&other=Serbia&also=Albanai", 404, "Did you mean: Albania"),
    ("one=Kosovo&other=Serbia&from=soon", 400, "not a year"),
])  # fmt: skip
def test_what_cannot_be_compared_is_told(gold: FlaskClient, given: str, status: int, told: str) -> None:
    answer = gold.get(f"/dyad.csv?{given}")
    assert answer.status_code == status
    assert told in answer.text


def test_things_of_a_class(gold: FlaskClient) -> None:
    found = rows(gold, "/things.csv?class=State")
    active = [int(row["events"]) + int(row["sentences"]) for row in found]
    assert active == sorted(active, reverse=True)
    assert "Serbia" in {row["name"] for row in found}
    assert gold.get("/things.csv?class=Planet").status_code == 400


@pytest.mark.parametrize("path", ["/statistics", "/statistics/events-by-year", "/ontology/1.2.0"])
def test_terms_of_statistics_and_versions_answer(gold: FlaskClient, path: str) -> None:
    answer = gold.get(path, headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert (answer.status_code, answer.mimetype) == (200, "text/turtle")
    assert f"<https://w3id.org/entente{path}>" in answer.text or path.rsplit("/", 1)[-1] in answer.text


@pytest.mark.parametrize("path", ["/ontology/latest", "/statistics/%3E"])
def test_what_is_no_version_or_statistics_is_not_found(gold: FlaskClient, path: str) -> None:
    assert gold.get(path).status_code == 404


ARTICLE = "/page/article/Kosovo–Serbia_relations"


def csv_links(client: FlaskClient, path: str) -> set[str]:
    return {a["href"] for tag, a in page(client, path).tags if tag == "a" and ".csv" in a.get("href", "")}


@pytest.mark.parametrize("words", ["vučić", "Kosovo Serbia", "Brussels"])
def test_hits_of_a_search(gold: FlaskClient, words: str) -> None:
    assert csv_links(gold, f"/search?q={words}") == {f"/search.csv?q={quote_plus(words)}"}
    found = rows(gold, f"/search.csv?q={words}")
    shown = gold.get(f"/api/search?q={words}&sentences=true").get_json()
    ids = {row["id"] for row in found}
    assert {hit["iri"] for hit in shown["things"] + shown["sentences"]} <= ids
    assert len(ids) == len(found) > 0
    assert all(row["text"] and row["article"] if row["class"] == "Sentence" else row["name"] for row in found)


def test_sentences_of_an_article(gold: FlaskClient) -> None:
    (link,) = [href for href in csv_links(gold, ARTICLE) if href.startswith("/passages.csv")]
    found = rows(gold, link)
    shown = page(gold, ARTICLE)
    assert f"{len({row['passage'] for row in found}):,} passages" in shown.text
    assert f"{len({row['fact'] for row in found if row['factKind'] == 'Event'}):,} events" in shown.text
    assert f"{len({row['passage'] for row in found if row['fact']}):,} passages with a fact" in shown.text
    assert all(row["text"] for row in found)


@pytest.mark.parametrize("name", ["", "article/Nothing", "Serbia", "a%3E"])
def test_what_is_no_article_has_no_sentences(gold: FlaskClient, name: str) -> None:
    assert gold.get(f"/passages.csv?article={name}").status_code == 404


def test_a_search_for_nothing_has_no_rows(gold: FlaskClient) -> None:
    assert rows(gold, "/search.csv") == rows(gold, "/search.csv?q=zzzzz") == []
    assert gold.get(f"/search.csv?q={'x' * 201}").status_code == 400


def test_corrections(made_up: FlaskClient) -> None:
    assert csv_links(made_up, "/corrections") == {"/corrections.csv"}
    found = rows(made_up, "/corrections.csv")
    shown = page(made_up, "/corrections").text
    assert [row["date"] for row in found] == sorted((row["date"] for row in found), reverse=True)
    assert len(found) > 1
    assert all(row["author"] in shown and row["reason"] in shown and row["thingLabel"] in shown for row in found)


HISTORY = [
    {
        **{"build": "b3", "since": "b2", "date": "2026-11-30T10:00:00+00:00"},
        "classes": {"State": {"added": 1, "changed": 0, "dropped": 2}, "Event": {"added": 3, "changed": 1, "dropped": 0}},
        "things": [{"kind": "added", "class": "State", "label": '=1+1, "A"', "iri": "https://w3id.org/entente/resource/A"}],
    },
    {"build": "b2", "since": "b1", "date": "2026-11-29T10:00:00+00:00", "classes": {}, "problem": "A damaged dump."},
]


def test_changes_of_the_last_builds(made_up: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert csv_links(made_up, "/changes") == {"/changes.csv", "/changes/things.csv"}
    assert rows(made_up, "/changes.csv") == rows(made_up, "/changes/things.csv") == []
    monkeypatch.setattr(list_tables, "history", lambda: HISTORY)
    build = {"build": "b3", "since": "b2", "date": "2026-11-30T10:00:00+00:00"}
    assert rows(made_up, "/changes.csv") == [
        {**build, "class": "Event", "added": "3", "changed": "1", "dropped": "0"},
        {**build, "class": "State", "added": "1", "changed": "0", "dropped": "2"},
    ]
    assert rows(made_up, "/changes/things.csv") == [
        {**build, "change": "added", "class": "State", "id": "https://w3id.org/entente/resource/A", "name": '=1+1, "A"'}
    ]


def test_the_tables_are_described(made_up: FlaskClient) -> None:
    described = made_up.get("/openapi.json").get_json()
    paths, shared = described["paths"], described["components"]["parameters"]
    tables = {path: paths[path]["get"] for path in paths if path.endswith(".csv")}
    rules = {re.sub(r"<path:(\w+)>", r"{\1}", str(rule)) for rule in made_up.application.url_map.iter_rules() if str(rule).endswith(".csv")}
    assert set(tables) == rules
    for path, names in (("/events.csv", ("of", *PARAMETERS)), ("/dyad.csv", (*COMPARED, *PARAMETERS))):
        taken = [shared[each["$ref"].rpartition("/")[2]] if "$ref" in each else each for each in tables[path]["parameters"]]
        assert [each["name"] for each in taken] == list(names)
