"""The attacks: each section is a context manager that yields a trial; a trial takes a seed and returns what broke, or nothing."""

from __future__ import annotations

import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from requests.adapters import HTTPAdapter

from kg.sparql.admission import ComplexityError, check_complexity
from kg.sparql.lexer import respelled, tokens
from kg.store import current_build
from tests.server.conftest import CASES, build
from tests.server.running import ROOT, Running, serving
from tests.torture.environment import here
from tests.torture.services import PIECES, calling, calls, harmless, parses, passes, queries, woven
from tests.torture.sources import odd_command_lines, odd_sources

Trial = Callable[[int], str]


@dataclass(frozen=True)
class Section:
    """One kind of attack, with its ``share`` of the time, and at most ``most`` trials."""

    name: str
    open: Callable[[], object]
    share: float
    most: int


@contextmanager
def service_texts() -> Iterator[Trial]:
    """Texts around SERVICE: those by which the engine would call an endpoint are refused, others are not."""

    others = [*queries(ROOT / "queries"), *queries(ROOT.parent / "shared" / "w3c")]

    def trial(seed: int) -> str:
        for text in (calling(seed), woven(seed, others)):
            if passes(text) and calls(text):
                return f"calls an endpoint: {text!r}"
        quiet = harmless(seed)
        return f"is refused: {quiet!r}" if parses(quiet) and not passes(quiet) else ""

    yield trial


UNITS = (
    *(*PIECES, "SERVICE:a,", "'\\'", '"""', "<<", "_:b ", "GROUP ", "a:b.", "\\u0041", "\\", "@", "^^<", "?", "\r", "é", "\u2028"),
    *("(", "[", "+1", "!"),
)


