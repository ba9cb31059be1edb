"""Fixtures for all tests: the material in ../shared, and the graph of the seed, built once."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"

MARKED_BY_FIXTURE = {
    "model": {"seed_data", "reader", "facts_of", "readings", "nlp", "figures", "stock", "quick"},
    "service": {
        "server",
        "streaming",
        "w3c_server",
        "crowded",
        "narrow",
        "small_data",
        "marked_data",
        "engine",
        "app",
        "client",
        "made_up",
        "made_up_pages",
        "gold",
        "site",
        "embedded",
        "remote",
    },
}
"""Fixtures that load the language model, and fixtures that start a server or workers: tests that use them are marked."""
MARKED_BY_FOLDER = {"model": ("evaluation", "pipeline"), "service": ("interop", "browser")}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they need, so that ``make quick`` can deselect them."""
    for item in items:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        fixtures = set(getattr(item, "fixturenames", ()))
        for marker, needed in MARKED_BY_FIXTURE.items():
            if fixtures & needed or folder in MARKED_BY_FOLDER[marker]:
                item.add_marker(marker)


settings.register_profile("entente", deadline=None)  # busy machines are slow at times
settings.load_profile("entente")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ``../shared`` with third-party treebanks, gold files and W3C tests; skips if it does not exist."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not here: it holds material of others that the repository does not carry")
    return SHARED


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a data folder that the first process to need it makes, and the others of a run by pytest-xdist wait for and read."""
    shared_by_all = factory.getbasetemp().parent if os.environ.get("PYTEST_XDIST_WORKER") else factory.getbasetemp()
    folder = shared_by_all / name
    with (shared_by_all / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder / "data")
            (folder / "made").touch()
    return folder / "data"


@pytest.fixture(scope="session")
def seed_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the graph of ``seeds/``, built once for all tests. Read-only."""
    from kg.pipeline import BuildOptions, build

    return made_once(tmp_path_factory, "seed", lambda data: build([ROOT / "seeds"], data, BuildOptions(jobs=1, strict=True)))


@pytest.fixture(scope="session")
def gold_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a graph made from the gold annotations, and its search index: every kind of fact, without the extraction.
    Read-only."""
    from kg.store import current_build, open_store
    from kg.store.index.asking import write_search
    from tests.evaluation import gold_graph

    def make(data: Path) -> None:
        gold_graph.main(data)
        made = current_build(data)
        write_search(open_store(made.store_path), made.folder / "search.sqlite")

    return made_once(tmp_path_factory, "gold", make)
