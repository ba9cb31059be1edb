"""Fixtures for all tests: the material in ../shared, and the graph of the seed, built once."""

from __future__ import annotations

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


@pytest.fixture(scope="session")
def seed_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the graph of ``seeds/``, built once for all tests. Read-only."""
    from kg.pipeline import BuildOptions, build

    data = tmp_path_factory.mktemp("seed") / "data"
    build([ROOT / "seeds"], data, BuildOptions(jobs=1, strict=True))
    return data


@pytest.fixture(scope="session")
def gold_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a graph made from the gold annotations: every kind of fact, without the extraction. Read-only."""
    from tests.evaluation import gold_graph

    data = tmp_path_factory.mktemp("gold") / "data"
    gold_graph.main(data)
    return data
