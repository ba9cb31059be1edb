"""The arguments of a template call as plain text."""

from __future__ import annotations

from typing import NamedTuple


class Arguments(NamedTuple):
    """A template's arguments as plain text: its own name, the numbered ones up to the first gap, and all by name."""

    template: str
    numbered: list[str]
    given: dict[str, str]
