"""Search: on the page, as JSON, by OpenSearch."""

from __future__ import annotations

import json
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
