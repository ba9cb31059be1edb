"""Search: on the page, as JSON, by OpenSearch."""

from __future__ import annotations

import json
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from tests.pages.reading import get, page


@pytest.mark.parametrize(("text", "first"), [
    ("djuric", "Rudolf Đurić"),
    ("DURIC", "Rudolf Đurić"),
    ("rudolf đ", "Rudolf Đurić"),
    ("Kingdom of", "Ruritania"),
    ("uon", "Union of Nations"),
    ("szohod", "Szohôd"),
    ("treaty strel", "Treaty of Strelsau"),
    ("<script>", "<script>alert(1)</script>"),
    ("quoted", "<script>alert(1)</script>"),
])  # fmt: skip
def test_names_are_found_whatever_their_accents(made_up: FlaskClient, text: str, first: str) -> None:
    things = json.loads(made_up.get("/api/search", query_string={"q": text}).data)["things"]
    assert things[0]["label"] == first


@pytest.mark.parametrize("text", ["", "   ", '"', '" OR 1', "*", "NEAR(", "a AND", "-", "(", "名", "x" * 200, "\u0000"])
def test_nothing_that_is_typed_breaks_the_search(made_up: FlaskClient, text: str) -> None:
    response = made_up.get("/api/search", query_string={"q": text, "sentences": "true"})
    assert response.status_code == 200
    assert get(made_up, "/search?q=" + text.replace("\u0000", "")).status_code == 200


def test_a_search_that_is_too_long_is_refused(made_up: FlaskClient) -> None:
    assert made_up.get("/api/search", query_string={"q": "x" * 201}).status_code == 400


def test_hits_are_grouped_and_sentences_marked(made_up: FlaskClient) -> None:
    found = page(made_up, "/search?q=borduria")
    for title in ("States", "Events", "Articles", "Sentences"):
        assert title in found.text
    assert [tag for tag, _ in found.tags if tag == "mark"]


def test_classes_narrow_the_search_down(made_up: FlaskClient) -> None:
    def classes(kind: str) -> set[str]:
        return {thing["class"] for thing in json.loads(made_up.get(f"/api/search?q=s&class={kind}").data)["things"]}

    assert classes("Place") == {"Place"}
    assert classes("Agent") <= {"State", "Institution", "Person"}


def test_browsers_learn_to_search_here(made_up: FlaskClient) -> None:
    tree = ElementTree.fromstring(made_up.get("/opensearch.xml").data)
    templates = {url.get("type"): url.get("template") for url in tree.iter("{http://a9.com/-/spec/opensearch/1.1/}Url")}
    assert templates["text/html"] == "http://localhost/search?q={searchTerms}"
    words, names, kinds, addresses = json.loads(made_up.get("/api/suggest?q=rur").data)
    assert words == "rur"
    assert names[0] == "Ruritania"
    assert len(names) == len(kinds) == len(addresses)


@pytest.mark.parametrize(("text", "first"), [
    ("Ruritanai", "Ruritania"),
    ("Roritania", "Ruritania"),
    ("Bordyria", "Borduria"),
    ("Treety of Strelsow", "Treaty of Strelsau"),
    ("Plexzy", "Anna Plekszy"),
    ("Juric", "Rudolf Đurić"),
])  # fmt: skip
def test_what_is_misspelt_is_found_all_the_same(made_up: FlaskClient, text: str, first: str) -> None:
    found = json.loads(made_up.get("/api/search", query_string={"q": text}).data)
    assert found["things"] == []
    assert found["did_you_mean"][0]["label"] == first
    shown = page(made_up, f"/search?q={text}")
    assert "Did you mean" in shown.text
    names, _ = json.loads(made_up.get("/api/suggest", query_string={"q": text}).data)[1:3]
    assert names[0] == first


def test_what_is_nothing_like_a_name_is_not_made_one(made_up: FlaskClient) -> None:
    for text in ("xylophone", "qq", "Rur zzz", "a b c d e f g h"):
        assert json.loads(made_up.get("/api/search", query_string={"q": text}).data)["did_you_mean"] == []


@pytest.mark.parametrize(("query", "given", "told"), [
    ("events-of", {"who": "Đorić"}, "Nothing in the graph is called Đorić. Did you mean: Rudolf Đurić?"),
    ("agreements-between", {"state": "UoN", "other": "Borduria"}, "UoN is an institution; expected a state."),
    ("events-of", {"who": "Bordorya"}, "Nothing in the graph is called Bordorya. Did you mean: Borduria?"),
])  # fmt: skip
def test_a_parameter_that_names_nobody_says_who_may_be_meant(made_up: FlaskClient, query: str, given: dict[str, str], told: str) -> None:
    refused = made_up.get(f"/api/queries/{query}", query_string=given)
    assert (refused.status_code, refused.get_json()["detail"]) == (400, told)
    assert told.partition("Did")[0].strip() in page(made_up, f"/queries/{query}?{urlencode(given)}").text


def test_an_address_that_is_misspelt_names_what_there_is(made_up: FlaskClient) -> None:
    assert "Did you mean: Ruritania" in made_up.get("/resource/Roritania").get_json()["hint"]
