"""The graph in Python programs: as an rdflib dataset, or a query's rows as a data frame."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import EntenteError
from kg.graph.namespaces import PREFIXES
from kg.store.builds import Build, current_build

if TYPE_CHECKING:
    from rdflib import Dataset

    from kg.sparql.canned import CannedQuery
    from kg.sparql.query_parameters import QueryParameter

FRAMES = ("pandas", "polars")


class FrameError(EntenteError):
    """Rows were requested in a form that is not available."""


class QueryError(EntenteError):
    """A query that is invalid, unknown, or that the graph cannot answer."""


class NameNotFoundError(EntenteError):
    """A parameter's value does not name exactly one thing of the required class."""


def canned_queries() -> dict[str, str]:
    """Return the summary of each canned query by name."""
    from kg.sparql.canned import load_queries

    return {name: query.summary for name, query in load_queries().items()}


def with_values(name: str, text: str, values: Mapping[str, str], build: Callable[[], Build]) -> str:
    """Inline parameter values in a query; a value for an IRI may be a name, or the address of a page.

    ``name`` is the query's in messages; ``build`` is called only if a name has to be looked up. ParameterError and
    NameNotFoundError for invalid values.
    """
    if "#+" not in text and "?_" not in text and not values:
        return text
    from kg.sparql.canned import parse_query

    return filled(parse_query(name, text), values, build)


def filled(canned: CannedQuery, values: Mapping[str, str], build: Callable[[], Build]) -> str:
    """Return the text of a canned query with values inlined, as by ``with_values``."""
    given = {key: value.strip() for key, value in values.items()}
    for parameter in canned.parameters:
        if parameter.type == "iri" and given.get(parameter.name):
            given[parameter.name] = _iri(build(), parameter, given[parameter.name])
    return canned.inline(canned.bind(given))


def _iri(build: Build, parameter: QueryParameter, text: str) -> str:
    """Return the IRI of the only thing in a build that a text names."""
    from kg.sparql.query_parameters import IRI, iri_of_address
    from kg.store.index.name_lookup import naming
    from kg.store.index.search import SearchIndex, classes_in

    if IRI.fullmatch(text):
        return iri_of_address(text)
    meant = naming(SearchIndex(build.folder / "search.sqlite"), text, classes_in(parameter.entity))
    if meant.one:
        return meant.one.iri
    if meant.found:
        several = ", ".join(thing.iri for thing in meant.found[:5])
        raise NameNotFoundError(f"{parameter.name}: several things are called {text!r}: {several}.")
    raise NameNotFoundError(f"{parameter.name}: {meant.problem} {meant.question}".rstrip())


def open_dataset(data: str | Path | None = None) -> Dataset:
    """Open the graph of a data folder as a read-only rdflib Dataset whose default graph is the union of all graphs.

    ``data`` is the folder written by ``entente build``; by default, the environment's ENTENTE_DATA, or ``data``. Queries run in
    Oxigraph, not in rdflib, and need no PREFIX for the vocabularies of the graph. Raises NoBuildError if there is no graph yet.
    """
    from oxrdflib import OxigraphStore
    from rdflib import Dataset

    from kg.store.oxigraph import open_store

    build = current_build(_folder(data))
    dataset = Dataset(store=OxigraphStore(store=open_store(build.store_path)), default_union=True)
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace, override=True)
    return dataset


def to_dataframe(query: str, data: str | Path | None = None, frame: str | None = None, **values: object) -> Any:
    """Return the rows of a SELECT query as a data frame, of pandas if installed, else of Polars; ``frame`` chooses one of them.

    ``query`` is the name of a canned query, with its parameters as ``values``, as in ``to_dataframe("dyad-timeline", one="Kosovo",
    other="Serbia")`` (``from_`` for the Python keyword), or the text of a query. IRIs become strings; numbers, booleans and full
    dates become Python's; unbound variables None.
    """
    library = _frame_library(frame)
    folder = _folder(data)
    text = _text(query, {name.rstrip("_"): str(value) for name, value in values.items() if value is not None}, folder)
    try:
        result = open_dataset(folder).query(text)
    except SyntaxError as error:
        raise QueryError(f"Not a SPARQL query: {error}.") from None
    except (ValueError, RuntimeError) as error:
        raise QueryError(f"The query cannot be answered: {error}.") from None
    if result.type != "SELECT":
        raise FrameError("A data frame needs a SELECT query; this one is " + str(result.type) + ".")
    rows = result.bindings
    variables = [variable for variable in result.vars or [] if not variable.startswith("_")]
    return library.DataFrame({str(variable): [_python(row.get(variable)) for row in rows] for variable in variables})


def _folder(data: str | Path | None) -> Path:
    return Path(data or os.environ.get("ENTENTE_DATA") or "data")


def _text(query: str, values: Mapping[str, str], folder: Path) -> str:
    """Return the text of a query given by its name or as text."""
    from difflib import get_close_matches

    from kg.sparql.canned import NAME, load_queries

    if not NAME.fullmatch(query):
        return with_values("the query", query, values, lambda: current_build(folder))
    canned = load_queries()
    if query not in canned:
        near = ", ".join(get_close_matches(query, canned, 3))
        raise QueryError(f"There is no canned query {query!r}.{f' Did you mean: {near}?' if near else ''}")
    return filled(canned[query], values, lambda: current_build(folder))


def _frame_library(frame: str | None) -> Any:
    if frame is not None and frame not in FRAMES:
        raise FrameError(f"{frame!r} is not a known kind of data frame; there are: {', '.join(FRAMES)}.")
    for name in (frame,) if frame else FRAMES:
        try:
            return import_module(name)
        except ImportError:
            continue
    raise FrameError(f"{frame or 'pandas or polars'} is not installed: pip install {frame or 'pandas'}.")


def _python(term: Any) -> Any:
    """Convert a term to a value of Python's own types."""
    from rdflib import XSD, Literal

    if not isinstance(term, Literal):
        return None if term is None else str(term)
    whole = {XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.boolean, XSD.date, XSD.dateTime}
    return term.toPython() if term.datatype in whole else str(term)
