"""Excerpts of real articles: their gold files fit the texts, and the graph reaches its floors on the work set."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kg.evaluation.gold import read_gold
from kg.evaluation.normalization import squeezed
from kg.evaluation.score import total
from kg.evaluation.tally import main_value
from tests.evaluation.excerpts import REAL, TEXTS, Excerpt, build_graphs, listed, score_excerpts

GOLD = REAL / "gold"
ANNOTATED = [excerpt for excerpt in listed() if (GOLD / f"{excerpt.id}.json").exists()]
FLOORS: dict[str, dict[str, float]] = tomllib.loads((REAL / "floors.toml").read_text(encoding="utf-8"))


def test_every_gold_file_is_of_a_listed_excerpt() -> None:
    assert {path.stem for path in GOLD.glob("*.json")} <= {excerpt.id for excerpt in listed()}


@pytest.mark.skipif(not TEXTS.is_dir(), reason="the texts are not in ../shared")
@pytest.mark.parametrize("excerpt", ANNOTATED, ids=lambda excerpt: excerpt.id)
def test_anchors_stand_in_the_excerpt(excerpt: Excerpt) -> None:
    gold, text = read_gold(GOLD / f"{excerpt.id}.json"), squeezed(excerpt.text())
    assert gold["article"] == excerpt.title
    assert [event["anchor"] for event in gold["events"] if squeezed(event["anchor"]) not in text] == []


@pytest.mark.skipif(not TEXTS.is_dir(), reason="the texts are not in ../shared")
@pytest.mark.parametrize("batch", sorted(FLOORS))
def test_figures_of_a_set(batch: str, tmp_path: Path) -> None:
    chosen = [excerpt for excerpt in ANNOTATED if excerpt.set == batch]
    compared = score_excerpts(chosen, build_graphs(chosen, tmp_path), GOLD)
    figures = total(compared.values()).figures()
    seen = {name: main_value(figure) for name, figure in figures.items()} | {"precision": figures["statements"]["P"]}
    low = {name: (round(seen[name], 3), floor) for name, floor in FLOORS[batch].items() if seen[name] < floor}
    assert not low, f"{batch}: figures under their floors (seen, floor): {low}"
