"""Measure how fast a build is: `make bench-build` (2,000 generated articles) or python tests/bench/build.py --articles 200 --sample
50.

Prints one Markdown table, each figure as soon as it is known. Ratios are measured on a sample, the first articles of the same dump
(articles are drawn independently, so that these are representative), since a machine is seldom quiet for long: the bare spaCy
pipeline over the same passages, whole builds with one and two processes, the build again with nothing changed, loading against
`oxigraph load`, the start of `entente query`, the build of the seed. Then all articles are built once with two processes: memory
over time, speed, failures. `--part` selects one of the two. With `--keep FOLDER`, results are stored there, and the same command
resumes an interrupted run.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
SECOND = ROOT.parent / "shared" / "evaluation" / "articles" / "armenia-turkey.wiki"
sys.path.insert(0, str(ROOT))

BARE = """
import json, sys, time
from pathlib import Path
from kg.language.encoder import load_pipeline
from kg.pipeline.page import peak_bytes
from kg.wikitext import read_article
from kg.wikitext.sources import read_sources
nlp = load_pipeline()
nlp.remove_pipe("one_sentence")
list(nlp.pipe(["Peru and Chile signed a treaty."]))
clock = words = 0
for source in read_sources([Path(sys.argv[1])]):
    texts = [p.text for p in read_article(source.wikitext, source.title).passages]
    start = time.perf_counter()
    words += sum(len(doc) for doc in nlp.pipe(texts))
    clock += time.perf_counter() - start
print(json.dumps({"seconds": clock, "tokens": words, "peak": peak_bytes()}))
"""
BUILD = """
import json, sys, time
from dataclasses import asdict
from pathlib import Path
from kg.pipeline import BuildOptions, build
from kg.pipeline.page import peak_bytes

