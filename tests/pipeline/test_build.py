"""Whole builds: the same bytes however made, failures in the report, nothing done twice, nothing half done."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from kg.errors import EntenteError
from kg.pipeline import BuildOptions, Summary, build
from kg.pipeline.building import BuildRun
from kg.pipeline.page import Failure, PageResult
from kg.pipeline.workers import LocalWorkers, Workers
from kg.store import current_build, open_store
from tests.pipeline import misbehaving

ROOT = Path(__file__).parent.parent.parent
STATES = ("France", "Germany", "Italy", "Spain", "Portugal")
TEXT = """'''{a}–{b} relations''' are the relations between [[{a}]] and [[{b}]].

On 3 May 20{n:02}, the prime minister of [[{a}]] met the president of [[{b}]] in [[Vienna]].<ref>{{{{cite web
|url=https://example.org/{n}|title=Meeting {n}}}}}</ref> {a} accused {b} of breaking the agreement.
"""


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for number, (a, b) in enumerate(pairwise(STATES), start=1):
        (folder / f"{a}–{b} relations.wiki").write_text(TEXT.format(a=a, b=b, n=number))
    return folder


class RecordingProgress:
    """A Progress that records its calls."""

    def __init__(self) -> None:
        self.pages: dict[str, PageResult | Failure | None] = {}
        self.steps: list[str] = []

    def step(self, what: str) -> None:
        self.steps.append(what)

    def page(self, title: str, outcome: PageResult | Failure | None) -> None:
        self.pages[title] = outcome


def dumps(data: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(current_build(data).dumps.iterdir())}


def test_same_bytes_for_any_number_of_processes_and_any_order(articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.store.draft.WORTH_PROCESSES", 0)
    one = build([articles], tmp_path / "one", BuildOptions(jobs=1, strict=True))
    monkeypatch.setattr("kg.pipeline.workers.PAGES_PER_PROCESS", 1)
    three = build(sorted(articles.iterdir(), reverse=True), tmp_path / "three", BuildOptions(jobs=3, strict=True))
    assert one.articles == 4
    assert one.totals["events"] > 0
    assert one.build == three.build
    assert dumps(tmp_path / "one") == dumps(tmp_path / "three")
    assert current_build(tmp_path / "one").report == current_build(tmp_path / "three").report
    indexes = [current_build(tmp_path / name).folder / "search.sqlite" for name in ("one", "three")]
    assert indexes[0].read_bytes() == indexes[1].read_bytes()


def misbehaving_build(sources: list[Path], data: Path, options: BuildOptions, listener: RecordingProgress | None = None) -> Summary:
    class Misbehaving(BuildRun):
        def _workers(self, count: int) -> Workers:
            return LocalWorkers(count, self.options.timeout, read=misbehaving.read)

    return Misbehaving(data, options, listener or RecordingProgress()).run(sources)


@pytest.fixture
def with_bad_pages(articles: Path) -> Path:
    for word in ("BROKEN", "SLOW", "KILLED"):
        (articles / f"{word.title()} page.wiki").write_text(f"'''{word.title()} page''' is {word}.")
    return articles


def test_bad_pages_are_reported_and_the_build_goes_on(with_bad_pages: Path, tmp_path: Path) -> None:
    made = misbehaving_build([with_bad_pages], tmp_path / "data", BuildOptions(jobs=2, timeout=5))
    assert (made.articles, len(made.failures)) == (4, 3)
    reasons = {failure["title"]: failure["reason"] for failure in current_build(tmp_path / "data").report["failed"]}
    assert reasons["Slow page"] == "took longer than 5 s"
    assert reasons["Killed page"].startswith("ended its worker process")
    assert reasons["Broken page"].startswith("ValueError: no such thing")


def test_strict_stops_and_leaves_the_graph_as_it_was(articles: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    build([articles], data, BuildOptions(jobs=1))
    before = current_build(data).id
    (articles / "Bad.wiki").write_text("'''Bad page''' is BROKEN.")
    with pytest.raises(EntenteError, match=r"Bad page: ValueError: no such thing.*--strict"):
        misbehaving_build([articles], data, BuildOptions(jobs=1, strict=True))
    assert current_build(data).id == before


def test_only_what_changed_is_read_again(articles: Path, tmp_path: Path) -> None:
    data, first, second = tmp_path / "data", RecordingProgress(), RecordingProgress()
    before = build([articles], data, BuildOptions(jobs=1), first)
    assert all(isinstance(outcome, PageResult) for outcome in first.pages.values())
    same = build([articles], data, BuildOptions(jobs=1), second)
    assert same.unchanged
    assert same.build == before.build
    assert set(second.pages.values()) == {None}

    names = sorted(articles.iterdir())
    names[0].write_text(names[0].read_text() + "\n[[Belgium]] recognised [[Kosovo]] in 2008.\n")
    names[1].unlink()
    (articles / "Sweden–Norway relations.wiki").write_text(TEXT.format(a="Sweden", b="Norway", n=20))
    third = RecordingProgress()
    after = build([articles], data, BuildOptions(jobs=1), third)
    assert (after.read, after.articles) == (2, 4)
    assert sorted(title for title, outcome in third.pages.items() if outcome) == sorted([names[0].stem, "Sweden–Norway relations"])
    fresh = build([articles], tmp_path / "fresh", BuildOptions(jobs=1))
    assert fresh.build == after.build
    assert article_titles(data) == {path.stem for path in articles.iterdir()}


def article_titles(data: Path) -> set[str]:
    query = "SELECT ?title { ?a a <https://w3id.org/entente/ontology#Article> ; <http://www.w3.org/2000/01/rdf-schema#label> ?title }"
    rows = open_store(current_build(data).store_path).query(query, use_default_graph_as_union=True)
    return {row["title"].value for row in rows}


def test_fresh_reads_everything(articles: Path, tmp_path: Path) -> None:
    first = build([articles], tmp_path / "data", BuildOptions(jobs=2))
    again = build([articles], tmp_path / "data", BuildOptions(jobs=2, fresh=True))
    assert (again.read, again.build, again.unchanged) == (4, first.build, False)


def test_a_changed_model_or_code_reads_everything(articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build([articles], tmp_path / "data", BuildOptions(jobs=1))
    monkeypatch.setattr("kg.pipeline.building.model_version", lambda _: "another")
    assert build([articles], tmp_path / "data", BuildOptions(jobs=1)).read == 4


def test_nothing_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "Bad.wiki").write_text("'''Bad page''' is BROKEN.")
    with pytest.raises(EntenteError, match="none of the 1 articles could be read; Bad page: ValueError"):
        misbehaving_build([tmp_path / "Bad.wiki"], tmp_path / "data", BuildOptions(jobs=1))
    assert not (tmp_path / "data" / "current").exists()


ON_A_PAGE = "from kg.pipeline.workers import LocalWorkers; LocalWorkers.__init__.__defaults__ = (misbehaving.read,)"
ON_A_DUMP = (
    "from kg.store import draft; from kg.store.output import dumps; draft.WORTH_PROCESSES = 0; dumps.WRITERS = (misbehaving.write_slowly,)"
)


def interrupted(articles: Path, data: Path, by: signal.Signals, hangs: str) -> tuple[subprocess.Popen[str], str]:
    """Start a build that hangs, stop it as Ctrl-C in a terminal (all its processes) or kill (one) does, and wait for its end."""
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"  # ignored by background jobs
        f"from kg.cli import main; from tests.pipeline import misbehaving; {hangs}; main(sys.argv[1:])"
    )
    command = [sys.executable, "-c", code, "build", str(articles), "--data", str(data), "--jobs", "2"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True)
    end = time.monotonic() + 60
    begun = "cache/*/*/*.nq.gz" if hangs == ON_A_PAGE else "builds/.new-*/dumps/begun"
    while not list(data.glob(begun)) and time.monotonic() < end:
        time.sleep(0.05)
    (os.killpg if by == signal.SIGINT else os.kill)(process.pid, by)
    _, said = process.communicate(timeout=20)
    return process, said


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda value: value.name)
def test_an_interrupted_build_leaves_the_graph_as_it_was(articles: Path, tmp_path: Path, by: signal.Signals) -> None:
    data = tmp_path / "data"
    first, *rest = sorted(articles.iterdir())
    before = build([first], data, BuildOptions(jobs=1))
    for shard in (data / "cache").glob("*/*/*"):
        shard.unlink()
    (articles / "Slow.wiki").write_text("'''Slow page''' is SLOW.")

    process, said = interrupted(articles, data, by, ON_A_PAGE)
    assert "Traceback" not in said
    if by != signal.SIGKILL:
        assert process.returncode == 130
        assert "nothing was changed" in said
    assert current_build(data).id == before.build
    assert not list((data / "builds").glob(".new-*"))
    assert no_process_left(process.pid)

    (articles / "Slow.wiki").unlink()
    after = build([articles], data, BuildOptions(jobs=1))
    assert after.articles == len(rest) + 1
    assert after.read < after.articles


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda value: value.name)
def test_processes_that_write_dumps_end_with_the_build(articles: Path, tmp_path: Path, by: signal.Signals) -> None:
    data = tmp_path / "data"
    first, *_ = sorted(articles.iterdir())
    before = build([first], data, BuildOptions(jobs=1))
    process, said = interrupted(articles, data, by, ON_A_DUMP)
    assert "Traceback" not in said
    assert process.returncode == (-signal.SIGKILL if by == signal.SIGKILL else 130)
    assert no_process_left(process.pid)
    assert current_build(data).id == before.build
    assert build([articles], data, BuildOptions(jobs=1)).read == 0
    assert not list((data / "builds").glob(".new-*"))


def test_a_killed_process_that_writes_a_dump_is_said_in_one_line(articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.store.draft.WORTH_PROCESSES", 0)
    monkeypatch.setattr("kg.store.output.dumps.WRITERS", (misbehaving.be_killed,))
    with pytest.raises(EntenteError, match="A process that wrote a part of the build ended"):
        build([articles], tmp_path / "data", BuildOptions(jobs=2))
    assert not (tmp_path / "data" / "current").exists()


def no_process_left(group: int) -> bool:
    """Whether all processes of a session end within ten seconds (excluding this process's own, which may be stopped with the others)."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def test_report_is_the_same_whatever_happens_twice(articles: Path, tmp_path: Path) -> None:
    """A title given twice counts once, and the report says which source was dropped."""
    copies = tmp_path / "copies"
    copies.mkdir()
    name = sorted(articles.iterdir())[0]
    (copies / name.name).write_text(name.read_text() + "\nMore.\n")
    made = build([articles, copies], tmp_path / "data", BuildOptions(jobs=2))
    report = json.loads((current_build(tmp_path / "data").folder / "report.json").read_text())
    assert made.articles == 4
    assert [entry["title"] for entry in report["superseded"]] == [name.stem]


def test_a_file_that_cannot_be_read_is_reported_and_left_out(articles: Path, tmp_path: Path) -> None:
    (articles / "Latin.wiki").write_bytes(b"'''Caf\xe9''' is no UTF-8.")
    summary = build([articles], tmp_path / "data", BuildOptions(jobs=1))
    assert summary.articles == len(STATES) - 1
    [(title, path, reason)] = summary.failures
    assert (title, path) == ("Latin", str(articles / "Latin.wiki"))
    assert reason == "not UTF-8 at byte 6; convert it to UTF-8 first"
    with pytest.raises(EntenteError, match="not UTF-8 at byte 6"):
        build([articles], tmp_path / "strict", BuildOptions(jobs=1, strict=True))


CORRECTION = """[[correction]]
action = "retract"
article = "France–Germany relations"
quote = "{quote}"
event = {{ category = "ACCUSE" }}
author = "A. Reader"
date = 2026-01-02
reason = "A test."
"""


def test_corrections_survive_the_next_build(articles: Path, tmp_path: Path) -> None:
    folder, data = tmp_path / "corrections", tmp_path / "data"
    folder.mkdir()
    plain = build([articles], data, BuildOptions(jobs=1))
    (folder / "one.toml").write_text(CORRECTION.format(quote="France accused Germany"))
    corrected = build([articles], data, BuildOptions(jobs=1, strict=True, corrections=(folder,)))
    assert (corrected.corrected, corrected.read) == (1, 0)
    assert corrected.build != plain.build
    assert build([articles], data, BuildOptions(jobs=1, corrections=(folder,))).unchanged
    assert build([articles], data, BuildOptions(jobs=1, corrections=(folder,), fresh=True)).build == corrected.build
    assert build([articles], data, BuildOptions(jobs=1)).build == plain.build


def test_a_correction_that_does_not_fit_is_reported_and_stops_a_strict_build(articles: Path, tmp_path: Path) -> None:
    path, data = tmp_path / "one.toml", tmp_path / "data"
    path.write_text(CORRECTION.format(quote="France embraced Germany"))
    reported = build([articles], data, BuildOptions(jobs=1, corrections=(path,)))
    assert reported.corrected == 0
    (problem,) = reported.unfit
    assert "one.toml, correction 1" in problem
    assert current_build(data).report["corrections"]["unfit"] == [problem]
    again = build([articles], data, BuildOptions(jobs=1, corrections=(path,)))
    assert (again.unchanged, again.unfit) == (True, (problem,))
    with pytest.raises(EntenteError, match="France embraced Germany"):
        build([articles], data, BuildOptions(jobs=1, corrections=(path,), strict=True))
    with pytest.raises(EntenteError, match="France embraced Germany"):
        build([articles], tmp_path / "other", BuildOptions(jobs=1, corrections=(path,), strict=True))
    assert not (tmp_path / "other" / "current").exists()
