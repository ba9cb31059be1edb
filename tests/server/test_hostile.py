"""Queries that exhaust time, memory or space: each is stopped, leaves nothing behind, and hardly affects others."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from kg.store import current_build
from server.web.exchange import REFUSAL_TIME
from tests.server.bench.data import build as build_bench
from tests.server.conftest import CASES, build
from tests.server.hostile_queries import ASKED, CANNED, HOSTILE, LIMIT, attack, p95
from tests.server.running import Running, cpu, serving, start

GRACE = 1.0  # further seconds within which the client must have an answer
MEMORY = 48 * 1024 * 1024  # bytes by which the server's own bookkeeping may grow
TOGETHER = 4
GROUPS = [list(HOSTILE)[at : at + TOGETHER] for at in range(0, len(HOSTILE), TOGETHER)]
BEGUN = {"huge-construct", "huge-select"}  # stopped while their answers are being sent

COMPLEX = {"nested-groups", "nested-parentheses", "union-of-20000"}  # not run at all: 400, or 504 if parsing took all the time


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server of some 25,000 triples with low limits and no cache."""
    folder = tmp_path_factory.mktemp("crowded")
    build_bench(folder / "data", 8, answers=False)
    with serving(folder / "data", folder / "log", query_timeout=LIMIT, query_memory=200, cache_size=0, answer_bytes=200) as running:
        for query in CANNED:
            assert running.query(query).status_code == 200
        yield running


@pytest.mark.parametrize("names", GROUPS, ids=",".join)
def test_each_ends_in_time_and_leaves_nothing(crowded: Running, names: list[str]) -> None:
    memory = crowded.memory()
    with ThreadPoolExecutor(len(names)) as pool:
        ended = dict(zip(names, pool.map(lambda name: attack(crowded, name), names), strict=True))
    assert crowded.comes_to_rest(10), "the server is still busy ten seconds later"
    time.sleep(1)
    assert crowded.memory() < memory + MEMORY, "the server holds on to memory one second later"
    for name, (how, seconds) in ended.items():
        expected = ("400", "504") if name in COMPLEX else ("broken", "504") if name in BEGUN else ("503", "504")
        assert how in expected, (name, how)
        assert seconds < ASKED + GRACE, (name, seconds)
    assert len(crowded.workers()) <= (os.cpu_count() or 1) + 2


def test_a_query_that_takes_all_memory_is_told_so(crowded: Running) -> None:
    answer = crowded.query(HOSTILE["concat-doubling"])
    assert answer.status_code == 503
    assert "memory" in answer.json()["detail"]


def test_an_engine_that_aborts_is_not_called_memory(crowded: Running) -> None:
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(crowded.query, HOSTILE["cross-product-count"])
        time.sleep(0.5)
        os.kill(max(crowded.workers(), key=cpu), signal.SIGABRT)
        answer = asked.result()
    assert answer.status_code == 500
    assert "memory" not in answer.text
    assert "The engine failed on the query" in crowded.log.read_text()


def test_others_are_answered_meanwhile(crowded: Running) -> None:
    """Eight at once; while they run, the canned queries are answered. ``make service-test`` measures how fast."""
    with ThreadPoolExecutor(8) as pool:
        attacks = [pool.submit(attack, crowded, name, ASKED) for name in list(HOSTILE)[:8]]
        p95(crowded, ASKED)
    assert all(each.result()[1] < ASKED + GRACE for each in attacks)


def test_a_client_that_hangs_up_stops_its_query(crowded: Running) -> None:
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.post(crowded.sparql, data={"query": HOSTILE["cross-product-count"]}, timeout=0.3)
    assert crowded.comes_to_rest(2), "the query runs on until its time limit"
    assert 'entente_queries_total{outcome="hung-up"} 0.0' not in requests.get(crowded.url + "metrics", timeout=5).text


