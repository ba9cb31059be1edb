"""In operation: a new build while requests run, workers that are killed, and shutdown, without a failed request.

``ENTENTE_REQUESTS`` and ``ENTENTE_SWITCHES`` set the number of requests and of switches of the build (``make service-test``: 10,000
and three).
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from urllib.parse import quote, urlsplit

import pytest
import requests

from kg.store import current_build
from tests.server.conftest import build
from tests.server.running import command, serving

pytestmark = pytest.mark.service
REQUESTS = int(os.environ.get("ENTENTE_REQUESTS", "300"))
CLIENTS = 8
THINGS = 100
SWITCHES = int(os.environ.get("ENTENTE_SWITCHES", "1"))
MARKS = "SELECT ?s ?mark { ?s <http://example.org/mark> ?mark }"
LONG = "SELECT ?s ?mark { ?s <http://example.org/mark> ?mark . ?o <http://example.org/mark> ?other }"
PRODUCT = " . ".join(f"?s{i} <http://example.org/mark> ?m{i}" for i in range(3))  # a million rows
SLOW = (f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }}", f"SELECT ?s0 {{ {PRODUCT} }} LIMIT 300000")  # one is counted, one streamed


@dataclass(frozen=True)
class TimedAnswer:
    """A response; status 0 if the connection broke."""

    status: int
    body: bytes
    build: str = ""
    tag: str = ""


class Client:
    """A client with a persistent connection."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self.connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)

    def ask(self, query: str) -> TimedAnswer:
        """Return the answer to a query."""
        try:
            self.connection.request("GET", f"/sparql?query={quote(query)}")
            response = self.connection.getresponse()
            return TimedAnswer(response.status, response.read(), response.headers.get("X-Build", ""), response.headers.get("ETag", ""))
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return TimedAnswer(0, b"")


def marked(folder: Path, mark: int) -> Path:
    """Return a file of quads in which every resource has the same mark."""
    path = folder / f"{mark}.nq"
    lines = (f'<http://example.org/{i}> <http://example.org/mark> "{mark}" <http://example.org/g> .\n' for i in range(THINGS))
    path.write_text("".join(sorted(lines)))
    return path


@pytest.fixture(scope="module")
def marked_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which every thing has the mark 0. Do not write to it."""
    folder = tmp_path_factory.mktemp("marked")
    return build(folder / "data", marked(folder, 0))


@contextmanager
def asking(url: str, queries: Callable[[int], str], enough: Callable[[int], bool]) -> Iterator[list[TimedAnswer]]:
    """Run clients until there are enough answers, beside the block; the list is complete when the block has ended."""
    answers: list[TimedAnswer] = []
    numbers = itertools.count()

    def ask() -> None:
        client = Client(url)
        while not enough(number := next(numbers)):
            answers.append(client.ask(queries(number)))
        client.connection.close()

    threads = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        for thread in threads:
            thread.join()


def varied(number: int) -> str:
    """Return a query: two of three are new, so that a worker answers; one of forty is long enough for several blocks."""
    if number % 40 == 0:
        return f"{LONG} # {number}"
    return MARKS if number % 3 == 0 else f"{MARKS} # {number}"


def test_new_builds_while_requests_run(tmp_path: Path) -> None:
    data = build(tmp_path / "data", marked(tmp_path, 0))
    ids = {current_build(data).id: "0"}
    switched = threading.Event()
    with serving(data, tmp_path / "log", build_poll=0.1) as running:
        with asking(running.url, varied, lambda number: number >= REQUESTS and switched.is_set()) as answers:
            try:
                for mark in range(1, SWITCHES + 1):
                    build(data, marked(tmp_path, mark))
                    ids[current_build(data).id] = str(mark)
                    wait_for(lambda: requests.get(running.url + "ready", timeout=9).json()["build"] == current_build(data).id)
            finally:
                switched.set()
        wait_for(lambda: [folder.name for folder in (data / "builds").iterdir()] == [current_build(data).id])
    assert len(answers) >= REQUESTS
    assert {answer.status for answer in answers} == {200}
    for answer in answers:
        rows = json.loads(answer.body)["results"]["bindings"]
        assert len(rows) in (THINGS, THINGS * THINGS)
        assert {row["mark"]["value"] for row in rows} == {ids[answer.build]}
        assert answer.tag.startswith(f'"{answer.build}-')
    assert {answer.build for answer in answers} == set(ids)


def test_a_worker_killed_under_load_takes_only_its_own_request_with_it(marked_data: Path, tmp_path: Path) -> None:
    kills, random, killed = 12, Random(1), threading.Event()
    with serving(marked_data, tmp_path / "log") as running:
        with asking(running.url, lambda number: f"{MARKS} # {number}", lambda _: killed.is_set()) as answers:
            try:
                for _ in range(kills):
                    time.sleep(0.1)
                    with suppress(ProcessLookupError, IndexError):  # one that the pool itself has just ended
                        os.kill(random.choice(running.workers()), signal.SIGKILL)
            finally:
                killed.set()
        failed = [answer for answer in answers if answer.status != 200]
        assert len(failed) <= kills
        assert len(answers) > 10 * kills
        for answer in failed:
            assert answer.status == 503
            assert json.loads(answer.body)["hint"]
        wait_for(lambda: len(running.workers()) >= 2)
        assert running.query(MARKS).status_code == 200
        os.kill(running.nurseries()[0], signal.SIGKILL)  # the process that starts the workers: all end with it
        wait_for(lambda: running.nurseries() and running.query(MARKS + " #").status_code == 200)


def test_sigterm_lets_running_requests_finish(marked_data: Path, tmp_path: Path) -> None:
    with serving(marked_data, tmp_path / "log", query_timeout=60) as running, ThreadPoolExecutor(len(SLOW)) as pool:
        plain = [running.query(query).content for query in SLOW]
        pending = [pool.submit(running.query, f"{query} # again") for query in SLOW]
        both = f"entente_queries_running {len(SLOW)}.0"
        wait_for(lambda: both in requests.get(running.url + "metrics", timeout=9).text or any(each.done() for each in pending))
        running.process.send_signal(signal.SIGTERM)
        assert [each.result().content for each in pending] == plain
        assert running.process.wait(timeout=20) == 0
        with pytest.raises(requests.ConnectionError):
            running.query("ASK {}")


def test_nothing_stays_when_the_server_is_killed(tmp_path: Path, small_data: Path) -> None:
    """Not even if it was told to stop before, and an endless request delays it."""
    endless = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with serving(small_data, tmp_path / "log", drain_time=1, query_timeout=60, answer_bytes=100_000) as running:
        with requests.post(running.sparql, data={"query": endless}, stream=True, timeout=30) as response:
            next(response.iter_content(1000))
            processes = running.processes()
            running.process.send_signal(signal.SIGTERM)
            time.sleep(0.2)
            running.process.kill()
            wait_for(lambda: not any(command(pid) for pid in processes))
        assert len(processes) > 3


def wait_for(condition: Callable[[], object], seconds: float = 20) -> None:
    """Wait until a condition is true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
