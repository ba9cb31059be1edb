"""Entente as a library: ``open(data)`` returns the graph, ``to_dataframe(query)`` the rows of a query; errors raise named exceptions.

``import entente`` offers the same. Everything is imported on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.errors import EntenteError
    from kg.library import FrameError, NameNotFoundError, QueryError, canned_queries, to_dataframe
    from kg.library import open_dataset as open
    from kg.sparql.query_parameters import ParameterError
    from kg.store.builds import NoBuildError

    __version__: str

_NAMES = {
    "open": ("kg.library", "open_dataset"),
    "to_dataframe": ("kg.library", "to_dataframe"),
    "canned_queries": ("kg.library", "canned_queries"),
    "EntenteError": ("kg.errors", "EntenteError"),
    "FrameError": ("kg.library", "FrameError"),
    "NameNotFoundError": ("kg.library", "NameNotFoundError"),
    "NoBuildError": ("kg.store.builds", "NoBuildError"),
    "ParameterError": ("kg.sparql.query_parameters", "ParameterError"),
    "QueryError": ("kg.library", "QueryError"),
}
__all__ = [
    "EntenteError",
    "FrameError",
    "NameNotFoundError",
    "NoBuildError",
    "ParameterError",
    "QueryError",
    "__version__",
    "canned_queries",
    "open",
    "to_dataframe",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("entente")
    if name not in _NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _NAMES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
