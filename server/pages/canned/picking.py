"""What somebody typed into a box for an entity: an IRI, the last part of one, or a name; and what is meant by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.graph.namespaces import RESOURCE
from kg.sparql.parameters import IRI
from kg.store.index.search import Thing
from server.pages.addresses import spelt
from server.pages.base import search_index
from server.pages.term_display import labels


@dataclass(frozen=True, slots=True)
class Choice:
    """``iri`` is who is meant, or None; ``text`` what stands in the box; ``candidates`` who could be meant; ``problem`` what is wrong."""

    text: str
    iri: str | None = None
    candidates: tuple[Thing, ...] = ()
    problem: str = ""


def choose(text: str, kinds: Sequence[str]) -> Choice:
    """Who is meant by a text, among things of some classes."""
    text = text.strip().replace("\x00", "")
    if not text:
        return Choice("")
    if IRI.fullmatch(text):
        found = labels([text])
        return Choice(found.get(text, text), text) if found else Choice(text, None, problem="The graph does not know this address.")
    index = search_index()
    named = index.named(text, kinds)
    if len(named) == 1:
        return Choice(named[0].label, named[0].iri)
    if named:
        return Choice(text, None, tuple(named[:8]), f"Several things are called {text}. Which one is meant?")
    key = RESOURCE + spelt(text)
    if labels([key]):
        return Choice(labels([key])[key], key)
    near = tuple(index.things(text, kinds, 6))
    return Choice(text, None, near, f"The graph knows nothing called {text}." + (" Is one of these meant?" if near else ""))
