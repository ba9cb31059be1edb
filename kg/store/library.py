"""The graph in a program of one's own: as an rdflib dataset, or a query's rows as a data frame."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import EntenteError
from kg.graph.namespaces import PREFIXES
from kg.store.builds import current_build

if TYPE_CHECKING:
    from rdflib import Dataset

FRAMES = ("pandas", "polars")


class FrameError(EntenteError):
    """Rows were asked for in a form that cannot be had here."""


def open_dataset(data: str | Path | None = None) -> Dataset:
    """The graph of a data folder as a read-only rdflib Dataset whose default graph is the union of all graphs.

    ``data`` is the folder that ``entente build`` wrote; by default the environment's ENTENTE_DATA, or ``data``. Queries run in
    Oxigraph, not in rdflib, and need no PREFIX for the vocabularies of the graph. Raises NoBuildError where there is no graph yet.
    """
    from oxrdflib import OxigraphStore
    from rdflib import Dataset

    from kg.store.oxigraph import open_store

    build = current_build(Path(data or os.environ.get("ENTENTE_DATA") or "data"))
    dataset = Dataset(store=OxigraphStore(store=open_store(build.store_path)), default_union=True)
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace, override=True)
    return dataset


def to_dataframe(query: str, data: str | Path | None = None, frame: str | None = None) -> Any:
    """The rows of a SELECT query as a data frame: of pandas where it is installed, else of Polars; ``frame`` names one of them.

    IRIs become strings; numbers, booleans and whole dates become Python's; unbound variables None.
    """
    library = _frame_library(frame)
    result = open_dataset(data).query(query)
    if result.type != "SELECT":
        raise FrameError("Only a SELECT query has rows for a data frame; this one is " + str(result.type) + ".")
    variables = result.vars or []
    rows = result.bindings
    return library.DataFrame({str(variable): [_python(row.get(variable)) for row in rows] for variable in variables})


def _frame_library(frame: str | None) -> Any:
    if frame is not None and frame not in FRAMES:
        raise FrameError(f"{frame!r} is no data frame that is known here; there are: {', '.join(FRAMES)}.")
    for name in (frame,) if frame else FRAMES:
        try:
            return import_module(name)
        except ImportError:
            continue
    raise FrameError(f"{frame or 'pandas or polars'} is not installed: pip install {frame or 'pandas'}.")


def _python(term: Any) -> Any:
    """A term as a value of Python's own types."""
    from rdflib import XSD, Literal

    if not isinstance(term, Literal):
        return None if term is None else str(term)
    whole = {XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.boolean, XSD.date, XSD.dateTime}
    return term.toPython() if term.datatype in whole else str(term)
