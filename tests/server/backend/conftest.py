"""Servers in front of remote SPARQL stores."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from kg.store import current_build
from kg.store.builds import UNKNOWN
from server import create_app
from tests.server.backend.store import Store, running


@pytest.fixture(autouse=True, scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder where servers keep their indexes."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@contextmanager
def in_front_of(address: str, **settings: object) -> Iterator[Flask]:
    """Yield the application in front of the store at ``address``."""
    chosen: dict[str, object] = {"workers": 1, "access_log": False, "waiting_time": 30, "backend_poll": 0.2, **settings}
    app = create_app("no-such-folder", sparql_backend=address, **chosen)
    try:
        yield app
    finally:
        app.extensions["entente.engine"].close()


def wait_for_index(app: Flask, seconds: float = 30) -> None:
    """Wait until the search index of the dataset in the store exists."""
    engine = app.extensions["entente.engine"]
    deadline = time.monotonic() + seconds
    while engine.serving.build.id == UNKNOWN or not (engine.serving.build.folder / "search.sqlite").is_file():
        assert time.monotonic() < deadline, engine.watch.trouble or engine.watch.problem
        time.sleep(0.05)


@pytest.fixture(scope="session")
def quads(gold_data: Path) -> bytes:
    """The gold graph as N-Quads."""
    return gzip.decompress(current_build(gold_data).nquads.read_bytes())


@pytest.fixture(scope="session")
def store(quads: bytes) -> Iterator[Store]:
    """A store that misbehaves on request."""
    with running(quads) as found:
        yield found


@pytest.fixture(scope="session")
def app(store: Store) -> Iterator[Flask]:
    """The application in front of it, with short timeouts."""
    with in_front_of(store.url, workers=2, query_timeout=1.5, page_timeout=1.5, answer_bytes=1, cache_size=0) as found:
        wait_for_index(found)
        yield found
