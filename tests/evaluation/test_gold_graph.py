"""The gold annotations, passed through the reader and the mapping to RDF, are all recovered by the scorer."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.evaluation.article_graph import LoadedDump
from kg.evaluation.gold import read_gold
from kg.evaluation.score import compare
from kg.evaluation.tally import main_value
from kg.store import current_build
from tests.evaluation import gold_graph

HERE = Path(__file__).parent


def test_nothing_is_lost_on_the_way_into_the_graph() -> None:
    for article, gold in gold_graph.annotated():
        annotation = gold_graph.Annotation(article, gold)
        annotation.facts()
        assert annotation.lost == [], article.title


@pytest.mark.parametrize("gold", sorted((HERE / "gold").glob("*.json")), ids=lambda path: path.stem)
def test_the_scorer_finds_everything_again(gold: Path, gold_data: Path) -> None:
    figures = compare(read_gold(gold), LoadedDump(current_build(gold_data).dumps / "entente.ttl")).tally.figures()
    assert {name: main_value(figure) for name, figure in figures.items()} == dict.fromkeys(figures, 1.0)


@pytest.mark.parametrize("pattern", ["ANNOTATION.md", "gold/*.json", "articles/*.wiki"])
def test_our_copy_is_the_shared_one(pattern: str, shared: Path) -> None:
    theirs = {path.name: path.read_bytes() for path in (shared / "evaluation").glob(pattern)}
    assert theirs
    assert {path.name: path.read_bytes() for path in HERE.glob(pattern)} == theirs
