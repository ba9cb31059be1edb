"""Run a query and print its results, for a terminal or a pipe."""

from __future__ import annotations

import io
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import click

from kg.errors import EntenteError
from kg.formats import GRAPHS, JSON, SOLUTIONS, TURTLE, named
from kg.graph.namespaces import PREFIXES

SHORT = {namespace: "" if prefix == "res" else f"{prefix}:" for prefix, namespace in PREFIXES.items()}
LABEL = "Label"
TABLE = "table"
ORDERING = ("earliest", "latest", "start")
"""Columns that only serve the order of rows."""
LEAST, BETWEEN, WIDEST = 12, 3, 20
"""Characters: the minimum width of a column, the gap between two, and the space reserved for the one with the longest text."""


def print_answer(data: Path, query: str, form: str, name: str) -> None:
    """Run a query on the current build and print the result; ``name`` is the query's in messages."""
    from kg.sparql.admission import admitted
    from kg.sparql.lexer import names_dataset
    from kg.sparql.prefixes import declared_prefixes
    from kg.store import current_build, open_store, oxigraph
    from kg.store.filters import FormatError

    store = open_store(current_build(data).store_path)
    query = query.removeprefix("\ufeff")
    try:
        results = admitted(query, frozenset(), oxigraph.parse, lambda text: oxigraph.query(store, text, union=not names_dataset(text)))
    except SyntaxError as error:
        raise EntenteError(f"{name}: not a SPARQL query: {_mistake(query, str(error))}.") from None
    except (ValueError, RuntimeError) as error:
        raise EntenteError(f"{name}: {error}.") from None
    graph = oxigraph.is_graph(results)
    formats = GRAPHS if graph else SOLUTIONS
    wanted = (TURTLE if graph else JSON) if form == TABLE else named(form, formats)
    if wanted is None:
        known = ", ".join(sorted((TABLE, *(each.ending for each in formats))))
        raise EntenteError(f"{name}: its answer can be printed as {known}, not as {form}.")
    output = io.BytesIO() if form == TABLE and not graph else sys.stdout.buffer
    try:
        oxigraph.serialize(results, wanted.media_type, output, declared_prefixes(query) if graph else None)
    except FormatError as error:
        raise EntenteError(f"{name}: its answer cannot be written as {form}: {error}.") from None
    if isinstance(output, io.BytesIO):
        print_table(json.loads(output.getvalue()))
    else:
        sys.stdout.flush()


def _mistake(query: str, message: str) -> str:
    from kg.sparql.services import without_keyword
    from kg.sparql.syntax_errors import explain
    from kg.store.oxigraph import parse

    cause, line, column = explain(query, message, lambda text: parse(without_keyword(text)))
    return f"{cause} (line {line}, column {column})" if line else cause


def print_table(result: dict[str, Any]) -> None:
    """Print SPARQL JSON results as a table; a column ``x`` with labels in ``xLabel`` shows these; parameters are left out."""
    if "boolean" in result:
        click.echo("yes" if result["boolean"] else "no")
        return
    names = result["head"]["vars"]
    shown = [name for name in names if f"{name}{LABEL}" not in names and not name.startswith("_")]
    rows = [[_cell(row.get(name)) for name in shown] for row in result["results"]["bindings"]]
    heads = [name.removesuffix(LABEL) if name.removesuffix(LABEL) in names else name for name in shown]
    if sys.stdout.isatty():
        _rich_table(heads, rows)
    else:
        _plain_table(heads, rows)
    click.echo(f"{len(rows):,} {'row' if len(rows) == 1 else 'rows'}", err=True)


def _cell(term: dict[str, str] | None) -> str:
    """Return a term as shown to readers: IRIs abbreviated by their prefix."""
    if term is None:
        return ""
    value = term["value"]
    if term["type"] == "uri":
        start = max((start for start in SHORT if value.startswith(start)), key=len, default=None)
        return value if start is None else SHORT[start] + value[len(start) :]
    return " ".join(value.split())


def _rich_table(heads: list[str], rows: list[list[str]]) -> None:
    """Return a table as wide as the terminal; columns that do not fit are listed below it."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    shown = fitting(heads, widths, console.width)
    table = Table(box=SIMPLE_HEAD)
    for i in shown:
        table.add_column(Text(heads[i]), min_width=min(widths[i], LEAST), overflow="fold")
    for row in rows:
        table.add_row(*(Text(row[i]) for i in shown))
    console.print(table)
    left_out = [head for i, head in enumerate(heads) if i not in shown]
    if left_out:
        click.echo(f"without {', '.join(left_out)}: widen the terminal, or ask for --format csv", err=True)


def fitting(heads: list[str], widths: list[int], room: int) -> list[int]:
    """Return the columns that fit into a number of characters, without those that only order the rows."""
    found = [i for i, head in enumerate(heads) if head not in ORDERING] or list(range(len(heads)))
    while len(found) > 1 and sum(min(widths[i], LEAST) + BETWEEN for i in found) > room - WIDEST:
        found.pop()
    return found


def _plain_table(heads: list[str], rows: list[list[str]]) -> None:
    """Print columns separated by two spaces: whole values, no colour."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def print_list() -> None:
    """Print every canned query with its summary and parameters."""
    from kg.sparql.canned import load_queries

    width = min(shutil.get_terminal_size().columns, 120)
    for name, query in load_queries().items():
        click.secho(name, bold=True, nl=False)
        click.echo("".join(f" -p {p.name}={'' if p.required else '[…]'}" for p in query.parameters))
        click.echo(click.wrap_text(query.description or query.summary, width, "    ", "    "))
