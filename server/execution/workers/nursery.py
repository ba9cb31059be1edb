"""A small single-threaded process that forks the workers, kills them and says when one has ended.

It exists because the server itself has threads (which forbids forking) and much memory (which makes it slow), and because
only a parent can name a child without the risk that its number already belongs to somebody else.

Its control socket carries one JSON object to a line. In: ``{"fork": id, "store": …, "options": …, "as": …}`` with the worker's socket
attached, ``{"kill": id}``, ``{"rank": id, "as": …}``. Out: ``{"can_raise": …}`` at the beginning, ``{"forked": id,
"pid": …}``, ``{"ended": id, "status": …, "said": …}``, where a negative status is the signal that ended it, and what it said is the
beginning of what it wrote to standard error. When the socket closes, everything ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass
from typing import Any

from server.execution.workers import priority, worker

SETTLE = 1.0
"""Seconds between a worker's end, which is reported at once, and its reaping. The worker's last thread tidies up /proc after its end
is known, and waitpid(2) spins in the kernel as long as that lasts: with slow queries on all processors for a third of the time."""
SAID = 4096  # bytes of a worker's last words that are passed on


@dataclass(frozen=True, slots=True)
class Child:
    """A worker's process: its number, and the descriptor that what it writes to standard error can be read from."""

    number: int
    errors: int


class Nursery:
    """The loop of the process."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.children: dict[int, Child] = {}  # by pid
        self.ended: dict[int, float] = {}  # pids to reap, and when
        self.buffer = b""
        self.sockets: list[int] = []

    def run(self) -> None:
        """Run until the control socket closes."""
        priority.take_slice(priority.Rank.NORMAL)
        self.say(can_raise=priority.can_raise())
        wake_read, wake_write = os.pipe()
        os.set_blocking(wake_read, False)
        os.set_blocking(wake_write, False)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(ignored, signal.SIG_IGN)
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        poll.register(wake_read, select.POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in poll.poll(self.milliseconds_to_reaping())}
            if wake_read in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(wake_read, 4096)
                self.report()
            self.reap()
            if self.control.fileno() in ready and not self.listen():
                return

    def milliseconds_to_reaping(self) -> float | None:
        """Return the time until the next ended worker is reaped; None if there is none."""
        return max(0.0, min(self.ended.values()) - time.monotonic()) * 1000 if self.ended else None

    def listen(self) -> bool:
        """Execute the received commands; return False at the end of the stream."""
        data, descriptors, _, _ = socket.recv_fds(self.control, 65536, 16)
        if not data:
            return False
        self.buffer += data
        self.sockets += descriptors
        *lines, self.buffer = self.buffer.split(b"\n")
        for line in lines:
            command = json.loads(line)
            if "fork" in command:
                self.begin(command)
            else:
                self.act(command)
        return True

    def begin(self, command: dict[str, Any]) -> None:
        """Fork a worker; report its end if that fails (no socket attached, or no process available)."""
        if not self.sockets:
            self.say(ended=command["fork"], status=1)
            return
        connection = socket.socket(fileno=self.sockets.pop(0))
        try:
            self.fork(command, connection)
        except OSError:
            connection.close()
            self.say(ended=command["fork"], status=1)

    def fork(self, command: dict[str, Any], connection: socket.socket) -> None:
        """Fork a new worker on ``connection``."""
        worker.prepare(command["store"])
        errors, writing = os.pipe()
        os.set_blocking(errors, False)
        os.set_blocking(writing, False)
        try:
            pid = os.fork()
        except OSError:
            os.close(errors)
            os.close(writing)
            raise
        if pid == 0:
            self.become_worker(command, connection, writing)
        os.close(writing)
        connection.close()
        self.children[pid] = Child(command["fork"], errors)
        self.say(forked=command["fork"], pid=pid)

    def become_worker(self, command: dict[str, Any], connection: socket.socket, errors: int) -> None:
        """In the child, close everything that belongs to the nursery."""
        os.dup2(errors, 2)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        connection.setblocking(True)
        kept = connection.fileno()
        os.closerange(3, kept)
        os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX"))
        worker.main(connection, command["store"], command["options"], priority.Rank(command["as"]))

    def act(self, command: dict[str, int]) -> None:
        """Kill a worker, or change its rank."""
        wanted = command.get("kill", command.get("rank"))
        for pid, child in self.children.items():
            if child.number != wanted:
                continue
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if "kill" in command:
                    os.kill(pid, signal.SIGKILL)
                    priority.give(pid, priority.Rank.LOW)  # raised, or its end would wait for all slow queries
                else:
                    priority.give(pid, priority.Rank(command["as"]))

    def report(self) -> None:
        """Report every child that has ended."""
        for pid in list(self.children):
            end = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if end is not None:
                child = self.children.pop(pid)
                self.ended[pid] = time.monotonic() + SETTLE
                status = end.si_status if end.si_code == os.CLD_EXITED else -end.si_status
                self.say(ended=child.number, status=status, said=_last_words(child.errors))

    def reap(self) -> None:
        """Reap the children that ended a while ago."""
        now = time.monotonic()
        for pid in [pid for pid, until in self.ended.items() if until <= now]:
            os.waitpid(pid, 0)
            del self.ended[pid]

    def say(self, **message: int | str) -> None:
        """Send one message to the server."""
        with contextlib.suppress(BrokenPipeError):
            self.control.sendall(json.dumps(message).encode() + b"\n")


def _last_words(errors: int) -> str:
    """What an ended process wrote to standard error, from its beginning."""
    try:
        return os.read(errors, SAID).decode(errors="replace")
    except BlockingIOError:
        return ""
    finally:
        os.close(errors)


def main() -> None:
    """Run on the control socket whose descriptor is the only argument."""
    Nursery(socket.socket(fileno=int(sys.argv[1]))).run()


if __name__ == "__main__":
    main()
