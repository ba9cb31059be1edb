from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from kg.facts import Event, Modality
from kg.graph.labels import event_label, phrase
from kg.graph.namespaces import PREFIXES, ontology
from tests.evaluation.gold_graph import interval

CASES = tomllib.loads(Path(__file__).with_name("labels.toml").read_text(encoding="utf-8"))["event"]
ROLES = ("actors", "recipients", "mediators", "places", "about")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_labels(case: dict[str, Any]) -> None:
    roles = {role: tuple(case.get(role, ())) for role in ROLES}
    event = Event(
        "e",
        case["category"],
        case.get("trigger", "word"),
        "rule",
        (0,),
        **roles,
        when=interval(case["date"]) if "date" in case else None,
        modality=Modality(case.get("modality", "asserted")),
        amount=case.get("amount"),
        quote=case.get("quote"),
    )
    names = {name: name for filled in roles.values() for name in filled}
    assert event_label(event, names, case.get("text", "")) == case["label"]


def test_every_category_has_words_of_its_own_or_its_broader_ones() -> None:
    codes = {term.removeprefix(PREFIXES["cat"]) for term in ontology().terms if term.startswith(PREFIXES["cat"])} - {""}
    assert [code for code in codes if phrase(code) == phrase("no such code")] == []
