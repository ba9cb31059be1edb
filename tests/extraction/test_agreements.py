"""Agreements assembled from an article, by the cases of ``agreements.toml``: none missed, none invented."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kg.extraction import extract
from kg.language import LanguageReader
from kg.wikitext import read_article

CASES = tomllib.loads((Path(__file__).parent / "agreements.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:50])
def test_agreements(case: dict, reader: LanguageReader) -> None:
    facts = extract(reader.read(read_article(case["text"], case["title"])))
    found = sorted([a.key, [*a.parties], [*a.mediators], a.when.value if a.when else "", [*a.places]] for a in facts.agreements)
    assert found == sorted(case["agreements"])
