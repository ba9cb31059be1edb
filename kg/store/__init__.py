"""Builds on disk, the atomic switch to a new one, dumps, and the store that answers queries.

Importing this package loads neither pyoxigraph nor rdflib; modules that need them are imported on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kg.store.builds import Build, NoBuildError, current_build
from kg.store.lock import BusyError, only_one

if TYPE_CHECKING:
    from kg.graph.dataset import Provenance
    from kg.store.draft import Draft, write_shard
    from kg.store.oxigraph import open_store
    from kg.store.switching import new_build

__all__ = [
    "Build",
    "BusyError",
    "Draft",
    "NoBuildError",
    "Provenance",
    "current_build",
    "new_build",
    "only_one",
    "open_store",
    "write_shard",
]

_HOMES = {
    "Draft": "kg.store.draft",
    "Provenance": "kg.graph.dataset",
    "new_build": "kg.store.switching",
    "open_store": "kg.store.oxigraph",
    "write_shard": "kg.store.draft",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
