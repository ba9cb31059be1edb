"""Entente as a library: ``kg.open(data)`` and ``kg.to_dataframe(query)``, described in ``kg.store.library``.

Both are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["open", "to_dataframe"]

_NAMES = {"open": "open_dataset", "to_dataframe": "to_dataframe"}


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("kg.store.library"), _NAMES[name])
