"""``entente diff``"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from kg.cli import DATA


@click.command("diff")
@click.argument("before", required=False, type=click.Path(exists=True, path_type=Path))
@click.argument("after", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--details", is_flag=True, help="Also print the statements that differ (for the first thousand things).")
@DATA
def command(before: Path | None, after: Path | None, details: bool, data: Path) -> None:
    """Show what changed: things added, dropped and changed, by class.

    BEFORE and AFTER are dumps in N-Quads (entente export -f nq) or data folders; AFTER defaults to the current graph. Without
    either, show the changes of the last build.
    """
    from kg.store import current_build
    from kg.store.build_comparison import difference

    build = None if after else current_build(data)
    if before is None:
        changes = build.report.get("changes") if build else None
        click.echo(f"Since {changes['since']}:" if changes else "There was no graph before this one.")
        _print_table(changes["classes"] if changes else {})
        return
    found = difference(_nquads(before), _nquads(after) if after else build.nquads)  # type: ignore[union-attr]
    _print_table(found.by_class())
    for change in found.changes if details else ():
        click.echo(f"\n{change.kind} {change.term}: {change.label} {change.subject}")
        for sign, statements in (("-", change.before), ("+", change.after)):
            click.echo("".join(f"  {sign} {statement}\n" for statement in statements), nl=False)


def _nquads(path: Path) -> Path:
    from kg.store import current_build

    return current_build(path).nquads if path.is_dir() else path


def _print_table(classes: Mapping[str, Mapping[str, int]]) -> None:
    if not classes:
        click.echo("Nothing changed.")
    for name, counts in classes.items():
        click.echo(f"{name:<14}" + "  ".join(f"{counts[kind]:>7,} {kind}" for kind in ("added", "dropped", "changed")))