@contextmanager
def long_texts() -> Iterator[Trial]:
    """The processing of a client's text before the engine sees it takes time in proportion to its length."""

    def seconds(text: str) -> float:
        began = time.process_time()
        assert "".join(token.text for token in tokens(text)) == text
        respelled(text)
        with suppress(ComplexityError):
            check_complexity(text)
        return time.process_time() - began

    def trial(seed: int) -> str:
        chance = random.Random(seed)
        unit = "".join(chance.choice(UNITS) for _ in range(1 + chance.randrange(4)))
        short, long = (unit * (length // len(unit)) for length in (32_768, 262_144))
        first, second = min(seconds(short), seconds(short)), seconds(long)
        return f"{unit!r}: 32 KiB in {first:.3f} s, 256 KiB in {second:.3f} s" if second > 2 + 24 * first else ""

    yield trial


@contextmanager
def _server(**settings: object) -> Iterator[Running]:
    with tempfile.TemporaryDirectory() as folder:
        data = build(Path(folder) / "data", CASES / "small.nq")
        with serving(data, Path(folder) / "log", **settings) as running:
            yield running


class _Elsewhere(HTTPAdapter):
    """Requests from another address than the crowd's: resources are shared by address."""

    def init_poolmanager(self, *arguments: Any, **settings: Any) -> None:
        super().init_poolmanager(*arguments, source_address=("127.0.0.2", 0), **settings)


def _answers(running: Running, within: float = 5.0) -> str:
    """Return what is wrong with the server as seen by a client at another address."""
    began = time.monotonic()
    try:
        with requests.Session() as client:
            client.mount("http://", _Elsewhere())
            health = client.get(running.url + "health", timeout=30)
            asked = client.get(running.sparql, params={"query": f"ASK {{ }} #{began}"}, timeout=30)
    except requests.RequestException as error:
        return f"others are not answered: {type(error).__name__}"
    took = time.monotonic() - began
    if (health.status_code, asked.status_code) != (200, 200):
        return f"others get {health.status_code} and {asked.status_code}"
    return f"others wait {took:.1f} s" if took > within else ""


def _exchange(running: Running, data: bytes, seconds: float = 10.0) -> bytes:
    place = urlsplit(running.url)
    answer = b""
    with suppress(OSError), socket.create_connection((str(place.hostname), place.port or 80), timeout=seconds) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        while block := connection.recv(65536):
            answer += block
            if len(answer) > 2**20:
                break
    return answer


METHODS = (b"GET", b"GET", b"HEAD", b"POST", b"OPTIONS", b"PUT", b"BREW")
TARGETS = (
    *(b"/sparql?query=ASK%7B%7D", b"/sparql", b"/graphs?default", b"/about"),
    *(b"/queries/people.csv", b"/dumps/entente.ttl", b"/health", b"/x"),
)
HEADERS = (
    b"Host: a",
    b"Host: b:1",
    b"Accept: text/html;q=.2, */*;q=",
    b"Accept-Encoding: gzip",
    b"Content-Length: 5",
    b"Content-Length: -1",
    b"Transfer-Encoding: chunked",
    b"Content-Type: application/sparql-query",
    b"Content-Type: application/x-www-form-urlencoded; charset=utf-7",
    b"X-Forwarded-Host: evil",
    b"X_Forwarded_Host: evil",
    b"X-Forwarded-For: 1.2.3.4, x",
    b"Range: bytes=0-1,5-",
    b"If-None-Match: *",
    b"Expect: 100-continue",
    b"Connection: upgrade",
    b"Access-Control-Request-Headers: a, b\xff",
)
BODIES = (b"", b"ASK {}", b"query=ASK%7B%7D", b"5\r\nASK{}\r\n0\r\n\r\n", b"zz\r\nASK", b"\xff\xfe", b"1\r\nA\r\n" * 300)


@contextmanager
def raw_requests() -> Iterator[Trial]:
    """Requests assembled from valid and invalid parts: never 500, and the server survives."""
    with _server(access_log=False) as running:

        def trial(seed: int) -> str:
            chance = random.Random(seed)
            target = chance.choice(TARGETS)
            if chance.random() < 0.3:
                target += b"&x=" + bytes(chance.randrange(33, 256) for _ in range(chance.randrange(20)))
            lines = [chance.choice(METHODS) + b" " + target + b" HTTP/1." + chance.choice((b"0", b"1", b"1", b"1"))]
            lines += [b"Host: a", *chance.sample(HEADERS, chance.randrange(5))][chance.randrange(2) :]
            request = b"\r\n".join(lines) + b"\r\n\r\n" + chance.choice(BODIES)
            if chance.random() < 0.2:
                at = chance.randrange(len(request))
                request = request[:at] + bytes([chance.randrange(256)]) + request[at + 1 :]
            answer = _exchange(running, request)
            if b" 500 " in answer[:40]:
                return f"{request!r}: {answer[:200]!r}"
            return _answers(running) if seed % 50 == 0 else ""

        yield trial


FRAGMENTS = (
    *("SELECT * ", "ASK ", "{ ", "} ", "?s ?p ?o ", ". ", "FILTER(", ") ", "UNION ", "OPTIONAL ", "VALUES ?s ", "<http://x/a> "),
    *("rdf:type ", "'x'@en ", "GROUP BY ?s ", "COUNT(*) ", "AS ?n ", "BIND(", "/", "*", "^", "REGEX(?o,'(a+)+$') ", "1e999 "),
    *("<< ", ">> ", "DESCRIBE ", "CONSTRUCT ", "\\u0041", "#"),
)
ALLOWED = (200, 400, 403, 404, 406, 413, 414, 503, 504)


@contextmanager
def generated_queries() -> Iterator[Trial]:
    """Queries assembled from fragments: answered, refused or stopped, and never an internal error."""
    with _server(access_log=False, query_timeout=3, query_memory=256) as running:
        session = requests.Session()

        def trial(seed: int) -> str:
            chance = random.Random(seed)
            text = "".join(chance.choice(FRAGMENTS) for _ in range(chance.randrange(1, 25)))
            if chance.random() < 0.6:
                text = f"SELECT * WHERE {{ {text} }}"
            if chance.random() < 0.05:
                text = text * chance.choice((100, 1000))
            form = chance.choice(("json", "xml", "csv", "tsv", "ttl", "rdf", "jsonld"))
            try:
                answer = session.post(running.sparql, data={"query": text[:900_000], "format": form, "timeout": "1"}, timeout=30)
                status = answer.status_code
            except requests.exceptions.ChunkedEncodingError:
                return ""
            except requests.RequestException as error:
                return f"{text[:200]!r}: {type(error).__name__}"
            return "" if status in ALLOWED else f"{text[:200]!r} as {form}: {status} {answer.text[:200]}"

        yield trial


def _crowd(running: Running, count: int, data: bytes) -> list[socket.socket]:
    place = urlsplit(running.url)
    crowd = []
    for _ in range(count):
        with suppress(OSError):
            connection = socket.create_connection((str(place.hostname), place.port or 80), timeout=5)
            crowd.append(connection)
            connection.sendall(data)
    return crowd


@contextmanager
def crowds() -> Iterator[Trial]:
    """Many connections that are silent, slow, do not read, or close at once: others are served during and after."""
    long = quote("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 15000")
    says = (
        b"",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: ",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 1000\r\n\r\nASK",
        f"GET /sparql?query={long} HTTP/1.1\r\nHost: x\r\n\r\n".encode(),
        b"GET /dumps/entente.ttl HTTP/1.1\r\nHost: x\r\n\r\n" * 40,
        b"GET /about HTTP/1.1\r\nHost: x\r\n\r\n" * 20,
        f"GET /sparql?timeout=0.000001&query={long}%23 HTTP/1.1\r\nHost: x\r\n\r\n".encode(),
    )
    with _server(access_log=False, write_time=3) as running:

        def trial(seed: int) -> str:
            chance = random.Random(seed)
            crowd = _crowd(running, chance.choice((50, 200, 400)), chance.choice(says))
            if chance.random() < 0.7:
                time.sleep(1)
                wrong = _answers(running, 20)
            else:
                wrong = ""
            for connection in crowd:
                connection.close()
            time.sleep(0.5)
            return wrong or _answers(running, 20)

        yield trial


KILLED = """
import sys
from pathlib import Path
from tests.server.conftest import build
shard = Path(sys.argv[2]); build(Path(sys.argv[1]), shard)
"""


@contextmanager
def killed_builds() -> Iterator[Trial]:
    """Builds killed at any time: what is served stays complete, and the next build works."""
    with tempfile.TemporaryDirectory() as folder:
        data = build(Path(folder) / "data", CASES / "small.nq")
        shard = Path(folder) / "more.nq"

        def trial(seed: int) -> str:
            chance = random.Random(seed)
            shard.write_text(f"<http://x/{seed % 3}> <http://x/p> <http://x/o> <http://x/g> .\n")
            command = [sys.executable, "-c", KILLED, str(data), str(shard)]
            process = subprocess.Popen(command, cwd=ROOT, env=here())
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=chance.uniform(0.2, 3.0))
            process.send_signal(signal.SIGKILL)
            process.wait()
            return "" if current_build(data).intact else f"the build {current_build(data).id} is damaged"

        yield trial
        build(data, shard)
        assert current_build(data).intact


SECTIONS = (
    Section("texts with SERVICE", service_texts, 0.3, 100_000),
    Section("long texts", long_texts, 0.1, 2_000),
    Section("raw requests", raw_requests, 0.15, 20_000),
    Section("generated queries", generated_queries, 0.15, 20_000),
    Section("crowds", crowds, 0.15, 500),
    Section("killed builds", killed_builds, 0.15, 500),
    Section("odd sources", odd_sources, 0.05, 5_000),
    Section("odd command lines", odd_command_lines, 0.1, 500),
)
