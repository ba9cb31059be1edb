"""Write a correction as TOML, for a reader to copy from a page and complete."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date

HINTS = {
    "event": "actor, recipient, mediator, place, about, category, date, modality",
    "agreement": "party, signatory, mediator, place, date",
    "tenure": "holder, office, organization, earliest, latest",
    "entity": "class, label",
}
"""What can be replaced in each kind of fact."""


def correction_toml(article: str, quote: str, target: str, subject: Mapping[str, str | Sequence[str]], day: date) -> str:
    """Return a correction of a fact or an entity, its author and reason left blank.

    It retracts a fact; for an entity, which cannot be retracted, it replaces something. A comment shows the alternative.
    """
    told = ", ".join(f"{key} = {_value(value)}" for key, value in subject.items() if value)
    replaces = target == "entity"
    change = f"with = {{ }}  # what holds instead: {HINTS[target]}"
    lines = [
        "[[correction]]",
        'action = "replace"' if replaces else 'action = "retract"  # or "replace", with the line below',
        f"article = {_string(article)}",
        f"quote = {_string(quote)}",
        f"{target} = {{ {told} }}",
        change if replaces else f"# {change}",
        'author = ""',
        f"date = {day.isoformat()}",
        'reason = ""',
    ]
    return "\n".join(lines) + "\n"


def _value(value: str | Sequence[str]) -> str:
    return _string(value) if isinstance(value, str) else f"[{', '.join(map(_string, value))}]"


def _string(text: str) -> str:
    """Return a TOML basic string: a JSON string, whose escapes TOML shares, with DEL escaped too (https://toml.io/en/v1.0.0#string)."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False).replace("\x7f", "\\u007F")
