"""Facets of event lists: the events shown match, the counts are right, and invalid values are refused."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.pages.reading import page

LISTS = ("/events", "/page/Borduria", "/category/ASSAULT", "/dyad?one=Ruritania&other=Borduria")
BY_FACET = [
    ("/events?modality=negated", ["does not attack Strelsau"], ["Borduria attacks Ruritania"]),
    ("/events?modality=future", ["open embassies"], ["Borduria attacks Ruritania"]),
    ("/events?confidence=80", ["Borduria attacks Ruritania"], ["Borduria expels the ambassador", "open embassies"]),
    ("/events?sure=sure", ["Borduria attacks Ruritania"], ["Borduria expels the ambassador", "open embassies"]),
    ("/events?sure=likely", ["Borduria attacks Ruritania", "Borduria expels the ambassador"], ["open embassies"]),
    ("/events?confidence=50", ["Borduria attacks Ruritania", "Borduria expels the ambassador"], ["open embassies"]),
    ("/events?basis=inferred", ["Rudolf Đurić speaks"], ["Borduria attacks Ruritania"]),
    ("/events?category=ASSAULT", ["Borduria attacks Ruritania", "does not attack"], ["Borduria expels the ambassador"]),
    ("/events?from=2000&to=2002", ["meets Anna Plekszy"], ["Borduria attacks Ruritania", "open embassies"]),
    ("/page/Borduria?modality=asserted&category=ASSAULT", ["Borduria attacks Ruritania"], ["Borduria closes the border"]),
    ("/category/ASSAULT?modality=negated", ["does not attack Strelsau"], ["Borduria attacks Ruritania"]),
    ("/dyad?one=Ruritania&other=Borduria&confidence=80", ["attacks Ruritania"], ["expels the ambassador"]),
]


@pytest.mark.parametrize(("address", "there", "absent"), BY_FACET)
def test_a_list_holds_what_fits(made_up: FlaskClient, address: str, there: list[str], absent: list[str]) -> None:
    html = made_up.get(address, follow_redirects=True).text
    events = html.split('class="events"', 1)[1].split("</section>\n</div>", 1)[0]
    shown = re.sub(r"<[^>]+>", "", events)
    for words in there:
        assert words in html
    for words in absent:
        assert words not in shown


def test_options_say_how_many_there_are(made_up: FlaskClient) -> None:
    html = made_up.get("/events").text
    for option in ("negated (1)", "sure: 0.8 or more (1)", "inferred from what stands around it (1)"):
        assert f">{option}</option>" in html
    assert ">negated (1)</option>" not in made_up.get("/events?modality=asserted").text


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("wrong", ["modality=perhaps", "basis=felt", "confidence=77", "sure=perhaps", "category=%22x", "from=soon"])
def test_what_is_no_value_is_refused(made_up: FlaskClient, address: str, wrong: str) -> None:
    assert made_up.get(f"{address}{'&' if '?' in address else '?'}{wrong}").status_code == 400


def test_things_are_listed_by_class(made_up: FlaskClient) -> None:
    text = page(made_up, "/things?class=State").text
    assert "Ruritania" in text
    assert "Rudolf Đurić" not in text
    assert "Rudolf Đurić" in page(made_up, "/things?class=Person").text
    assert made_up.get("/things?class=Nothing").status_code == 400
