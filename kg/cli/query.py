"""``entente query``"""

from __future__ import annotations

import os
import signal
import sys
import time
from difflib import get_close_matches
from pathlib import Path

import click

from kg.cli import DATA
from kg.errors import EntenteError
from kg.resources import resource_folder

FORMATS = ("table", "csv", "tsv", "json", "xml", "ttl", "nt", "nq", "trig", "jsonld", "rdf")


@click.command("query")
@click.argument("query", metavar="FILE_OR_NAME", required=False)
@click.option("--param", "-p", "given", metavar="NAME=VALUE", multiple=True, help="A value for a parameter of the query; may be repeated.")
@click.option("--format", "-f", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print the answer.")
@click.option("--list", "listing", is_flag=True, help="List the canned queries with their parameters.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Give up after this many seconds.")
@DATA
def command(query: str | None, given: tuple[str, ...], form: str, listing: bool, timeout: float | None, data: Path) -> None:
    """Query the graph: a canned query by NAME, a FILE with a SPARQL query, or - for a query on standard input.

    A value for an entity is its name, its IRI, or the address of its page. The prefixes ent:, cat:, res:, rdf:, rdfs:, xsd:, owl:,
    skos:, prov:, dcterms:, schema:, geo:, dbpedia: and wd: need no declaration.

    Formats for SELECT and ASK are table, csv, tsv, json and xml; for CONSTRUCT and DESCRIBE, ttl (also for table), nt, nq, trig,
    jsonld and rdf.
    """
    from kg.cli.query_output import print_answer, print_list

    if listing:
        print_list()
    elif query is None:
        raise EntenteError("Name a canned query (entente query --list shows them), a file, or - for standard input.")
    else:
        give_up_after(timeout)
        print_answer(data, query_text(query, parameters(given), data), form, query)


def give_up_after(seconds: float | None) -> None:
    """Continue in a child process that is killed after a time limit: a query running in the store receives no signals."""
    child = os.fork() if seconds else 0
    if child == 0:
        return
    deadline = time.monotonic() + (seconds or 0)
    while (ended := os.waitpid(child, os.WNOHANG))[0] == 0:
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise EntenteError(f"the query was stopped after {seconds:g} s. Raise --timeout, or narrow the query.")
        time.sleep(0.01)
    sys.exit(os.waitstatus_to_exitcode(ended[1]))


def parameters(given: tuple[str, ...]) -> dict[str, str]:
    """Parse ``name=value`` pairs into a mapping."""
    wrong = [pair for pair in given if "=" not in pair]
    if wrong:
        raise EntenteError(f"--param {wrong[0]!r} has no '=': write it as name=value.")
    return dict(pair.split("=", 1) for pair in given)


def query_text(query: str, values: dict[str, str], data: Path) -> str:
    """Return the SPARQL of a canned query, a file or standard input, with parameter values inlined."""
    from kg.library import with_values
    from kg.store import current_build

    folder = resource_folder("queries")
    canned = folder / f"{query}.rq"
    if "/" not in query and canned.is_file():
        return with_values(canned.stem, canned.read_text(encoding="utf-8"), values, lambda: current_build(data))
    if query == "-":
        return with_values("standard input", sys.stdin.read(), values, lambda: current_build(data))
    file = Path(query)
    if file.is_file():
        return with_values(file.stem, _read(file), values, lambda: current_build(data))
    close = get_close_matches(query, [path.stem for path in folder.glob("*.rq")], n=1)
    meant = f" Did you mean {close[0]!r}?" if close else ""
    raise EntenteError(f"{query!r} is neither a canned query nor a file.{meant} entente query --list shows the canned ones.")


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise EntenteError(f"{file}: not UTF-8 (byte {error.start}). Save the query as UTF-8 text.") from None
