"""Resolve a name to a thing of given classes, and explain failures: no match, several, or one of another class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.store.index.search import CLASSES, NameHit, SearchIndex

MOST = 8


@dataclass(frozen=True, slots=True)
class Naming:
    """The things that a name matches; unless there is exactly one, the problem and the candidates."""

    found: tuple[NameHit, ...] = ()
    problem: str = ""
    candidates: tuple[NameHit, ...] = ()

    @property
    def one(self) -> NameHit | None:
        """The only match."""
        return self.found[0] if len(self.found) == 1 else None

    @property
    def question(self) -> str:
        """A question that lists the candidates; empty if there are none."""
        return f"Did you mean: {', '.join(thing.label for thing in self.candidates[:5])}?" if self.candidates else ""


def naming(index: SearchIndex, text: str, kinds: Sequence[str] = CLASSES) -> Naming:
    """Return the things of some classes that are called ``text``."""
    found = tuple(index.named(text, kinds))
    if len(found) == 1:
        return Naming(found)
    if found:
        return Naming(found, f"Several things are called {text}. Which one is meant?", found[:MOST])
    near = tuple(index.similar(text, kinds, MOST))
    others = index.named(text) if set(kinds) != set(CLASSES) else []
    if others:
        return Naming((), f"{text} is {_noun(others[0].kind)}; expected {_wanted(kinds)}.", near)
    return Naming((), f"Nothing in the graph is called {text}.", near)


def _noun(kind: str) -> str:
    return f"{'an' if kind[:1] in 'AEIO' else 'a'} {kind.lower()}"


def _wanted(kinds: Sequence[str]) -> str:
    *some, last = map(_noun, kinds)
    return f"{', '.join(some)} or {last}" if some else last
