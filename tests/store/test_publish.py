"""Publishing a build to other stores: a real Oxigraph server if installed, and a server that refuses."""

from __future__ import annotations

import gzip
import http.server
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.store import current_build
from kg.store.output.publish import PublishError, publish

OXIGRAPH = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")


@pytest.fixture
def oxigraph(tmp_path: Path) -> Iterator[str]:
    if OXIGRAPH is None:
        pytest.skip("the Oxigraph server is not installed: pip install 'entente[interop]'")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [OXIGRAPH, "serve", "--location", str(tmp_path / "oxigraph"), "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait()


def all_quads(address: str) -> set[bytes]:
    request = urllib.request.Request(f"{address}/store", headers={"Accept": "application/n-quads"})
    with urllib.request.urlopen(request) as answer:
        return {line for line in answer.read().splitlines() if line}


@pytest.mark.parametrize(("protocol", "path"), [("update", "/update"), ("gsp", "/store")])
def test_every_quad_arrives_and_replaces_what_was_there(seed_data: Path, oxigraph: str, protocol: str, path: str) -> None:
    nquads = current_build(seed_data).nquads
    with gzip.open(nquads) as file:
        quads = set(file.read().splitlines())
    graph = next(quad.rsplit(b" ", 2)[1] for quad in quads)
    gone = b"<https://w3id.org/entente/dataset> <http://purl.org/dc/terms/source> <urn:gone> <https://w3id.org/entente/dataset> ."
    stale = b"INSERT DATA { GRAPH %b { <urn:stale> <urn:p> <urn:o> } GRAPH <urn:other> { <urn:a> <urn:b> <urn:c> } %b }" % (
        graph,
        b"GRAPH <urn:gone> { <urn:x> <urn:y> <urn:z> } GRAPH <https://w3id.org/entente/dataset> { %b }" % gone.rsplit(b" ", 2)[0],
    )
    request = urllib.request.Request(f"{oxigraph}/update", stale, {"Content-Type": "application/sparql-update"})
    urllib.request.urlopen(request).close()
    for _ in range(2):
        graphs = publish(nquads, oxigraph + path, protocol)
        assert graphs == len({quad.rsplit(b" ", 2)[1] for quad in quads})
        assert all_quads(oxigraph) == quads | {b"<urn:a> <urn:b> <urn:c> <urn:other> ."}


class Refusing(http.server.BaseHTTPRequestHandler):
    """A store that accepts nothing."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_error(503, "Busy", "the disk\nis full")

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


def test_a_store_that_refuses_is_quoted(seed_data: Path) -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(PublishError, match=r"the store answered 503 Busy: .*the disk is full"):
            publish(current_build(seed_data).nquads, f"http://127.0.0.1:{server.server_port}/update")
        server.shutdown()


@pytest.mark.parametrize(
    ("address", "message"),
    [("localhost:7878", "not an address"), ("file:///etc/passwd", "not an address"), ("http://127.0.0.1:1/update", "cannot be reached")],
)
def test_a_wrong_address_says_what_to_do(seed_data: Path, address: str, message: str) -> None:
    with pytest.raises(PublishError, match=message):
        publish(current_build(seed_data).nquads, address)
