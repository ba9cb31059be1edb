"""Articles annotated before the extraction had run on them: see ``blind/README.md``. Floors are only raised."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kg.pipeline import BuildOptions, build
from tests.evaluation.scoring import Figures, figures_by_gold, under_floor

HERE = Path(__file__).parent / "blind"
FLOORS = tomllib.loads((HERE / "floors.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Figures]:
    """Figures of the articles by the name of their gold file."""
    data = tmp_path_factory.mktemp("blind")
    build([HERE / "articles"], data, BuildOptions(jobs=1, strict=True))
    return figures_by_gold(data / "current" / "dumps" / "entente.nq.gz", HERE.glob("gold/*.json"))


def test_every_article_has_floors() -> None:
    articles = {path.stem for path in HERE.glob("articles/*.wiki")}
    assert articles == {path.stem for path in HERE.glob("gold/*.json")} == set(FLOORS)


@pytest.mark.parametrize("article", sorted(FLOORS))
def test_figures_of_an_article(article: str, figures: dict[str, Figures]) -> None:
    assert not under_floor(figures[article], FLOORS[article]), f"{article}: figures under their floors (seen, floor)"
