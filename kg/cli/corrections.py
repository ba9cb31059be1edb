"""``entente corrections``"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli import DATA

if TYPE_CHECKING:
    from kg.corrections import Correction
    from kg.corrections.applying import Outcome

FILES = click.argument("files", nargs=-1, type=click.Path(path_type=Path))


def default_corrections(data: Path) -> tuple[Path, ...]:
    """Return the folder corrections/ beside a data folder, if it exists."""
    folder = data.resolve().parent / "corrections"
    return (folder,) if folder.is_dir() else ()


@click.group("corrections")
def command() -> None:
    """Check and list corrections: TOML files that every build applies.

    FILES are files or folders; the default is the folder corrections/ beside the data folder.
    """


@command.command("check")
@FILES
@DATA
def check(files: tuple[Path, ...], data: Path) -> None:
    """Report corrections that do not fit the current graph. Exit code 1 if there are any."""
    outcomes = _outcomes(_read(files, data), data)
    problems = [outcome for outcome in outcomes if outcome.problem]
    for outcome in problems:
        click.echo(f"{outcome.correction.place}: {outcome.correction.article}: {outcome.problem}.")
    fit = len(outcomes) - len(problems)
    click.echo(f"{fit:,} of {len(outcomes):,} corrections fit the graph or are in it already.", err=True)
    if any(not outcome.absent for outcome in problems):
        sys.exit(1)


@command.command("list")
@FILES
@DATA
def show(files: tuple[Path, ...], data: Path) -> None:
    """List corrections by date: what each changes, its author and reason, and whether the current graph includes it."""
    corrections = _read(files, data)
    for correction, status in zip(corrections, _statuses(corrections, data), strict=True):
        click.secho(f"{correction.date} {correction.action} {correction.target} · {correction.article}", bold=True, nl=False)
        click.echo(f" · {status}")
        click.echo(f"    “{correction.quote}”\n    {correction.author}: {correction.reason}\n    {correction.place}")
    click.echo(f"{len(corrections):,} {'correction' if len(corrections) == 1 else 'corrections'}", err=True)


def _read(files: tuple[Path, ...], data: Path) -> list[Correction]:
    from kg.corrections import read_corrections

    return read_corrections(files or default_corrections(data))


def _statuses(corrections: Sequence[Correction], data: Path) -> list[str]:
    from kg.store import NoBuildError

    try:
        by_digest = {o.correction.digest: o for o in _outcomes(corrections, data)}
        applied = _applied(corrections, data)
    except NoBuildError:
        return ["no graph yet"] * len(corrections)
    return ["applied" if c.digest in applied else _unbuilt(by_digest[c.digest].problem) for c in corrections]


def _unbuilt(problem: str) -> str:
    return f"does not fit: {problem}" if problem else "not yet built"


def _applied(corrections: Sequence[Correction], data: Path) -> set[str]:
    """Return the digests of the corrections in the current graph."""
    from kg.corrections.provenance import correction_iri
    from kg.graph import ntriples
    from kg.graph.namespaces import CORRECTIONS
    from kg.store import current_build
    from kg.store.oxigraph import graph_lines

    subjects = {ntriples.subject(line).decode() for line in graph_lines(current_build(data).store_path, CORRECTIONS)}
    return {correction.digest for correction in corrections if f"<{correction_iri(correction)}>" in subjects}


def _outcomes(corrections: Sequence[Correction], data: Path) -> list[Outcome]:
    """Try each correction on the current graph; those already in it fit."""
    from kg.corrections.applying import Corrector, Outcome
    from kg.graph import iris
    from kg.store import current_build, open_store
    from kg.store.oxigraph import article_lines

    applied = _applied(corrections, data)
    store = open_store(current_build(data).store_path)
    graphs = sorted({iris.article(correction.article) for correction in corrections})
    corrector = Corrector([correction for correction in corrections if correction.digest not in applied])
    for _ in corrector.lines([partial(article_lines, store, graph) for graph in graphs]):
        pass
    return [*corrector.outcomes, *(Outcome(correction) for correction in corrections if correction.digest in applied)]
