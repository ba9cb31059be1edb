"""What is only alleged, suspected or denied is never asserted: ``allegations.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.facts import ArticleFacts, Modality
from tests.extraction.conftest import parameters

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("allegations.toml").read_text(encoding="utf-8"))["case"]


def problems(case: dict[str, Any], facts: ArticleFacts) -> list[str]:
    """Return what is wrong with the facts of a case."""
    spoken = case.get("asserted", [])
    found = [f"{e.trigger} is asserted" for e in facts.events if e.modality is Modality.ASSERTED and e.trigger not in spoken]
    for event in facts.events:
        if event.trigger == case.get("trigger"):
            if "modality" in case and event.modality != case["modality"]:
                found.append(f"{event.trigger} is {event.modality}")
            if "sources" in case and sorted(event.sources) != sorted(case["sources"]):
                found.append(f"the sources of {event.trigger} are {event.sources}")
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_nothing_claimed_is_asserted(case: dict[str, Any], facts_of: Callable[[str], ArticleFacts]) -> None:
    assert problems(case, facts_of(case["text"])) == []


@pytest.mark.parametrize("case", parameters("allegations", (case for case in CASES if "trigger" in case and "modality" in case)))
def test_what_is_claimed_is_read(case: dict[str, Any], facts_of: Callable[[str], ArticleFacts]) -> None:
    assert case["trigger"] in {event.trigger for event in facts_of(case["text"]).events}
