"""The closed classes of English used in rules over trees: ``function-words.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("function-words.toml")


@cache
def function_words(group: str) -> frozenset[str]:
    """Return the words of a group of the file; KeyError if there is none."""
    return frozenset(_groups()[group])


@cache
def _groups() -> dict[str, list[str]]:
    groups: dict[str, list[str]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return groups
