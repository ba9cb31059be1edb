"""One readable line for an event: who, what, to whom, about what, and when. The words stand in ``labels.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from kg.facts import Event, Interval, Modality, Precision

_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
_AUXILIARY = {Modality.NEGATED: ("do not", "does not"), Modality.FUTURE: ("will",), Modality.HYPOTHETICAL: ("may",)}
_NOUN_NOTE = {Modality.NEGATED: ", did not happen", Modality.FUTURE: ", planned", Modality.HYPOTHETICAL: ", possible"}
_MOST_NAMES = 4


@dataclass(frozen=True)
class Phrase:
    """How a category is said: the verb's two forms, what follows it, and the noun that stands in without an actor."""

    base: str
    singular: str
    parts: tuple[str, ...]
    noun: str


@cache
def _phrases() -> tuple[Mapping[str, Phrase], frozenset[str]]:
    table = tomllib.loads(Path(__file__).with_name("labels.toml").read_text(encoding="utf-8"))
    words = frozenset(table.pop("article")["words"])
    phrases = {code: Phrase(row["verb"][0], row["verb"][1], tuple(row["parts"]), row["noun"]) for code, row in table.items()}
    return phrases, words


def phrase(category: str) -> Phrase:
    """The words for a category's code; those of its broader category, or neutral ones, where it has none."""
    table, _ = _phrases()
    return table.get(category) or table.get(category.split("-", 1)[0]) or table["default"]


def in_sentence(name: str) -> str:
    """A page's title as it stands in a sentence: no disambiguation, "the" where English has it."""
    short = re.sub(r"\s*\([^()]*\)$", "", name) or name
    _, words = _phrases()
    found = words.intersection(re.findall(r"[^\W\d_]+", short.lower()))
    named_first = short[:1].isdigit() or short.lower().startswith(("the ", "a ", "an ")) or "'s " in short
    return f"the {short}" if found and not named_first else short


def listed(names: Sequence[str]) -> str:
    """Names joined as in a sentence: "A", "A and B", "A, B and C"; a long list is cut."""
    said = [in_sentence(name) for name in names]
    if len(said) > _MOST_NAMES:
        said = [*said[: _MOST_NAMES - 1], f"{len(said) - _MOST_NAMES + 1} others"]
    return " and ".join(part for part in (", ".join(said[:-1]), said[-1]) if part)


def day(moment: date) -> str:
    """19 April 2013"""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def when(interval: Interval) -> str:
    """A time as exactly as it is known: "19 April 2013", "April 2013", "2013", or a range."""
    first, last = interval.earliest, interval.latest
    if interval.precision is Precision.DAY:
        return day(first)
    if interval.precision is Precision.MONTH:
        return f"{_MONTHS[first.month - 1]} {first.year}"
    if interval.precision is Precision.YEAR:
        return str(first.year)
    return f"{day(first)} to {day(last)}"


def event_label(event: Event, names: Mapping[str, str]) -> str:
    """The line for an event; ``names`` gives the label of each entity by its key."""

    def said(keys: Sequence[str]) -> str:
        known = [names[key] for key in dict.fromkeys(keys) if key in names]
        return listed(known) if known else ""

    words = phrase(event.category)
    actors = dict.fromkeys(key for key in event.actors if key in names)
    slots = {"recipient": said(event.recipients), "about": said(event.about), "amount": event.amount or ""}
    parts = [part for part in words.parts if all(slots[slot] for slot in re.findall(r"{(\w+)}", part))]
    if actors:
        head = [said(event.actors), _verb(words, event.modality, several=len(actors) > 1)]
    else:
        head = [words.noun]
        parts = [f"of {part}" if part.startswith("{") else part for part in parts]
    tail = [part.format(**slots) for part in parts]
    place, mediators = said(event.places), said(event.mediators)
    tail += [f"in {place}"] if place else []
    tail += [f"with the mediation of {mediators}"] if mediators else []
    line = " ".join(head + tail) + ("" if actors else _NOUN_NOTE.get(event.modality, ""))
    line += f" ({when(event.when)})" if event.when else ""
    return line[:1].upper() + line[1:]


def _verb(words: Phrase, modality: Modality, *, several: bool) -> str:
    auxiliary = _AUXILIARY.get(modality)
    if auxiliary is None:
        return words.base if several else words.singular
    return f"{auxiliary[0 if several else -1]} {words.base}"
