"""The gold annotations, put through the reader and the mapping to RDF, are all found again by the scorer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.store import current_build
from tests.evaluation import gold_graph

HERE = Path(__file__).parent


def test_nothing_is_lost_on_the_way_into_the_graph() -> None:
    for article, gold in gold_graph.annotated():
        annotation = gold_graph.Annotation(article, gold)
        annotation.facts()
        assert annotation.lost == [], article.title


@pytest.mark.parametrize("gold", sorted((HERE / "gold").glob("*.json")), ids=lambda path: path.stem)
def test_the_scorer_finds_everything_again(gold: Path, gold_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import score

    score.main([str(current_build(gold_data).dumps / "entente.ttl"), str(gold), "--json"])
    (figures,) = json.loads(capsys.readouterr().out).values()
    assert {name: figure.get("F", figure.get("share")) for name, figure in figures.items()} == dict.fromkeys(figures, 1.0)


@pytest.mark.parametrize("pattern", ["score.py", "ANNOTATION.md", "gold/*.json", "articles/*.wiki"])
def test_our_copy_is_the_shared_one(pattern: str, shared: Path) -> None:
    theirs = {path.name: path.read_bytes() for path in (shared / "evaluation").glob(pattern)}
    assert theirs
    assert {path.name: path.read_bytes() for path in HERE.glob(pattern)} == theirs
