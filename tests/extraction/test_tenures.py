"""Who holds which office, by the cases of ``tenures.toml``: none missed, none invented."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.facts import ArticleFacts

CASES = tomllib.loads((Path(__file__).parent / "tenures.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:50])
def test_tenures(case: dict, facts_of: Callable[[str], ArticleFacts]) -> None:
    found = sorted((t.holder, t.office, t.organization or "") for t in facts_of(case["text"]).tenures)
    wanted = sorted(tuple(row) for row in case["tenures"])
    assert len(found) == len(wanted), found
    for (holder, office, body), (who, offices, of) in zip(found, wanted, strict=True):
        assert (holder, body) == (who, of)
        assert office in offices.split("|")
