"""In front of Oxigraph's own server, every answer and every page's text is the same as from the embedded store."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from kg.store import current_build
from kg.store.output.publish import publish
from server import create_app
from tests.interop.behind import DIFFERENT, GRAPHS, QUERIES, addresses, difference, query_difference
from tests.server.backend.conftest import in_front_of, wait_for_index

OXIGRAPH = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty Oxigraph server: its address without a path."""
    if OXIGRAPH is None:
        pytest.skip("the Oxigraph server is not installed: pip install 'entente[interop]'")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    location = tmp_path_factory.mktemp("oxigraph")
    command = [OXIGRAPH, "serve", "--location", str(location), "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait()


@pytest.fixture(scope="module")
def embedded(gold_data: Path) -> Iterator[Flask]:
    """The application with its own store."""
    app = create_app(gold_data, workers=1, access_log=False, waiting_time=30)
    yield app
    app.extensions["entente.engine"].close()


@pytest.fixture(scope="module")
def remote(gold_data: Path, oxigraph: str) -> Iterator[Flask]:
    """The application in front of a store to which the graph was published while it was being polled."""
    with in_front_of(f"{oxigraph}/query") as app:
        publish(current_build(gold_data).nquads, f"{oxigraph}/update")
        wait_for_index(app)
        yield app


def test_pages_of_every_kind(embedded: Flask, remote: Flask) -> None:
    paths = [path for path in addresses(embedded) if path not in DIFFERENT]
    paths += ["/queries/dyad-timeline", "/queries/quad-counts", "/queries/people", "/queries/office-holders", "/queries/publishers"]
    assert len(paths) > 30
    assert {path: found for path in paths if (found := difference(embedded, remote, path))} == {}


def test_queries(embedded: Flask, remote: Flask) -> None:
    assert {text: found for text in (*QUERIES, *GRAPHS) if (found := query_difference(embedded, remote, text))} == {}


def test_the_description_is_that_of_the_store(embedded: Flask, remote: Flask) -> None:
    ours, theirs = (
        set(app.test_client().get("/.well-known/void", headers={"Accept": "application/n-triples"}).text.splitlines())
        for app in (embedded, remote)
    )
    assert theirs <= ours
    assert {line.split()[1] for line in ours - theirs if "/dumps/" not in line.split()[0]} <= {
        "<http://rdfs.org/ns/void#dataDump>",
        "<http://www.w3.org/ns/dcat#distribution>",
    }


def test_dumps_are_elsewhere(remote: Flask) -> None:
    response = remote.test_client().get("/dumps/entente.ttl")
    assert (response.status_code, response.get_json()["detail"]) == (404, "This server has no dumps.")
    assert "This build has no dumps" in remote.test_client().get("/about", headers={"Accept": "text/html"}).text
