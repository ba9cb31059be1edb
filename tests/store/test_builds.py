from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from kg.errors import EntenteError
from kg.store import Build, BusyError, NoBuildError, current_build, new_build, open_store, oxigraph
from kg.store.builds import IN_USE_LOCK
from kg.store.oxigraph import StoreError
from tests.store.conftest import PROVENANCE

Make = Callable[..., Build]


def test_a_folder_without_a_graph_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoBuildError, match=r"no graph there yet\. Make one with 'entente build"):
        current_build(tmp_path)


def test_something_else_in_its_place_says_so_too(tmp_path: Path) -> None:
    (tmp_path / "current").mkdir()
    with pytest.raises(NoBuildError, match="not a build of Entente"):
        current_build(tmp_path)


def test_a_build_is_found_and_described(build: Build) -> None:
    found = current_build(build.folder.parent.parent)
    assert found.folder.samefile(build.folder)
    assert found.id == build.id == build.manifest["id"]
    assert (build.manifest["software"], build.manifest["model"], build.manifest["inputs"]) == ("1.2.3", "m0d3l", "all")
    assert build.report == {"failures": [], "unanswered": []}


def test_the_id_is_the_digest_of_the_sorted_quads(build: Build) -> None:
    import gzip

    lines = gzip.decompress(build.nquads.read_bytes())
    assert sha256(lines).hexdigest()[:16] == build.id
    assert lines.splitlines() == sorted(set(lines.splitlines()))
    assert len(lines.splitlines()) == build.manifest["quads"]


def test_a_build_that_fails_changes_nothing(tmp_path: Path, make: Make) -> None:
    before = make(tmp_path)
    with pytest.raises(FileNotFoundError), new_build(tmp_path) as draft:
        draft.assemble([tmp_path / "no such shard"], PROVENANCE)
    assert current_build(tmp_path).folder == before.folder
    assert [folder.name for folder in (tmp_path / "builds").iterdir()] == [before.id]


def test_a_build_that_is_killed_changes_nothing_and_is_cleared_away(tmp_path: Path, make: Make, shards: list[Path]) -> None:
    before = make(tmp_path, shards[:1])
    code = f"""
import time
from pathlib import Path
from kg.store import new_build
with new_build(Path({str(tmp_path)!r})) as draft:
    (draft.folder / "half").write_text("done")
    print("writing", flush=True)
    time.sleep(60)
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "writing\n"
    with pytest.raises(BusyError, match="another build is running"), new_build(tmp_path):
        pass
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert current_build(tmp_path).id == before.id
    assert len(list((tmp_path / "builds").iterdir())) == 2
    after = make(tmp_path, shards)
    assert [folder.name for folder in (tmp_path / "builds").iterdir()] == [after.id]


def test_nothing_put_in_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EntenteError, match="before anything was added to it"), new_build(tmp_path):
        pass


def test_a_data_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EntenteError, match=r"cannot be written.*--data"), new_build(tmp_path / "file" / "data"):
        pass


def test_the_same_again_is_the_same_build(tmp_path: Path, make: Make) -> None:
    first = make(tmp_path)
    inode = (first.folder / "manifest.json").stat().st_ino
    second = make(tmp_path)
    assert second == first
    assert (second.folder / "manifest.json").stat().st_ino == inode


def test_old_builds_go_unless_a_server_answers_from_them(tmp_path: Path, make: Make, shards: list[Path]) -> None:
    used = make(tmp_path, shards[:1])
    with (used.folder / IN_USE_LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        second = make(tmp_path, shards[:2])
        assert {folder.name for folder in (tmp_path / "builds").iterdir()} == {used.id, second.id}
    third = make(tmp_path, shards)
    assert {folder.name for folder in (tmp_path / "builds").iterdir()} == {third.id}


def test_a_build_says_what_changed(tmp_path: Path, make: Make, shards: list[Path]) -> None:
    before = make(tmp_path, shards[:1])
    after = make(tmp_path, shards[:2])
    changes = after.report["changes"]
    assert changes["since"] == before.id
    assert changes["classes"]["Article"] == {"added": 1, "dropped": 0, "changed": 0}
    assert changes["classes"]["Event"] == {"added": 2, "dropped": 0, "changed": 0}


def test_the_store_answers(build: Build) -> None:
    store = open_store(build.store_path)
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?s a <https://w3id.org/entente/ontology#Article> }"
    (row,) = store.query(query, use_default_graph_as_union=True)
    assert row["n"].value == "3"


def test_the_store_is_read_only(build: Build) -> None:
    store = open_store(build.store_path)
    with pytest.raises(RuntimeError, match="only possible on read-write instances"):
        store.update("DELETE WHERE { ?s ?p ?o }")


def test_a_store_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Build the graph again"):
        open_store(tmp_path / "nothing")


def test_many_may_read_at_once(build: Build) -> None:
    stores = [open_store(build.store_path) for _ in range(3)]
    assert len({len(store) for store in stores}) == 1


def test_importing_the_package_loads_no_rdf_library() -> None:
    code = "import sys, kg.store; print([m for m in ('rdflib', 'pyoxigraph', 'spacy', 'flask') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_provenance_names_the_activity(build: Build, make: Make, tmp_path: Path) -> None:
    other = make(tmp_path, provenance=PROVENANCE.__class__("1.2.4", "m0d3l", "all"))
    assert other.id != build.id


def test_a_file_is_loaded_whole_whatever_the_size_of_its_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f'<x:s{n}> <x:p> "{"é" * n}" <x:g> .\n' for n in range(60)]
    (tmp_path / "all.nq").write_text("".join(lines), encoding="utf-8")
    for part in (1, 50, 100, 2000, 10**6):
        monkeypatch.setattr(oxigraph, "PART_BYTES", part)
        monkeypatch.setattr(oxigraph, "_BLOCK_BYTES", 64)
        oxigraph.bulk_load(tmp_path / f"store{part}", tmp_path / "all.nq")
        assert sorted(f"{quad} .\n" for quad in open_store(tmp_path / f"store{part}")) == sorted(lines)
