from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.facts import Event, Modality, Wording
from kg.graph.labels import category_noun, event_label
from kg.graph.namespaces import PREFIXES, ontology
from kg.phrasing import fitted
from tests.evaluation.gold_graph import interval

TABLES = tomllib.loads(Path(__file__).with_name("labels.toml").read_text(encoding="utf-8"))
ROLES = ("actors", "recipients", "mediators", "places", "about")


@pytest.mark.parametrize("case", TABLES["headline"], ids=lambda case: f"{case['line']}, {case['length']}")
def test_headlines_are_cut_at_constituents(case: dict[str, Any]) -> None:
    assert fitted([Wording(*words) for words in case["words"]], case["length"]) == case["line"]


@given(st.lists(st.tuples(st.text("abc ,", min_size=1), st.integers(0, 4)), max_size=8), st.integers(0, 60))
def test_no_line_is_longer_than_its_room(words: list[tuple[str, int]], length: int) -> None:
    headline = [Wording(" " + text, rank, number + 1) for number, (text, rank) in enumerate(words)]
    assert len(fitted(headline, length)) <= length


@pytest.mark.parametrize("case", TABLES["event"], ids=lambda case: case["label"])
def test_events_without_words_are_named_by_their_roles(case: dict[str, Any]) -> None:
    roles = {role: tuple(case.get(role, ())) for role in ROLES}
    event = Event(
        "e",
        case["category"],
        "word",
        "rule",
        (0,),
        **roles,
        when=interval(case["date"]) if "date" in case else None,
        modality=Modality(case.get("modality", "asserted")),
    )
    names = {name: name for filled in roles.values() for name in filled}
    assert event_label(event, names) == case["label"]


def test_every_category_has_a_noun_of_its_own_or_its_broader_one() -> None:
    codes = {term.removeprefix(PREFIXES["cat"]) for term in ontology().terms if term.startswith(PREFIXES["cat"])} - {""}
    assert [code for code in codes if category_noun(code) == category_noun("no such code")] == []
