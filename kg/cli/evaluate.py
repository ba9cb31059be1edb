"""``entente evaluate``"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import click

from kg.cli import DATA

SECTIONS = ("all", "entities", "events", "roles", "dates", "modality", "quotes", "cites", "agreements", "tenures")


@click.command("evaluate")
@click.argument("gold", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--errors", type=click.Choice(SECTIONS), help="List what was missed (-) and what was invented (+).")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--graph", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Score this dump instead of the current graph.")
@DATA
def command(gold: tuple[Path, ...], errors: str | None, as_json: bool, graph: Path | None, data: Path) -> None:
    """Compare the graph with GOLD files: articles annotated by hand. Figures are F, precision and recall from 0 to 1."""
    from kg.resources import resource_folder
    from kg.store import current_build

    options = ["--json"] if as_json else []
    if errors:
        options += ["--errors", "" if errors == "all" else errors]
    scorer = runpy.run_path(str(resource_folder("evaluation") / "score.py"))
    sys.exit(scorer["main"]([*options, "--", *map(str, (graph or current_build(data).nquads, *gold))]))
