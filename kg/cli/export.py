"""``entente export``"""

from __future__ import annotations

import gzip
import shutil
import sys
from pathlib import Path
from typing import IO, cast

import click

from kg.cli import DATA

FORMATS = ("ttl", "nt", "nq", "trig", "jsonld")


@click.command("export")
@click.option("--format", "-f", "form", type=click.Choice(FORMATS), default="ttl", show_default=True, help="The dump's format.")
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; standard output without it.")
@DATA
def command(form: str, output: Path | None, data: Path) -> None:
    """Write the whole graph in one format. nq and trig keep the named graph of each article; the other formats are their union."""
    from kg.store import current_build

    dump = current_build(data).dumps / f"entente.{form}"
    if output is None:
        with _opened(dump) as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.flush()
        return
    beside = output.with_name(f".{output.name}.part")
    try:
        with _opened(dump) as file, beside.open("wb") as target:
            shutil.copyfileobj(file, target)
        beside.replace(output)
    finally:
        beside.unlink(missing_ok=True)


def _opened(dump: Path) -> IO[bytes]:
    """A dump as bytes, whether it is kept compressed or not."""
    if dump.exists():
        return dump.open("rb")
    return cast("IO[bytes]", gzip.open(dump.with_name(f"{dump.name}.gz"), "rb"))
