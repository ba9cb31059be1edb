"""Persons who share a title in a list: "the foreign ministers of X and Y, A and B", "A and B, the presidents of X and Y respectively"."""

from __future__ import annotations

from kg.extraction.frames.fillers import Fillers
from kg.facts import Kind
from kg.language.reading import Mention

Holders = list[tuple[str, str | None]]
"""Persons, each with the key of the body of their office if the list gives it."""


def named_people(fillers: Fillers) -> list[tuple[Mention, str]]:
    """Return the persons that the passage names, one by one."""
    named = [m for m in fillers.passage.mentions if len(m.keys) == 1 and not m.coreferent]
    return [(m, m.keys[0]) for m in named if fillers.entities[m.keys[0]].kind is Kind.PERSON]


def holders_after(plural: bool, mention: Mention, person: str, bodies: list[str], fillers: Fillers) -> Holders:
    """Return the holders of the office before ``mention``: all of a list if the office is in the ``plural``.

    ``bodies`` are those in the title. If there are none, the state after a name counts ("President A of X").
    """
    people = _list_from(mention, fillers)
    own = [state for _, state in people]
    if not bodies and own[0] is not None and (not plural or len(people) == 1):
        return [(person, own[0])]
    if not plural or len(people) < 2:
        return [(person, None)]
    if not bodies and all(own):
        return people
    if len(people) == len(bodies):
        return [(key, body) for (key, _), body in zip(people, bodies, strict=True)]
    return [(person, None)] if len(bodies) > 1 else [(key, None) for key, _ in people]


def holders_before(plural: bool, mention: Mention, person: str, bodies: list[str], fillers: Fillers) -> Holders:
    """Return the holders of the office after ``mention``: all of a list if it is in the ``plural``."""
    people = _list_to(mention, fillers)
    if not plural or len(people) < 2 or len(bodies) not in (0, 1, len(people)):
        return [(person, None)]
    if len(bodies) == len(people):
        return list(zip(people, bodies, strict=True))
    return [(key, None) for key in people]


def _list_from(mention: Mention, fillers: Fillers) -> Holders:
    """Return the persons of a list of names that begins with ``mention``, each with the state after the name ("A of X and B of Y")."""
    people: Holders = []
    end = mention.start
    for other, key in named_people(fillers):
        between = fillers.passage.doc[end : other.start].text.strip(" ,")
        if other.start >= mention.start and between in ("", "and"):
            state = _state_of_name(other, fillers)
            people.append((key, state[1] if state else None))
            end = state[0] if state else other.end
    return people


def _state_of_name(mention: Mention, fillers: Fillers) -> tuple[int, str] | None:
    """Return the end and the key of the state after a name: "A of the Netherlands"."""
    doc, at = fillers.passage.doc, mention.end
    if at >= len(doc) or doc[at].lower_ != "of":
        return None
    at += 1 + (doc[at + 1 : at + 2].text.lower() == "the")
    found = next((m for m in fillers.passage.mentions if m.start == at and len(m.keys) == 1 and not m.coreferent), None)
    if found is None or fillers.entities[found.keys[0]].kind is not Kind.STATE:
        return None
    return found.end, found.keys[0]


def _list_to(mention: Mention, fillers: Fillers) -> list[str]:
    """Return the persons of a list of names that ends with ``mention``."""
    people: list[str] = []
    start = mention.end
    for other, key in reversed(named_people(fillers)):
        between = fillers.passage.doc[other.end : start].text.strip(" ,")
        if other.end <= mention.end and between in ("", "and"):
            people.insert(0, key)
            start = other.start
    return people
