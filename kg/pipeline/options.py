"""What a build is given, what it reports on its way, and what it returns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kg.pipeline.page import Failure, PageResult

if TYPE_CHECKING:
    from kg.wikitext.sources import Selection


class Progress(Protocol):
    """Callbacks for the progress of a build."""

    def step(self, what: str) -> None:
        """A step begins."""

    def page(self, title: str, outcome: PageResult | Failure | None) -> None:
        """A page is done; None if an earlier build had processed it."""


class Silence:
    """A Progress that reports nothing."""

    def step(self, what: str) -> None:
        """Ignore the step."""

    def page(self, title: str, outcome: PageResult | Failure | None) -> None:
        """Ignore the page."""


FEW = 4
"""Number of failures that never prevents the switch to a build."""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Options of a build.

    ``jobs`` is the number of processes (None: one per processor); ``timeout`` is in seconds per page; ``strict`` stops at the first
    page that fails; ``max_failed`` is the share of failed pages above which a build that would replace another is refused (up to
    FEW failures never count); ``fresh`` processes every page again; ``selection`` filters the pages of dumps (None: all);
    ``any_language`` accepts sources in other languages than English; ``scheduler`` is the address of a Dask scheduler, ``shards`` a
    folder or URL for the shards instead of the data folder. ``corrections`` are files or folders for ``kg.corrections``; with
    ``strict``, one that does not fit its article stops the build. ``wikidata`` are files for ``kg.wikidata``.
    """

    jobs: int | None = None
    timeout: float = 60.0
    strict: bool = False
    max_failed: float = 0.25
    fresh: bool = False
    model: str | None = None
    selection: Selection | None = None
    any_language: bool = False
    scheduler: str | None = None
    shards: str | None = None
    corrections: tuple[Path, ...] = ()
    wikidata: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """The outcome of a build. ``seconds`` by stage are summed over the workers; ``unchanged`` if there was nothing to do.

    ``items`` is the number of Wikidata items to which entities were linked; None if the build was given no files of them.
    """

    build: str
    folder: Path
    quads: int
    articles: int
    read: int
    failures: tuple[tuple[str, str, str], ...]
    totals: dict[str, int]
    seconds: dict[str, float]
    peak_bytes: int
    unchanged: bool = False
    corrected: int = 0
    unfit: tuple[str, ...] = ()
    items: int | None = None
