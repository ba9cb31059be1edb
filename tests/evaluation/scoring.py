"""Helpers for the tests of this folder: figures of a graph by gold file, and comparison with floors."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from kg.evaluation.article_graph import LoadedDump
from kg.evaluation.comparison import Comparison
from kg.evaluation.gold import Gold, read_gold
from kg.evaluation.score import compare
from kg.evaluation.tally import main_value
from kg.facts import ArticleFacts
from kg.graph.claims import resolve
from kg.graph.quads import shard_lines
from kg.wikitext.article import Article

Figures = dict[str, float]


def figures_by_gold(dump: Path, golds: Iterable[Path]) -> dict[str, Figures]:
    """Return F or share by figure, and the events' precision, by the name of the gold file."""
    graph = LoadedDump(dump)
    return {path.stem: article_figures(read_gold(path), graph) for path in golds}


def article_figures(gold: Gold, graph: LoadedDump) -> Figures:
    figures = compare(gold, graph).tally.figures()
    return {name: main_value(figure) for name, figure in figures.items()} | {"precision": figures["events"]["P"]}


def compared(gold: Gold, article: Article, facts: ArticleFacts) -> Comparison:
    """Compare the facts of one article, as a graph, with its annotation."""
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "graph.nq"
        dump.write_bytes(b"".join(resolve(sorted(shard_lines(article, facts)))))
        return compare(gold, LoadedDump(dump))


def under_floor(seen: Figures, floors: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Return the figures below their floors, each with the value and the floor."""
    return {name: (round(seen[name], 3), floor) for name, floor in floors.items() if seen[name] < floor}
