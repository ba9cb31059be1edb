"""Resolve a reader's input for an entity: an IRI, the last segment of one, or a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.graph.namespaces import RESOURCE
from kg.sparql.query_parameters import IRI, iri_of_address
from kg.store.index.name_lookup import naming
from kg.store.index.search import NameHit
from server.pages.addresses import spelt
from server.pages.base import search_index
from server.pages.term_display import labels

COMPARED = ("one", "other", "also")
"""The parameters of a comparison: two things, and others that are also compared with the first."""
MOST_ALSO = 4
"""Others that are compared with the first."""


@dataclass(frozen=True, slots=True)
class Choice:
    """``iri`` is the chosen entity, or None; ``text`` is shown in the box; ``candidates`` are possible entities; ``problem`` says what
    is wrong; ``question`` lists the candidates."""

    text: str
    iri: str | None = None
    candidates: tuple[NameHit, ...] = ()
    problem: str = ""
    question: str = ""


def choose(text: str, kinds: Sequence[str]) -> Choice:
    """Return the entity that a text refers to, among things of some classes."""
    text = text.strip().replace("\x00", "")
    if not text:
        return Choice("")
    if IRI.fullmatch(text):
        text = iri_of_address(text)
        found = labels([text])
        return Choice(found.get(text, text), text) if found else Choice(text, None, problem="The graph does not know this address.")
    meant = naming(search_index(), text, kinds)
    if meant.one:
        return Choice(meant.one.label, meant.one.iri)
    key = RESOURCE + spelt(text)
    if not meant.found and (known := labels([key])):
        return Choice(known[key], key)
    return Choice(text, None, meant.candidates, meant.problem, "" if meant.found else meant.question)
