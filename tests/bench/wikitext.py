"""Measure how the time to read an article grows with its length, for each shape in wikitext-shapes.toml.

`make bench-wikitext`, or `python tests/bench/wikitext.py --sizes 10 100 1000 --shape braces`. Prints one Markdown row a shape: the
processor time in seconds at each size, seconds for each MB at the largest, and the slope of log(time) over log(size) (1 is linear). Exits
with code 1 where a slope is above 1.3 or a MB takes over 2 s. On a machine that others use, or a virtual one, processor time grows: each
time is divided by the pace of the machine at that moment, the time of a loop in proportion to what it takes at rest (never below 1; the
column "pace" is the highest). Sizes are in KB; times under 20 ms are left out of the slope, since
start-up and the clock weigh more in them than the text. Each shape runs in a process of its own that is stopped after `--limit` seconds.
"""

from __future__ import annotations

import argparse
import gc
import math
import resource
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))
SIZES = (10, 40, 160, 640, 1280, 4096)
STEEPEST = 1.3
SLOWEST = 2.0
SHORTEST = 0.02
LOOP_AT_REST = 0.027
"""Seconds that ``_loop`` takes on the machine of the table in kg/wikitext/README.md when it is otherwise idle."""
REPEATS = 3
OFTEN = 640
"""Repetitions for sizes up to this many KB; the minimum counts, since other processes only add to the time."""


def shapes() -> dict[str, dict[str, str]]:
    """Return every shape by name."""
    groups = tomllib.loads(Path(__file__).with_name("wikitext-shapes.toml").read_text(encoding="utf-8"))
    return {name: shape for group in groups.values() for name, shape in group.items()}


def text_of(shape: dict[str, str], size: int) -> str:
    """Return a text of ``size`` characters, or slightly more, of one shape."""
    unit, tail = shape["unit"], shape.get("tail", "")
    count = max(1, size // len(unit + tail))
    body = "".join(unit.replace("{n}", str(i)) for i in range(count)) if "{n}" in unit else unit * count
    return shape.get("head", "") + body + shape.get("between", "") + tail * count + shape.get("foot", "")


def measure(name: str, sizes: list[int]) -> None:
    """Print a line for each size with the processor time of reading."""
    from kg.wikitext import read_article

    read_article("A [[b]].{{sfn|Bell|1999}}", "T")
    for size in sizes:
        text = text_of(shapes()[name], size * 1024)
        seconds, pace = min(_seconds(text) for _ in range(REPEATS if size <= OFTEN else 1))
        print(size, seconds, pace, flush=True)


def _seconds(text: str) -> tuple[float, float]:
    """Return the time to read a text, normalized to an idle machine, and the pace of the machine."""
    from kg.wikitext import read_article

    gc.collect()
    before = _loop()
    start = time.process_time()
    read_article(text, "T")
    seconds = time.process_time() - start
    pace = max(1.0, (before + _loop()) / 2 / LOOP_AT_REST)
    return seconds / pace, pace


def _loop() -> float:
    """Return the time of a fixed computation."""
    start = time.process_time()
    total = 0
    for i in range(500_000):
        total += i & 7
    return time.process_time() - start


def slope(times: dict[int, float]) -> float:
    """Return the steepest growth between two sizes at least a factor of 4 apart, with times above noise."""
    seen = [(s, t) for s, t in sorted(times.items()) if t >= SHORTEST]
    pairs = [(a, b) for i, a in enumerate(seen) for b in seen[i + 1 :] if b[0] >= 4 * a[0]]
    return max((math.log(b[1] / a[1]) / math.log(b[0] / a[0]) for a, b in pairs), default=0.0)


def table(names: list[str], sizes: list[int], limit: int) -> Iterator[tuple[str, bool]]:
    """Return a row for each shape, and whether it is within bounds."""
    for name in names:
        command = [sys.executable, __file__, "--measure", name, "--sizes", *map(str, sizes)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=limit, preexec_fn=_bounded)
            output, error = done.stdout, done.stderr.strip().splitlines()[-1:]
        except subprocess.TimeoutExpired as expired:
            output, error = (expired.stdout or b"").decode(), [f"stopped after {limit} s"]
        lines = [line.split() for line in output.splitlines()]
        times = {int(size): float(seconds) for size, seconds, _ in lines}
        pace = max((float(p) for _, _, p in lines), default=1.0)
        per_mb = max(times.values(), default=0.0) / (max(times, default=1) / 1024)
        steepest = slope(times)
        good = not error and steepest <= STEEPEST and per_mb <= SLOWEST
        cells = [f"{times[size]:.2f}" if size in times else "–" for size in sizes]
        yield f"| {name} | {' | '.join(cells)} | {per_mb:.2f} | {steepest:.2f} | {pace:.1f} | {'; '.join(error)} |", good


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))


def main() -> int:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="sizes in KB")
    parser.add_argument("--shape", nargs="+", default=list(shapes()), help="only these shapes")
    parser.add_argument("--limit", type=int, default=120, help="seconds for one shape, all sizes together")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.measure, options.sizes)
        return 0
    print("| shape |" + "".join(f" {size} KB |" for size in options.sizes) + " s/MB | slope | pace | |")
    print("|---|" + "---:|" * (len(options.sizes) + 3) + "---|")
    bad = 0
    for row, good in table(options.shape, options.sizes, options.limit):
        bad += not good
        print(f"{row[:-1]}{'' if good else ' out of bounds'} |", flush=True)
    print(f"\n{len(options.shape)} shapes, {bad} out of bounds (slope at most {STEEPEST}, {SLOWEST} s for each MB).")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
