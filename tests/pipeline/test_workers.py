"""A page that fails, times out or kills its worker affects no other."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from kg.pipeline.cluster import time_limit
from kg.pipeline.page import Failure, PageResult, PageTask
from kg.pipeline.workers import LocalWorkers, outcomes
from tests.pipeline.misbehaving import read_nothing

ROOT = Path(__file__).parent.parent.parent
TEXTS = ["good", "BROKEN", "good", "SLOW", "good", "KILLED", "good", "LONG", "good", "KILLED", "good"]


def tasks() -> list[PageTask]:
    return [PageTask(key=str(number), title=f"{text} {number}", wikitext=text, path="", shards="") for number, text in enumerate(TEXTS)]


@pytest.mark.parametrize("jobs", [1, 3])
def test_each_failure_is_its_own(jobs: int) -> None:
    with LocalWorkers(jobs, timeout=1.0, read=read_nothing) as workers:
        found = {task.title: outcome for task, outcome in outcomes(tasks(), workers)}
    assert len(found) == len(TEXTS)
    for title, outcome in found.items():
        match title.split()[0]:
            case "good":
                assert outcome == PageResult({"characters": 4}, {})
            case "BROKEN":
                assert isinstance(outcome, Failure)
                assert outcome.reason.startswith("ValueError: no such thing")
            case "SLOW":
                assert outcome == Failure("took longer than 1 s")
            case "LONG":
                assert outcome == Failure("took longer than 1 s, in the step 'language'")
            case "KILLED":
                assert isinstance(outcome, Failure)
                assert "ended its worker process" in outcome.reason


def test_tasks_are_taken_only_as_they_are_worked_on() -> None:
    taken = 0

    def endless():  # type: ignore[no-untyped-def]
        nonlocal taken
        while True:
            taken += 1
            yield PageTask(key=str(taken), title=str(taken), wikitext="good", path="", shards="")

    with LocalWorkers(2, timeout=10, read=read_nothing) as workers:
        done = outcomes(endless(), workers)
        for _ in range(20):
            next(done)
        assert taken <= 20 + 2 * 4
        done.close()


def test_no_scheduler_is_said_in_one_line() -> None:
    """In a process of its own: a client of Dask that finds no scheduler leaves its event loop running."""
    pytest.importorskip("distributed")
    code = "from kg.pipeline import cluster; cluster.CONNECT_SECONDS = 1; cluster.ClusterWorkers('tcp://127.0.0.1:1', 60, None)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert re.search(r"^kg\.errors\.EntenteError: tcp://127\.0\.0\.1:1: no Dask scheduler answers there .*$", ended.stderr, re.MULTILINE)


def test_a_limit_within_the_process_says_in_which_step_it_came() -> None:
    with pytest.raises(TimeoutError, match=r"^language$"), time_limit(0.3):
        read_nothing(PageTask(key="1", title="Long", wikitext="LONG", path="", shards=""))
