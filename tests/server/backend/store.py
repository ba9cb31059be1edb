"""A remote store that answers correctly, and misbehaves for queries that contain ``lie:NAME``."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox

JSON = "application/sparql-results+json"
NTRIPLES = "application/n-triples"
ROW = b'{"s":{"type":"uri","value":"http://e/s"}},'
HEAD = b'{"head":{"vars":["s"]},"results":{"bindings":['
TRIPLE = b"<http://e/s> <http://e/p> <http://e/o> .\n"


class Store(ThreadingHTTPServer):
    """``requests`` are the queries received, with their URL parameters; ``closed`` counts clients that disconnected early."""

    daemon_threads = True

    def __init__(self, quads: bytes, elsewhere: str = "", port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.store = ox.Store()
        self.store.load(quads, ox.RdfFormat.N_QUADS)
        self.elsewhere = elsewhere
        self.requests: list[tuple[str, dict[str, list[str]], dict[str, str]]] = []
        self.closed = threading.Event()
        self.server_header = "Fake/1.0"
        self.password = ""
        self.most_rows = 0
        self.says_so = True

    def last(self, ending: str = "") -> tuple[str, dict[str, list[str]]]:
        """Return the last query with that ending sent by a worker (not by the mirror), and its parameters."""
        found = ((text, parameters) for text, parameters, _ in reversed(self.requests) if "versionInfo" not in text)
        return next((text, parameters) for text, parameters in found if text.rstrip().endswith(ending))

    @property
    def url(self) -> str:
        """Its endpoint."""
        return f"http://127.0.0.1:{self.server_port}/sparql"

    def handle_error(self, *_: object) -> None:
        """Ignore clients that disconnect."""


class Handler(BaseHTTPRequestHandler):
    """Answers POST with a form, as in the SPARQL 1.1 Protocol."""

    protocol_version = "HTTP/1.1"
    server: Store

    def version_string(self) -> str:
        return self.server.server_header

    def log_message(self, *_: object) -> None:
        """Log nothing."""

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True)
        parameters = {**parse_qs(urlsplit(self.path).query, keep_blank_values=True), **form}
        text = parameters.pop("query")[0]
        self.server.requests.append((text, parameters, dict(self.headers)))
        if self.server.password and self.headers.get("Authorization") != self.server.password:
            self.give(b"", status=401, WWW_Authenticate='Basic realm="store"')
            return
        lie = re.search(r"lie:([a-z-]+)", text)
        LIES[lie[1]](self) if lie else self.answer(text, parameters)

    def answer(self, text: str, parameters: dict[str, list[str]]) -> None:
        results = self.server.store.query(text, use_default_graph_as_union="union-default-graph" in parameters)
        if self.server.most_rows and isinstance(results, ox.QuerySolutions):
            self.cut(results)
        elif isinstance(results, ox.QueryTriples):
            self.give(results.serialize(format=ox.RdfFormat.N_TRIPLES) or b"", NTRIPLES)
        else:
            self.give(results.serialize(format=ox.QueryResultsFormat.JSON) or b"")

    def cut(self, results: ox.QuerySolutions) -> None:
        """Truncate rows as Virtuoso does, and report that there may be more."""
        rows = list(islice(results, self.server.most_rows))
        names = [variable.value for variable in results.variables]
        bindings = [{name: term(row[name]) for name in names if row[name] is not None} for row in rows]
        said = {"X_SPARQL_MaxRows": str(self.server.most_rows)} if self.server.says_so and len(rows) == self.server.most_rows else {}
        self.give(json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}}).encode(), **said)

    def give(self, body: bytes, kind: str = JSON, status: int = 200, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if length != -1:
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = length is not None

    def chunks(self, pieces: Iterator[bytes], kind: str = JSON, *, end: bool = True) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for piece in pieces:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            if end:
                self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.server.closed.set()
        self.close_connection = True

    def silent(self) -> None:
        """Wait until the client disconnects."""
        self.connection.settimeout(30)
        if self.connection.recv(1, socket.MSG_PEEK) == b"":
            self.server.closed.set()
        self.close_connection = True


def forever(piece: bytes, first: bytes = b"", pause: float = 0) -> Iterator[bytes]:
    yield first or piece
    while True:
        time.sleep(pause)
        yield piece


def term(value: ox.NamedNode | ox.Literal) -> dict[str, str]:
    if isinstance(value, ox.NamedNode):
        return {"type": "uri", "value": value.value}
    more = {"xml:lang": value.language} if value.language else {"datatype": value.datatype.value}
    return {"type": "literal", "value": value.value, **more}


def rows(number: int) -> bytes:
    bindings = [{"s": {"type": "uri", "value": f"http://e/{i}"}} for i in range(number)]
    return json.dumps({"head": {"vars": ["s"]}, "results": {"bindings": bindings}}).encode()


LIES: dict[str, Callable[[Handler], None]] = {
    "silent": Handler.silent,
    "drip": lambda h: h.chunks(forever(b" ", HEAD, 0.05)),
    "endless": lambda h: h.chunks(forever(ROW * 500, HEAD)),
    "html": lambda h: h.give(b"<html>Welcome</html>", "text/html"),
    "redirect": lambda h: h.give(b"", status=302, Location=h.server.elsewhere),
    "refused": lambda h: h.give(b"\nVirtuoso 37000 Error SP031: not implemented\nSPARQL query:\n", "text/plain", 400),
    "failed": lambda h: h.give(b"<html>stack trace</html>", "text/html", 500),
    "busy": lambda h: h.give(b"", "text/plain", 503),
    "slow": lambda h: h.give(b"", "text/plain", 504),
    "timed-out": lambda h: h.give(b"Virtuoso S1T00 Error SR171: Transaction timed out", "text/plain", 500),
    "estimate": lambda h: h.give(b"Virtuoso 42000 Error The estimated execution time 5007 exceeds the limit of 60", "text/plain", 500),
    "locked": lambda h: h.give(b"", "text/plain", 403),
    "garbage": lambda h: h.give(b"]["),
    "cut-length": lambda h: h.give(rows(5)[:90], length=400),
    "cut-chunks": lambda h: h.chunks(iter([rows(5)[:90]]), end=False),
    "cut-json": lambda h: h.give(rows(5)[:90]),
    "cut-late": lambda h: h.chunks(iter([HEAD + ROW * 20_000]), end=False),
    "boolean": lambda h: h.give(b'{"head":{},"boolean":true}'),
    "part": lambda h: h.give(rows(3), X_SQL_State="S1TAT"),
    "rows": lambda h: h.give(rows(3), X_SPARQL_MaxRows="3"),
    "graph-cut-length": lambda h: h.give(TRIPLE, NTRIPLES, length=400),
    "graph-cut-chunks": lambda h: h.chunks(iter([TRIPLE]), NTRIPLES, end=False),
    "graph-unframed": lambda h: h.give(TRIPLE, NTRIPLES, length=-1),
    "graph-rows": lambda h: h.give(rows(3), X_SPARQL_MaxRows="3") if "json" in h.headers["Accept"] else h.give(TRIPLE, NTRIPLES),
}


@contextmanager
def running(quads: bytes, elsewhere: str = "", port: int = 0) -> Iterator[Store]:
    """Run the store during a block."""
    store = Store(quads, elsewhere, port)
    thread = threading.Thread(target=store.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield store
    finally:
        store.shutdown()
        store.server_close()
