"""Queries that exhaust time, memory or space, their senders, and other clients' response times."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import requests

from kg.sparql.canned import load_queries
from tests.server.conftest import CASES
from tests.server.running import Running

ATTACKER = Path(__file__).with_name("attacker.py")
LIMIT = 3.0  # time limit in seconds of a query on this server
ASKED = 1.0  # timeout in seconds requested by most of the queries here

HOSTILE = {path.stem: path.read_text(encoding="utf-8") for path in sorted((CASES / "hostile").glob("*.rq"))}
NUMBERS = " ".join(map(str, range(100_000)))
HOSTILE["values-of-100000"] = (
    f"SELECT (COUNT(*) AS ?n) WHERE {{ VALUES ?x {{ {NUMBERS} }} ?a ?b ?c . ?d ?e ?f FILTER(STRLEN(STR(?x)) > STRLEN(STR(?c))) }}"
)
HOSTILE["nested-groups"] = "ASK " + "{" * 50_000 + "}" * 50_000
HOSTILE["nested-parentheses"] = "SELECT (" + "(" * 50_000 + "1" + ")" * 50_000 + " AS ?x) {}"
HOSTILE["union-of-20000"] = "ASK { " + " UNION ".join(["{?s ?p ?o}"] * 20_000) + " }"

CANNED = [query.text for query in load_queries().values() if not query.parameters]


def attack(server: Running, name: str, seconds: float = ASKED) -> tuple[str, float]:
    """Return how a query ended ("broken" or the status), and after how many seconds."""
    place = urlsplit(server.url)
    command = [sys.executable, ATTACKER, str(place.hostname), str(place.port), str(seconds)]
    done = subprocess.run(command, input=HOSTILE[name], text=True, capture_output=True, check=True)
    ended, took = done.stdout.split()
    return ended, float(took)


def p95(server: Running, seconds: float) -> float:
    """Return the 95th percentile of the time of canned queries, run one after another for a duration."""
    times = []
    with requests.Session() as session:
        end = time.monotonic() + seconds
        while time.monotonic() < end or len(times) < len(CANNED):
            began = time.monotonic()
            response = session.post(server.sparql, data={"query": CANNED[len(times) % len(CANNED)]}, timeout=10)
            times.append(time.monotonic() - began)
            assert response.status_code == 200, response.text
    return sorted(times)[int(len(times) * 0.95)]
