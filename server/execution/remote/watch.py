"""The server's side of the mirror process: start it, stop it, keep its last report."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from kg.store import index
from kg.store.builds import UNKNOWN, NoBuildError, current_build, point_to
from kg.store.output.remote import Address
from server.execution.workers.processes import ROOT

FIRST_LOOK = 5.0  # seconds that the server waits at its start for the first poll of the store
RESTART = 1.0  # seconds before a mirror that has died is restarted
log = logging.getLogger(__name__)


def cache_folder(address: Address) -> Path:
    """Return the cache folder for a store: in the user's cache (XDG_CACHE_HOME), or a temporary one if that is not writable.

    Each address, and each version of the indexing code, has its own.
    """
    code = sorted(Path(index.__path__[0]).glob("*.py"))
    said = [address.url, address.parameters, hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest()]
    key = hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    folder = base / "entente" / "stores" / key
    try:
        (folder / "builds").mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        folder = Path(tempfile.mkdtemp(prefix="entente-store-"))
        (folder / "builds").mkdir()
        log.warning("%s cannot be written (%s): the index of the store is kept in %s.", base, error.strerror, folder)
    return folder


class Watch:
    """The mirror of one store. ``trouble``, ``problem`` and ``indexed`` are from its last report."""

    def __init__(self, address: Address, location: str, poll: float, timeout: float) -> None:
        """``location`` is the address with credentials; ``poll`` and ``timeout`` are in seconds."""
        self.folder = cache_folder(address)
        self.trouble = f"The store at {address} has not been looked at yet."
        self.problem = ""
        self._told = {"address": location, "folder": str(self.folder), "poll": poll, "timeout": timeout}
        self._looked = threading.Event()
        self._stop = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self._begin()
        self._thread = threading.Thread(target=self._listen, daemon=True, name="mirror")
        self._thread.start()
        self._looked.wait(FIRST_LOOK)

    def close(self) -> None:
        """End the process."""
        self._stop.set()
        process = self._process
        if process:
            with contextlib.suppress(OSError):
                process.kill()
        self._thread.join(timeout=5)

    def _begin(self) -> None:
        """Return what to serve until the first poll: the build that was there last time, or an unknown one."""
        from server.execution.remote.mirror import write_manifest

        try:
            current_build(self.folder)
        except NoBuildError:
            write_manifest(self.folder / "builds" / UNKNOWN, UNKNOWN)
            point_to(self.folder, UNKNOWN)

    def _listen(self) -> None:
        while not self._stop.is_set():
            path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "server.execution.remote.mirror"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONPATH": path},
            )
            with self._process as process, contextlib.suppress(OSError, ValueError):
                if process.stdin and process.stdout:
                    process.stdin.write(json.dumps(self._told) + "\n")
                    process.stdin.close()
                    for line in process.stdout:
                        self._hear(json.loads(line))
            self._stop.wait(RESTART)

    def _hear(self, said: dict[str, str]) -> None:
        trouble, problem = said.get("trouble", self.trouble), said.get("problem", self.problem)
        if trouble and trouble != self.trouble:
            log.warning("%s", trouble)
        elif self.trouble and not trouble and self._looked.is_set():
            log.warning("The store behind this server answers again.")
        if problem and problem != self.problem:
            log.warning("%s", problem)
        self.trouble, self.problem = trouble, problem
        if "indexed" in said or trouble or problem:
            self._looked.set()
