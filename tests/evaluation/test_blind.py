"""Articles that were annotated before the extraction had run on them: see ``blind/README.md``. Floors only rise."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from kg.pipeline import BuildOptions, build
from tests.evaluation import score

HERE = Path(__file__).parent / "blind"
FLOORS = tomllib.loads((HERE / "floors.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> score.ox.Store:
    data = tmp_path_factory.mktemp("blind")
    build([HERE / "articles"], data, BuildOptions(jobs=1, strict=True))
    return score.load(data / "current" / "dumps" / "entente.nq.gz")


def test_every_article_has_floors() -> None:
    articles = {path.stem for path in HERE.glob("articles/*.wiki")}
    assert articles == {path.stem for path in HERE.glob("gold/*.json")} == set(FLOORS)


@pytest.mark.parametrize("article", sorted(FLOORS))
def test_figures_of_an_article(article: str, graph: score.ox.Store) -> None:
    gold = json.loads((HERE / "gold" / f"{article}.json").read_text(encoding="utf-8"))
    figures = score.figures(score.Scorer(gold, score.Graph(graph, gold["article"])).run())
    seen = {name: value.get("F", value.get("share", 0.0)) for name, value in figures.items()}
    seen["precision"] = figures["events"]["P"]
    low = {name: (round(seen[name], 3), floor) for name, floor in FLOORS[article].items() if seen[name] < floor}
    assert not low, f"{article}: figures under their floors (seen, floor): {low}"
