"""``entente export``"""

from __future__ import annotations

import gzip
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, cast

import click

from kg.cli import DATA
from kg.errors import EntenteError

if TYPE_CHECKING:
    from kg.store import Build

RDF = ("ttl", "nt", "nq", "trig", "jsonld")
TABULAR = ("csv", "parquet")
NETWORKS = ("graphml", "gexf")
TABLES = ("events", "agreements", "tenures", "entities", "dyad-years")


@click.command("export")
@click.option("--format", "-f", "form", type=click.Choice((*RDF, *TABULAR, *NETWORKS)), default="ttl", show_default=True)
@click.option("--table", "-t", type=click.Choice(TABLES), help="Which table to write as csv or parquet.  [default: events]")
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.  [default: standard output]")
@DATA
def command(form: str, table: str | None, output: Path | None, data: Path) -> None:
    """Write the whole graph in one format.

    nq and trig keep the named graph of each article; ttl, nt and jsonld are their union. csv and parquet are tables of events,
    agreements, tenures, entities, or pairs by year. graphml and gexf are the network of who takes part in events with whom, for
    Gephi, networkx or igraph.
    """
    from kg.store import current_build

    if table and form not in TABULAR:
        raise EntenteError(f"--table is for {' and '.join(TABULAR)}; {form} holds the whole graph.")
    if output and not output.name:
        raise EntenteError(f"--output {output}: not the name of a file.")
    build = current_build(data)
    with _made(build, form, table or "events") as file:
        if output is None:
            shutil.copyfileobj(file, sys.stdout.buffer)
            sys.stdout.flush()
            return
        beside = output.with_name(f".{output.name}.part")
        try:
            with beside.open("wb") as target:
                shutil.copyfileobj(file, target)
            beside.replace(output)
        finally:
            beside.unlink(missing_ok=True)


@contextmanager
def _made(build: Build, form: str, table: str) -> Iterator[IO[bytes]]:
    """Return the requested output as bytes: a file of the build, or one generated from it."""
    if form in RDF or form == "csv":
        with _opened(build.dumps / (f"{table}.csv" if form == "csv" else f"entente.{form}")) as file:
            yield file
        return
    with TemporaryDirectory() as folder:
        target = Path(folder) / f"made.{form}"
        if form == "parquet":
            from kg.store.output.tables.writing import tables, write_parquet

            write_parquet(tables()[table], build.dumps / f"{table}.csv", target)
        else:
            from kg.store.output.tables.actor_network import write_network

            unpacked = Path(folder) / "entente.nq"
            with _opened(build.dumps / "entente.nq") as packed, unpacked.open("wb") as plain:
                shutil.copyfileobj(packed, plain)
            write_network(unpacked, target, form)
        with target.open("rb") as file:
            yield file


def _opened(dump: Path) -> IO[bytes]:
    """Open a dump for reading bytes, compressed or not."""
    if dump.exists():
        return dump.open("rb")
    return cast("IO[bytes]", gzip.open(dump.with_name(f"{dump.name}.gz"), "rb"))
