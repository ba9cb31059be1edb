"""Measure how much memory the main process of a build takes, by the length of the dump: python tests/bench/memory.py 1000 10000 50000.

For each length, a dump of short pages is generated and built twice with one process: with one page in a hundred selected by
category, and with all. Pages are not parsed by the language model, which would take hours and runs in other processes: a page
yields its title only.
"""

from __future__ import annotations

import bz2
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from kg.graph.iris import article  # noqa: E402
from kg.graph.namespaces import ENT, RDF, RDFS  # noqa: E402
from kg.graph.terms import Quad, english, iri  # noqa: E402
from kg.pipeline.page import Outcome, PageResult, PageTask, peak_bytes  # noqa: E402
from kg.pipeline.shards import ShardFolder  # noqa: E402


def read(task: PageTask) -> Outcome:
    """Write a page's shard without its text: the memory of the main process depends on the number of pages."""
    subject = iri(article(task.title))
    said = {RDF.type: iri(ENT.Article), RDFS.label: english(task.title)}
    lines = [Quad(subject, iri(predicate), value, subject).line().encode() for predicate, value in said.items()]
    counts = {"characters": len(task.wikitext), "words": len(task.wikitext.split())}
    ShardFolder(task.shards).write(task.key, sorted(lines), {"counts": counts, "notes": {}})
    return PageResult(counts, {})


def dump(pages: int, path: Path) -> None:
    """Write a dump of a number of pages, one in a hundred in the category."""
    with bz2.open(path, "wt", encoding="utf-8") as file:
        file.write('<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">\n')
        file.writelines(_page(number) for number in range(1, pages + 1))
        file.write("</mediawiki>\n")


def _page(number: int) -> str:
    category = "[[Category:Chosen]]" if number % 100 == 0 else "[[Category:Others]]"
    text = f"'''Page {number}''' is about [[Page {number // 2}]]. {category} {'Lorem ipsum dolor sit amet. ' * 40}"
    return (
        f"<page><title>Page {number}</title><ns>0</ns><id>{number}</id><revision><id>{number}</id>"
        f"<timestamp>2024-01-01T00:00:00Z</timestamp><text>{text}</text></revision></page>\n"
    )


def build(path: Path, data: Path, category: str) -> None:
    """Build with one process and print the number of articles and this process's peak memory in bytes."""
    from kg.pipeline import BuildOptions, Silence
    from kg.pipeline.building import BuildRun
    from kg.pipeline.workers import LocalWorkers, Workers
    from kg.wikitext.sources import Selection

    class Unread(BuildRun):
        def _workers(self, count: int) -> Workers:
            return LocalWorkers(count, self.options.timeout, read=read)

    options = BuildOptions(jobs=1, selection=Selection(frozenset(), (), (category,) if category else (), ()))
    made = Unread(data, options, Silence()).run([path])
    print(made.articles, peak_bytes())


def measures(lengths: list[int], folder: Path) -> Iterator[str]:
    """Yield a row for each length."""
    for pages in lengths:
        path = folder / f"{pages}.xml.bz2"
        dump(pages, path)
        found = []
        for category in ("Chosen", ""):
            command = [sys.executable, __file__, "--build", path, folder / f"{pages}{category}", category]
            done = subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, text=True)
            articles, peak = map(int, done.stdout.split())
            found.append(f"{peak / 1e6:.0f} MB ({articles:,} articles)")
        yield f"| {pages:,} | {' | '.join(found)} |"


def main() -> None:
    if sys.argv[1] == "--build":
        build(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
        return
    print("| pages in the dump | one in a hundred chosen | all chosen |\n|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="entente-memory-") as folder:
        for row in measures([int(length) for length in sys.argv[1:]], Path(folder)):
            print(row, flush=True)


if __name__ == "__main__":
    main()
