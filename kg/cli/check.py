"""``entente check``"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.cli import DATA


@click.command("check")
@click.argument("dump", required=False, type=click.Path(path_type=Path))
@DATA
def command(dump: Path | None, data: Path) -> None:
    """Validate the graph, or a DUMP in any RDF format, against the shapes (SHACL). Exit code 1 if there are violations."""
    from kg.store import current_build
    from kg.store.shacl import check

    path = dump or current_build(data).nquads
    found = check(path)
    for violation in found:
        click.echo(str(violation))
    if found:
        click.echo(f"{path}: {len(found):,} violations.", err=True)
        sys.exit(1)
    click.echo(f"{path}: conforms to all shapes.")
