"""Dates of events over whole articles: ``dated/*.wiki``, each with the dates that a careful reader takes from it.

Each file of dates has two floors: for the share of found, dated events whose date is right, and for the share of given dates that
are right. They are only raised.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from kg.extraction import extract
from kg.facts import Event
from kg.language import LanguageReader
from kg.language.reading import PassageDoc
from kg.wikitext import read_article

FOLDER = Path(__file__).parent / "dated"


def told_by(anchor: str, passage: PassageDoc, events: tuple[Event, ...]) -> Event | None:
    """Return the event of a passage whose trigger is within the words of ``anchor``."""
    start = passage.passage.text.index(anchor)
    inside = [t for t in passage.doc if start <= t.idx < start + len(anchor)]
    own = (e for e in events if passage.passage.index in e.passages)
    return next((e for e in own if any(e.trigger[:4] in (t.lower_[:4], t.lemma_[:4].lower()) for t in inside)), None)


def outcome(expected: str, event: Event) -> str:
    """Return the outcome for an expected date ("" for none)."""
    found = (event.when.value or "a range") if event.when else ""
    if found == expected:
        return "right" if expected else "none"
    return "missed" if not found else "wrong"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.wiki")), ids=lambda p: p.stem)
def test_the_dates_of_an_article(path: Path, reader: LanguageReader) -> None:
    gold = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))
    reading = reader.read(read_article(path.read_text(encoding="utf-8"), gold["title"]))
    events = extract(reading).events
    results, count = [], Counter[str]()
    for anchor, expected in gold["dates"].items():
        passages = [p for p in reading.passages if anchor in p.passage.text]
        assert len(passages) == 1, f"{anchor!r} stands in {len(passages)} sentences"
        event = told_by(anchor, passages[0], events)
        if event is not None:
            if event.when and event.when.inferred:
                event = replace(event, when=None)
            result = outcome(expected, event)
            count[result] += 1
            count["dated"] += bool(expected)
            count["given"] += event.when is not None
            results.append(f"{result}: {expected or 'none'} | {event.when.value if event.when else None} | {anchor}")
    report = "\n".join(r for r in results if r.startswith(("wrong", "missed")))
    assert count["right"] / count["dated"] >= gold["floors"]["right"], report
    assert count["right"] / count["given"] >= gold["floors"]["precision"], report
    assert count["dated"] >= gold["floors"]["found"], f"only {count['dated']} of the dated events were found"
