"""One readable line for an event: who, what, to whom, about what, and when. The words stand in ``labels.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kg.facts import Event, Interval, Modality, Precision

_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
_AUXILIARY = {Modality.NEGATED: ("do not", "does not"), Modality.FUTURE: ("will",), Modality.HYPOTHETICAL: ("may",)}
_NOUN_NOTE = {Modality.NEGATED: ", did not happen", Modality.FUTURE: ", planned", Modality.HYPOTHETICAL: ", possible"}
_MOST_NAMES = 4


_EXCERPT_WORDS = 9


@dataclass(frozen=True)
class Phrase:
    """How a category is said: the verb's two forms, what follows it, and the noun that stands in without an actor."""

    verb: tuple[str, str]
    parts: tuple[str, ...]
    noun: str
    recipient_only: tuple[str, ...]
    alone: tuple[str, str]


@dataclass(frozen=True)
class Words:
    """``labels.toml``: the phrases by category, the words that call for "the" in a name, and those that forbid it."""

    phrases: Mapping[str, Phrase]
    definite: frozenset[str]
    bare: frozenset[str]


@cache
def words() -> Words:
    """The table, read once."""
    table = tomllib.loads(Path(__file__).with_name("labels.toml").read_text(encoding="utf-8"))
    article = table.pop("article")
    phrases = {code: _phrase(row) for code, row in table.items()}
    return Words(phrases, frozenset(article["words"]), frozenset(article["none_with"]))


def _phrase(row: Mapping[str, Any]) -> Phrase:
    base, singular = row["verb"]
    plural_alone, singular_alone = row.get("alone", row["verb"])
    parts = tuple(row["parts"])
    return Phrase((base, singular), parts, row["noun"], tuple(row.get("recipient_only", parts)), (plural_alone, singular_alone))


def phrase(category: str) -> Phrase:
    """The words for a category's code; those of its broader category, or neutral ones, where it has none."""
    phrases = words().phrases
    return phrases.get(category) or phrases.get(category.split("-", 1)[0]) or phrases["default"]


def in_sentence(name: str) -> str:
    """A page's title as it stands in a sentence: no disambiguation, "the" where English has it."""
    short = re.sub(r"\s*\([^()]*\)$", "", name) or name
    if short.lower().startswith(("the ", "a ", "an ")):
        return short[:1].lower() + short[1:]
    found = set(re.findall(r"[^\W\d_]+", short.lower()))
    definite = bool(found & words().definite) and not found & words().bare and "'s " not in short
    return f"the {short}" if definite else short


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
    """A time as exactly as it is known: "19 April 2013", "April 2013", "2013", a range, or what is inferred."""
    first, last = interval.earliest, interval.latest
    if interval.inferred:
        return inferred(first, last)
    if interval.precision is Precision.DAY:
        return day(first)
    if interval.precision is Precision.MONTH:
        return f"{_MONTHS[first.month - 1]} {first.year}"
    if interval.precision is Precision.YEAR:
        return str(first.year)
    return f"{day(first)} to {day(last)}"


def inferred(first: date, last: date) -> str:
    """Two days as bounds, in months: "between May and July 2018", "between May 2018 and June 2019", "2018, inferred"."""
    begin, end = _MONTHS[first.month - 1], _MONTHS[last.month - 1]
    if first.year == last.year and (first.month, last.month) == (1, 12):
        return f"{first.year}, inferred"
    if first.year == last.year:
        return f"{begin} {first.year}, inferred" if begin == end else f"between {begin} and {end} {last.year}"
    whole = first.month == 1 and last.month == 12
    return f"between {first.year} and {last.year}" if whole else f"between {begin} {first.year} and {end} {last.year}"


def event_label(event: Event, names: Mapping[str, str], text: str = "") -> str:
    """The line for an event. ``names`` gives the label of each entity by its key; ``text`` is the sentence, whose words
    are quoted where the roles say too little."""
    slots = {"recipient": _said(event.recipients, names), "about": _said(event.about, names), "amount": event.amount or ""}
    head, tail = _clause(event, slots, names)
    place, mediators = _said(event.places, names), _said(event.mediators, names)
    tail += [f"in {place}"] if place else []
    tail += [f"with the mediation of {mediators}"] if mediators else []
    line = " ".join(head + tail) + ("" if _said(event.actors, names) else _NOUN_NOTE.get(event.modality, ""))
    line += f" ({when(event.when)})" if event.when else ""
    quoted = event.quote or ("" if slots["recipient"] or slots["about"] else excerpt(text, event.trigger))
    line += f": “{_shortened(quoted)}”" if quoted else ""
    return line[:1].upper() + line[1:]


def _clause(event: Event, slots: Mapping[str, str], names: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Who does what, and to whom and about what; without an actor, what happened."""
    said = phrase(event.category)
    alone = not slots["recipient"] and not slots["about"]
    parts = said.recipient_only if slots["recipient"] and not slots["about"] else said.parts
    parts = tuple(part for part in parts if all(slots[slot] for slot in re.findall(r"{(\w+)}", part)))
    actors = _said(event.actors, names)
    if actors:
        several = len({key for key in event.actors if key in names}) > 1
        return [actors, _verb(said.alone if alone else said.verb, event.modality, several=several)], [p.format(**slots) for p in parts]
    return [said.noun], [(f"of {part}" if part.startswith("{") else part).format(**slots) for part in parts]


def _said(keys: Sequence[str], names: Mapping[str, str]) -> str:
    known = [names[key] for key in dict.fromkeys(keys) if key in names]
    return listed(known) if known else ""


def _verb(forms: tuple[str, str], modality: Modality, *, several: bool) -> str:
    auxiliary = _AUXILIARY.get(modality)
    if auxiliary is None:
        return forms[0] if several else forms[1]
    return f"{auxiliary[0 if several else -1]} {forms[0]}"


def excerpt(text: str, trigger: str) -> str:
    """A few words of a sentence from the trigger on; from a little before it, where it stands near the end; empty where it is not found."""
    said = text.split()
    stem = trigger.lower()[: max(2, min(len(trigger) - 2, 5))]
    forms = (re.sub(r"\W+", "", word.lower()) for word in said)
    place = next((n for n, form in enumerate(forms) if stem and form.startswith(stem) and len(form) <= len(trigger) + 4), None)
    if place is None:
        return ""
    start = max(0, min(place, len(said) - _EXCERPT_WORDS))
    return " ".join(said[start:])


def _shortened(quoted: str) -> str:
    """The first words of a quotation, without the quotation marks that will stand around it."""
    said = quoted.replace("“", "").replace("”", "").replace('"', "").split()
    whole = " ".join(said[:_EXCERPT_WORDS])
    return whole.rstrip(" .,;:") + (" …" if len(said) > _EXCERPT_WORDS else "")
