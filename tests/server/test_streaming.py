"""Long answers: as little memory as short ones, the first byte before the last row, and never a part that looks complete."""

from __future__ import annotations

import gzip
import http.client
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from server import create_app
from server.execution.workers.frames import BLOCK, KEEP, SOLUTIONS, FrameKind, FrameReader
from server.execution.workers.worker import Output
from tests.server.running import Running, cpu, private, serving

LONG = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def streaming(small_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(small_data, tmp_path_factory.mktemp("streaming") / "log", query_timeout=90, answer_bytes=120) as running:
        running.query("ASK {}")
        yield running


def open_stream(running: Running, query: str, **headers: str) -> requests.Response:
    given = {"Accept": "text/tab-separated-values", "Accept-Encoding": "identity", **headers}
    return requests.post(running.sparql, data={"query": query}, headers=given, stream=True, timeout=90)


def held(running: Running) -> dict[int, int]:
    """Return private memory in bytes, by process."""
    return {pid: private(pid) for pid in running.processes()}


def growth(before: dict[int, int], now: dict[int, int], idle: int) -> int:
    """Return the growth of the processes' memory; one started in between may have that of an ``idle`` worker."""
    return sum(now.values()) - sum(before.get(pid, idle) for pid in now)


def test_100_megabytes_take_no_more_memory(streaming: Running) -> None:
    """However long it takes on a busy machine, where slow queries have new workers started."""
    before, most, size = held(streaming), 0, 0
    idle = max(private(pid) for pid in streaming.workers())
    with open_stream(streaming, LONG) as response:
        began = time.monotonic()
        for block in response.iter_content(1 << 20):
            size += len(block)
            if time.monotonic() - began > 0.3:
                began = time.monotonic()
                most = max(most, growth(before, held(streaming), idle))
            if size > 100 * MIB:
                break
    assert size > 100 * MIB
    assert most < 16 * MIB


def test_a_client_that_reads_slowly_takes_no_more_memory(streaming: Running) -> None:
    before = streaming.memory()
    with open_stream(streaming, LONG) as response:
        blocks = response.iter_content(1 << 14)
        for _ in range(5):
            next(blocks)
            time.sleep(0.2)
        assert streaming.memory() - before < 32 * MIB


def test_the_first_byte_leaves_before_the_last_row(streaming: Running) -> None:
    """The answer takes seconds to compute; its beginning is sent at once, and more keeps coming."""
    began = time.monotonic()
    with open_stream(streaming, LONG) as response:
        blocks = response.iter_content(1 << 16)
        assert next(blocks)
        assert time.monotonic() - began < 0.5
        while time.monotonic() - began < 1:
            assert next(blocks)


def test_the_same_over_gzip(streaming: Running) -> None:
    before = streaming.memory()
    with open_stream(streaming, LONG, **{"Accept-Encoding": "gzip"}) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        taken = sum(len(block) for _, block in zip(range(40), response.iter_content(1 << 20), strict=False))
        assert streaming.memory() - before < 32 * MIB
    assert taken > 20 * MIB


def test_a_worker_that_is_lost_breaks_the_connection(streaming: Running) -> None:
    with open_stream(streaming, LONG) as response:
        blocks = response.iter_content(1 << 16)
        next(blocks)
        busy = max(streaming.workers(), key=cpu)
        os.kill(busy, signal.SIGKILL)
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            for _ in blocks:
                pass


def cached(running: Running) -> float:
    """Return how many answers have come from the cache."""
    lines = requests.get(running.url + "metrics", timeout=30).text.splitlines()
    return next(float(line.split()[-1]) for line in lines if line.startswith('entente_queries_total{outcome="cached"}'))


@pytest.mark.parametrize(("rows", "encoding", "kept"), [(5000, "identity", 1), (5000, "gzip", 1), (40_000, "identity", 0)])
def test_a_long_answer_is_kept_unless_it_takes_too_much_room(streaming: Running, rows: int, encoding: str, kept: int) -> None:
    query = f"SELECT * WHERE {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }} LIMIT {rows}"
    before = cached(streaming)
    first, second = (streaming.query(query, headers={"Accept-Encoding": encoding}) for _ in range(2))
    assert len(first.content) > 2 * MIB
    assert first.content == second.content
    assert first.headers["ETag"] == second.headers["ETag"]
    assert cached(streaming) - before == kept


def raw_http_1_0(running: Running, query: str, timeout: float) -> bytes:
    """Return a response over HTTP/1.0, where only Content-Length distinguishes a whole answer from a part."""
    place = urlsplit(running.url)
    body = query.encode()
    head = f"POST /sparql?timeout={timeout} HTTP/1.0\r\nContent-Type: application/sparql-query\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection((place.hostname, place.port)) as connection:  # type: ignore[arg-type]
        connection.sendall(head.encode() + body)
        return b"".join(iter(lambda: connection.recv(1 << 16), b""))


def test_http_1_0_has_a_length(streaming: Running) -> None:
    head, body = raw_http_1_0(streaming, "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f } LIMIT 20000", 20).split(b"\r\n\r\n", 1)
    length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
    assert len(body) == length > MIB


RARE = LONG.replace(" }", " FILTER(STRLEN(CONCAT(STR(?a), STR(?d), STR(?g))) > 100000) }")


@pytest.mark.parametrize(("query", "timeout", "status"), [(RARE, 0.5, b"504"), (LONG, 90, b"503")])
def test_http_1_0_over_a_limit_is_an_error(streaming: Running, query: str, timeout: float, status: bytes) -> None:
    """Nothing is sent before the answer is complete, so both limits have their status: that of time if rows are too rare for the
    answer to become long, and that of length if they come faster."""
    head, _ = raw_http_1_0(streaming, query, timeout).split(b"\r\n", 1)
    assert head.split()[1] == status


def test_a_packed_answer_is_sent_to_its_end() -> None:
    """What the compressor still buffers at the end is sent, even if nothing else has been since the last block."""
    rows = os.urandom(2 * BLOCK)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 * BLOCK)
        output = Output(ours, SOLUTIONS, MIB, compress=True)
        for part in (rows, b"the last row"):
            output.write(part)
        output.finish(KEEP)
        ours.shutdown(socket.SHUT_WR)
        reader = FrameReader()
        while data := theirs.recv(BLOCK):
            reader.feed(data)
    packed = b""
    while (frame := reader.take()) is not None:
        packed += frame[1] if frame[0] is FrameKind.DATA else b""
    assert gzip.decompress(packed) == rows + b"the last row"


