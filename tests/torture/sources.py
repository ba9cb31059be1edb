"""Sources and command lines assembled from valid and invalid parts."""

from __future__ import annotations

import bz2
import gzip
import lzma
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from kg.wikitext.sources import Selection, SourceError, read_sources
from tests.torture.environment import here

HEAD = '<mediawiki xml:lang="en"><siteinfo><namespaces><namespace key="1">Talk</namespace></namespaces></siteinfo>'
VALUES = ("1", "0", "-1", "9" * 5000, "x", "", "2024-02-30T00:00:00Z", "2024-01-01T00:00:00+15:00", "٣", "\x1b[31m", "&#10;", "1e9")
TEXTS = ("Text of [[A]].", "#REDIRECT [[B]]", "#REDIRECT" + " " * 9000, "{" * 3000, "<ref " * 500, "[[a|" * 500, "", "\x00", "é" * 5000)
WRONG = (
    "<!DOCTYPE x>",
    "<!-- <mediawiki> -->",
    "<page>",
    "</page>",
    "<text>",
    "]]>",
    "<revision/>",
    "&nothing;",
    "<?xml version='1.0' encoding='utf-7'?>",
)
PACKED: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    ("a.xml", bytes),
    ("a.xml.bz2", bz2.compress),
    ("a.xml.gz", gzip.compress),
    ("a.xml.xz", lzma.compress),
    ("x-multistream.xml.bz2", bz2.compress),
    ("a.wiki", bytes),
    ("%0a.txt", bytes),
)
SLOW = 10.0  # seconds of processor time


def _page(chance: Random) -> str:
    fields = "".join(f"<{name}>{chance.choice(VALUES)}</{name}>" for name in chance.sample(("title", "ns", "id"), chance.randrange(4)))
    revision = "".join(f"<{name}>{chance.choice(VALUES)}</{name}>" for name in ("id", "timestamp") if chance.random() < 0.7)
    text = chance.choice(TEXTS).replace("&", "&amp;").replace("<", "&lt;").replace("\x00", "")
    return f"<page>{fields}<revision>{revision}<text>{text}</text></revision></page>"


def write_sources(chance: Random, folder: Path) -> None:
    """Write a file that may be a dump, with possible companions."""
    document = HEAD + "".join(_page(chance) for _ in range(chance.randrange(4))) + "</mediawiki>"
    for _ in range(chance.choice((0, 0, 1, 2))):
        at = chance.randrange(len(document) + 1)
        document = document[:at] + chance.choice(WRONG) + document[at:]
    name, pack = chance.choice(PACKED)
    data = pack(document.encode())
    if chance.random() < 0.3:
        at = chance.randrange(len(data))
        data = data[:at] + bytes(chance.randrange(256) for _ in range(chance.randrange(9))) + data[at + chance.randrange(9) :]
    (folder / name).write_bytes(data)
    (folder / "a.meta").write_text(f"{chance.choice(('title', 'revision', 'timestamp', 'x'))}: {chance.choice(VALUES)}", encoding="utf-8")
    (folder / "x-multistream-index.txt").write_text(f"{chance.choice(VALUES)}:1:{chance.choice(VALUES)}\n", encoding="utf-8")


@contextmanager
def odd_sources() -> Iterator[Callable[[int], str]]:
    """Files, dumps, sidecars and indexes: read, or refused with a reason, in little time."""

    def trial(seed: int) -> str:
        chance = Random(seed)
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            write_sources(chance, folder)
            began = time.process_time()
            selection = chance.choice((None, Selection(titles=frozenset(VALUES)), Selection(patterns=("*",)), Selection(categories=("*",))))
            try:
                for source in read_sources([folder], selection, lambda *_: None, chance.random() < 0.5):
                    if not source.title.isprintable() or not source.title:
                        return f"the title {source.title!r}"
            except SourceError:
                pass
            except Exception as error:
                return f"{type(error).__name__}: {error}"
            took = time.process_time() - began
        return f"took {took:.0f} s" if took > SLOW else ""

    yield trial


ARGUMENTS = (
    *("nan", "inf", "-1", "0", "1e999", "", "x", "\x1b[31m", "\udcff", "9" * 400, "/dev/null", "/proc/x", ".", "nowhere", "http://[::1"),
    *(
        "people",
        "who=",
        "=",
        "*",
        "[",
        "-",
        "--",
        "-f",
        "csv",
        "-p",
        "--data",
        "--format",
        "--output",
        "--port",
        "--host",
        "--query-timeout",
    ),
    *(
        "--query-timeout",
        "--services",
        "--public-url",
        "--trusted-proxies",
        "--timeout",
        "--jobs",
        "--title",
        "--titles-file",
        "--corrections",
        "--errors",
    ),
)
PROGRAM = "from kg.cli import main; main(prog_name='entente')"
COMMANDS = ("build", "serve", "query", "export", "check", "diff", "corrections", "evaluate")


@contextmanager
def odd_command_lines() -> Iterator[Callable[[int], str]]:
    """Commands with odd arguments, in a folder without a graph: an answer or one line, and no traceback."""
    with tempfile.TemporaryDirectory() as place:

        def trial(seed: int) -> str:
            chance = Random(seed)
            line = [chance.choice(COMMANDS), *(chance.choice(ARGUMENTS) for _ in range(chance.randrange(5))), "--data", "nowhere"]
            if line[0] == "build":
                line[1:1] = ["nowhere.wiki"]
            command = [sys.executable, "-c", "from kg.cli import main; main(prog_name='entente')", *line]
            try:
                done = subprocess.run(
                    command, cwd=place, env=here(), capture_output=True, stdin=subprocess.DEVNULL, timeout=120, check=False
                )
            except subprocess.TimeoutExpired:
                return f"{line}: does not end"
            wrong = b"Traceback" in done.stderr or b"\x1b" in done.stderr or done.returncode < 0
            return f"{line}: {done.returncode} {done.stderr[-300:]!r}" if wrong else ""

        yield trial
