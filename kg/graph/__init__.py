"""Convert facts to RDF: IRIs, statements with provenance, the description of the dataset.

The names below are imported lazily: the server needs the namespaces and nothing else.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.graph.quads import article_quads, shard_lines
    from kg.graph.terms import Quad

__all__ = ["Quad", "article_quads", "shard_lines"]

_HOMES = {"article_quads": "kg.graph.quads", "shard_lines": "kg.graph.quads", "Quad": "kg.graph.terms"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
