"""Names as they stand in a sentence: short forms, the definite article, lists and possessives."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from kg.facts import Entity, Kind
from kg.language.reading import Mention

LONGEST_LIST = 4
"""How many names are listed; of a longer list the first three, and how many others there are."""


@cache
def headline_words(group: str) -> frozenset[str]:
    """A list of ``words.toml``; KeyError where there is none."""
    return frozenset(_tables()[group])


@cache
def _tables() -> Mapping[str, list[str]]:
    tables: Mapping[str, list[str]] = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    return tables


def running_name(entity: Entity) -> str:
    """An entity's label without what only tells pages apart, and with "the" where English has it."""
    short = re.sub(r"\s*\([^()]*\)$", "", entity.label) or entity.label
    if entity.kind is Kind.PERSON or short.lower().startswith(("the ", "a ", "an ")):
        return short
    found = set(re.findall(r"[^\W\d_]+", short.lower()))
    definite = bool(found & headline_words("definite")) and not found & headline_words("bare") and "'s " not in short
    return f"the {short}" if definite else short


def listed(names: Sequence[str]) -> str:
    """Names joined as in a sentence: "A", "A and B", "A, B and C", "A, B, C and 3 others"."""
    said = list(names)
    if len(said) > LONGEST_LIST:
        said = [*said[: LONGEST_LIST - 1], f"{len(said) - LONGEST_LIST + 1} others"]
    return " and ".join(part for part in (", ".join(said[:-1]), said[-1]) if part) if said else ""


def names_of(keys: Iterable[str], entities: Mapping[str, Entity]) -> str:
    """The names of entities as a list, or "" where none is known."""
    return listed([running_name(entities[key]) for key in dict.fromkeys(keys) if key in entities])


def possessive(name: str) -> str:
    """ "Serbia's", "the United States'"."""
    return name + ("'" if name.endswith(("s", "S")) else "'s")


def full_name(mention: Mention, words: str, entities: Mapping[str, Entity]) -> str | None:
    """The whole name of a person of whom the text gives a part, or None where the text's own form stands."""
    if mention.coreferent or mention.attributive or len(mention.keys) != 1:
        return None
    entity = entities.get(mention.keys[0])
    if entity is None or entity.kind is not Kind.PERSON:
        return None
    whole = running_name(entity)
    return whole if words != whole and set(words.lower().split()) < set(whole.lower().split()) else None
