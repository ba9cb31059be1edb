"""A small graph to serve, and servers to query."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.store import Provenance, new_build
from tests.server.running import Running, serving

CASES = Path(__file__).parent / "cases"


def build(data: Path, *nquads: Path) -> Path:
    """Create (or renew) a data folder from N-Quads files."""
    with new_build(data) as draft:
        draft.assemble(nquads, Provenance("test", "none", "none"))
    return data


@pytest.fixture(scope="session")
def small_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the quads of ``cases/small.nq`` (and the ontology, as in every build)."""
    return build(tmp_path_factory.mktemp("small") / "data", CASES / "small.nq")


@pytest.fixture(scope="session")
def server(small_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server of ``small_data`` with default settings."""
    with serving(small_data, tmp_path_factory.mktemp("log") / "log", waiting_time=20) as running:
        yield running
