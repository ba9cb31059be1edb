"""Crowds of connections from one address: others are served, and no resources leak."""

from __future__ import annotations

import contextlib
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
import requests

from server.web.connections import REST, Connections
from tests.server.hostile_queries import HOSTILE
from tests.server.running import Running, parent, private, serving

WRITE_TIME = 3.0
LONG = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 10000"


@pytest.fixture(scope="module")
def crowded(small_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with a short write timeout."""
    with serving(small_data, tmp_path_factory.mktemp("crowds") / "log", write_time=WRITE_TIME, waiting_time=20) as running:
        yield running


@contextlib.contextmanager
def crowd(running: Running, count: int, data: bytes = b"", host: str = "127.0.0.1") -> Iterator[list[socket.socket]]:
    """Open connections from a loopback address, each of which has sent some bytes."""
    connections = []
    for _ in range(count):
        with contextlib.suppress(OSError):
            connection = socket.create_connection(("127.0.0.1", urlsplit(running.url).port or 0), timeout=10, source_address=(host, 0))
            connections.append(connection)
            connection.sendall(data)
    try:
        yield connections
    finally:
        for connection in connections:
            connection.close()


def front_memory(running: Running) -> int:
    """Bytes that the server holds besides its query workers, of which some may just be starting."""
    nurseries = running.nurseries()
    return sum(private(pid) for pid in running.processes() if parent(pid) not in nurseries)


def asked(running: Running, path: str) -> int:
    return requests.get(running.url + path, timeout=60).status_code


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX: "], ids=["silent", "dripping"])
def test_more_connections_than_there_may_be(crowded: Running, said: bytes) -> None:
    with crowd(crowded, 600, said, "127.0.0.2") as connections:
        time.sleep(1)
        assert asked(crowded, "health") == 200
        assert asked(crowded, f"sparql?query=ASK%7B%7D%23{said!r}") == 200
        shut = 0
        for connection in connections:
            connection.settimeout(0.01)
            with contextlib.suppress(TimeoutError):
                shut += connection.recv(1) == b""
        assert shut >= 600 - 300


def test_readers_that_do_not_read_leave_nothing(crowded: Running) -> None:
    """A long answer, a part of which waits for each of them."""
    assert crowded.query(LONG).status_code == 200
    request = f"GET /sparql?query={quote(LONG)} HTTP/1.1\r\nHost: x\r\nAccept: application/sparql-results+json\r\n\r\n".encode()
    before = front_memory(crowded)
    with crowd(crowded, 100, request, "127.0.0.3"):
        held = []
        for _ in range(4):
            time.sleep(0.5)
            held.append(front_memory(crowded) - before)
        assert asked(crowded, "about") == 200
        assert max(held) < 100 * 2 * 2**20, "each holds much of an answer of its own"
        end = time.monotonic() + WRITE_TIME + 30
        while (left := front_memory(crowded) - before) > max(held) / 2 + 2**25 and time.monotonic() < end:
            time.sleep(0.5)
        assert left <= max(held) / 2 + 2**25


def test_downloads_that_nobody_reads_stop_no_page(crowded: Running) -> None:
    with crowd(crowded, 80, b"GET /dumps/entente.ttl HTTP/1.1\r\nHost: x\r\n\r\n" * 50, "127.0.0.4"):
        time.sleep(1)
        assert asked(crowded, "about") == 200
        assert asked(crowded, "queries") == 200


def test_queries_of_one_address_do_not_take_all_places(small_data: Path, tmp_path: Path) -> None:
    """Behind a proxy, which distinguishes the addresses."""
    settings = {"running": 4, "workers": 2, "waiting": 20, "waiting_time": 10, "query_timeout": 5, "trusted_proxies": "127.0.0.0/8"}
    with serving(small_data, tmp_path / "log", **settings) as running, ThreadPoolExecutor(40) as pool:
        greedy = {"X-Forwarded-For": "192.0.2.1"}
        attack = [pool.submit(running.query, f"{HOSTILE['cross-product-count']} #{at}", headers=greedy) for at in range(36)]
        time.sleep(0.5)
        for at in range(8):
            assert running.query(f"ASK {{}} #{at}", headers={"X-Forwarded-For": f"192.0.2.{at + 10}"}).status_code == 200
        assert {each.result().status_code for each in attack} <= {503, 504}


def test_clients_that_leave_while_they_wait_leave_no_query_running(crowded: Running) -> None:
    """At any moment, also as a worker is handed to them."""
    chance = random.Random(5)
    place = urlsplit(crowded.url)

    def come_and_go(_: int) -> None:
        query = quote(f"SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c }} #{chance.random()}")
        with socket.create_connection((str(place.hostname), place.port or 0), timeout=30, source_address=("127.0.0.6", 0)) as connection:
            connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            time.sleep(chance.choice([0.001, 0.01, 0.1]) * chance.random())

    with ThreadPoolExecutor(40) as pool:
        list(pool.map(come_and_go, range(1500)))
    end = time.monotonic() + 30
    while (running := _gauge(crowded, "entente_queries_running")) and time.monotonic() < end:
        time.sleep(0.2)
    assert running == 0


def _gauge(running: Running, name: str) -> float:
    lines = requests.get(running.url + "metrics", timeout=30).text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))


def staying(running: Running) -> set[int]:
    """Return the workers when those that earlier queries needed have ended, which takes about a second."""
    end = time.monotonic() + 20
    workers: set[int] = set()
    while (now := set(running.workers())) != workers and time.monotonic() < end:
        workers = now
        time.sleep(1.5)
    return workers


@pytest.mark.parametrize("timeout", ["0.000001", "1e-300"])
def test_tiny_time_limits_cost_no_worker(crowded: Running, timeout: str) -> None:
    before = staying(crowded)
    for at in range(10):
        requests.get(crowded.sparql, params={"query": f"ASK {{}} #{timeout} {at}", "timeout": timeout}, timeout=30)
    assert before & set(crowded.workers()) == before


LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def test_descriptors_that_run_out_come_back(small_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    popen = subprocess.Popen

    def limited(command: list[str], **more: object) -> subprocess.Popen[str]:
        return popen([sys.executable, "-c", LIMITED, *command[1:]], **more)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr("tests.server.running.subprocess.Popen", limited)
    with serving(small_data, tmp_path / "log") as running:
        monkeypatch.undo()
        for _ in range(2):
            with crowd(running, 300, b"", "127.0.0.5"), ThreadPoolExecutor(12) as pool:
                list(pool.map(lambda at: asked(running, f"sparql?query=ASK%7B%7D%23{at}"), range(12)))
        time.sleep(2)
        assert asked(running, "health") == 200
        assert asked(running, "ready") == 200
        assert running.query("ASK { ?any ?thing ?else }").status_code == 200


def test_looking_at_many_connections_leaves_the_processor_to_others() -> None:
    """However often somebody wants one shut."""

    class Slow(Connections):
        looks = 0

        def _look(self) -> None:
            self.looks += 1
            until = time.thread_time() + 0.01
            while time.thread_time() < until:
                pass

    connections = Slow(1, 1, 1, 1.0, lambda _: False)
    began = time.monotonic()
    while time.monotonic() < began + 1:
        connections.drop(("127.0.0.1", 1))
        time.sleep(0.005)
    connections.close()
    assert 1 <= connections.looks <= (time.monotonic() - began) / (0.01 * REST) + 1


def test_a_server_without_workers_says_so() -> None:
    from server.execution.engine import DEAD_AFTER, QueryEngine

    class Serving:
        seconds_without_workers = DEAD_AFTER + 1

    engine = object.__new__(QueryEngine)
    engine.serving = Serving()  # type: ignore[assignment]
    assert engine.broken
    Serving.seconds_without_workers = 0
    assert not engine.broken
