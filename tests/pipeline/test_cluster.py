"""Pages processed on a real Dask cluster: a scheduler and workers as separate processes on loopback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.pipeline import BuildOptions, build
from kg.pipeline.cluster import ClusterWorkers
from kg.pipeline.page import Failure, PageResult
from kg.pipeline.workers import outcomes
from kg.store import current_build
from tests.pipeline.misbehaving import read_nothing
from tests.pipeline.test_workers import tasks

pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")

ROOT = Path(__file__).parent.parent.parent


class Cluster:
    """A scheduler and two workers with one thread each."""

    def __init__(self, folder: Path) -> None:
        self.environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore", "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
        self.log = (folder / "dask.log").open("wb")
        self.processes: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-jupyter", "--scheduler-file", str(file))
        common = ("--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard", "--scheduler-file", str(file))
        for _ in range(2):
            self._start("worker", *common, "--local-directory", str(folder))
        self.address = _address(file)

    def _start(self, *command: str) -> None:
        code = "from dask.__main__ import main; main()"
        arguments = [sys.executable, "-c", code, *command]
        self.processes.append(
            subprocess.Popen(arguments, stdout=self.log, stderr=self.log, env=self.environment, cwd=ROOT, start_new_session=True)
        )

    def stop(self) -> None:
        """End every process that was started, and its children."""
        for process in reversed(self.processes):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.log.close()


def _address(file: Path) -> str:
    import json

    end = time.monotonic() + 120
    while time.monotonic() < end:
        if file.exists() and file.stat().st_size:
            return str(json.loads(file.read_text())["address"])
        time.sleep(0.1)
    raise TimeoutError(f"{file} does not appear")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    started = Cluster(tmp_path_factory.mktemp("dask"))
    yield started
    started.stop()


@pytest.mark.filterwarnings("ignore")
def test_failures_are_told_apart(cluster: Cluster) -> None:
    harmless = [task for task in tasks() if "KILLED" not in task.wikitext]
    with ClusterWorkers(cluster.address, 1.0, None, read=read_nothing) as workers:
        found = {task.title: outcome for task, outcome in outcomes(harmless, workers)}
    assert len(found) == len(harmless)
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


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_loses_a_worker_gives_the_same_bytes(cluster: Cluster, tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    for number in range(40):
        text = f"[[France]] and [[Italy]] signed an agreement in [[Rome]] on 3 May {1950 + number}. " * 8
        (articles / f"Relations {number}.wiki").write_text(text)
    local = build([articles], tmp_path / "local", BuildOptions(jobs=1, strict=True))
    victim = cluster.processes[1]

    def kill() -> None:
        while not list((tmp_path / "shared").glob("*/*/*.nq.gz")):
            time.sleep(0.01)
        os.killpg(victim.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    options = BuildOptions(scheduler=cluster.address, shards=str(tmp_path / "shared"), strict=True)
    distributed = build([articles], tmp_path / "distributed", options)
    killer.join(timeout=10)
    victim.wait(timeout=10)
    assert distributed.read == local.read == 40
    assert distributed.build == local.build
    assert current_build(tmp_path / "distributed").nquads.read_bytes() == current_build(tmp_path / "local").nquads.read_bytes()
