"""Process one page through all stages, in a worker process on this machine or another.

The stages are imported inside functions, so that the process that distributes the pages starts without spaCy.
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import resource
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from kg.errors import EntenteError
from kg.pipeline.shards import ShardFolder

if TYPE_CHECKING:
    from kg.facts import ArticleFacts
    from kg.language import LanguageReader
    from kg.wikitext.article import Article
    from kg.wikitext.markup.links import Site


LONGEST = 4_000_000
"""Longest page, in characters, that is processed: twice MediaWiki's limit (https://www.mediawiki.org/wiki/Manual:$wgMaxArticleSize)."""
MOST_MEMORY = 4 * 2**30
"""Memory limit (RLIMIT_DATA) of a worker process in bytes: several times what the longest articles and the model need."""
EXHAUSTED = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO})
"""System errors that every page would encounter: skipping page after page would leave part of a graph."""


class ExhaustedError(EntenteError):
    """The machine has run out of something that every page needs."""


@dataclass(frozen=True, slots=True)
class PageTask:
    """A page to process. ``key`` identifies it and everything that its facts depend on; ``model`` is a spaCy pipeline or None.

    ``steps`` is a file to which the current step is written, for whoever has to kill the process; empty if nobody reads it.
    """

    key: str
    title: str
    wikitext: str
    path: str
    shards: str
    model: str | None = None
    page_id: int | None = None
    revision: int | None = None
    timestamp: str = ""
    redirects: tuple[tuple[str, str], ...] = ()
    site: Site | None = None
    steps: str = ""


@dataclass(frozen=True, slots=True)
class PageResult:
    """The result of a page: counts for the report, seconds by stage, and the worker's peak memory in bytes."""

    counts: dict[str, int]
    notes: dict[str, int]
    seconds: dict[str, float] = field(default_factory=dict)
    peak_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a page failed."""

    reason: str


Outcome = PageResult | Failure


def in_step(name: str) -> str:
    """Name the step of a failure, for its reason; empty if unknown."""
    return f", in the step {name!r}" if name else ""


class Stopwatch:
    """Seconds spent in each step; the current step is written to the file ``told``, if any, and into a TimeoutError that interrupts it."""

    def __init__(self, told: str = "") -> None:
        self.seconds: dict[str, float] = {}
        self._told = told

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Add the time of the block to ``name``."""
        start = perf_counter()
        if self._told:
            Path(self._told).write_text(name, encoding="utf-8")
        try:
            yield
        except TimeoutError:
            raise TimeoutError(name) from None
        finally:
            self.add({name: perf_counter() - start})

    def add(self, seconds: dict[str, float]) -> None:
        """Add the times of another stopwatch."""
        for name, spent in seconds.items():
            self.seconds[name] = self.seconds.get(name, 0.0) + spent


def attempt(task: PageTask) -> Outcome:
    """Process a page; its errors are an outcome.

    Exceptions that would recur on every page are raised: a time limit, a model that cannot be loaded, ExhaustedError.
    """
    if len(task.wikitext) > LONGEST:
        return Failure(f"longer than {LONGEST:,} characters")
    _reader(task.model)
    limit_memory()
    try:
        return process_page(task)
    except TimeoutError:
        raise
    except MemoryError:
        if peak_bytes() > MOST_MEMORY // 2:  # the process's own limit, not the machine's
            return Failure(f"needed more than {MOST_MEMORY // 2**20:,} MiB of memory")
        raise ExhaustedError("no memory is left") from None
    except Exception as error:
        if isinstance(error, OSError) and error.errno in EXHAUSTED:
            raise ExhaustedError(os.strerror(error.errno or 0)) from None
        return Failure(_reason(error))


def warm_up() -> None:
    """Load everything that the first page would load. Raises EntenteError if the model cannot be loaded."""
    from kg.extraction import extract, stated
    from kg.graph import shard_lines
    from kg.wikitext import read_article

    article = read_article("Entente is an agreement.", "Entente")
    shard_lines(article, stated(extract(_reader(None).read(article))))


def process_page(task: PageTask) -> PageResult:
    """Process a page, write its quads as N-Quads into its shard, and return the result. Exceptions of the stages propagate."""
    from kg.extraction import extract, stated
    from kg.graph import shard_lines

    clock = Stopwatch(task.steps)
    with clock("wikitext"):
        article = _article(task)
    reader = _reader(task.model)
    with clock("language"):
        reading = reader.read(article)
    with clock("extraction"):
        facts = stated(extract(reading))
    with clock("graph"):
        lines = shard_lines(article, facts)
    counts, notes = _counts(article, facts), dict(article.notes) | dict(facts.notes)
    with clock("shard"):
        ShardFolder(task.shards).write(task.key, lines, {"counts": counts, "notes": notes})
    return PageResult(counts, notes, clock.seconds, peak_bytes())


@cache
def limit_memory() -> None:
    """Limit this process to MOST_MEMORY bytes of data, unless it is the main process, which has other work too."""
    if multiprocessing.parent_process() is None:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY if hard == resource.RLIM_INFINITY else min(hard, MOST_MEMORY), hard))


def peak_bytes() -> int:
    """Return the peak resident memory of this process."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _article(task: PageTask) -> Article:
    from kg.wikitext import read_article

    return replace(
        read_article(task.wikitext, task.title, task.redirects, task.site),
        page_id=task.page_id,
        revision=task.revision,
        timestamp=task.timestamp,
    )


@cache
def _reader(model: str | None) -> LanguageReader:
    from kg.language import load

    return load(model)


def _counts(article: Article, facts: ArticleFacts) -> dict[str, int]:
    return {
        "characters": len(article.wikitext),
        "words": sum(len(passage.text.split()) for passage in article.passages),
        "passages": len(article.passages),
        "references": len(article.references),
        "entities": len(facts.entities),
        "events": len(facts.events),
        "agreements": len(facts.agreements),
        "tenures": len(facts.tenures),
    }


def _reason(error: Exception) -> str:
    """Return the error's type and message, and the last line of our own code in its traceback."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "kg" in Path(frame.filename).parts]
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    said = str(error).splitlines()
    return f"{type(error).__name__}{': ' + said[0][:200] if said else ''}{where}"