class Listener:
    pages, first, steps, peaks, worker = 0, 0.0, {}, [], 0
    def step(self, what):
        self.steps[what] = time.perf_counter() - start
    def page(self, title, outcome):
        self.pages += 1
        if self.pages == 1:
            self.first = time.perf_counter() - start - sum(getattr(outcome, "seconds", {}).values())
        self.worker = max(self.worker, getattr(outcome, "peak_bytes", 0))
        if self.pages % 100 == 0:
            self.peaks.append([self.pages, peak_bytes(), self.worker])
            print(f"{self.pages:,} articles after {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)

start, heard = time.perf_counter(), Listener()
made = build([Path(sys.argv[1])], Path(sys.argv[2]), BuildOptions(jobs=int(sys.argv[3])), heard)
wall = time.perf_counter() - start
result = asdict(made) | {"folder": str(made.folder), "wall": wall, "parent_peak": peak_bytes(), "peaks": heard.peaks}
result |= {"start": heard.first, "tail": wall - heard.steps.get("Loading", wall)}
print(json.dumps(result))
"""


LOAD = """
import json, sys, time
from pathlib import Path
from kg.store.oxigraph import bulk_load
start = time.perf_counter()
bulk_load(Path(sys.argv[2]), Path(sys.argv[1]))
print(json.dumps({"seconds": time.perf_counter() - start}))
"""


def run(kept: Path, code: str, *arguments: object) -> dict[str, Any]:
    """Return what a fresh Python process prints as JSON, with one algebra thread like the workers; cached in a file."""
    if not kept.exists():
        environment = os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, "-c", code, *map(str, arguments)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
        json.loads(done.stdout)
        kept.write_text(done.stdout)
    found: dict[str, Any] = json.loads(kept.read_text())
    return found


def wall(times: int, *command: object, fresh: Path | None = None) -> float:
    """Return the seconds that a command takes, the best of several runs; the folder ``fresh`` is removed before each."""
    best = float("inf")
    for _ in range(times):
        if fresh is not None:
            shutil.rmtree(fresh, ignore_errors=True)
        start = time.perf_counter()
        subprocess.run(list(map(str, command)), check=True, capture_output=True)
        best = min(best, time.perf_counter() - start)
    return best


def generated(articles: int, dump: Path) -> None:
    """Write a dump of generated articles, if it does not exist."""
    if dump.exists():
        return
    texts = [*sorted((ROOT / "seeds").glob("*.wiki")), *([SECOND] if SECOND.exists() else [])]
    beside = dump.with_name(f"part-{dump.name}")
    subprocess.run([sys.executable, ROOT / "tests" / "bench" / "generate.py", str(articles), beside, *texts], check=True)
    beside.replace(dump)


def ratios(articles: int, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield name and figure of each measure on a sample."""
    dump = folder / f"sample-{articles}.xml.bz2"
    generated(articles, dump)
    bare = run(folder / f"bare-{articles}.json", BARE, dump)
    yield "bare pipeline, same passages, one process", f"{bare['seconds']:.1f} s ({bare['tokens'] / bare['seconds']:,.0f} tokens/s)"
    one = run(folder / f"one-{articles}.json", BUILD, dump, folder / f"one-{articles}", 1)
    yield from whole("build, 1 process", one)
    yield "  ratio to the bare pipeline, start and all (to reach: ≤ 1.5)", f"{one['wall'] / bare['seconds']:.2f}"
    yield "  without the start, which the bare pipeline's time has not either", f"{(one['wall'] - one['start']) / bare['seconds']:.2f}"
    two = run(folder / f"two-{articles}.json", BUILD, dump, folder / f"two-{articles}", 2)
    yield from whole("build, 2 processes", two)
    yield "  faster than one process, start and all (to reach: ≥ 1.8)", f"{one['wall'] / two['wall']:.2f}"
    yield "  without the start, which is the same for both", f"{(one['wall'] - one['start']) / (two['wall'] - two['start']):.2f}"
    yield "  same bytes as one process", "yes" if one["build"] == two["build"] else "NO"
    again = run(folder / f"again-{articles}.json", BUILD, dump, folder / f"one-{articles}", 1)
    yield "build again, nothing changed (to reach: < 0.1 of the first)", f"{again['wall']:.1f} s = {again['wall'] / one['wall']:.3f}"
    yield from loads(folder, folder / f"one-{articles}", one["quads"])


def loads(folder: Path, data: Path, quads: int) -> Iterator[tuple[str, str]]:
    """Measure loading the quads of the first build, by us and by ``oxigraph load``, each the better of two runs."""
    nquads = folder / "sorted.nq"
    with gzip.open(data / "current" / "dumps" / "entente.nq.gz") as packed, nquads.open("wb") as file:
        shutil.copyfileobj(packed, file)
    ours = min(run(_anew(folder / "ours.json"), LOAD, nquads, _anew(folder / "ours"))["seconds"] for _ in range(2))
    yield "bulk load", f"{ours:.1f} s, {quads / ours:,.0f} quads/s"
    yield "store, all dumps on disk", ", ".join(f"{_size(data / 'current' / name) / quads:.0f} bytes a quad" for name in ("store", "dumps"))
    oxigraph = Path(sys.executable).parent / "oxigraph"
    if oxigraph.exists():
        theirs = wall(2, oxigraph, "load", "--location", folder / "theirs", "--file", nquads, fresh=folder / "theirs")
        yield "  speed against `oxigraph load` of the same file (to reach: ≥ 0.8)", f"{theirs / ours:.2f} ({theirs:.1f} s)"


def _anew(path: Path) -> Path:
    path.unlink(missing_ok=True) if path.is_file() else shutil.rmtree(path, ignore_errors=True)
    return path


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def complete(articles: int, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield name and figure of each measure on all articles."""
    dump = folder / f"dump-{articles}.xml.bz2"
    generated(articles, dump)
    made = run(folder / f"all-{articles}.json", BUILD, dump, folder / f"all-{articles}", 2)
    yield from whole("build, 2 processes", made)
    some = [row for row in made["peaks"] if row[0] in (100, 500, 1000, 1500) or row[0] == made["peaks"][-1][0]]
    peaks = "; ".join(f"{pages:,}: {worker / 1e9:.2f} GB, {parent / 1e9:.2f} GB" for pages, parent, worker in some)
    yield "  the same after so many articles", peaks
    again = run(folder / f"all-again-{articles}.json", BUILD, dump, folder / f"all-{articles}", 2)
    yield "build again, nothing changed (to reach: < 0.1 of the first)", f"{again['wall']:.1f} s = {again['wall'] / made['wall']:.3f}"


def whole(name: str, made: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Return a build's speed, shares of time and memory."""
    seconds = made["seconds"]
    words = made["totals"]["words"]
    yield name, f"{made['wall']:.1f} s, {made['articles'] / made['wall']:.1f} articles/s, {words / made['wall']:,.0f} words/s"
    reading = made["wall"] - made["start"] - made["tail"]
    yield "  start, reading, the rest", f"{made['start']:.1f} s, {reading:.1f} s, {made['tail']:.1f} s"
    total = sum(seconds.values())
    yield "  shares of time", ", ".join(f"{stage} {spent / total:.0%}" for stage, spent in sorted(seconds.items(), key=lambda x: -x[1]))
    peaks = f"{made['peak_bytes'] / 1e9:.2f} GB, {made['parent_peak'] / 1e9:.2f} GB"
    yield "  peak memory of a worker (to reach: ≤ 1.5 GB), of the parent", peaks
    yield "  quads, failures", f"{made['quads']:,}, {len(made['failures'])}"


def starts(folder: Path) -> Iterator[tuple[str, str]]:
    """Measure the commands that people wait for."""
    entente = Path(sys.executable).parent / "entente"
    seed = folder / "seed"
    seconds = wall(2, entente, "build", "--data", seed, "--quiet", fresh=seed)
    yield "entente build of the seed, all in all (to reach: ≤ 6 s)", f"{seconds:.1f} s"
    yield "entente query people on it (to reach: ≤ 0.4 s)", f"{wall(3, entente, 'query', 'people', '--data', seed, '-f', 'csv'):.2f} s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--sample", type=int, default=300, help="how many of them are built for the ratios")
    parser.add_argument("--part", choices=("sample", "all"), help="measure this part only")
    parser.add_argument("--keep", type=Path, help="work in this folder, keep it, and go on where an earlier run of the same was stopped")
    given = parser.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="entente-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    parts = {
        "sample": (min(given.sample, given.articles), lambda size: chain(ratios(size, folder), starts(folder))),
        "all": (given.articles, lambda size: complete(size, folder)),
    }
    try:
        for size, measured in [parts[given.part]] if given.part else parts.values():
            print(f"| measure ({size:,} articles) | figure |\n|---|---|", flush=True)
            for name, figure in measured(size):
                print(f"| {name} | {figure} |", flush=True)
    finally:
        if given.keep is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
