"""Resolve a name to things of given classes, and explain failures: no match, several, or one of another class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.store.index.search import CLASSES, SearchIndex, Thing

MOST = 8


@dataclass(frozen=True, slots=True)
class Naming:
    """The things that a name stands for; where it is not exactly one, what is wrong and who may be meant."""

    found: tuple[Thing, ...] = ()
    problem: str = ""
    candidates: tuple[Thing, ...] = ()

    @property
    def one(self) -> Thing | None:
        """The one that is meant."""
        return self.found[0] if len(self.found) == 1 else None

    @property
    def question(self) -> str:
        """Who may be meant, as a question; empty where there is nobody to name."""
        return f"Did you mean: {', '.join(thing.label for thing in self.candidates[:5])}?" if self.candidates else ""


def naming(index: SearchIndex, text: str, kinds: Sequence[str] = CLASSES) -> Naming:
    """Who is called ``text`` among the things of some classes."""
    found = tuple(index.named(text, kinds))
    if len(found) == 1:
        return Naming(found)
    if found:
        return Naming(found, f"Several things are called {text}. Which one is meant?", found[:MOST])
    near = tuple(index.similar(text, kinds, MOST))
    others = index.named(text) if set(kinds) != set(CLASSES) else []
    if others:
        return Naming((), f"{text} is {_noun(others[0].kind)}, {_wanted(kinds)} is wanted.", near)
    return Naming((), f"The graph knows nothing called {text}.", near)


def _noun(kind: str) -> str:
    return f"{'an' if kind[:1] in 'AEIO' else 'a'} {kind.lower()}"


def _wanted(kinds: Sequence[str]) -> str:
    *some, last = map(_noun, kinds)
    return f"{', '.join(some)} or {last}" if some else last
