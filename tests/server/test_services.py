"""No query makes the server open a connection, unless its endpoint has been allowed; a listener proves it."""

from __future__ import annotations

import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kg.sparql.services import ServiceRefused, check_services
from kg.store import oxigraph
from tests.server.conftest import CASES
from tests.server.running import ROOT, Running, serving
from tests.torture.services import calling, calls, harmless, parses, passes, queries, woven

TABLE = tomllib.loads((CASES / "services.toml").read_text(encoding="utf-8"))
RESULT = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"http://elsewhere.example/s"}}]}}'


class Listener:
    """A listener that records every request, and answers with one solution."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        heard = self.heard

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                heard.append(self.path)
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(200)
                self.send_header("Content-Type", "application/sparql-results+json")
                self.send_header("Content-Length", str(len(RESULT)))
                self.end_headers()
                self.wfile.write(RESULT)

            do_GET = do_HEAD = do_POST  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def get_request(self):  # type: ignore[no-untyped-def]
                heard.append("connection")
                return super().get_request()

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/sparql"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    listening = Listener()
    yield listening
    listening.close()


@pytest.mark.parametrize("query", TABLE["refused"])
def test_refused(server: Running, listener: Listener, query: str) -> None:
    before = len(listener.heard)
    response = server.query(query.replace("{url}", listener.url))
    assert response.status_code in (400, 403)
    assert response.json()["hint"]
    assert listener.heard[before:] == []


@pytest.mark.parametrize("query", TABLE["answered"])
def test_answered(server: Running, listener: Listener, query: str) -> None:
    before = len(listener.heard)
    assert server.query(query.replace("{url}", listener.url)).status_code == 200
    assert listener.heard[before:] == []


@pytest.mark.parametrize("query", TABLE["refused"])
def test_the_workers_cannot_connect_even_if_asked(small_data: Path, listener: Listener, query: str) -> None:
    """The second line of defence alone: the query is run in the sandbox without having been checked."""
    before = len(listener.heard)
    program = "import sys; from tests.server.unchecked import run; run(sys.argv[1], sys.stdin.read())"
    store = str((small_data / "current" / "store").resolve())
    text = query.replace("{url}", listener.url)
    done = subprocess.run([sys.executable, "-c", program, store], input=text, capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert "elsewhere.example" not in done.stdout
    assert done.stdout.startswith("ran"), done.stderr
    assert listener.heard[before:] == []


def test_an_allowed_endpoint_is_called_and_no_other(small_data: Path, listener: Listener, tmp_path: Path) -> None:
    with serving(small_data, tmp_path / "log", services=listener.url) as running:
        answer = running.query(f"SELECT ?s {{ SERVICE <{listener.url}> {{ ?s ?p ?o }} }}")
        assert [row["s"]["value"] for row in answer.json()["results"]["bindings"]] == ["http://elsewhere.example/s"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert "/sparql" in listener.heard
        before = len(listener.heard)
        for other in (f"<{listener.url}/other>", "<sparql>", "?e", f"<{listener.url.upper()}>"):
            query = f"BASE <{listener.url}> SELECT ?s {{ VALUES ?e {{ <{listener.url}> }} SERVICE {other} {{ ?s ?p ?o }} }}"
            refused = running.query(query)
            assert refused.status_code == 403
            assert listener.url in refused.json()["detail"]
        assert listener.heard[before:] == []


SEEDS = 300
"""Generated queries of each kind here; ``make torture`` tries 100,000."""


@pytest.mark.parametrize("query", TABLE["refused"])
def test_refused_before_it_is_run(query: str) -> None:
    assert not passes(query.replace("{url}", "x:endpoint"))


@pytest.mark.parametrize("query", TABLE["answered"])
def test_not_refused(query: str) -> None:
    assert passes(query.replace("{url}", "http://example.org/e"))


def test_what_the_engine_would_call_is_refused() -> None:
    """Whatever the keyword touches. Queries that pass are run here, and must call no endpoint."""
    texts = list(map(calling, range(SEEDS)))
    assert sum(map(calls, texts)) > SEEDS // 20, "too few of the generated queries call an endpoint"
    assert [text for text in texts if passes(text) and calls(text)] == []


def test_a_keyword_woven_into_other_queries_is_refused() -> None:
    """Into the canned queries, and W3C's tests of the syntax where they lie beside the checkout; what passes calls nobody."""
    others = [*queries(ROOT / "queries"), *queries(ROOT.parent / "shared" / "w3c")]
    assert [text for text in others if passes(text) and calls(text)] == []
    texts = [text for seed in range(SEEDS) if parses(text := woven(seed, others))]
    assert sum(map(calls, texts)) > SEEDS // 60, "too few of the generated queries call an endpoint"
    assert [text for text in texts if passes(text) and calls(text)] == []


def test_names_strings_and_comments_are_not_refused() -> None:
    assert [text for text in map(harmless, range(SEEDS)) if parses(text) and not passes(text)] == []


ALLOWED = "http://allowed.example/sparql"


@pytest.mark.parametrize(
    "rest",
    [
        "# SERVICE\n<{url}> SERVICE <x:e> {}",
        "SERVICE <{url}> { SERVICE <x:e> {} }",
        "SERVICE <{url}> {} SERVICE ?e {}",
        "?s ?p 'SERVICE <{url}> ' . SERVICE <x:e> {}",
        "SERVICE <{url}x> {}",
        "SERVICE <HTTP://ALLOWED.example/sparql> {}",
        "SERVICE <{url}/../other> {}",
    ],
)
def test_an_allowed_endpoint_hides_no_other(rest: str) -> None:
    with pytest.raises((ServiceRefused, SyntaxError)):
        check_services(f"SELECT * {{ {rest} }}".replace("{url}", ALLOWED), frozenset({ALLOWED}), oxigraph.parse)


@pytest.mark.parametrize("call", ["SERVICE <{url}> {}", "service silent <{url}>{}", "{ SERVICE\n<{url}> { ?s ?service 'SERVICE' } }"])
def test_an_allowed_endpoint_may_be_called(call: str) -> None:
    check_services(f"SELECT * {{ {call} }}".replace("{url}", ALLOWED), frozenset({ALLOWED}), oxigraph.parse)
