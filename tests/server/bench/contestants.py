"""The servers to compare: each is started on a port of this machine with the same graph, and stopped."""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from kg.store import current_build
from tests.server.running import cpu, descendants

START_SECONDS = 600
BIN = Path(sys.executable).parent
UNLIMITED = {"ENTENTE_QUERY_TIMEOUT": "3600"}


@dataclass
class Contestant:
    """A server: its name, the path of its endpoint, its command, and, while it runs, its port and process."""

    name: str
    path: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> tuple[str, int]:
        """Its host and port."""
        return "127.0.0.1", self.port

    @property
    def endpoint(self) -> str:
        """Its endpoint's address."""
        return f"http://127.0.0.1:{self.port}{self.path}"

    def memory(self) -> int:
        """Return the memory of its processes in bytes, with shared memory counted once (proportional set size)."""
        assert self.process
        return sum(proportional(pid) for pid in (self.process.pid, *descendants(self.process.pid)))

    def cpu(self) -> float:
        """Return the processor time of its processes in seconds."""
        assert self.process
        return sum(map(cpu, (self.process.pid, *descendants(self.process.pid))))

    def scheduled(self) -> dict[int, float]:
        """Return the processor time of each of its processes in seconds, precisely enough for a single request."""
        assert self.process
        return {pid: scheduled(pid) for pid in (self.process.pid, *descendants(self.process.pid))}

    @contextmanager
    def running(self, log: Path) -> Iterator[Contestant]:
        """Run it during a block."""
        self.port = _free_port()
        command = [part.replace("PORT", str(self.port)) for part in self.command]
        with log.open("wb") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output, env={**os.environ, **self.environment})
            try:
                self._wait(log)
                yield self
            finally:
                self.process.send_signal(signal.SIGTERM)
                try:
                    self.process.wait(10)
                except subprocess.TimeoutExpired:
                    self.process.kill()
                    self.process.wait()

    def begin_again(self, log: Path) -> None:
        """Replace the process that answers by a fresh one (rdflib-endpoint only, which has a process ready to fork)."""
        assert self.process
        for child in descendants(self.process.pid):
            os.kill(child, signal.SIGKILL)
        self._wait(log)

    def _wait(self, log: Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.process
            if self.process.poll() is not None:
                break
            try:
                urlopen(f"{self.endpoint}?query=ASK%20%7B%7D", timeout=30).close()
                return
            except HTTPError:
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"{self.name} does not start:\n{log.read_text(errors='replace')[-2000:]}")


def scheduled(pid: int) -> float:
    """Return the processor time of a process's threads in seconds, to the nanosecond; 0 if it has ended."""
    try:
        return sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return 0.0


def proportional(pid: int) -> int:
    """Return a process's proportional set size in bytes; 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def native(data: Path) -> Contestant:
    """Oxigraph's own server, with the union of all graphs as the default graph, as in Entente."""
    store = current_build(data).store_path
    command = [BIN / "oxigraph", "serve-read-only", "--location", store, "--bind", "127.0.0.1:PORT", "--union-default-graph"]
    return Contestant("Oxigraph", "/query", list(map(str, command)))


def entente(data: Path, cache: bool) -> Contestant:
    """Entente with default settings except the time limit, which the others lack; optionally without its cache."""
    command = [str(BIN / "entente"), "serve", "--data", str(data), "--port", "PORT"]
    environment = UNLIMITED if cache else {**UNLIMITED, "ENTENTE_CACHE_SIZE": "0"}
    return Contestant("Entente" if cache else "Entente, no cache", "/sparql", command, environment)


def rdflib(data: Path, folder: Path) -> Contestant:
    """rdflib-endpoint as its command ``serve`` runs it: a file loaded into rdflib's in-memory store."""
    unpacked = folder / "entente.nq"
    with gzip.open(current_build(data).dumps / "entente.nq.gz") as source, unpacked.open("wb") as target:
        shutil.copyfileobj(source, target)
    command = [sys.executable, Path(__file__).with_name("rdflib_server.py"), "PORT", unpacked]
    return Contestant("rdflib-endpoint", "/", list(map(str, command)))


def versions() -> dict[str, str]:
    """Return the versions of the servers."""
    libraries = ("pyoxigraph", "oxigraph", "granian", "uvloop", "rdflib-endpoint", "rdflib", "uvicorn")
    return {"Python": sys.version.split()[0], **{name: version(name) for name in libraries}}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
