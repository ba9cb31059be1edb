"""``entente evaluate``"""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli import DATA

SECTIONS = ("all", "entities", "events", "roles", "dates", "placed", "modality", "quotes", "cites", "agreements", "tenures")


@click.command("evaluate")
@click.argument("gold", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--errors", type=click.Choice(SECTIONS), help="List false negatives (-) and false positives (+).")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--graph", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Score this dump instead of the current graph.")
@DATA
def command(gold: tuple[Path, ...], errors: str | None, as_json: bool, graph: Path | None, data: Path) -> None:
    """Compare the graph with GOLD files: articles annotated by hand. Figures are F, precision and recall from 0 to 1.

    The first line of each table, statements, counts events that are right as a whole. Below the tables, these are broken down by
    minimum confidence and by category.
    """
    import json

    from kg.evaluation.article_graph import LoadedDump
    from kg.evaluation.gold import read_gold
    from kg.evaluation.score import compare, total
    from kg.evaluation.score_table import breakdown, table
    from kg.store import current_build

    golds = [read_gold(path) for path in gold]
    dump = LoadedDump(graph or current_build(data).nquads)
    compared = {found["article"]: compare(found, dump) for found in golds}
    tallies = {title: comparison.tally for title, comparison in compared.items()}
    if errors:
        for line in (line for tally in tallies.values() for line in tally.errors if errors == "all" or line.startswith(errors)):
            click.echo(line)
    if len(tallies) > 1:
        tallies["all articles"] = total(compared.values())
    figures = {title: tally.figures() for title, tally in tallies.items()}
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False, indent=1))
        return
    for title, of_article in figures.items():
        click.echo("\n".join(table(title, of_article)))
    click.echo("\n".join(breakdown(list(compared.values()))))
