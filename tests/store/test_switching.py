"""Switching to a new build, whatever happened before or happens in between."""

from __future__ import annotations

import fcntl
import gzip
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kg.store import Provenance, current_build, new_build
from kg.store.builds import IN_USE_LOCK
from kg.store.seals import damaged
from kg.store.switching import exchange

ROOT = Path(__file__).parents[2]
LINE = b'<http://x/%d> <http://www.w3.org/2000/01/rdf-schema#label> "x" <http://x/g> .\n'


def make(data: Path, number: int, folder: Path, software: str = "test") -> str:
    """Make a build of one quad; return its id."""
    shard = folder / f"{number}.nq"
    shard.write_bytes(LINE % number)
    with new_build(data) as draft:
        draft.assemble([shard], Provenance(software, "none", "none"))
    assert draft.build
    return draft.build.id


@pytest.fixture
def data(tmp_path: Path) -> Path:
    make(tmp_path / "data", 1, tmp_path)
    return tmp_path / "data"


def test_a_build_is_intact(data: Path) -> None:
    assert current_build(data).intact


@pytest.mark.parametrize("name", ["dumps/entente.ttl", "dumps/entente.nq.gz", "manifest.json", "report.json", "store/CURRENT"])
@pytest.mark.parametrize("how", ["cut", "gone"])
def test_a_damaged_build_is_seen(data: Path, name: str, how: str) -> None:
    build = current_build(data)
    path = build.folder / name
    if how == "cut" and name != "store/CURRENT":
        path.write_bytes(path.read_bytes()[:-3])
    else:
        path.unlink()
    if name == "manifest.json":
        return
    assert not current_build(data).intact


def test_a_damaged_build_of_the_same_graph_is_replaced(data: Path, tmp_path: Path) -> None:
    build = current_build(data)
    turtle = (build.dumps / "entente.ttl").read_bytes()
    (build.dumps / "entente.ttl").write_bytes(b"")
    assert make(data, 1, tmp_path) == build.id
    assert (current_build(data).dumps / "entente.ttl").read_bytes() == turtle
    assert [folder.name for folder in (data / "builds").iterdir()] == [build.id]


@pytest.mark.parametrize("how", ["cut", "changed", "gone"])
def test_a_damaged_store_is_seen_and_replaced(data: Path, tmp_path: Path, how: str) -> None:
    build = current_build(data)
    assert not damaged(build.folder)
    table = max(build.store_path.glob("*.sst"), key=lambda path: path.stat().st_size)
    whole = table.read_bytes()
    if how == "gone":
        table.unlink()
    else:
        table.write_bytes(whole[:-5] if how == "cut" else bytes([whole[0] ^ 1]) + whole[1:])
    assert table.name in damaged(build.folder)
    assert current_build(data).intact == (how == "changed"), "lengths alone tell the rest"
    assert make(data, 1, tmp_path) == build.id
    assert not damaged(current_build(data).folder)


def test_a_damaged_store_is_replaced_though_a_server_uses_it(data: Path, tmp_path: Path) -> None:
    build = current_build(data)
    with (build.folder / IN_USE_LOCK).open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        next(build.store_path.glob("*.sst")).write_bytes(b"")
        make(data, 1, tmp_path)
    assert current_build(data).intact


@pytest.mark.parametrize("content", [b"", b"nothing packed", gzip.compress(b"no quad\n", mtime=0)], ids=["empty", "not packed", "no quads"])
def test_a_damaged_dump_of_the_build_before_keeps_no_new_one_back(data: Path, tmp_path: Path, content: bytes) -> None:
    current_build(data).nquads.write_bytes(content)
    made = make(data, 2, tmp_path)
    assert current_build(data).id == made


def test_folders_are_exchanged(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        (folder / folder.name).touch()
    if not exchange(one, other):
        pytest.skip("this file system cannot exchange folders")
    assert [path.name for path in one.iterdir()] == ["other"]


def test_a_build_that_was_put_aside_is_put_back(data: Path, tmp_path: Path) -> None:
    """As left by a process that is killed between two renames, on a system without an atomic exchange."""
    build = current_build(data)
    build.folder.rename(build.folder.with_name(f".replaced-{build.id}"))
    made = make(data, 2, tmp_path)
    assert "was restored" in current_build(data).report["healed"][0]
    assert made != build.id
    assert current_build(data).report["changes"]["since"] == build.id


KILLED = """
import os, signal, sys
from pathlib import Path
from kg.store import switching
from tests.store.test_switching import make
place, at = Path(sys.argv[1]), int(sys.argv[2])
steps = iter(range(1000))
def dying(function):
    def step(*arguments):
        if next(steps) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments)
    return step
for name in ("_sync", "exchange", "sync_folder", "point_to", "remove_old"):
    setattr(switching, name, dying(getattr(switching, name)))
Path.rename = dying(Path.rename)
make(place / "data", 1, place, sys.argv[3])
"""


@pytest.mark.parametrize("at", range(0, 12, 3))
def test_whenever_it_is_killed_there_is_a_whole_build(data: Path, tmp_path: Path, at: int) -> None:
    """The new build is of the same graph, made by other software: the hardest case, as both have the same name."""
    command = [sys.executable, "-c", KILLED, str(tmp_path), str(at), f"software {at}"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode in (0, -signal.SIGKILL)
    assert current_build(data).intact
    make(data, 1, tmp_path)
    assert current_build(data).intact
    assert not list((data / "builds").glob(".*"))


def test_a_disk_that_is_full_leaves_everything_as_it_was(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = current_build(data).id

    def full(_folder: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kg.store.switching._sync", full)
    with pytest.raises(OSError, match="No space left"):
        make(data, 2, tmp_path)
    assert current_build(data).id == before
    assert current_build(data).intact
    shutil.rmtree(tmp_path / "data")
