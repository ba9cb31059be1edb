"""What one greedy address costs the others: `make service-test`, or python -m tests.server.bench.fairness.

Somebody at one loopback address sends 320 queries at once, or asks for 64 heavy canned pages at once, again and again; somebody at another
one asks small things, one after another. Rounds alone and rounds together take turns, so that what else runs on the machine slows both.
Prints the others' 95th percentiles and their ratio. Exits with 1 where somebody else is refused.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from urllib.parse import quote, urlsplit

import requests

from tests.server.bench.data import build
from tests.server.bench.report import table
from tests.server.hostile_queries import HOSTILE, LIMIT
from tests.server.running import Running, serving

ARTICLES = 8  # some 25,000 triples
ROUNDS = 3
SECONDS = 3.0  # of each round
SETTLE = 1.0  # seconds until an attack has begun, or ended
GREEDY = Path(__file__).parents[1] / "greedy.py"
SETTINGS = {"query_timeout": LIMIT, "query_memory": 200, "cache_size": 0}
ATTACKS = {
    "320 queries at once": (320, "/sparql?query=" + quote(HOSTILE["cross-product-count"]) + "%23{}"),
    "64 heavy canned pages at once": (64, "/queries/who-acts-on-whom?confidence=0.{}"),
}
SMALL = {"ASK {}": "sparql?query=ASK%7B%7D%23{}", "/about": "about?{}"}


def main() -> int:
    """Print the table."""
    lines, refused = [], 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        build(folder / "data", ARTICLES, answers=False)
        with serving(folder / "data", folder / "log", **SETTINGS) as server:
            for attack, (count, path) in ATTACKS.items():
                for name, small in SMALL.items():
                    alone, together, failed = _rounds(server, small, count, path)
                    refused += failed
                    ratio = median(during / before for before, during in zip(alone, together, strict=True))
                    lines.append(
                        [attack, name, f"{median(alone) * 1000:.1f}", f"{median(together) * 1000:.1f}", f"{ratio:.2f}", str(failed)]
                    )
    heads = ["one address sends", "another asks for", "p95 alone, ms", "p95 meanwhile, ms", "ratio (median)", "refused"]
    print(table(heads, lines), flush=True)
    return int(bool(refused))


def _rounds(server: Running, small: str, count: int, path: str) -> tuple[list[float], list[float], int]:
    """The other's 95th percentile in each round alone and in each round together, and how often it was refused."""
    alone, together, failed = [], [], 0
    for _ in range(ROUNDS):
        for held in (False, True):
            greedy = greed(server, count, path) if held else None
            time.sleep(SETTLE)
            seconds, refusals = _ask(server, small)
            (together if held else alone).append(seconds)
            failed += refusals
            if greedy:
                greedy.kill()
                greedy.wait()
    return alone, together, failed


def greed(server: Running, count: int, path: str) -> subprocess.Popen[bytes]:
    """A client at another address that asks for a path (with a number for {}) so many times at once, until it is killed."""
    place = urlsplit(server.url)
    return subprocess.Popen([sys.executable, str(GREEDY), str(place.hostname), str(place.port), str(count), path])


def _ask(server: Running, small: str) -> tuple[float, int]:
    """The 95th percentile of one request after another, and how many were refused."""
    times, refused = [], 0
    with requests.Session() as session:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end or not times:
            began = time.monotonic()
            answer = session.get(server.url + small.format(time.monotonic_ns()), timeout=60)
            times.append(time.monotonic() - began)
            refused += answer.status_code != 200
    return sorted(times)[int(len(times) * 0.95)], refused


if __name__ == "__main__":
    sys.exit(main())
