"""Sentences with the facts that they state, by category: ``cases/*.toml``.

A parser that learns is not right about every sentence: each file has a floor in ``floors.toml`` for the share of its cases
that must come out whole. Floors only rise. ``python -m tests.extraction.report`` prints what is wrong with which sentence.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.facts import ArticleFacts
from tests.extraction.checking import problems
from tests.extraction.conftest import cases

FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted({name for name, _ in cases()}))
def test_cases_of_a_file(name: str, facts_of: Callable[[str], ArticleFacts]) -> None:
    results = {c["text"]: problems(c, facts_of(c["text"])) for file, c in cases() if file == name}
    share = sum(not p for p in results.values()) / len(results)
    report = "\n".join(f"{text}\n    {'; '.join(found)}" for text, found in results.items() if found)
    assert share >= FLOORS[name], f"{share:.3f} of {name} are whole, the floor is {FLOORS[name]}:\n{report}"


def test_every_category_has_cases() -> None:
    count: dict[str, int] = defaultdict(int)
    for _, case in cases():
        for event in case.get("events", []):
            codes = event["category"] if isinstance(event["category"], list) else [event["category"]]
            count[codes[0].split("-")[0]] += 1
    assert len(count) == 24
    assert sum(1 for _ in cases()) >= 250
