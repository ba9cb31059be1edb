"""What an article's title says about the parties to its events, by the cases of ``sides.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kg.extraction import extract
from kg.language import LanguageReader
from kg.wikitext import read_article

CASES = tomllib.loads((Path(__file__).parent / "sides.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['title']}: {case['text'][:40]}")
def test_sides(case: dict, reader: LanguageReader) -> None:
    facts = extract(reader.read(read_article(case["text"], case["title"])))
    assert [[e.category, [*e.actors], [*e.recipients]] for e in facts.events] == case["events"]
