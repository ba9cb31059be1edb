"""Run the web server (Granian) around the application."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from kg.errors import EntenteError
from kg.store.builds import current_build
from kg.store.output.remote import Address
from server.settings import load
from server.web.connections import raise_descriptor_limit

MAXIMUM_PORT = 65535
BUFFER = 128 * 1024  # bytes that the web server buffers per connection: room for the longest address and its headers
SWITCH_INTERVAL = 0.0002  # seconds that each thread making a page may delay the event loop
RESTART_AFTER = 1.0  # seconds between two attempts to serve
ORPHAN_LOOK = 1.0  # seconds between two checks whether the parent process lives


class ListenError(EntenteError):
    """The server cannot listen at the address."""


def serve(
    data: Path,
    host: str,
    port: int,
    settings: Mapping[str, object],
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the data folder, or the setting ``sparql_backend``, until SIGINT or SIGTERM; then finish the running requests.

    ``ready`` is called with the address once it is certain to be available. NoBuildError if there is no build, ListenError if the
    address is in use or not ours, SettingsError for an invalid setting.
    """
    values = load(settings)
    if values["sparql_backend"]:
        Address.parse(values["sparql_backend"])
    elif not _opens((build := current_build(data)).store_path):
        raise EntenteError(f"{build.store_path}: the store is damaged. Build the graph again with 'entente build'.")
    port = check_address(host, port)
    most = raise_descriptor_limit()
    server = _granian(host, port, values, most)
    if ready:
        ready(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
    server.serve(target_loader=partial(front, data, values, port, most), wrap_loader=False)


def _granian(host: str, port: int, values: Mapping[str, Any], most: int) -> Any:
    """Create the web server, with one process and a limit of connections, without starting it."""
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import Server

    return Server(
        "server.web.run:front",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=int(values["header_time"] * 1000), max_buffer_size=BUFFER),
        backpressure=most,
        websockets=False,
        loop=Loops.uvloop,
        workers=1,
        respawn_failed_workers=True,
        workers_kill_timeout=max(1, int(values["drain_time"])),
        log_level=LogLevels.critical,
    )


def _opens(store: Path) -> bool:
    """Whether the engine can open a store: tried in a child, so that the server's own process never loads the engine."""
    pid = os.fork()
    if pid == 0:
        try:
            from kg.store import open_store

            open_store(store)
            os._exit(0)
        except BaseException:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def check_address(host: str, port: int) -> int:
    """Return the port to listen at: ``port``, or a free one for 0. ListenError if the server cannot listen there."""
    if not 0 <= port <= MAXIMUM_PORT:
        raise ListenError(f"Port {port}: a port is a number from 0 to {MAXIMUM_PORT}.")
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            chosen: int = probe.getsockname()[1]
            return chosen
    except (socket.gaierror, UnicodeError):
        raise ListenError(f"{host}: no such address. Give one of this machine's with --host, such as 127.0.0.1.") from None
    except OSError as error:
        raise ListenError(f"{host}:{port}: {_why(error)}") from None


def _why(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "already in use. Stop what runs there, or choose another port with --port."
    if error.errno == errno.EACCES:
        return "needs more rights. Choose a port above 1023 with --port."
    if error.errno == errno.EADDRNOTAVAIL:
        return "not an address of this machine. Choose another with --host."
    return f"the server cannot listen there ({error.strerror})."


def front(data: Path, settings: Mapping[str, Any], port: int = 0, most: int = 1024) -> Any:
    """Create the application in the process that serves, at ``port``, with at most ``most`` connections."""
    from server import create_app
    from server.execution.workers import priority
    from server.execution.workers.sandbox import end_with_parent
    from server.web.front import Front

    end_with_parent(signal.SIGTERM)
    threading.Thread(target=_outlive, args=(os.getppid(), settings["drain_time"]), daemon=True, name="orphan").start()
    sys.setswitchinterval(SWITCH_INTERVAL)
    priority.take_slice(priority.Rank.PROMPT)
    try:
        app = create_app(data, **settings)
        app.extensions["entente.prepare"]()
        return Front(app, port, most)
    except EntenteError as error:  # the store has been damaged since the start; this process is restarted
        print(f"entente: {error}", file=sys.stderr)
        time.sleep(RESTART_AFTER)
        os._exit(1)


def _outlive(parent: int, seconds: float) -> None:
    """Exit a few seconds after the parent process does, since the web server ignores a second signal while it drains."""
    while os.getppid() == parent:
        time.sleep(ORPHAN_LOOK)
    time.sleep(seconds)
    os._exit(1)
