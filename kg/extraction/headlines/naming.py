"""Names as used in sentences: short forms, the definite article, lists and possessives."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from kg.facts import Entity, Kind
from kg.language.reading import Mention

LONGEST_LIST = 4
"""Maximum number of names in a list; longer lists give the first three, and the number of others."""


@cache
def headline_words(group: str) -> frozenset[str]:
    """Return a list of ``words.toml``; KeyError if there is none."""
    return frozenset(_tables()[group])


@cache
def _tables() -> Mapping[str, list[str]]:
    tables: Mapping[str, list[str]] = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    return tables


def running_name(entity: Entity) -> str:
    """Return an entity's label without its disambiguator, and with "the" where English requires it."""
    short = re.sub(r"\s*\([^()]*\)$", "", entity.label) or entity.label
    if entity.kind is Kind.PERSON or short.lower().startswith(("the ", "a ", "an ")):
        return short
    found = set(re.findall(r"[^\W\d_]+", short.lower()))
    definite = bool(found & headline_words("definite")) and not found & headline_words("bare") and "'s " not in short
    return f"the {short}" if definite else short


def listed(names: Sequence[str]) -> str:
    """Join names as in a sentence: "A", "A and B", "A, B and C", "A, B, C and 3 others"."""
    said = list(names)
    if len(said) > LONGEST_LIST:
        said = [*said[: LONGEST_LIST - 1], f"{len(said) - LONGEST_LIST + 1} others"]
    return " and ".join(part for part in (", ".join(said[:-1]), said[-1]) if part) if said else ""


def names_of(keys: Iterable[str], entities: Mapping[str, Entity]) -> str:
    """Return the names of entities as a list, or "" if none is known."""
    return listed([running_name(entities[key]) for key in dict.fromkeys(keys) if key in entities])


def possessive(name: str) -> str:
    """ "Serbia's", "the United States'"."""
    return name + ("'" if name.endswith(("s", "S")) else "'s")


def full_name(mention: Mention, words: str, entities: Mapping[str, Entity]) -> str | None:
    """Return the full name of a person of whom the text gives a part, or None if the text's own form is kept."""
    if mention.coreferent or mention.attributive or len(mention.keys) != 1:
        return None
    entity = entities.get(mention.keys[0])
    if entity is None or entity.kind is not Kind.PERSON:
        return None
    whole = running_name(entity)
    return whole if words != whole and set(words.lower().split()) < set(whole.lower().split()) else None
