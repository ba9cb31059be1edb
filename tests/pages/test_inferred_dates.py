"""Inferred dates are shown as bounds, never as a day."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from rdflib import Literal, URIRef

from server.pages.listing import events
from server.pages.term_display import between_in_words

ENT = "https://w3id.org/entente/ontology#"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2018-05-01", "2018-07-31", "between May and July 2018"),
        ("2018-05-01", "2018-05-31", "May 2018, inferred"),
        ("2018-01-01", "2018-12-31", "2018, inferred"),
        ("2018-11-01", "2019-02-28", "between November 2018 and February 2019"),
    ],
)
def test_bounds_are_said_in_months(first: str, last: str, said: str) -> None:
    assert between_in_words(first, last) == said


@pytest.mark.parametrize(("basis", "said"), [("inferred", "between May and July 2018"), ("stated", "1 May 2018")])
def test_a_list_shows_bounds_only_where_the_date_is_inferred(basis: str, said: str, made_up: FlaskClient) -> None:
    row = {
        "event": URIRef("https://w3id.org/entente/resource/event/1"),
        "label": Literal(f"Chad protests ({said})"),
        "earliest": Literal("2018-05-01"),
        "latest": Literal("2018-07-31"),
        "basis": URIRef(ENT + basis),
        "modality": URIRef(ENT + "asserted"),
    }
    with made_up.application.test_request_context():
        (item,) = events([row])
    assert (item.date, item.label, item.inferred) == (said, "Chad protests", basis == "inferred")
