"""Tests of the scorer on graphs made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.extraction import extract
from kg.language import load
from kg.wikitext import read_article
from tests.evaluation.scoring import compared

GOLD = {
    "article": "Peru",
    "entities": [],
    "events": [
        {
            "anchor": "Peru attacked Chile in",
            "category": ["ASSAULT"],
            "actors": ["Peru"],
            "recipients": ["Chile"],
            "mediators": [],
            "about": [],
        }
        | {"date": "1879", "place": None, "modality": "asserted", "optional": False}
    ],
    "agreements": [],
    "tenures": [],
}


def test_a_second_event_of_one_act_is_counted() -> None:
    article = read_article("Peru attacked Chile in 1879.", "Peru")
    facts = extract(load().read(article))
    assert compared(GOLD, article, facts).tally.figures()["single"]["share"] == 1
    (event,) = facts.events
    twice = replace(facts, events=(event, replace(event, key="0-9-ASSAULT", when=None, recipients=())))
    assert compared(GOLD, article, twice).tally.figures()["single"]["share"] == pytest.approx(0.5)
