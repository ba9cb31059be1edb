"""A graph that attempts HTML injections, the graph of the gold annotations, and clients for their pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.store import Provenance, new_build, open_store
from kg.store.index.asking import write_search
from server import create_app
from tests.pages.reading import Page, crawl

GRAPH = Path(__file__).parent / "graph.trig"
TIMES: dict[str, float] = {}
"""Milliseconds by page, for the summary of the run."""


def build(data: Path, trig: Path, folder: Path) -> Path:
    """Create a data folder with the quads of a TriG file, and its search index."""
    shard = folder / "shard.nq"
    lines = sorted(
        f"{quad.subject} {quad.predicate} {quad.object} {quad.graph_name} .\n"
        for quad in ox.parse(path=str(trig), format=ox.RdfFormat.TRIG)
    )
    shard.write_text("".join(lines), encoding="utf-8")
    with new_build(data) as draft:
        draft.assemble([shard], Provenance("test", "none", "none"))
        write_search(open_store(draft.store_path), draft.folder / "search.sqlite")
    return data


@pytest.fixture(scope="session")
def made_up_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the graph of ``graph.trig``."""
    folder = tmp_path_factory.mktemp("made-up")
    return build(folder / "data", GRAPH, folder)


def application(data: Path, **settings: object) -> Iterator[Flask]:
    """Yield an application on a data folder, and end its workers afterwards."""
    app = create_app(data, workers=1, access_log=False, waiting_time=30, trusted_proxies="127.0.0.0/8", **settings)
    yield app
    app.extensions["entente.engine"].close()


@pytest.fixture(scope="session")
def made_up_app(made_up_data: Path) -> Iterator[Flask]:
    """The application for ``graph.trig``."""
    yield from application(made_up_data)


@pytest.fixture(scope="session")
def gold_app(gold_data: Path) -> Iterator[Flask]:
    """The application for the gold graph."""
    yield from application(gold_data)


@pytest.fixture
def made_up(made_up_app: Flask) -> FlaskClient:
    """A client for the hostile graph."""
    return made_up_app.test_client()


@pytest.fixture(scope="session")
def made_up_pages(made_up_app: Flask) -> dict[str, Page]:
    """Every page of the hostile graph that links lead to from the home page; each answers 200."""
    return {path: page for path, page in crawl(made_up_app.test_client(), "/", 2000).items() if page}


@pytest.fixture
def gold(gold_app: Flask) -> FlaskClient:
    """A client for the gold graph."""
    return gold_app.test_client()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how long each page took."""
    if TIMES:
        terminalreporter.section("pages: milliseconds")
        for page, time in sorted(TIMES.items(), key=lambda pair: -pair[1]):
            terminalreporter.write_line(f"{time:7.1f}  {page}")
