"""Things at their addresses: content negotiation, data, pages of each class and their required content."""

from __future__ import annotations

import hashlib
import json
import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from rdflib import Graph, URIRef
from rdflib.namespace import RDFS, SKOS

from kg.graph.namespaces import CATEGORY
from tests.pages.reading import Page, get, page

R = "https://w3id.org/entente/resource/"
FORMATS = {
    "text/turtle": ("ttl", "turtle"),
    "application/n-triples": ("nt", "nt"),
    "application/ld+json": ("jsonld", "json-ld"),
    "application/rdf+xml": ("rdf", "xml"),
}


@pytest.mark.parametrize(("accept", "target"), [
    ("text/html", "/page/Ruritania"),
    ("text/html,application/xhtml+xml,*/*;q=0.8", "/page/Ruritania"),
    ("text/turtle", "/data/Ruritania.ttl"),
    ("application/ld+json;q=0.5, application/rdf+xml", "/data/Ruritania.rdf"),
    ("text/turtle;q=0.3, text/html;q=0.2", "/data/Ruritania.ttl"),
    ("application/n-triples", "/data/Ruritania.nt"),
])  # fmt: skip
def test_a_thing_is_seen_elsewhere(made_up: FlaskClient, accept: str, target: str) -> None:
    response = made_up.get("/resource/Ruritania", headers={"Accept": accept})
    assert response.status_code == 303
    assert response.headers["Location"] == target
    assert "Accept" in response.headers["Vary"]


def test_a_form_that_nobody_has_is_not_acceptable(made_up: FlaskClient) -> None:
    response = made_up.get("/resource/Ruritania", headers={"Accept": "image/png"})
    assert response.status_code == 406


@pytest.mark.parametrize(("kind", "names"), FORMATS.items())
def test_data_parses_back_and_is_the_same_in_every_format(made_up: FlaskClient, kind: str, names: tuple[str, str]) -> None:
    ending, rdflib_name = names
    response = made_up.get(f"/data/Ruritania.{ending}")
    assert response.mimetype == kind
    found = Graph().parse(data=response.data, format=rdflib_name)
    reference = Graph().parse(data=made_up.get("/data/Ruritania.nt").data, format="nt")
    assert len(reference) > 10
    assert set(found) == set(reference)
    assert (URIRef(R + "Ruritania"), RDFS.label, next(found.objects(URIRef(R + "Ruritania"), RDFS.label))) in found


def test_json_ld_is_compact(made_up: FlaskClient) -> None:
    document = made_up.get("/data/Ruritania.jsonld").get_json(force=True)
    assert document["@context"]["ent"] == "https://w3id.org/entente/ontology#"
    (state,) = [node for node in document["@graph"] if node["@id"] == "res:Ruritania"]
    assert "ent:State" in state["@type"]
    assert {"@language": "en", "@value": "Ruritania"} in state["rdfs:label"]


@pytest.mark.parametrize("name", ["Rudolf_Đurić", "Szohôd", "%3Cscript%3Ealert(1)%3C/script%3E", "What%3F_(film)"])
def test_names_of_every_kind_lead_to_their_pages(made_up: FlaskClient, name: str) -> None:
    """As an IRI is spelt, as a browser encodes it, and through the redirect."""
    for address in (f"/resource/{name}", f"/resource/{quote(name, safe='/%')}", f"/page/{quote(name, safe='/')}"):
        response = get(made_up, address)
        assert response.status_code == 200, address
        assert R + name.replace("<", "%3C") in response.text.replace("&#39;", "'"), address
    assert made_up.get(f"/data/{quote(name, safe='/')}.nt").status_code == 200


def test_an_unknown_thing_is_not_found_and_says_what_may_be_meant(made_up: FlaskClient) -> None:
    response = get(made_up, "/resource/Treaty_of_Strels")
    assert response.status_code == 404
    assert "Treaty of Strelsau" in response.text
    plain = made_up.get("/resource/Nobody", headers={"Accept": "application/json, text/html;q=0.1"})
    assert plain.status_code == 404
    assert json.loads(plain.data)["status"] == 404


def test_an_event_shows_who_when_where_how_and_why(made_up: FlaskClient) -> None:
    text = page(made_up, "/page/event/e1").text
    said = ("Rudolf Đurić", "Anna Plekszy", "Union of Nations", "3 May 1996", "Strelsau", "Treaty of Strelsau", "had brokered")
    for part in (*said, "SUPPORT-sign", "Peace at last", "The Strelsau Times", "archived copy", "dead link", "verb.active"):
        assert part in text, part


