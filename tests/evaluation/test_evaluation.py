"""The quality of the graph: the two annotated articles, and sentences coded by PLOVER's authors.

Each figure is compared with its floor in ``floors.toml``; floors are only raised.
"""

from __future__ import annotations

import importlib.util
import itertools
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from kg.evaluation.article_graph import LoadedDump
from kg.evaluation.gold import read_gold
from kg.evaluation.score import compare
from kg.pipeline import BuildOptions, build
from tests.evaluation.scoring import Figures, figures_by_gold, under_floor

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
GOLD = sorted((HERE / "gold").glob("*.json"))
FLOORS = tomllib.loads((HERE / "floors.toml").read_text(encoding="utf-8"))
PLOVER = re.compile(r"category ([\d.]+)\s+precision ([\d.]+) of \d+\s+actor ([\d.]+) of \d+\s+recipient ([\d.]+)")


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of both articles."""
    data = tmp_path_factory.mktemp("evaluation")
    build([ROOT / "seeds", HERE / "articles"], data, BuildOptions(jobs=1, strict=True))
    return data / "current" / "dumps" / "entente.nq.gz"


@pytest.fixture(scope="module")
def figures(dump: Path) -> dict[str, Figures]:
    """Figures of both articles by the name of their gold file."""
    return figures_by_gold(dump, GOLD)


@pytest.mark.parametrize("article", sorted(FLOORS["articles"]))
def test_figures_of_an_article(article: str, figures: dict[str, Figures]) -> None:
    assert not under_floor(figures[article], FLOORS["articles"][article]), f"{article}: figures under their floors (seen, floor)"


def test_our_scorer_measures_what_the_shared_one_does(dump: Path, shared: Path) -> None:
    theirs = shared / "evaluation" / "score.py"
    if not theirs.exists():
        pytest.skip("the shared scorer is not in ../shared")
    done = subprocess.run([sys.executable, theirs, dump, *GOLD, "--json"], check=True, capture_output=True, text=True)
    graph = LoadedDump(dump)
    golds = [read_gold(path) for path in GOLD]
    ours = {gold["article"]: compare(gold, graph).tally.figures() for gold in golds}
    shared_figures = {title: figures for title, figures in json.loads(done.stdout).items() if title != "all articles"}
    assert {title: {name: ours[title][name] for name in figures} for title, figures in shared_figures.items()} == shared_figures


def readme_figures() -> list[tuple[str, str, list[float]]]:
    """Return the rows of the README's table: the claimed figures by article and row."""
    lines = (ROOT / "README.md").read_text(encoding="utf-8").split("| F, or share", 1)[1].splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in itertools.takewhile(lambda line: line.startswith("|"), lines)]
    articles = ("kosovo-serbia", "armenia-turkey")
    cells = [(article, name, cell) for name, *both in rows for article, cell in zip(articles, both, strict=True)]
    return [(article, name, [float(number) for number in re.findall(r"\d\.\d+", cell)]) for article, name, cell in cells]


README_ROWS = {
    "whole statements": ("statements",),
    "facts together": ("facts",),
    "events (precision)": ("events", "precision"),
    "who did it to whom, through whom, where, about what": ("roles",),
    "dates; modality; quotations; references": ("dates", "modality", "quotes", "cites"),
    "entities; agreements; offices": ("entities", "agreements", "tenures"),
    "events that no other event repeats": ("single",),
}


@pytest.mark.parametrize(("article", "row", "claims"), readme_figures())
def test_the_readme_claims_what_is_seen(article: str, row: str, claims: list[float], figures: dict[str, Figures]) -> None:
    assert len(claims) == len(README_ROWS[row])
    assert claims == [pytest.approx(figures[article][name], abs=0.015) for name in README_ROWS[row]]


def test_sentences_that_plovers_authors_coded(shared: Path, tmp_path: Path) -> None:
    coded, plover = shared / "evaluation" / "plover-dev.json", shared / "evaluation" / "plover.py"
    if not coded.exists() or importlib.util.find_spec("pyoxigraph") is None:
        pytest.skip("the coded sentences are not in ../shared")
    subprocess.run([sys.executable, plover, "articles", coded, tmp_path / "articles"], check=True)
    build([tmp_path / "articles"], tmp_path / "data", BuildOptions(jobs=1))
    dump = tmp_path / "data" / "current" / "dumps" / "entente.nq.gz"
    done = subprocess.run([sys.executable, plover, "score", dump, coded], check=True, capture_output=True, text=True)
    found = PLOVER.search(done.stdout)
    assert found is not None, done.stdout
    seen = dict(zip(("category", "precision", "actor", "recipient"), map(float, found.groups()), strict=True))
    low = {name: (seen[name], floor) for name, floor in FLOORS["plover"].items() if seen[name] < floor}
    assert not low, f"PLOVER sentences: figures under their floors (seen, floor): {low}"
