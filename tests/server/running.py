"""A server as its users run it: a process on a port of this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

PROGRAM = """
import json, sys
from pathlib import Path
from server.web.run import serve
serve(Path(sys.argv[1]), "127.0.0.1", int(sys.argv[2]), json.loads(sys.argv[3]), lambda url: print(url, flush=True))
"""
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Running:
    """A running server: its address (with a trailing slash), its process, and its log."""

    url: str
    process: subprocess.Popen[str]
    log: Path

    @property
    def sparql(self) -> str:
        """The endpoint."""
        return self.url + "sparql"

    def query(self, text: str, **more: object) -> requests.Response:
        """POST a query; ``more`` are arguments of requests."""
        headers = {"Accept": "application/sparql-results+json, text/turtle;q=0.9", **more.pop("headers", {})}  # type: ignore[dict-item]
        return requests.post(self.sparql, data={"query": text}, headers=headers, timeout=60, **more)  # type: ignore[arg-type]

    def processes(self) -> list[int]:
        """Return the process ids of the server and all its descendants."""
        return [self.process.pid, *descendants(self.process.pid)]

    def workers(self) -> list[int]:
        """Return the process ids of the query workers: the nursery's children that have not ended."""
        nurseries = {str(pid) for pid in self.nurseries()}
        fields = {pid: _stat(pid) for pid in descendants(self.process.pid)}
        return [pid for pid, (state, parent, *_) in fields.items() if parent in nurseries and state != "Z"]

    def nurseries(self) -> list[int]:
        """Return the process id of the nursery (whose parent does not run the same command)."""
        called = [pid for pid in descendants(self.process.pid) if b"server.execution.workers.nursery" in command(pid)]
        return [pid for pid in called if parent(pid) not in called]

    def memory(self) -> int:
        """Return the private memory of all its processes in bytes."""
        return sum(private(pid) for pid in self.processes())

    def cpu(self) -> float:
        """Return the processor time of its living processes in seconds."""
        return sum(cpu(pid) for pid in self.processes())

    def comes_to_rest(self, seconds: float) -> bool:
        """Return whether its processes stop working within that time: whether they use less than a third of a processor for 0.3 s."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            used = self.cpu()
            time.sleep(0.3)
            if self.cpu() - used < 0.1:
                return True
        return False


def descendants(pid: int) -> list[int]:
    """Return children, their children, and so on."""
    found = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *descendants(int(child))]
    except (FileNotFoundError, ProcessLookupError):
        pass
    return found


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return ["?"] * 50


def parent(pid: int) -> int:
    """Return the parent's process id; 0 if the process has ended."""
    value = _stat(pid)[1]
    return int(value) if value.isdigit() else 0


def command(pid: int) -> bytes:
    """Return the command line."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def cpu(pid: int) -> float:
    """Return the processor time in seconds."""
    fields = _stat(pid)
    return sum(int(value) for value in fields[11:13]) / os.sysconf("SC_CLK_TCK") if fields[11].isdigit() else 0.0


def private(pid: int) -> int:
    """Return the private memory in bytes."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))


@contextmanager
def serving(data: Path, log: Path, **settings: object) -> Iterator[Running]:
    """Serve ``data`` on a free port during a block."""
    with log.open("w") as errors:
        process = start(data, errors, **settings)
        try:
            line = process.stdout.readline() if process.stdout else ""
            assert line.startswith("http"), log.read_text()
            running = Running(line.strip(), process, log)
            wait_ready(running)
            yield running
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=120)
            if process.stdout:
                process.stdout.close()


def start(data: Path, errors: object, **settings: object) -> subprocess.Popen[str]:
    """Start the process and return it."""
    import json

    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(data), "0", json.dumps(settings)],
        stdout=subprocess.PIPE,
        stderr=errors,  # type: ignore[arg-type]
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def wait_ready(running: Running, seconds: float = 180) -> None:
    """Wait until ``/ready`` answers 200."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if requests.get(running.url + "ready", timeout=5).status_code == 200:
                return
        except requests.ConnectionError:
            time.sleep(0.05)
    raise AssertionError(running.log.read_text())