def test_the_reporting_word_and_the_names_are_marked(made_up: FlaskClient) -> None:
    html = get(made_up, "/page/event/e1").text
    assert '<b class="trigger">signed</b>' in html
    assert 'href="/page/Treaty_of_Strelsau">Treaty of Strelsau</a>' in html


@pytest.mark.parametrize(("event", "words"), [("e6", "Negated"), ("e8", "Planned"), ("e9", "Conditional")])
def test_what_is_not_so_does_not_look_as_if(made_up: FlaskClient, event: str, words: str) -> None:
    found = page(made_up, f"/page/event/{event}")
    assert words in found.text
    assert words.lower() in found.text.split("Entente")[0].lower(), "the title does not say so"


def test_an_asserted_event_has_no_warning(made_up: FlaskClient) -> None:
    found = page(made_up, "/page/event/e1")
    assert not [a for _, a in found.tags if "warning" in a.get("class", "")]


@pytest.mark.parametrize(("path", "parts"), [
    ("/page/Ruritania", ["Kingdom of Ruritania", "Wikipedia", "DBpedia", "President of Ruritania", "Government of Ruritania", "Planned"]),
    ("/page/Rudolf_%C4%90uri%C4%87", ["Person", "President of Ruritania", "former", "Anna Plekszy", "there will be <b>no</b> peace"]),
    ("/page/Strelsau", ["Place", "Ruritania", "50.08° N, 14.42° E", "Borduria attacks Ruritania"]),
    ("/page/Treaty_of_Strelsau", ["Parties", "Mediated by", "3 May 1996", "Anna Plekszy sign the Treaty of Strelsau", "had brokered"]),
    ("/page/President_of_Ruritania", ["Office", "Rudolf Đurić"]),
    ("/page/tenure/t1", ["Rudolf Đurić", "President of Ruritania", "3 May 1996", "2001", "former"]),
    ("/page/citation/c1", ["A. Hope", "The Strelsau Times", "4 May 1996", "https://archive.example.org/peace"]),
    ("/page/passage/p1", ["brokered", "History › Peace", "characters 100 to 400", "sign the Treaty"]),
    ("/page/article/Ruritania%E2%80%93Borduria_relations", ["6 passages", "Borduria expels the ambassador", "revision 123456"]),
    ("/category/SANCTION", ["Borduria closes the border", "material conflict", "CAMEO"]),
])  # fmt: skip
def test_pages_show_what_the_graph_says(made_up: FlaskClient, path: str, parts: list[str]) -> None:
    text = page(made_up, path).text
    for part in parts:
        assert part in text, f"{part!r} is not on {path}"


@pytest.mark.parametrize(
    ("accept", "form"), [("text/turtle", "turtle"), ("application/ld+json", "json-ld"), ("application/rdf+xml", "xml")]
)
def test_a_category_is_data_too(made_up: FlaskClient, accept: str, form: str) -> None:
    answer = made_up.get("/category/SANCTION", headers={"Accept": accept})
    assert (answer.mimetype, answer.headers["Vary"]) == (accept, "Accept")
    stated = Graph().parse(data=answer.data, format=form)
    assert str(stated.value(URIRef(f"{CATEGORY}SANCTION"), SKOS.notation)) == "SANCTION"


def test_the_article_tells_what_was_not_read(made_up: FlaskClient) -> None:
    found = page(made_up, "/page/article/Ruritania%E2%80%93Borduria_relations")
    lines = [a["class"] for tag, a in found.tags if tag == "div" and "line" in a.get("class", "").split()]
    assert len(lines) == 6
    assert sum("silent" in line for line in lines) == 1


def test_the_dyad_narrows_by_category_year_and_quad_class(made_up: FlaskClient) -> None:
    base = "/dyad?one=Ruritania&other=Borduria"
    assert "expels the ambassador" in page(made_up, base).text
    assert "Treaty of Strelsau" in page(made_up, base).text
    narrowed = page(made_up, base + "&category=AGREE").text
    assert "agree on air traffic" in narrowed
    assert "expels the ambassador" not in narrowed
    assert "expels the ambassador" not in page(made_up, base + "&from=2000").text
    assert "agree on air traffic" not in page(made_up, base + "&quad=materialConflict").text
    assert get(made_up, base + "&from=soon").status_code == 400


