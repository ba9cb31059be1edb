"""The pages of the canned queries: forms, messages, answers, downloads, snippets."""

from __future__ import annotations

import csv
import io
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from kg.sparql.canned import load_queries
from tests.pages.reading import page

R = "https://w3id.org/entente/resource/"
NAMES = sorted(load_queries())


@pytest.mark.parametrize("name", NAMES)
def test_every_query_answers_on_its_page_and_as_download(gold: FlaskClient, name: str) -> None:
    found = page(gold, f"/queries/{name}")
    csv_links = [a["href"] for tag, a in found.tags if tag == "a" and ".csv" in a.get("href", "")]
    rows = list(csv.reader(io.StringIO(gold.get(csv_links[0]).get_data(as_text=True))))
    table = [a for tag, a in found.tags if tag == "table" and a.get("id") == "answer"]
    assert bool(table) == (len(rows) > 1)
    said = re.search(r"([\d\u2009]+) rows?\s+in [\d.]+ ms", found.text)
    assert said is not None
    assert int(said[1].replace("\u2009", "")) == len(rows) - 1


def test_names_and_addresses_mean_the_same(made_up: FlaskClient) -> None:
    by_name = made_up.get("/queries/agreements-between.csv?state=Ruritania&other=Borduria").data
    by_other_name = made_up.get("/queries/agreements-between.csv?state=kingdom of ruritania&other=Bordurian").data
    by_address = made_up.get(f"/queries/agreements-between.csv?state={R}Ruritania&other={R}Borduria").data
    assert by_name == by_address == by_other_name
    assert by_name.count(b"\n") == 3


def test_downloads_agree_in_every_format(made_up: FlaskClient) -> None:
    base = "/queries/dyad-timeline.{}?one=Ruritania&other=Borduria"
    found = json.loads(made_up.get(base.format("json")).data)["results"]["bindings"]
    as_csv = list(csv.DictReader(io.StringIO(made_up.get(base.format("csv")).get_data(as_text=True))))
    assert [row["event"]["value"] for row in found] == [row["event"] for row in as_csv]
    assert len(found) == 5
    assert made_up.get(base.format("tsv")).mimetype == "text/tab-separated-values"
    assert made_up.get(base.format("xml")).mimetype == "application/sparql-results+xml"


def test_a_year_stands_for_its_days(made_up: FlaskClient) -> None:
    """In downloads as on the page, whose form shows the days."""
    base = "/queries/dyad-timeline{}?one=Ruritania&other=Borduria&from={}&to={}"
    by_year, by_day = (made_up.get(base.format(".csv", *period)).data for period in (("1998", "1999"), ("1998-01-01", "1999-12-31")))
    assert by_year == by_day
    shown = {
        a["name"]: a.get("value") for tag, a in page(made_up, base.format("", "1998", "1999-02")).tags if tag == "input" and "name" in a
    }
    assert (shown["from"], shown["to"]) == ("1998-01-01", "1999-02-28")


@pytest.mark.parametrize(("address", "message"), [
    ("/queries/dyad-timeline?one=Sylda&other=Borduria", "Nothing in the graph is called Sylda"),
    ("/queries/dyad-timeline?one=Ruritania", "Other is needed"),
    ("/queries/dyad-timeline?one=Ruritania&other=Borduria&from=1998-02-30", "must be a day that exists"),
    ("/queries/co-participation?least=many", "must be a whole number"),
])  # fmt: skip
def test_mistakes_are_told_beside_their_field(made_up: FlaskClient, address: str, message: str) -> None:
    found = page(made_up, address)
    assert message in found.text
    wrong = [a for _, a in found.tags if a.get("aria-invalid") == "true"]
    assert len(wrong) == 1
    assert wrong[0]["aria-describedby"].split()[0] in found.ids


@pytest.mark.parametrize(("address", "status"), [
    ("/queries/dyad-timeline.csv?one=Ruritania", 400),
    ("/queries/dyad-timeline.csv?one=Ruritania&other=Borduria&from=soon", 400),
    ("/queries/people.csv?colour=blue", 400),
    ("/queries/nothing.csv", 404),
    ("/queries/poeple", 404),
    ("/api/queries/people?format=pdf", 406),
    ("/api/search?q=x&class=Nonsense", 400),
])  # fmt: skip
def test_programs_get_problems(made_up: FlaskClient, address: str, status: int) -> None:
    response = made_up.get(address, headers={"Accept": "application/problem+json"})
    assert response.status_code == status
    assert json.loads(response.data)["detail"]


