"""Bounds of undated events, case by case from ``chronology.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.facts import ArticleFacts, Event

CASES = tomllib.loads(Path(__file__).with_name("chronology.toml").read_text(encoding="utf-8"))["case"]


def bounds(event: Event) -> str:
    """Return FIRST/LAST, followed by "stated" if the text states it; "" without bounds."""
    if event.when is None:
        return ""
    return f"{event.when.earliest}/{event.when.latest}{'' if event.when.inferred else ' stated'}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_a_happening_is_put_between_its_neighbours(case: dict[str, Any], facts_of: Callable[[str], ArticleFacts]) -> None:
    events = facts_of(case["text"]).events
    for trigger, expected in case["placed"].items():
        found = {bounds(e) for e in events if e.trigger == trigger}
        assert found == {expected}, [(e.trigger, bounds(e)) for e in events]
        assert all(e.when is None or not e.when.inferred or e.when.value is None for e in events)
