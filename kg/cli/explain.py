"""``entente explain``"""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli import DATA


@click.command("explain")
@click.argument("wanted", metavar="EVENT_OR_SENTENCE")
@click.argument("sources", metavar="[SOURCE]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--model", metavar="FOLDER", help="Folder of a language model to use instead of the one shipped.")
@DATA
def command(wanted: str, sources: tuple[Path, ...], model: str | None, data: Path) -> None:
    """Show how a sentence was read: its tree, its names and dates, and the rule behind each of its events.

    EVENT_OR_SENTENCE is the IRI of an event, agreement or tenure of the graph, some words of a sentence in the SOURCEs (by default,
    those that come with Entente), or any other sentence. The title of a SOURCE shows the antecedents of its pronouns and
    descriptions.
    """
    from kg.pipeline.explaining import explain
    from kg.resources import resource_folder

    for text in explain(wanted, sources or (resource_folder("seeds"),), data, model):
        click.echo(text + "\n")
