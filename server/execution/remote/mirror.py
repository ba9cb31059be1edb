"""Poll a remote store from a separate process: whether it answers and which build it contains; index that build.

The cache folder is laid out like a data folder (``kg.store.builds``), without stores and dumps: ``builds/<id>/`` with
``search.sqlite``, ``dumps/void.ttl`` and ``manifest.json``. The process reads one line of JSON from standard input (``address``,
``folder``, ``poll`` and ``timeout`` in seconds) and writes a line whenever its state changes: ``trouble`` (why the store does not
answer; empty if it does), ``build``, ``indexed`` and ``problem`` (why there is no index).
"""

from __future__ import annotations

import hashlib
import json
import signal
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from kg.errors import EntenteError
from kg.store.builds import UNKNOWN, current_build, point_to, remove_old
from kg.store.index.asking import write_search
from kg.store.lock import BusyError, only_one
from kg.store.output.remote import Address
from server.execution.refusal import KINDS, Refused
from server.execution.remote.client import RemoteStore
from server.execution.workers.sandbox import end_with_parent, limit_memory

HERE = Path(__file__).parent
INDEX_TIME = 600.0  # time limit in seconds for each of the dozen queries for the index
MEMORY = 4096  # memory limit of the process in MiB
DOWN_POLL = 1.0  # seconds between two polls of a store that does not answer
PATIENCE = 6  # poll intervals before a failed index is tried again


class MirrorError(EntenteError):
    """The index of a store cannot be built."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term as ``kg.store.index.asking`` reads it."""

    value: str


class Reader:
    """Reads all solutions of a query, page by page and with a check of their number if the store limits answers."""

    def __init__(self, store: RemoteStore, seconds: float) -> None:
        self.store = store
        self.seconds = seconds

    def query(self, query: str, **_: Any) -> Iterable[Sequence[Term | None]]:
        """Yield the solutions of a SELECT without LIMIT, in any order. MirrorError if the store returns fewer than it counts."""
        for row in self._rows(query):
            yield tuple(None if value is None else Term(value) for value in row)

    def _rows(self, query: str) -> list[tuple[str | None, ...]]:
        wanted = self._count(query)
        try:
            rows = self._read(query)
            page = len(rows)
        except Refused as refused:
            if refused.reason != "cut" or not refused.rows:
                raise
            rows, page = [], refused.rows
        if len(rows) != wanted:
            rows = self._pages(query, wanted, page)
        return rows

    def _pages(self, query: str, wanted: int, page: int) -> list[tuple[str | None, ...]]:
        """Read page by page. Without ORDER BY, since stores limit what they sort; the counts reveal pages that overlapped."""
        rows: list[tuple[str | None, ...]] = []
        while len(rows) < wanted and (more := self._read(f"{query} LIMIT {page} OFFSET {len(rows)}")):
            rows += more
        distinct = self._count(query.replace(" SELECT ", " SELECT DISTINCT ", 1))
        if len(rows) != wanted or len(set(rows)) != distinct:
            raise MirrorError(f"the store counts {wanted:,} rows and gives {len(rows):,}, {len(set(rows)):,} of them different")
        return rows

    def _count(self, query: str) -> int:
        prologue, _, rest = query.partition(" SELECT ")
        rows = self._read(f"{prologue} SELECT (COUNT(*) AS ?number) WHERE {{ {{ SELECT {rest} }} }}")
        number = rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else None
        if number is None or not number.isdecimal():
            raise Refused("failed", "it does not return a number when asked to count solutions")
        return int(number)

    def _read(self, query: str) -> list[tuple[str | None, ...]]:
        return list(self.store.query(query, self.seconds).rows())


class Mirror:
    """The known state of a store, and its cache folder."""

    def __init__(self, address: Address, folder: Path, timeout: float) -> None:
        self.folder = folder
        self.timeout = timeout
        self.store = RemoteStore(address)
        self.known: dict[str, object] = {}

    def look(self) -> None:
        """Poll the store once; build what is missing."""
        try:
            build = self._build()
        except Refused as refused:
            self.say(trouble=KINDS[refused.reason].sentence.format(refused.detail))
            return
        self.say(trouble="")
        try:
            with only_one(self.folder):
                self._renew(build)
        except BusyError:  # the mirror of another server is building it, in the same folder
            return
        except Refused as refused:
            self.say(problem=KINDS[refused.reason].sentence.format(refused.detail))
        except (EntenteError, OSError) as error:
            self.say(problem=f"The index of the store cannot be made: {error}.")

    def _renew(self, build: str) -> None:
        place = self.folder / "builds" / build
        if not (place / "manifest.json").is_file():
            self._describe(place, build)
        current = current_build(self.folder)
        first = not (current.folder / "search.sqlite").is_file()
        if first and current.id != build:
            point_to(self.folder, build)
        index = place / "search.sqlite"
        if not index.is_file():
            self.say(build=build, indexed=not first)
            write_search(Reader(self.store, INDEX_TIME), index)
            if self._build() != build:
                index.unlink()
                return
        if current_build(self.folder).id != build:
            point_to(self.folder, build)
        self.say(build=build, indexed=True, problem="")
        remove_old(self.folder)

    def _build(self) -> str:
        """Return the build in the store, from its version and size; UNKNOWN if the store does not describe one."""
        rows = sorted(self.store.query((HERE / "version.rq").read_text(encoding="utf-8"), self.timeout).rows(), key=str)
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16] if rows else UNKNOWN

    def _describe(self, place: Path, build: str) -> None:
        turtle = BytesIO()
        self.store.query((HERE / "description.rq").read_text(encoding="utf-8"), self.timeout).write("text/turtle", turtle)
        (place / "dumps").mkdir(parents=True, exist_ok=True)
        (place / "dumps" / "void.ttl").write_bytes(turtle.getvalue())
        write_manifest(place, build)

    def say(self, **what: object) -> None:
        """Report the state to the server, if it has changed."""
        if any(self.known.get(name, ...) != value for name, value in what.items()):
            self.known.update(what)
            print(json.dumps(what), flush=True)


def write_manifest(place: Path, build: str) -> None:
    """Write the manifest, which makes a folder a build."""
    place.mkdir(parents=True, exist_ok=True)
    draft = place / "manifest.json.part"
    draft.write_text(json.dumps({"id": build, "dumps": []}) + "\n", encoding="utf-8")
    draft.replace(place / "manifest.json")


def main() -> None:
    """Poll until the server ends."""
    end_with_parent(signal.SIGKILL)
    limit_memory(MEMORY)
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    told = json.loads(sys.stdin.readline())
    mirror = Mirror(Address.parse(told["address"]), Path(told["folder"]), told["timeout"])
    while True:
        mirror.look()
        down, failed = mirror.known.get("trouble"), mirror.known.get("problem")
        time.sleep(min(DOWN_POLL, told["poll"]) if down else told["poll"] * (PATIENCE if failed else 1))


if __name__ == "__main__":
    main()