def test_a_lower_limit_for_one_query(crowded: Running) -> None:
    began = time.monotonic()
    response = crowded.query(HOSTILE["cross-product-count"], params={"timeout": "0.2"})
    assert response.status_code == 504
    assert "0.2 s" in response.json()["detail"]
    assert time.monotonic() - began < 0.9


def test_a_worker_that_gets_no_processor_time_is_ended_all_the_same(crowded: Running) -> None:
    idle = set(crowded.workers())
    with ThreadPoolExecutor(1) as pool:
        began = time.monotonic()
        asked = pool.submit(crowded.query, HOSTILE["cross-product-count"], params={"timeout": "60"})  # a higher limit is not given
        time.sleep(0.3)
        for pid in idle:
            os.kill(pid, signal.SIGSTOP)  # as if other processes always had precedence: its own alarm does not fire
        response = asked.result()
    try:
        assert response.status_code == 504
        assert f"{LIMIT:g} s" in response.json()["detail"]
        assert LIMIT <= time.monotonic() - began < LIMIT + GRACE
    finally:
        for pid in idle & set(crowded.workers()):
            os.kill(pid, signal.SIGCONT)


def test_idle_workers_that_were_stopped_are_replaced(crowded: Running) -> None:
    stopped = set(crowded.workers())
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    end = time.monotonic() + 20
    while stopped & set(crowded.workers()) and time.monotonic() < end:
        time.sleep(0.2)
    assert not stopped & set(crowded.workers())
    assert crowded.query("ASK { ?not ?asked ?before }").status_code == 200


def becomes(address: str, wanted: str, seconds: float = 180) -> int:
    """Return the status of ``/ready`` once it is the wanted one; 0 if it never is."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(requests.RequestException):
            ready = requests.get(address + "ready", timeout=10)
            if ready.json()["status"] == wanted:
                return ready.status_code
        time.sleep(0.2)
    return 0


def test_a_damaged_store_is_not_ready_until_it_is_built_again(small_data: Path, tmp_path: Path) -> None:
    """Damage to a part that the probe does not read."""
    shutil.copytree(small_data, tmp_path / "data", symlinks=True)
    table = max(current_build(tmp_path / "data").store_path.glob("*.sst"), key=lambda path: path.stat().st_size)
    with table.open("r+b") as file:
        file.seek(table.stat().st_size // 3)
        file.write(b"damage")
    process = start(tmp_path / "data", subprocess.DEVNULL)
    try:
        address = (process.stdout.readline() if process.stdout else "").strip()
        assert address.startswith("http")
        assert becomes(address, "the store is damaged") == 503
        build(tmp_path / "data", CASES / "small.nq")
        assert becomes(address, "ok") == 200
    finally:
        process.terminate()
        process.wait(timeout=60)
        if process.stdout:
            process.stdout.close()


@pytest.fixture(scope="module")
def narrow(small_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with one place, and short answers."""
    settings = {"workers": 1, "running": 1, "waiting": 1, "waiting_time": 0.3, "query_timeout": 2, "answer_bytes": 1}
    with serving(small_data, tmp_path_factory.mktemp("narrow") / "log", **settings) as running:
        yield running


def test_too_many_queries_are_told_to_come_again(narrow: Running) -> None:
    with ThreadPoolExecutor(8) as pool:
        busy = pool.submit(narrow.query, HOSTILE["cross-product-count"])
        time.sleep(0.2)
        others = [pool.submit(narrow.query, "ASK {}") for _ in range(4)]
        for each in others:
            response = each.result()
            assert response.status_code == 503
            assert int(response.headers["Retry-After"]) >= 1
            assert response.elapsed.total_seconds() >= REFUSAL_TIME
        assert busy.result().status_code == 504
        time.sleep(0.5)
        assert narrow.query("ASK {}").status_code == 200


def test_an_answer_that_is_too_long(narrow: Running) -> None:
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        narrow.query("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f } LIMIT 100000", headers={"Accept-Encoding": "identity"})
