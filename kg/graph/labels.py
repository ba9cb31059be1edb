"""Label events and agreements: words of their sentence, cut at constituent boundaries, followed by the date."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from kg.facts import Event, Modality
from kg.phrasing import LONGEST, fitted, headline_date

MOST_NAMES = 4

_NOTE = {
    Modality.NEGATED: ", did not happen",
    Modality.FUTURE: ", planned",
    Modality.HYPOTHETICAL: ", possible",
    Modality.ALLEGED: ", alleged",
}


@cache
def _nouns() -> Mapping[str, str]:
    table: dict[str, str] = tomllib.loads(Path(__file__).with_name("labels.toml").read_text(encoding="utf-8"))
    return table


def category_noun(category: str) -> str:
    """Return the noun for a category code: its own, that of its broader category, or a neutral one."""
    nouns = _nouns()
    return nouns.get(category) or nouns.get(category.split("-", 1)[0]) or nouns["default"]


def event_label(event: Event, names: Mapping[str, str]) -> str:
    """Return the headline of an event with its date. ``names`` maps keys to labels, for events without words of their own."""
    dated = f" ({headline_date(event.when)})" if event.when else ""
    line = fitted(event.headline, LONGEST - len(dated))
    if event.when and event.when.inferred and str(event.when.earliest.year) in line:
        return line  # the words themselves state it
    return (line or _by_roles(event, names, LONGEST - len(dated))) + dated


def _by_roles(event: Event, names: Mapping[str, str], length: int) -> str:
    """Label an event without words: category, actors, recipients."""
    noun = category_noun(event.category)
    actors, recipients = _said(event.actors, names), _said(event.recipients or event.about, names)
    sides = " – ".join(side for side in (actors, recipients) if side)
    line = f"{noun}: {sides}" if sides else noun
    return (line if len(line) <= length else noun) + _NOTE.get(event.modality, "")


def _said(keys: Sequence[str], names: Mapping[str, str]) -> str:
    known = [re.sub(r"\s*\([^()]*\)$", "", names[key]) for key in dict.fromkeys(keys) if key in names]
    shown = known if len(known) <= MOST_NAMES else [*known[: MOST_NAMES - 1], f"{len(known) - MOST_NAMES + 1} others"]
    return ", ".join(shown)
