"""Shards: complete or absent, and the same bytes for the same lines."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from kg.pipeline.shards import ShardFolder

LINES = [b"<urn:a> <urn:b> <urn:c> <urn:g> .\n", b'<urn:a> <urn:b> "\xc3\xa9" <urn:g> .\n']
KEY = "ab" * 32


def test_what_was_written_is_found(tmp_path: Path) -> None:
    shards = ShardFolder(str(tmp_path / "cache"))
    assert shards.about(KEY) is None
    shards.write(KEY, LINES, {"counts": {"words": 3}, "notes": {}})
    assert shards.about(KEY) == {"counts": {"words": 3}, "notes": {}}
    assert gzip.decompress(Path(shards.path(KEY)).read_bytes()) == b"".join(LINES)
    assert not [path for path in tmp_path.rglob(".*") if path.is_file()]


def test_same_lines_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        ShardFolder(str(tmp_path / name)).write(KEY, iter(LINES), {})
    one, two = (Path(ShardFolder(str(tmp_path / name)).path(KEY)).read_bytes() for name in ("one", "two"))
    assert one == two


def test_half_a_shard_counts_as_none(tmp_path: Path) -> None:
    shards = ShardFolder(str(tmp_path))
    shards.write(KEY, LINES, {})
    Path(shards.path(KEY, ".json")).write_text("{")
    assert shards.about(KEY) is None
    Path(shards.path(KEY, ".json")).unlink()
    assert shards.about(KEY) is None


def test_a_url_works_as_a_folder_does(tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    remote, local = ShardFolder("memory://shards"), ShardFolder(str(tmp_path))
    assert remote.about(KEY) is None
    remote.write(KEY, LINES, {"counts": {}})
    assert remote.about(KEY) == {"counts": {}}
    remote.fetch(KEY, local)
    assert local.about(KEY) == {"counts": {}}
    assert gzip.decompress(Path(local.path(KEY)).read_bytes()) == b"".join(LINES)
