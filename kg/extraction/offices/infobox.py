"""Offices in infobox fields: ``envoytitle1`` with ``envoy1`` and ``country1``, ``leader_title1`` with ``leader_name1``, …"""

from __future__ import annotations

import re

from kg.extraction.frames.fillers import Fillers
from kg.extraction.offices.person_titles import Title, title_of_words
from kg.extraction.offices.tenures import Holding
from kg.facts import Kind

FIELD = re.compile(r"(?P<base>[a-z]+?)[_ ]?(?P<title>title)?[_ ]?(?:name)?[_ ]?(?P<number>\d*)")
"""A numbered field and its title field: ``envoy1`` and ``envoytitle1``, ``leader_name2`` and ``leader_title2``."""
BODIES = ("country", "party", "state", "organisation", "organization")


def infobox_holdings(passages: list[Fillers]) -> list[Holding]:
    """Return the holdings in an article's infobox."""
    fields = [p for p in passages if p.passage.passage.name]
    titles: dict[tuple[str, str], Title] = {}
    bodies: dict[str, str] = {}
    for field in fields:
        base, is_title, number = _parts(field.passage.passage.name)
        keys = [k for m in field.passage.mentions for k in m.keys if field.entities[k].kind is Kind.STATE]
        if base in BODIES and keys:
            bodies[number] = keys[0]
        title = title_of_words(list(field.passage.doc), field) if is_title else None
        if title is not None:
            titles[base, number] = title
    return [h for field in fields for h in _holders(field, titles, bodies)]


def _parts(name: str) -> tuple[str, bool, str]:
    match = FIELD.fullmatch(name.lower())
    return (match["base"], bool(match["title"]), match["number"]) if match else (name, False, "")


def _holders(field: Fillers, titles: dict[tuple[str, str], Title], bodies: dict[str, str]) -> list[Holding]:
    base, is_title, number = _parts(field.passage.passage.name)
    title = titles.get((base, number))
    if is_title or title is None:
        return []
    people = [k for m in field.passage.mentions for k in m.keys if field.entities[k].kind is Kind.PERSON]
    index = field.passage.passage.index
    organizations = (bodies[number],) if number in bodies else ()
    return [Holding(k, title, organizations, "infobox field", index) for k in dict.fromkeys(people)]
