"""Dates of events over whole articles: ``dated/*.wiki``, each with the dates that a careful reader takes from it.

Each date is a case: the event that the words report is found, and has that date ("" for none; an inferred date counts as none).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kg.extraction import extract
from kg.facts import Event
from kg.language import LanguageReader
from kg.language.reading import PassageDoc
from kg.wikitext import read_article
from tests.extraction.conftest import parameters

FOLDER = Path(__file__).parent / "dated"
ARTICLES: dict[str, dict[str, Any]] = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
CASES = [
    {"text": f"{name}: {anchor}", "article": name, "anchor": anchor, "date": date}
    for name, gold in ARTICLES.items()
    for anchor, date in gold["dates"].items()
]


@pytest.fixture(scope="module")
def told(reader: LanguageReader) -> Callable[[str], tuple[tuple[PassageDoc, ...], tuple[Event, ...]]]:
    """Return the passages and the events of an article; each is read once."""

    @cache
    def read(name: str) -> tuple[tuple[PassageDoc, ...], tuple[Event, ...]]:
        reading = reader.read(read_article((FOLDER / f"{name}.wiki").read_text(encoding="utf-8"), ARTICLES[name]["title"]))
        return tuple(reading.passages), extract(reading).events

    return read


def told_by(anchor: str, passage: PassageDoc, events: tuple[Event, ...]) -> Event | None:
    """Return the event of a passage whose trigger is within the words of ``anchor``."""
    start = passage.passage.text.index(anchor)
    inside = [t for t in passage.doc if start <= t.idx < start + len(anchor)]
    own = (e for e in events if passage.passage.index in e.passages)
    return next((e for e in own if any(e.trigger[:4] in (t.lower_[:4], t.lemma_[:4].lower()) for t in inside)), None)


def stated_date(event: Event) -> str:
    """Return the date that the text states ("" for none)."""
    return (event.when.value or "a range") if event.when and not event.when.inferred else ""


@pytest.mark.parametrize("case", parameters("dated", CASES))
def test_an_event_has_the_date_that_its_article_states(
    case: dict[str, Any], told: Callable[[str], tuple[tuple[PassageDoc, ...], tuple[Event, ...]]]
) -> None:
    passages, events = told(case["article"])
    (passage,) = [p for p in passages if case["anchor"] in p.passage.text]
    event = told_by(case["anchor"], passage, events)
    assert event is not None, "no event of these words"
    assert stated_date(event) == case["date"]
