"""Report a build's progress: a status line on a terminal, plain lines in a pipe, nothing with --quiet."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from kg.cli import visible
from kg.pipeline import Progress, Silence
from kg.pipeline.page import Failure, PageResult

LINES_EVERY = 100


class Lines:
    """Plain lines on standard error: each step, each failure, each page of a small build and every hundredth of a large one."""

    def __init__(self) -> None:
        self.pages = 0

    def step(self, what: str) -> None:
        """Print the step."""
        click.echo(f"{what} ...", err=True)

    def page(self, title: str, outcome: PageResult | Failure | None) -> None:
        """Print the page, unless there are too many."""
        self.pages += 1
        if isinstance(outcome, Failure):
            click.echo(visible(f"failed: {title}: {outcome.reason}"), err=True)
        elif self.pages <= LINES_EVERY or self.pages % LINES_EVERY == 0:
            click.echo(visible(f"{self.pages}: {title}: {_said(outcome)}"), err=True)


class Moving:
    """A status line kept up to date by Rich."""

    def __init__(self, status: object) -> None:
        self.status = status
        self.pages = 0
        self.failed = 0
        self.what = ""

    def step(self, what: str) -> None:
        """Show the step."""
        self.what = what
        self.status.update(f"{what} ...")  # type: ignore[attr-defined]

    def page(self, title: str, outcome: PageResult | Failure | None) -> None:
        """Count the page, and print it if it failed."""
        from rich.markup import escape

        self.pages += 1
        if isinstance(outcome, Failure):
            self.failed += 1
            self.status.console.print(f"[red]failed[/red] {escape(visible(title))}: {escape(visible(outcome.reason))}")  # type: ignore[attr-defined]
        failed = f", {self.failed} failed" if self.failed else ""
        self.status.update(f"{self.what} ... {self.pages:,} articles{failed}: {escape(visible(title))}")  # type: ignore[attr-defined]


@contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    """Return the Progress that suits standard error."""
    if quiet:
        yield Silence()
    elif not sys.stderr.isatty():
        yield Lines()
    else:
        from rich.console import Console

        with Console(stderr=True).status("") as status:
            yield Moving(status)


def _said(outcome: PageResult | None) -> str:
    if outcome is None:
        return "unchanged"
    return f"{outcome.counts['passages']:,} passages, {outcome.counts['events']:,} events"
