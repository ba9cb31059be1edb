"""Score the graph on excerpts of real articles.

    python -m tests.evaluation.excerpts                              every excerpt that has a gold file
    python -m tests.evaluation.excerpts --set work --errors events   one set, with each event missed (-) and invented (+)
    python -m tests.evaluation.excerpts --gold FOLDER --set batch-1  with gold files that lie elsewhere
    python -m tests.evaluation.excerpts --keep FOLDER --only korean-war-1

``real/excerpts.toml`` lists the excerpts: characters of plain texts in ``../shared/evaluation/real``. Each is built as an article under
the title of its source. Articles of one build have different titles, so several excerpts of one source go into several builds.
"""

from __future__ import annotations

import argparse
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.evaluation.article_graph import LoadedDump
from kg.evaluation.comparison import Comparison
from kg.evaluation.gold import read_gold
from kg.evaluation.score import compare, total
from kg.evaluation.score_table import breakdown, table
from kg.pipeline import BuildOptions, build

HERE = Path(__file__).resolve().parent
REAL = HERE / "real"
TEXTS = HERE.parents[2] / "shared" / "evaluation" / "real"


@dataclass(frozen=True)
class Excerpt:
    """The characters ``start`` to ``end`` of a text; ``set`` is ``work``, or the sealed batch to which it belongs."""

    id: str
    file: str
    start: int
    end: int
    set: str

    @property
    def title(self) -> str:
        """The title of the article."""
        return self.file.removesuffix(".txt").replace("_", " ")

    def text(self, texts: Path = TEXTS) -> str:
        """The text of the excerpt."""
        return (texts / self.file).read_text(encoding="utf-8")[self.start : self.end]


def listed(path: Path = REAL / "excerpts.toml") -> list[Excerpt]:
    """Return all excerpts in the list."""
    return [Excerpt(**entry) for entry in tomllib.loads(path.read_text(encoding="utf-8"))["excerpt"]]


def build_graphs(excerpts: Iterable[Excerpt], folder: Path, texts: Path = TEXTS) -> dict[str, LoadedDump]:
    """Return the graph of each excerpt by id, from as few builds as possible without two excerpts of one title."""
    layers: list[dict[str, Excerpt]] = []
    for excerpt in excerpts:
        layer = next((layer for layer in layers if excerpt.title not in layer), None)
        if layer is None:
            layers.append(layer := {})
        layer[excerpt.title] = excerpt
    graphs: dict[str, LoadedDump] = {}
    for number, layer in enumerate(layers, 1):
        sources = folder / f"articles-{number}"
        sources.mkdir(parents=True)
        for title, excerpt in layer.items():
            (sources / f"{excerpt.id}.txt").write_text(excerpt.text(texts), encoding="utf-8")
            (sources / f"{excerpt.id}.meta").write_text(f"title: {title}\n", encoding="utf-8")
        data = folder / f"data-{number}"
        build([sources], data, BuildOptions(jobs=1, strict=True))
        dump = LoadedDump(data / "current" / "dumps" / "entente.nq.gz")
        graphs |= {excerpt.id: dump for excerpt in layer.values()}
    return graphs


def score_excerpts(excerpts: Iterable[Excerpt], graphs: Mapping[str, LoadedDump], gold: Path) -> dict[str, Comparison]:
    """Return the comparison of each excerpt with its gold file, by id."""
    return {excerpt.id: compare(read_gold(gold / f"{excerpt.id}.json"), graphs[excerpt.id]) for excerpt in excerpts}


def main() -> None:
    """Print a table for each set of excerpts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", dest="sets", action="append", help="only this set (work, batch-1, …); may be given several times")
    parser.add_argument("--only", action="append", metavar="ID", help="only this excerpt; may be given several times")
    parser.add_argument("--gold", type=Path, default=REAL / "gold", help="the folder of the gold files (default: %(default)s)")
    parser.add_argument("--errors", nargs="?", const="", metavar="SECTION", help="list the errors (entities, events, roles, dates, …)")
    parser.add_argument("--each", action="store_true", help="a table for each excerpt too")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the builds in this folder")
    arguments = parser.parse_args()
    chosen = [e for e in listed() if (arguments.gold / f"{e.id}.json").exists()]
    chosen = [e for e in chosen if e.set in (arguments.sets or [e.set]) and e.id in (arguments.only or [e.id])]
    if not chosen:
        parser.error(f"no excerpt that was asked for has a gold file in {arguments.gold}")
    with tempfile.TemporaryDirectory() as temporary:
        graphs = build_graphs(chosen, arguments.keep or Path(temporary))
        compared = score_excerpts(chosen, graphs, arguments.gold)
    for name, comparison in compared.items():
        if arguments.errors is not None:
            print(*(f"{name}: {e}" for e in comparison.tally.errors if e.startswith(arguments.errors)), sep="\n")
        if arguments.each:
            print(*table(name, comparison.tally.figures()), sep="\n")
    for batch in sorted({e.set for e in chosen}):
        members = [compared[e.id] for e in chosen if e.set == batch]
        print(*table(f"{batch}: {len(members)} excerpts", total(members).figures()), *breakdown(members), sep="\n")


if __name__ == "__main__":
    main()
