"""What hostile queries cost: `make service-test`, or python -m tests.server.bench.hostile.

Prints each hostile query with how and when it ended, and what the server's processes use a second later; then how much slower others'
canned queries are while eight hostile ones run, in five rounds (which means something on an idle machine only). Exits with 1 where a
query outlives its limit by a second.
"""

from __future__ import annotations

import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from tests.server.bench.data import build
from tests.server.bench.report import table
from tests.server.hostile_queries import CANNED, HOSTILE, LIMIT, attack, p95
from tests.server.running import Running, serving

ARTICLES = 8  # some 25,000 triples
TOGETHER = 8
ROUNDS = 5
GRACE = 1.0
SETTINGS = {"query_timeout": LIMIT, "query_memory": 200, "cache_size": 0, "answer_bytes": 200}
ENDINGS = {"broken": "connection broken", "503": "503", "504": "504"}


def main() -> int:
    """Print both tables."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        build(folder / "data", ARTICLES, answers=False)
        with serving(folder / "data", folder / "log", **SETTINGS) as server:
            for query in CANNED:
                server.query(query)
            late = _each(server)
            _others(server)
    return int(bool(late))


def _each(server: Running) -> list[str]:
    """Run each query alone; return those that ended too late."""
    lines, late = [], []
    for name in HOSTILE:
        before = server.memory()
        ended, seconds = attack(server, name, LIMIT)
        time.sleep(1)
        cpu, more = server.cpu(), server.memory() - before
        time.sleep(1)
        lines.append([name, ENDINGS.get(ended, ended), f"{seconds:.2f}", f"{server.cpu() - cpu:.2f}", f"{more / 2**20:+.0f}"])
        if seconds > LIMIT + GRACE:
            late.append(name)
    heads = ["hostile query", f"ended (limit {LIMIT:g} s)", "after s", "processor s in the second after next", "MiB more"]
    print(table(heads, lines) + "\n", flush=True)
    return late


def _others(server: Running) -> None:
    """Return by what factor the 95th percentile of others grows while hostile queries run."""
    lines, ratios = [], []
    names = list(HOSTILE)
    for number in range(ROUNDS):
        before = p95(server, LIMIT)
        chosen = [names[(number * TOGETHER + at) % len(names)] for at in range(TOGETHER)]
        with ThreadPoolExecutor(TOGETHER) as pool:
            attacks = [pool.submit(attack, server, name, LIMIT) for name in chosen]
            during = p95(server, LIMIT)
        for each in attacks:
            each.result()
        ratios.append(during / before)
        lines.append([str(number + 1), f"{before * 1000:.1f}", f"{during * 1000:.1f}", f"{ratios[-1]:.2f}"])
    lines.append(["median", "", "", f"{median(ratios):.2f}"])
    print(table([f"round, {TOGETHER} hostile queries at once", "p95 before, ms", "p95 during, ms", "ratio"], lines), flush=True)


if __name__ == "__main__":
    sys.exit(main())
