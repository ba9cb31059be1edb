"""The server's side of the nursery: start, kill and track worker processes."""

from __future__ import annotations

import contextlib
import itertools
import json
import logging
import math
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from server.execution.workers.frames import HEADER, FrameKind, FrameReader
from server.execution.workers.priority import Rank

ROOT = Path(__file__).resolve().parents[3]
MALLOC = "glibc.malloc.hugetlb=1:glibc.malloc.tcache_count=127"
"""Memory allocation of the workers: pages of 2 MiB save 4 % of the processor time of all canned queries (663,000 quads), caching 127
freed blocks of each size instead of 7 saves another 6 %; more (glibc before 2.30 allows no more) saves nothing. Ignored without
glibc; https://sourceware.org/glibc/manual/latest/html_node/Memory-Allocation-Tunables.html"""
log = logging.getLogger(__name__)
RESTART_AFTER = 1.0  # seconds between two attempts to start the nursery
START_TIME = 30.0  # time limit in seconds for a worker to open its store


class Worker:
    """One worker process as the server sees it.

    ``socket`` does not block. ``status`` is None while the process lives, then its exit status (negative: the signal that
    ended it), and ``said`` what it wrote to standard error; ``stopped_for`` says why the server itself stopped it; ``slow`` and
    ``rank`` are the pool's notes; ``opening`` is true until its store is open. Its query, of ``client``, ``began`` at one time and
    may take ``until`` another, both by the monotonic clock.
    """

    __slots__ = ("began", "client", "number", "opening", "pid", "rank", "said", "slow", "socket", "status", "stopped_for", "until")

    def __init__(self, number: int, connection: socket.socket) -> None:
        self.number = number
        self.socket = connection
        self.pid = 0
        self.status: int | None = None
        self.said = ""
        self.stopped_for: str | None = None
        self.began = 0.0
        self.client = ""
        self.until = math.inf
        self.slow = False
        self.rank = Rank.NORMAL
        self.opening = True

    def ended(self) -> bool:
        """Whether an idle worker's process has ended, which its socket shows before the nursery reports it."""
        if self.status is not None:
            return True
        try:
            return not self.socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True


class Processes:
    """The nursery process and the workers that it has forked."""

    def __init__(self, ended: Callable[[Worker], None]) -> None:
        """``ended`` is called, from a separate thread, with each worker whose process has ended."""
        self._ended = ended
        self._workers: dict[int, Worker] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._closed = False
        self.can_raise = False
        self._start()

    def fork(self, store: Path | str, options: Mapping[str, object], rank: Rank = Rank.NORMAL) -> Worker | None:
        """Fork a worker with ``store`` open, ready for its first query; None if that fails. ``rank`` is for opening the store."""
        ours, theirs = socket.socketpair()
        with self._lock:
            worker = Worker(next(self._numbers), ours)
            worker.rank = rank
            self._workers[worker.number] = worker
            command = {"fork": worker.number, "store": str(store), "options": options, "as": rank}
            with contextlib.suppress(OSError):
                socket.send_fds(self._control, [_line(command)], [theirs.fileno()])
        theirs.close()
        if self._await_ready(worker):
            ours.setblocking(False)
            worker.opening = False
            worker.rank = Rank.NORMAL
            return worker
        self.kill(worker)
        ours.close()
        return None

    def kill(self, worker: Worker) -> None:
        """Kill a worker's process at once."""
        self._say({"kill": worker.number})

    def rank(self, worker: Worker, rank: Rank) -> None:
        """Set a worker's rank; raising it from LOW or IDLE works only if ``can_raise``."""
        worker.rank = rank
        self._say({"rank": worker.number, "as": rank})

    def hurry(self) -> None:
        """Have the workers that are opening their stores go on with the usual rank, since a query waits for one."""
        for worker in self.alive():
            if worker.opening and worker.rank is not Rank.NORMAL:
                self.rank(worker, Rank.NORMAL)

    def alive(self) -> list[Worker]:
        """Return the workers whose processes have not ended."""
        with self._lock:
            return list(self._workers.values())

    def close(self) -> None:
        """End the nursery and all workers."""
        self._closed = True
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        self._process.wait()
        self._listener.join(timeout=5)
        self._control.close()
        for worker in self.alive():
            worker.socket.close()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        try:
            self._begin(ours, theirs)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()

    def _begin(self, ours: socket.socket, theirs: socket.socket) -> None:
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        tunables = ":".join(filter(None, (MALLOC, os.environ.get("GLIBC_TUNABLES"))))
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-m", "server.execution.workers.nursery", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env={**os.environ, "PYTHONPATH": path, "GLIBC_TUNABLES": tunables},
            stdin=subprocess.DEVNULL,
            process_group=0,  # signals from the terminal are for the server, and could arrive before the nursery ignores them
        )
        self._control = ours
        self._listener = threading.Thread(target=self._listen, args=(ours, self._process), daemon=True, name="nursery")
        self._listener.start()

    def _say(self, message: Mapping[str, object]) -> None:
        with self._lock, contextlib.suppress(OSError):
            self._control.sendall(_line(message))

    def _await_ready(self, worker: Worker) -> bool:
        worker.socket.settimeout(START_TIME)
        deadline = time.monotonic() + START_TIME
        reader = FrameReader()
        try:
            while (frame := reader.take()) is None:
                data = worker.socket.recv(HEADER.size)
                if not data or time.monotonic() > deadline:
                    return False
                reader.feed(data)
        except OSError:
            return False
        return frame[0] is FrameKind.READY

    def _listen(self, control: socket.socket, process: subprocess.Popen[bytes]) -> None:
        with control.makefile("rb") as lines, contextlib.suppress(OSError):
            for line in lines:
                self._hear(json.loads(line))
        process.wait()
        for worker in self.alive():
            self._hear({"ended": worker.number, "status": -9})
        while not self._closed:
            try:
                with self._lock:
                    if not self._closed:
                        self._start()
                return
            except (OSError, RuntimeError) as error:  # no descriptor, process or thread available at present
                log.warning("The process that forks the workers cannot be started: %s", error)
                time.sleep(RESTART_AFTER)

    def _hear(self, message: dict[str, Any]) -> None:
        if "can_raise" in message:
            self.can_raise = message["can_raise"]
            return
        if "forked" in message:
            if worker := self._workers.get(message["forked"]):
                worker.pid = message["pid"]
            return
        with self._lock:
            ended = self._workers.pop(message["ended"], None)
        if ended:
            ended.said = message.get("said", "")
            ended.status = message["status"]
            self._ended(ended)


def _line(message: Mapping[str, object]) -> bytes:
    return json.dumps(message).encode() + b"\n"
