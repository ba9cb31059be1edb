"""``entente train``"""

from __future__ import annotations

from pathlib import Path

import click


@click.command("train")
@click.option("--treebanks", type=click.Path(path_type=Path), required=True, help="The folder that holds ewt/, gum/, pud/ and uner-ewt/.")
@click.option("--output", type=click.Path(path_type=Path), default=Path("model"), show_default=True, help="Where to write pipelines.")
@click.option("--vectors", type=click.Path(path_type=Path), help="Word vectors (GloVe .txt, wink .json) instead of the shipped ones.")
@click.option("--config", type=click.Path(path_type=Path), help="Another spaCy training config.")
@click.option("--steps", type=click.IntRange(min=1), help="Stop after so many training steps.")
@click.option("--measure", is_flag=True, help="Train nothing: print the figures of the pipeline in --output, or of the shipped one.")
def command(treebanks: Path, output: Path, vectors: Path | None, config: Path | None, steps: int | None, measure: bool) -> None:
    """Train the language pipeline that ships with entente on Universal Dependencies treebanks. Takes hours on one core."""
    from kg.language.training import train as training

    if measure:
        figures = training.measure(str(output) if output.exists() else None, treebanks)
    else:
        overrides = {"training.max_steps": steps} if steps else None
        figures = training.train(treebanks, output, config=config or training.CONFIG, vectors=vectors, overrides=overrides)
    for name, found in figures.items():
        click.echo(f"{name}: {found}")