def test_head_of_a_long_answer(streaming: Running) -> None:
    response = requests.head(streaming.sparql, params={"query": LONG}, timeout=30)
    assert (response.status_code, response.content) == (200, b"")
    assert "Content-Length" not in response.headers
    assert streaming.comes_to_rest(within := 10), f"the query still runs {within} s later, of the 90 s that it may take"


def test_under_wsgi_too(small_data: Path) -> None:
    """With Flask in another server, blocks come one by one, and closing early ends the query."""
    app = create_app(small_data, query_timeout=20)
    engine = app.extensions["entente.engine"]
    try:
        response = app.test_client().post("/sparql", data=LONG, content_type="application/sparql-query", buffered=False)
        blocks = iter(response.response)
        assert next(blocks)
        assert engine.serving.counts()["busy"] == 1
        response.close()
        assert engine.serving.counts()["busy"] == 0
    finally:
        engine.close()


def test_many_clients_that_do_nothing_keep_nobody_waiting(streaming: Running) -> None:
    """A hundred connections that send half a request do not delay others."""
    place = urlsplit(streaming.url)
    idle = [http.client.HTTPConnection(str(place.hostname), place.port) for _ in range(100)]
    for connection in idle:
        connection.connect()
        connection.sock.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Le")
    threads = [threading.Thread(target=streaming.query, args=("ASK {}",)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=5)
        assert not thread.is_alive()
    for connection in idle:
        connection.close()
