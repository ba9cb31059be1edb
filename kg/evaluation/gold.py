"""Load gold files: the facts of an article as annotated by hand (``tests/evaluation/ANNOTATION.md`` says how they are written)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.errors import EntenteError

Gold = dict[str, Any]
"""A gold file, or one entry of it, as JSON has it."""

_PLURALS = {"actor": "actors", "recipient": "recipients", "mediator": "mediators"}
_PARTS = ("entities", "events", "agreements", "tenures")


class GoldError(EntenteError):
    """A gold file cannot be used."""


def read_gold(path: Path) -> Gold:
    """The annotation in a file; GoldError where it is none."""
    try:
        gold: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise GoldError(f"{path}: not JSON ({error}).") from error
    missing = [part for part in ("article", *_PARTS) if not isinstance(gold, dict) or part not in gold]
    if missing:
        raise GoldError(f"{path}: no gold file, it lacks {', '.join(missing)}; see tests/evaluation/ANNOTATION.md.")
    return gold


def accepted_dates(entry: Gold) -> set[str]:
    """The dates that are accepted: ``2018-06-17|2018-06`` names two."""
    return set((entry.get("date") or "").split("|")) - {"", "null"}


def stated_dates(entry: Gold) -> set[str]:
    """The accepted dates where the text states one; none where it is only inferred from the text around."""
    return accepted_dates(entry) if entry.get("date_basis", "stated") == "stated" else set()


def role_names(entry: Gold, role: str) -> list[str]:
    """The names that an event's entry has in a role (``actor``, ``place``, …), each with its alternatives (``A|B``)."""
    value = entry.get(_PLURALS.get(role, role))
    return value if isinstance(value, list) else [value] if value else []


def is_demanded(name: str) -> bool:
    """Whether a role's name must be found: ``X|null`` may be found or left out."""
    return not name.endswith("|null")
