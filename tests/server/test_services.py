"""No query makes the server open a connection, unless its endpoint has been allowed; somebody who listens proves it."""

from __future__ import annotations

import contextlib
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.sparql.services import scan
from server import create_app
from server.execution.engine import QueryEngine
from server.protocol.jobs import Job, Query
from server.protocol.negotiation import SOLUTIONS, Wanted
from server.protocol.problems import Problem
from tests.server.conftest import CASES
from tests.server.running import Running, serving

TABLE = tomllib.loads((CASES / "services.toml").read_text(encoding="utf-8"))
RESULT = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"http://elsewhere.example/s"}}]}}'


class Listener:
    """Somebody who listens, notes every request, and answers with one solution."""

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


@pytest.fixture(scope="module")
def engine(small_data: Path) -> Iterator[QueryEngine]:
    app = create_app(small_data)
    engine: QueryEngine = app.extensions["entente.engine"]
    yield engine
    engine.close()


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
def test_the_workers_cannot_connect_even_if_asked(engine: QueryEngine, listener: Listener, query: str) -> None:
    """The second line of defence by itself: the query goes to a worker without having been looked at."""
    before = len(listener.heard)
    with contextlib.suppress(Problem):
        answer = engine.answer(Job(Query(query.replace("{url}", listener.url)), Wanted(SOLUTIONS[0], None)))
        assert b"elsewhere.example" not in b"".join(answer.chunks)
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


# A variable or name is followed by something: a keyword right behind it would only make it longer.
NAMES = ("<x:a>", "?v ", "?v.", "x:n ", "x:.", ": ", ":.")
PIECES = st.sampled_from([" ", "\n", *"{}.;,()>!^*|", *NAMES, "1", "1.", "true", "a", "SILENT"])


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=10), st.lists(PIECES, max_size=3), st.sampled_from(["SERVICE", "service", "SeRvIcE"]))
@example(["?v ", "?v ", "true"], [], "SERVICE")
@example(["?v ", "?v ", "x:."], ["x:n "], "SERVICE")
@example([], ["x:n "], "SERVICE")
@example(["1", "<", "?v ", ">"], ["SILENT", ": "], "service")
def test_no_text_that_parses_hides_a_service(before: list[str], after: list[str], keyword: str) -> None:
    """Whatever runs into the keyword: what Oxigraph's own parser takes for a query, with a group to call an endpoint with, the
    scan has seen. (No piece is a string or a comment, in which the keyword would mean nothing.)"""
    head = "PREFIX x: <x:> PREFIX : <x:> SELECT * WHERE { "
    text = head + "".join(before) + keyword + "".join(after) + " <x:endpoint> { } }"
    shorter = head + "".join(before) + keyword + "".join(after) + " { } }"
    for query in (text, shorter):
        if parses(query):
            assert scan(query).services


def parses(text: str) -> bool:
    try:
        pyoxigraph.Store().query(text)
    except SyntaxError:
        return False
    except OSError:  # it would have called the endpoint
        return True
    return True