def test_values_cannot_leave_their_place(made_up: FlaskClient) -> None:
    """A value that would end a string or an IRI stays a value."""
    for evil in ['" } # ', "' } UNION { ?s ?p ?o", '"""\\', "\\u0022 } "]:
        rows = json.loads(made_up.get("/queries/quotations.json", query_string={"word": evil}).data)["results"]["bindings"]
        assert rows == []
    response = made_up.get("/queries/dyad-timeline.json", query_string={"one": f"{R}Ruritania> . ?s ?p <{R}x", "other": "Borduria"})
    assert response.status_code == 400


def test_the_link_to_the_editor_holds_a_query_with_the_same_answer(made_up: FlaskClient) -> None:
    for name, given in (
        ("dyad-timeline", "?one=Ruritania&other=Borduria&from=1997-01-01"),
        ("quotations", "?word=peace"),
        ("co-participation", "?least=1"),
    ):
        found = page(made_up, f"/queries/{name}{given}")
        editor = next(a["href"] for tag, a in found.tags if tag == "a" and a.get("href", "").startswith("/sparql?query="))
        text = parse_qs(urlsplit(editor).query)["query"][0]
        there = json.loads(made_up.get("/sparql", query_string={"query": text}, headers={"Accept": "application/sparql-results+json"}).data)
        here = json.loads(made_up.get(f"/queries/{name}.json{given}").data)
        shown = set(there["head"]["vars"])
        assert there["results"]["bindings"]
        assert there["results"]["bindings"] == [{k: v for k, v in row.items() if k in shown} for row in here["results"]["bindings"]]


def test_order_follows_the_heading_and_what_is_empty_stands_last(made_up: FlaskClient) -> None:
    def column(address: str) -> list[str]:
        cells = [a["data-value"] for tag, a in page(made_up, address).tags if tag == "td" and "data-value" in a]
        return cells[0::5]

    width = len([1 for tag, _ in page(made_up, "/queries/claims-without-reference").tags if tag == "th"])
    assert width == 5
    up = column("/queries/claims-without-reference?sort=date&order=up")
    down = column("/queries/claims-without-reference?sort=date&order=down")
    filled = [value for value in up if value]
    assert filled == sorted(filled)
    assert [value for value in down if value] == filled[::-1]
    assert up[-1] == down[-1] == ""


def test_the_page_says_how_to_take_the_answer_along(made_up: FlaskClient) -> None:
    text = page(made_up, "/queries/agreements-between").text
    for part in ("curl --fail", "pd.read_csv(", "read.csv(", "<iframe src=", "http://localhost/queries/agreements-between"):
        assert part in text, part


def test_the_embeddable_answer_is_a_page_without_the_site(made_up: FlaskClient) -> None:
    found = page(made_up, "/queries/places/embed")
    assert "Strelsau" in found.text
    assert not [tag for tag, _ in found.tags if tag in ("header", "nav", "form")]


def test_bound_parameters_and_ordering_columns_are_not_shown(made_up: FlaskClient) -> None:
    found = page(made_up, "/queries/dyad-timeline?one=Ruritania&other=Borduria")
    names = [a["data-name"] for tag, a in found.tags if tag == "th" and "data-name" in a]
    assert names == ["date", "event", "category", "quad", "modality", "basis"]


@pytest.mark.parametrize("more", ["", "&from=1990-01-01", "&basis=stated"])
def test_a_download_has_the_querys_own_columns_whatever_is_given(made_up: FlaskClient, more: str) -> None:
    response = made_up.get(f"/queries/dyad-timeline.csv?one=Ruritania&other=Borduria{more}")
    assert response.status_code == 200
    header = response.text.splitlines()[0]
    assert header == "date,event,eventLabel,category,categoryLabel,quad,modality,basis,earliest,latest"


def test_a_publisher_has_a_page_with_what_rests_on_it(made_up: FlaskClient) -> None:
    text = page(made_up, "/page/publisher/strelsau_times").text
    for part in ("Publisher", "The Strelsau Times", "Peace at last", "Border closed", "sign the Treaty"):
        assert part in text
    compared = page(made_up, "/queries/publishers-compared?one=The+Strelsau+Times&other=The+Strelsau+Times").text
    assert "Only one" in compared
