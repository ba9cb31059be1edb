"""Pages that fail in all the ways in which pages fail, as their text says; the rest of the text is read normally."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from unittest.mock import patch

from kg.pipeline.page import Outcome, PageResult, PageTask, Stopwatch, attempt
from kg.store.output.dumps import Dump


def read(task: PageTask) -> Outcome:
    """Read a page as a worker does, or misbehave as its text says."""
    return _misbehave(task) or attempt(task)


def read_nothing(task: PageTask) -> Outcome:
    """Misbehave as the page's text says, or only count its characters."""
    return _misbehave(task) or PageResult({"characters": len(task.wikitext)}, {})


def write_slowly(nquads: Path, folder: Path) -> list[Dump]:
    """Begin to write a dump and never finish."""
    (folder / "begun").write_text("")
    time.sleep(60)
    return []


def be_killed(nquads: Path, folder: Path) -> list[Dump]:
    """Write a dump in a process that is killed."""
    os.kill(os.getpid(), signal.SIGKILL)
    return []


def _wait() -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        time.sleep(0.01)


def _misbehave(task: PageTask) -> Outcome | None:
    if "KILLED" in task.wikitext:
        os.kill(os.getpid(), signal.SIGKILL)
    if "LONG" in task.wikitext:
        with Stopwatch(task.steps)("language"):
            _wait()
    if "SLOW" in task.wikitext:
        _wait()
    if "BROKEN" in task.wikitext:
        with patch("kg.pipeline.page._reader"), patch("kg.pipeline.page.process_page", side_effect=ValueError("no such thing")):
            return attempt(task)
    return None
