"""``entente query``"""

from __future__ import annotations

import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli import DATA
from kg.errors import EntenteError
from kg.resources import resource_folder

if TYPE_CHECKING:
    from kg.sparql.parameters import Parameter

FORMATS = ("table", "csv", "tsv", "json", "xml", "ttl", "nt", "nq", "trig", "jsonld", "rdf")


@click.command("query")
@click.argument("query", metavar="FILE_OR_NAME", required=False)
@click.option("--param", "-p", "given", metavar="NAME=VALUE", multiple=True, help="A value for a parameter of the query; may be repeated.")
@click.option("--format", "-f", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print the answer.")
@click.option("--list", "listing", is_flag=True, help="List the canned queries with their parameters.")
@DATA
def command(query: str | None, given: tuple[str, ...], form: str, listing: bool, data: Path) -> None:
    """Ask the graph: a canned query by its NAME, a FILE with a SPARQL query, or - for a query on standard input.

    SELECT and ASK answer as table, csv, tsv, json or xml; CONSTRUCT and DESCRIBE as ttl (also for table), nt, nq, trig, jsonld or rdf.
    """
    from kg.cli.query_output import print_answer, print_list

    if listing:
        print_list()
    elif query is None:
        raise EntenteError("Name a canned query (entente query --list shows them), a file, or - for standard input.")
    else:
        print_answer(data, query_text(query, parameters(given), data), form, query)


def parameters(given: tuple[str, ...]) -> dict[str, str]:
    """``name=value`` pairs as a mapping."""
    wrong = [pair for pair in given if "=" not in pair]
    if wrong:
        raise EntenteError(f"--param {wrong[0]!r} has no '=': write it as name=value.")
    return dict(pair.split("=", 1) for pair in given)


def query_text(query: str, values: dict[str, str], data: Path) -> str:
    """The SPARQL that is meant: of a canned query, a file or standard input, with the values of its parameters in it."""
    folder = resource_folder("queries")
    canned = folder / f"{query}.rq"
    if "/" not in query and canned.is_file():
        return _with_values(canned.stem, canned.read_text(encoding="utf-8"), values, data)
    if query == "-":
        return _with_values("standard input", sys.stdin.read(), values, data)
    file = Path(query)
    if file.is_file():
        return _with_values(file.stem, _read(file), values, data)
    close = get_close_matches(query, [path.stem for path in folder.glob("*.rq")], n=1)
    meant = f" Did you mean {close[0]!r}?" if close else ""
    raise EntenteError(f"{query!r} is neither a canned query nor a file.{meant} entente query --list shows the canned ones.")


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise EntenteError(f"{file}: not UTF-8 (byte {error.start}). Save the query as UTF-8 text.") from None


def _with_values(name: str, text: str, values: dict[str, str], data: Path) -> str:
    if "#+" not in text and "?_" not in text and not values:
        return text
    from kg.sparql.canned import parse_query

    canned = parse_query(name, text)
    for parameter in canned.parameters:
        if parameter.type == "iri" and ":" not in (value := values.get(parameter.name, "").strip() or ":"):
            values[parameter.name] = _iri(data, parameter, value)
    return canned.inline(canned.bind(values))


def _iri(data: Path, parameter: Parameter, name: str) -> str:
    """The IRI of the one thing in the current graph that has this name."""
    from kg.store import current_build
    from kg.store.index.naming import naming
    from kg.store.index.search import SearchIndex, classes_in

    meant = naming(SearchIndex(current_build(data).folder / "search.sqlite"), name, classes_in(parameter.entity))
    if meant.one:
        return meant.one.iri
    if meant.found:
        several = ", ".join(thing.iri for thing in meant.found[:5])
        raise EntenteError(f"--param {parameter.name}: several things are called {name!r}: {several}.")
    raise EntenteError(f"--param {parameter.name}: {meant.problem} {meant.question}".rstrip())
