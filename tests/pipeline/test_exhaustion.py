"""Builds on a machine that runs out of a resource, and with a damaged cache: never a part of the graph instead of the whole."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from kg.errors import EntenteError
from kg.pipeline import BuildOptions, build
from kg.pipeline import building as building_module
from kg.pipeline.page import LONGEST, ExhaustedError, Failure, Outcome, PageTask, attempt
from kg.pipeline.shards import ShardFolder
from kg.store import current_build

TEXT = "'''{a}–{b} relations''' are between {a} and {b}. [[{a}]] recognised [[{b}]] on 5 May 2001."
PAIRS = [("France", "Spain"), ("Italy", "Malta"), ("Kenya", "Ghana"), ("Chile", "Peru"), ("Japan", "India"), ("Egypt", "Jordan")]


class Here:
    """Processes pages in this process, with ``read`` as the worker function."""

    count = 1

    def __init__(self, read: object) -> None:
        self.read = read

    def submit(self, task: PageTask):  # type: ignore[no-untyped-def]
        from concurrent.futures import Future

        done: Future[Outcome] = Future()
        try:
            done.set_result(self.read(task))  # type: ignore[operator]
        except BaseException as error:
            done.set_exception(error)
        return done

    def outcome(self, future):  # type: ignore[no-untyped-def]
        return future.result()

    def __enter__(self):  # type: ignore[no-untyped-def]
        return self

    def __exit__(self, *_: object) -> None:
        return None


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for a, b in PAIRS:
        (folder / f"{a}–{b} relations.wiki").write_text(TEXT.format(a=a, b=b), encoding="utf-8")
    return folder


def reading(monkeypatch: pytest.MonkeyPatch, read: object) -> None:
    monkeypatch.setattr(building_module.BuildRun, "_workers", lambda self, count: Here(read))  # noqa: ARG005


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE])
def test_a_machine_that_has_run_out_ends_the_build(articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    data = tmp_path / "data"
    reading(monkeypatch, attempt)
    before = build([articles], data, BuildOptions(jobs=1))
    (articles / "New.wiki").write_text(TEXT.format(a="Norway", b="Sweden"), encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(number, "it has run out")

    monkeypatch.setattr(ShardFolder, "write", full)
    with pytest.raises(ExhaustedError):
        build([articles], data, BuildOptions(jobs=1))
    assert current_build(data).id == before.build


def test_memory_that_has_run_out_ends_the_build(articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(_task: PageTask) -> None:
        raise MemoryError

    monkeypatch.setattr("kg.pipeline.page.process_page", none_left)
    reading(monkeypatch, attempt)
    with pytest.raises(ExhaustedError, match="no memory"):
        build([articles], tmp_path / "data", BuildOptions(jobs=1))


def test_an_article_that_is_too_long_fails_alone() -> None:
    outcome = attempt(PageTask("key", "Long", "x" * (LONGEST + 1), "here", "nowhere"))
    assert isinstance(outcome, Failure)
    assert "longer" in outcome.reason


def test_a_graph_is_not_replaced_by_a_part_of_it(articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    reading(monkeypatch, attempt)
    before = build([articles], data, BuildOptions(jobs=1))
    reading(monkeypatch, lambda _task: Failure("something is wrong with every page"))
    (articles / "New.wiki").write_text(TEXT.format(a="Norway", b="Sweden"), encoding="utf-8")
    assert build([articles], data, BuildOptions(jobs=1)).articles == len(PAIRS), "one failure among seven is reported, not refused"
    for shard in sorted((data / "cache").glob("*/*/*"))[2:]:
        shard.unlink()
    with pytest.raises(EntenteError, match="stays as it is"):
        build([articles], data, BuildOptions(jobs=1))
    assert current_build(data).id == before.build
    assert build([articles], data, BuildOptions(jobs=1, max_failed=1.0)).articles < len(PAIRS)


@pytest.mark.parametrize("how", ["empty", "cut", "changed", "no description", "description of nothing"])
def test_a_damaged_cache_is_read_again(articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    data = tmp_path / "data"
    reading(monkeypatch, attempt)
    before = build([articles], data, BuildOptions(jobs=1))
    shard = sorted((data / "cache").glob("*/*/*.nq.gz"))[0]
    beside = shard.with_name(shard.name.replace(".nq.gz", ".json"))
    whole = shard.read_bytes()
    if how == "empty":
        shard.write_bytes(b"")
    elif how == "cut":
        shard.write_bytes(whole[:-20])
    elif how == "changed":
        shard.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
    elif how == "no description":
        beside.unlink()
    else:
        beside.write_text("{")
    (articles / "New.wiki").write_text(TEXT.format(a="Norway", b="Sweden"), encoding="utf-8")
    after = build([articles], data, BuildOptions(jobs=1))
    assert (after.articles, after.read) == (before.articles + 1, 2)
    healed = json.loads((after.folder / "report.json").read_text()).get("healed", [])
    assert any("damaged" in note for note in healed) == (how != "no description")


def test_half_written_files_are_swept(articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    reading(monkeypatch, attempt)
    build([articles], data, BuildOptions(jobs=1))
    folder = next(path for path in (data / "cache").glob("*/*") if path.is_dir())
    (folder / ".x.nq.gz.0123").write_bytes(b"half")
    build([articles], data, BuildOptions(jobs=1))
    assert not list(folder.glob(".*"))
