"""The lists of the site as CSV hold what their pages hold."""

from __future__ import annotations

import csv
from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient

from server.pages import list_tables
from tests.pages.reading import page


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