def test_the_dyad_asks_who_is_meant(made_up: FlaskClient) -> None:
    assert "Nothing in the graph is called Sylda" in page(made_up, "/dyad?one=Sylda&other=Borduria").text
    assert "These are the same" in page(made_up, "/dyad?one=Borduria&other=Borduria").text


def test_further_pairs_are_drawn_and_kept(gold: FlaskClient) -> None:
    """A misspelt one is asked about, its correction keeps all else, and the figures beside the chart are whole."""
    found = page(gold, "/dyad?one=Kosovo&other=Serbia&also=Albanai&also=Croatia&from=1990&category=CONSULT")
    assert "Nothing in the graph is called Albanai" in found.text
    links = [a["href"] for tag, a in found.tags if tag == "a" and a.get("href", "").startswith("/dyad?")]
    (corrected,) = [href for href in links if "also=https" in href and "also=Croatia" in href]
    assert "from=1990" in corrected
    drawn = page(gold, "/dyad?one=Kosovo&other=Serbia&also=Albania&also=Croatia")
    figures = drawn.text.partition("The same as a table")[2].partition("Show as a table")[0]
    assert all(f"Kosovo and {other}" in figures for other in ("Serbia", "Albania", "Croatia"))
    assert not re.search(r"\b\d+\.0\b", figures)


def test_a_long_list_is_turned_page_by_page(gold: FlaskClient) -> None:
    first = page(gold, "/page/Kosovo")
    total = int(re.search(r"(\d+) events", first.text).group(1))  # type: ignore[union-attr]
    seen, at, back = events(first), first, ""
    while following := turned(at, "next", "events"):
        before, at = at, page(gold, following)
        back = turned(at, "prev", "events")
        assert events(page(gold, back)) == events(before)
        seen += events(at)
    assert back, "the list has one page only: nothing was tried"
    assert len(seen) == len(set(seen)) == total


def events(found: Page) -> list[str]:
    """Return the events that a page lists, in order; sentences and agreements link to none."""
    return [a["href"] for tag, a in found.tags if tag == "a" and a.get("href", "").startswith("/page/event/")]


def turned(found: Page, way: str, part: str) -> str:
    """Return the address of the next or previous page of one of its lists."""
    return next((a["href"].split("#")[0] for tag, a in found.tags if a.get("rel") == way and a["href"].endswith(f"#{part}")), "")


def test_bars_of_a_chart_are_the_figures_of_its_table(gold: FlaskClient) -> None:
    from server.pages.canned.charts import HEIGHT, year_chart

    chart = year_chart(
        [(2001, "verbalCooperation", 3), (2001, "materialConflict", 1), (2004, "neither", 2), (2004, "materialCooperation", 5)]
    )
    assert chart is not None
    unit = HEIGHT / (5 + 1)
    drawn = {(bar.kind, round(bar.height / unit, 6)) for bar in chart.bars if bar.kind != "neither"}
    assert drawn == {("verbalCooperation", 3), ("materialConflict", 1), ("materialCooperation", 5)}
    assert [(span.name, span.total) for span in chart.spans] == [("2001", 4), ("2004", 7)]
    for bar in chart.bars:
        assert (bar.y + bar.height <= chart.zero + 1e-6) == (bar.kind in ("verbalCooperation", "materialCooperation"))


def test_downloads_are_listed_and_their_columns_explained(gold: FlaskClient) -> None:
    found = page(gold, "/dumps/")
    targets = {a["href"] for tag, a in found.tags if tag == "a" and "download" in a}
    assert {"/dumps/events.csv", "/dumps/events.parquet", "/dumps/dyad-years.csv", "/dumps/entente.ttl", "/dumps/croissant.json"} <= targets
    for target in targets:
        with gold.get(target) as response:
            assert response.status_code == 200, target
    assert "PLOVER's event category" in found.text
    with gold.get("/dumps/events.csv") as response:
        assert response.mimetype == "text/csv"


def test_croissant_gives_addresses_that_answer(gold: FlaskClient) -> None:
    described = gold.get("/dumps/croissant.json").get_json(force=True)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", described["datePublished"])
    for file in described["distribution"]:
        with gold.get(file["contentUrl"]) as response:
            assert hashlib.sha256(response.data).hexdigest() == file["sha256"]


@pytest.mark.parametrize("path", ["/data/%03%0B%C2%8D%F3%81%9A%BD.ttl", "/page/%03%0B%C2%8D%F3%81%9A%BD"])
def test_what_no_iri_contains_is_not_found(gold: FlaskClient, path: str) -> None:
    assert gold.get(path).status_code == 404
