from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kg.graph import shard_lines
from kg.store import Build, Provenance, new_build, write_shard
from tests.graph.examples import article, facts

PROVENANCE = Provenance(software="1.2.3", model="m0d3l", inputs="all")


@pytest.fixture(scope="session")
def shards(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Shards of three articles that share most of their entities."""
    folder = tmp_path_factory.mktemp("shards")
    paths = []
    for name in ("Freedonia–Sylvania relations", "Sylvania", "Foreign relations of <Freedonia>"):
        paths.append(folder / f"{len(paths)}.nq.gz")
        write_shard(shard_lines(article(name, timestamp=f"2024-01-0{len(paths)}T00:00:00Z"), facts()), paths[-1])
    return paths


@pytest.fixture(scope="session")
def make(shards: list[Path]) -> Callable[..., Build]:
    """Build some of the shards in a data folder."""

    def build(data: Path, chosen: list[Path] | None = None, provenance: Provenance = PROVENANCE) -> Build:
        with new_build(data) as draft:
            draft.assemble(chosen or shards, provenance)
            draft.report["failures"] = []
        assert draft.build
        return draft.build

    return build


@pytest.fixture(scope="session")
def build(make: Callable[..., Build], tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A build of all three articles. Read-only."""
    return make(tmp_path_factory.mktemp("build") / "data")
