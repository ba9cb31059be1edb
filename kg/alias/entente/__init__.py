"""Entente as a library: the name under which it is installed. What it has is ``kg``'s; ``kg/store/README.md`` describes it."""

from __future__ import annotations

from typing import Any

import kg

__all__ = list(kg.__all__)


def __getattr__(name: str) -> Any:
    if name not in kg.__all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(kg, name)


def __dir__() -> list[str]:
    return sorted(__all__)
